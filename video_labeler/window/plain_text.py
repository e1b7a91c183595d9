"""Words from outside (names of files, addresses, labels, errors), shown letter by letter: Qt reads marks in them."""

import html

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QLabel, QWidget

from video_labeler.text.shown import shown, shown_lines


class PlainLabel(QLabel):
    """A label that never takes its text for rich text, and shows letters alone."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text)

    def setText(self, text: str | None) -> None:  # noqa: N802 - Qt's name
        """Show a text, which may have several lines."""
        super().setText(shown_lines(text or ""))


def plain_title(text: str) -> str:
    """What to give a window as its title, so that it shows ``text``."""
    # Qt takes a single [*] away, as the place for a mark of what is not saved.
    return shown(text).replace("[*]", "[*][*]")


def plain_tip(text: str) -> str:
    """What to give a tool tip, which cannot be told to be plain, so that it shows ``text``."""
    text = shown_lines(text)
    return f"<p style='white-space:pre'>{html.escape(text)}</p>" if "<" in text else text
