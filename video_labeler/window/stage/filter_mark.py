"""A mark on the picture while the lists of labels hide anything, or contain an unknown name."""

from collections.abc import Sequence

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QPushButton, QWidget

from video_labeler.session.view import SessionView
from video_labeler.text.shown import shown as shown_text
from video_labeler.window import texts
from video_labeler.window.actions import Act, with_key
from video_labeler.window.look.icons import icon
from video_labeler.window.plain_text import plain_tip

_WIDEST = 300


class FilterMark(QPushButton):
    """Shows which labels are allowed or hidden; a click opens the preferences."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("filterMark")
        self._words = ""
        self.hide()

    @property
    def words(self) -> str:
        """What it says in full; empty without lists, when it is to be hidden."""
        return self._words

    def show_view(self, view: SessionView) -> bool:
        """Say what the lists are, and return whether that is new."""
        words = _words(view)
        is_new = words != self._words
        if is_new:
            self._words = words
            cut = self.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, _WIDEST)
            self.setText(cut.replace("&", "&&"))
            self.setIcon(icon("warning" if view.unknown_labels else "info"))
            self.setAccessibleName(words)
            self.setToolTip(plain_tip(f"{words}\n{with_key(texts.FILTER_MARK_TIP, Act.PREFERENCES)}"))
        return is_new


def _words(view: SessionView) -> str:
    parts = []
    if view.unknown_labels:
        parts.append(texts.NOT_LABELS.format(names=_joined(view.unknown_labels)))
    if view.lists.only:
        parts.append(texts.SAID_ONLY.format(names=_joined(view.lists.only)))
    if view.lists.hide:
        parts.append(texts.NEVER_SAID.format(names=_joined(view.lists.hide)))
    return " · ".join(parts)


def _joined(names: Sequence[str]) -> str:
    return ", ".join(map(shown_text, names))
