"""Words from outside (names of files, addresses, labels, errors), shown letter by letter: Qt reads marks in them."""

import html

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QLabel, QWidget


class PlainLabel(QLabel):
    """A label that never takes its text for rich text."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text)


def plain_tip(text: str) -> str:
    """What to give a tool tip, which cannot be told to be plain, so that it shows ``text``."""
    return f"<p style='white-space:pre'>{html.escape(text)}</p>" if "<" in text else text
