"""Shows text from outside (file names, addresses, labels, errors) literally, without Qt's markup."""

import html

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QLabel, QWidget

from video_labeler.text.shown import shown, shown_lines


class PlainLabel(QLabel):
    """A label that never treats its text as rich text, and shows only printable characters."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text)

    def setText(self, text: str | None) -> None:  # noqa: N802 - Qt's name
        """Show a text, which may have several lines."""
        super().setText(shown_lines(text or ""))


def plain_title(text: str) -> str:
    """A window title that shows ``text`` literally."""
    # Qt removes a single [*], its placeholder for the mark of unsaved changes.
    return shown(text).replace("[*]", "[*][*]")


def plain_tip(text: str) -> str:
    """A tool tip that shows ``text`` literally, since tool tips have no plain text format."""
    text = shown_lines(text)
    return f"<p style='white-space:pre'>{html.escape(text)}</p>" if "<" in text else text
