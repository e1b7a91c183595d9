"""A quiet line at the bottom of the picture: what was saved and where, or what did not work."""

from collections import deque
from pathlib import Path

from PyQt6.QtCore import QTimer, pyqtSignal
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSizePolicy, QToolButton, QWidget

from video_labeler.session.view import Notice, NoticeKind
from video_labeler.window import texts
from video_labeler.window.icons import icon
from video_labeler.window.plain_text import PlainLabel

_SHORT_MS, _LONG_MS = 5_000, 12_000
_WAITING = 5


class Toast(QFrame):
    """Shows notices one after the other, each for some seconds; ``reveal_requested`` asks to show a file's folder."""

    reveal_requested = pyqtSignal(Path)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("toast")
        self._waiting: deque[Notice] = deque(maxlen=_WAITING)
        self._notice: Notice | None = None
        self._icon = PlainLabel()
        self._text = PlainLabel()
        self._text.setWordWrap(True)
        self._reveal = QPushButton(texts.SHOW_IN_FOLDER)
        self._reveal.setProperty("link", True)
        self._reveal.clicked.connect(self._ask_to_reveal)
        close = QToolButton()
        close.setIcon(icon("close"))
        close.setAutoRaise(True)
        close.setToolTip(texts.DISMISS)
        close.setAccessibleName(texts.DISMISS)
        close.clicked.connect(self._next)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 8, 8, 8)
        row.addWidget(self._icon)
        row.addWidget(self._text, 1)
        row.addWidget(self._reveal)
        row.addWidget(close)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._next)
        self.hide()

    def show_notice(self, notice: Notice) -> None:
        """Show that notice, after those that wait; one that says the same as the last is not repeated."""
        if notice in (self._notice, *self._waiting):
            return
        self._waiting.append(notice)
        # What merely informs makes room at once.
        if self._notice is None or self._notice.kind is NoticeKind.INFORMATION:
            self._next()

    def say(self, text: str) -> None:
        """Show a plain sentence."""
        self.show_notice(Notice(NoticeKind.INFORMATION, text))

    @property
    def notice(self) -> Notice | None:
        """What is on the screen."""
        return self._notice

    def _next(self) -> None:
        self._timer.stop()
        self._notice = self._waiting.popleft() if self._waiting else None
        if self._notice is None:
            self.hide()
            return
        problem = self._notice.is_problem
        self._text.setText(self._notice.text)
        self._icon.setPixmap(icon("warning" if problem else "info").pixmap(20, 20))
        self._reveal.setVisible(self._notice.path is not None)
        self.setAccessibleName(self._notice.text)
        self._timer.start(_LONG_MS if problem or self._notice.path else _SHORT_MS)
        self.show()
        self.raise_()

    def _ask_to_reveal(self) -> None:
        if self._notice is not None and self._notice.path is not None:
            self.reveal_requested.emit(self._notice.path)
