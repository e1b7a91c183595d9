"""Asks for the address of a network camera or stream."""

import re

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QDialog, QDialogButtonBox, QLineEdit, QVBoxLayout, QWidget

from video_labeler.window import panel_texts as texts
from video_labeler.window.plain_text import PlainLabel
from video_labeler.window.theme import current_colours

_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://\S+")


class AddressDialog(QDialog):
    """``address_given`` carries what was typed, once it looks like an address."""

    address_given = pyqtSignal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(texts.ADDRESS_TITLE)
        self.setMinimumWidth(420)
        self.field = QLineEdit()
        self.field.setPlaceholderText(texts.ADDRESS_EXAMPLE)
        self.field.setStyleSheet(f"QLineEdit {{ placeholder-text-color: {current_colours().muted}; }}")
        self.field.setClearButtonEnabled(True)
        heading = PlainLabel(texts.ADDRESS_LABEL)
        heading.setBuddy(self.field)
        hint = PlainLabel(texts.ADDRESS_HINT)
        hint.setProperty("muted", True)
        self.field.setAccessibleName(texts.ADDRESS_LABEL)
        self.field.setAccessibleDescription(texts.ADDRESS_HINT)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        open_button = buttons.addButton(texts.OPEN, QDialogButtonBox.ButtonRole.AcceptRole)
        assert open_button is not None
        self.open_button = open_button
        self.open_button.setDefault(True)
        self.open_button.setProperty("primary", True)
        buttons.accepted.connect(self._give)
        buttons.rejected.connect(self.reject)
        self.field.textChanged.connect(self._judge)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 16)
        layout.setSpacing(8)
        layout.addWidget(heading)
        layout.addWidget(self.field)
        layout.addWidget(hint)
        layout.addSpacing(8)
        layout.addWidget(buttons)
        self._judge()

    def _judge(self) -> None:
        self.open_button.setEnabled(_ADDRESS.fullmatch(self.field.text().strip()) is not None)

    def _give(self) -> None:
        self.address_given.emit(self.field.text().strip())
        self.accept()
