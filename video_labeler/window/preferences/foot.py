"""The foot of the preferences: their buttons, and a line for messages above them."""

from collections.abc import Callable

from PyQt6.QtWidgets import QDialogButtonBox, QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from video_labeler.window.look.icons import icon
from video_labeler.window.plain_text import PlainLabel


class PreferenceFoot(QFrame):
    """``box`` holds the buttons; the line is hidden until :meth:`say`."""

    def __init__(self, box: QDialogButtonBox, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("preferencesFoot")
        self.setStyleSheet("#preferencesFoot { border-top: 1px solid palette(mid); }")
        self._act: Callable[[], None] | None = None
        self._icon = PlainLabel()
        self.line = PlainLabel()
        self.line.setWordWrap(True)
        self.offer = QPushButton()
        self.offer.setProperty("link", True)
        self.offer.setAutoDefault(False)
        self.offer.clicked.connect(self._do)
        self._row = QWidget()
        row = QHBoxLayout(self._row)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._icon)
        row.addWidget(self.line, 1)
        row.addWidget(self.offer)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 14, 10)
        column.setSpacing(8)
        column.addWidget(self._row)
        column.addWidget(box)
        self._row.hide()

    def say(self, text: str, words: str = "", act: Callable[[], None] | None = None, *, warning: bool = False) -> None:
        """Show a sentence, with an optional button labelled ``words`` that calls ``act``; empty: hide it."""
        self._act = act
        self._icon.setPixmap(icon("warning" if warning else "info").pixmap(20, 20))
        self.line.setText(text)
        self.offer.setText(words)
        self.offer.setVisible(act is not None)
        self._row.setVisible(bool(text))

    def _do(self) -> None:
        act = self._act
        self.say("")
        if act is not None:
            act()
