"""A titled, collapsible part of the side panel, and how several of them share the height."""

from collections.abc import Sequence
from dataclasses import dataclass

from PyQt6.QtCore import QSize, Qt, pyqtSignal
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QScrollArea, QToolButton, QVBoxLayout, QWidget

from video_labeler.window import panel_texts as texts
from video_labeler.window.look.icons import icon
from video_labeler.window.panels.rows_view import RowsView

_HEADER_STYLE = """
QPushButton#sectionHeader {
    border: 1px solid transparent; border-radius: 5px; background: transparent;
    text-align: left; padding: 2px 4px; font-weight: 600; min-width: 0; min-height: 18px;
}
QPushButton#sectionHeader:hover { background: palette(alternate-base); }
QPushButton#sectionHeader:focus { border-color: palette(highlight); }
"""
_TOOL_STYLE = "QToolButton { padding: 1px 6px; min-height: 16px; }"
"""As high as the header, which is to be no higher with tools than without."""

_ICON = QSize(16, 16)


_LEAST = 56
"""The least height of a part that scrolls, in pixels."""


@dataclass(frozen=True, slots=True)
class Heights:
    """The least, usual and greatest height of a part, in pixels. ``is_list``: it gets the remaining height."""

    least: int
    usual: int
    most: int
    is_list: bool = False

    @property
    def beside_others(self) -> int:
        """The height needed beside other parts: a list can be short, other parts must not be cut off.

        In pixels.
        """
        return self.least if self.is_list else self.usual


def shared_out(room: int, parts: Sequence[Heights]) -> list[int]:
    """A height for each part, in pixels: at least its least; then the others grow first, and lists last."""
    heights = [part.least for part in parts]
    for wanted, lists in (("usual", False), ("usual", True), ("most", True)):
        growing = [i for i, part in enumerate(parts) if part.is_list is lists]
        while growing and sum(heights) < room:
            share = max(1, (room - sum(heights)) // len(growing))
            for i in growing:
                limit = max(getattr(parts[i], wanted), heights[i])
                heights[i] = min(limit, heights[i] + share, heights[i] + room - sum(heights))
            growing = [i for i in growing if heights[i] < getattr(parts[i], wanted)]
    return heights


class Section(QWidget):
    """A header that shows and hides ``content``; ``tools`` are at the header's right while it is open.

    A content that consists only of ``rows`` scrolls by itself, any other scrolls here if there is too little room.
    ``toggled``: the user opens or folds it.
    """

    toggled = pyqtSignal(bool)

    def __init__(
        self,
        title: str,
        content: QWidget,
        *,
        is_open: bool = True,
        tools: Sequence[QToolButton] = (),
        rows: RowsView | None = None,
    ) -> None:
        super().__init__()
        self.content = content
        self._title = title
        self._tools = tuple(tools)
        self._rows = rows
        self._above = 2
        self._is_open = is_open
        self._body = content if rows is not None else _scrolling(content, title)
        self._header = QPushButton(title)
        self._header.setObjectName("sectionHeader")
        self._header.setStyleSheet(_HEADER_STYLE)
        self._header.setCheckable(True)
        # After a click Space must still be for the picture.
        self._header.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._header.setIconSize(_ICON)
        self._header.setCursor(Qt.CursorShape.PointingHandCursor)
        top = QHBoxLayout()
        top.setSpacing(2)
        top.addWidget(self._header, 1)
        for tool in self._tools:
            tool.setAutoRaise(True)
            tool.setStyleSheet(_TOOL_STYLE)
            tool.setIconSize(_ICON)
            top.addWidget(tool)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(self._above)
        layout.addLayout(top)
        layout.addWidget(self._body)
        self._header.setChecked(is_open)
        self._header.toggled.connect(self.set_open)
        self.show_content(is_open)

    @property
    def is_open(self) -> bool:
        """Whether the user has opened it; without room it is folded anyway."""
        return self._is_open

    @property
    def is_shown(self) -> bool:
        """Whether the content is visible."""
        return not self._body.isHidden()

    @property
    def head_height(self) -> int:
        """Its height without content, in pixels, with or without its tools."""
        return max(part.sizeHint().height() for part in (self._header, *self._tools))

    def heights(self, width: int) -> Heights:
        """The heights of the content at that width, including the space above it."""
        above = self._above
        if self._rows is not None:
            least, usual = self._rows.minimumSizeHint().height(), self._rows.sizeHint().height()
            return Heights(least + above, usual + above, self._rows.most_height + above, is_list=True)
        layout = self.content.layout()
        usual = self.content.sizeHint().height()
        if layout is not None and layout.hasHeightForWidth():
            usual = layout.heightForWidth(width)
        return Heights(min(_LEAST, usual) + above, usual + above, usual + above)

    def set_body_height(self, height: int) -> int:
        """Give the content a height, including the space above it; a list takes its whole rows of that.

        What was taken is returned, in pixels.
        """
        body = max(0, height - self._above)
        if self._rows is not None:
            body = self._rows.whole_rows(body)
        self._body.setFixedHeight(body)
        return body + self._above

    def set_open(self, is_open: bool) -> None:
        """Open or fold it for the user."""
        self._is_open = is_open
        self.show_content(is_open)
        self.toggled.emit(is_open)

    def show_content(self, shown: bool) -> None:
        """Show or fold the content temporarily, whatever the user has chosen."""
        self._body.setVisible(shown)
        for tool in self._tools:
            tool.setVisible(shown)
        self._header.blockSignals(True)
        self._header.setChecked(shown)
        self._header.blockSignals(False)
        words = texts.HIDE_SECTION if shown else texts.SHOW_SECTION
        self._header.setAccessibleName(self._title)
        self._header.setAccessibleDescription(words.format(section=self._title))
        self._header.setIcon(icon("chevron-down" if shown else "chevron-right"))


def _scrolling(content: QWidget, title: str) -> QScrollArea:
    area = QScrollArea()
    area.setAccessibleName(title)
    area.setWidget(content)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return area
