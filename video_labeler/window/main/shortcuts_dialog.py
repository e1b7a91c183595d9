"""The dialog with every action and its keys."""

from collections.abc import Mapping, Sequence

from PyQt6.QtCore import QSize, Qt
from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import (
    QBoxLayout,
    QDialog,
    QDialogButtonBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from video_labeler.window import panel_texts as texts
from video_labeler.window.form_dialog import resize_on_screen
from video_labeler.window.plain_text import PlainLabel

_Line = tuple[str, tuple[str, ...]]
_Group = tuple[str, Sequence[_Line]]

_KEY_STYLE = """
border: 1px solid palette(mid); border-bottom-width: 2px; border-radius: 4px; background: palette(base);
padding: 1px 6px;
"""


class ShortcutsDialog(QDialog):
    """``groups``: the texts of actions with their keys, by the title of their menu."""

    def __init__(self, groups: Mapping[str, Sequence[_Line]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(texts.SHORTCUTS)
        self.lines: list[_Line] = []
        self._labels: list[PlainLabel] = []
        self._columns = columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        columns.setContentsMargins(20, 14, 20, 10)
        columns.setSpacing(36)
        for half in _halves([(title, lines) for title, lines in groups.items() if lines]):
            column = QVBoxLayout()
            column.setSpacing(14)
            for title, group in half:
                column.addLayout(self._group(title, group))
            column.addStretch(1)
            columns.addLayout(column, 1)
        content = QWidget()
        content.setLayout(columns)
        self._scroll = scroll = QScrollArea()
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(content)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        buttons = QDialogButtonBox()
        close = buttons.addButton(texts.CLOSE, QDialogButtonBox.ButtonRole.RejectRole)
        assert close is not None
        close.setAutoDefault(False)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 12)
        layout.addWidget(scroll, 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(20, 0, 20, 0)
        foot.addWidget(buttons)
        layout.addLayout(foot)
        wanted = content.sizeHint()
        self._side_by_side = content.minimumSizeHint().width()
        resize_on_screen(self, QSize(min(wanted.width() + 24, 780), min(wanted.height() + 72, 640)))

    def resizeEvent(self, event: QResizeEvent | None) -> None:  # noqa: N802 - Qt's name
        """Put the columns below each other if there is no room side by side."""
        super().resizeEvent(event)
        bar = self._scroll.verticalScrollBar()
        room = self.width() - (0 if bar is None else bar.sizeHint().width())
        fits = room >= self._side_by_side
        self._columns.setDirection(QBoxLayout.Direction.LeftToRight if fits else QBoxLayout.Direction.TopToBottom)
        self._columns.setSpacing(36 if fits else 18)
        # Side by side the text fits; columns of wrapping text would get equal widths.
        for label in self._labels:
            label.setWordWrap(not fits)

    def _group(self, title: str, lines: Sequence[_Line]) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(20)
        grid.setVerticalSpacing(3)
        grid.setColumnStretch(0, 1)
        heading = PlainLabel(title)
        heading.setProperty("strong", True)
        grid.addWidget(heading, 0, 0, 1, 2)
        for row, (words, keys) in enumerate(lines, start=1):
            self.lines.append((words, keys))
            label = PlainLabel(words)
            self._labels.append(label)
            label.setAccessibleName(f"{words}: {f' {texts.SHORTCUT_OR} '.join(keys)}")
            grid.addWidget(label, row, 0)
            grid.addLayout(_keys(keys), row, 1)
        return grid


def _keys(keys: Sequence[str]) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(5)
    row.addStretch(1)
    for i, key in enumerate(keys):
        if i:
            between = PlainLabel(texts.SHORTCUT_OR)
            between.setProperty("muted", True)
            row.addWidget(between)
        cap = PlainLabel(key)
        cap.setStyleSheet(_KEY_STYLE)
        cap.setAlignment(Qt.AlignmentFlag.AlignCenter)
        row.addWidget(cap)
    return row


def _halves(groups: list[_Group]) -> list[list[_Group]]:
    """The groups in two columns, in order, so that the longer column is as short as possible."""
    heights = [len(lines) + 2 for _, lines in groups]
    cut = min(range(len(groups) + 1), key=lambda i: max(sum(heights[:i]), sum(heights[i:])), default=0)
    return [half for half in (groups[:cut], groups[cut:]) if half]
