"""A titled part of the side panel that can be collapsed."""

from collections.abc import Sequence

from PyQt6.QtCore import QSize, Qt, pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QPushButton, QToolButton, QVBoxLayout, QWidget

from video_labeler.window import panel_texts as texts
from video_labeler.window.icons import icon

_HEADER_STYLE = """
QPushButton#sectionHeader {
    border: 1px solid transparent; border-radius: 5px; background: transparent;
    text-align: left; padding: 5px 4px; font-weight: 600; min-width: 0;
}
QPushButton#sectionHeader:hover { background: palette(alternate-base); }
QPushButton#sectionHeader:focus { border-color: palette(highlight); }
"""
_ICON = QSize(16, 16)


class Section(QWidget):
    """A header that shows and hides ``content``; ``tools`` stand at the header's right while it is open."""

    toggled = pyqtSignal(bool)

    def __init__(
        self, title: str, content: QWidget, *, is_open: bool = True, tools: Sequence[QToolButton] = ()
    ) -> None:
        super().__init__()
        self.content = content
        self._title = title
        self._tools = tuple(tools)
        self._header = QPushButton(title)
        self._header.setObjectName("sectionHeader")
        self._header.setStyleSheet(_HEADER_STYLE)
        self._header.setCheckable(True)
        # A click folds it; Space afterwards is for the picture.
        self._header.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._header.setIconSize(_ICON)
        self._header.setCursor(Qt.CursorShape.PointingHandCursor)
        top = QHBoxLayout()
        top.setSpacing(2)
        top.addWidget(self._header, 1)
        for tool in self._tools:
            tool.setAutoRaise(True)
            tool.setIconSize(_ICON)
            top.addWidget(tool)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(top)
        layout.addWidget(content)
        self._header.toggled.connect(self._show_content)
        self._header.setChecked(is_open)
        self._show_content(is_open)

    @property
    def is_open(self) -> bool:
        """Whether the content shows."""
        return self._header.isChecked()

    def set_open(self, is_open: bool) -> None:
        """Show or hide the content."""
        self._header.setChecked(is_open)

    def _show_content(self, is_open: bool) -> None:
        self.content.setVisible(is_open)
        for tool in self._tools:
            tool.setVisible(is_open)
        words = texts.HIDE_SECTION if is_open else texts.SHOW_SECTION
        self._header.setAccessibleName(self._title)
        self._header.setAccessibleDescription(words.format(section=self._title))
        self._header.setIcon(icon("chevron-down" if is_open else "chevron-right"))
        self.toggled.emit(is_open)
