"""Asks for the address of a network camera or stream."""

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QDialogButtonBox, QLineEdit, QVBoxLayout, QWidget

from video_labeler.window import panel_texts as texts
from video_labeler.window.controls.source_kinds import address_problem
from video_labeler.window.form_dialog import FormDialog
from video_labeler.window.look.theme import current_colours
from video_labeler.window.plain_text import PlainLabel


class AddressDialog(FormDialog):
    """``address_given`` carries the input once it looks like an address; until then a line says what is missing.

    ``draft`` is the field's initial text, so that nothing has to be typed again after Escape.
    """

    address_given = pyqtSignal(str)

    def __init__(self, draft: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(texts.ADDRESS_TITLE)
        self.setMinimumWidth(400)
        self.field = QLineEdit()
        self.field.setPlaceholderText(texts.ADDRESS_EXAMPLE)
        self.field.setStyleSheet(f"QLineEdit {{ placeholder-text-color: {current_colours().muted}; }}")
        self.field.setClearButtonEnabled(True)
        heading = PlainLabel(texts.ADDRESS_LABEL)
        heading.setBuddy(self.field)
        self.hint = PlainLabel()
        self.hint.setWordWrap(True)
        self.hint.setProperty("muted", True)
        self.field.setAccessibleName(texts.ADDRESS_LABEL)
        box = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.open_button = self.add_buttons(box, texts.OPEN)
        box.accepted.connect(self._give)
        box.rejected.connect(self.reject)
        self.field.textChanged.connect(self._judge)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 16)
        layout.setSpacing(8)
        layout.addWidget(heading)
        layout.addWidget(self.field)
        layout.addWidget(self.hint)
        layout.addSpacing(8)
        layout.addWidget(box)
        self.field.setText(draft)
        self.field.selectAll()
        self._judge()

    def _judge(self) -> None:
        text = self.field.text().strip()
        problem = address_problem(text) if text else ""
        self.hint.setText(problem or texts.ADDRESS_HINT)
        self.field.setAccessibleDescription(self.hint.text())
        self.open_button.setEnabled(bool(text) and not problem)
        self._grow()

    def _grow(self) -> None:
        """Be high enough for the hint, and never lower again: nothing moves under the pointer."""
        layout = self.layout()
        if layout is not None and self.isVisible():
            self.resize(self.width(), max(self.height(), layout.totalHeightForWidth(self.width())))

    def _give(self) -> None:
        self.address_given.emit(self.field.text().strip())
        self.accept()
