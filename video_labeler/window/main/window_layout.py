"""The arrangement of the window's parts, also in full screen."""

from PyQt6.QtCore import QByteArray, QSettings, QSize, Qt
from PyQt6.QtGui import QAction
from PyQt6.QtWidgets import QMainWindow, QSizePolicy, QSplitter, QToolBar, QToolButton, QVBoxLayout, QWidget

from video_labeler.window import texts
from video_labeler.window.actions import Act
from video_labeler.window.controls.playback_bar import PlaybackBar
from video_labeler.window.controls.record_button import RecordButton
from video_labeler.window.controls.source_picker import SourcePicker
from video_labeler.window.form_dialog import resize_on_screen
from video_labeler.window.messages.info_bar import InfoBar
from video_labeler.window.panels.side_panel import SidePanel
from video_labeler.window.stage.basic_line import BasicLine
from video_labeler.window.stage.full_screen_bar import FullScreenBar
from video_labeler.window.stage.stage import Stage

_FIRST_SIZE, _SMALLEST = QSize(1180, 720), QSize(400, 280)
_NARROW = 620
"""A window narrower than this shows the picture or the side panel, but not both."""

_LOW = 400
"""A window lower than this has no room for the line about the model beside a question; in pixels."""

_BUTTONS = (Act.SNAPSHOT, Act.SAVE_REPLAY, None, Act.FREEZE, Act.MIRROR, Act.NOTICES, Act.FULL_SCREEN, Act.SIDE_PANEL)


class WindowLayout:
    """Arranges the parts in a main window: tool bar on top, the picture below it, the side panel at its right."""

    def __init__(self, window: QMainWindow, actions: dict[Act, QAction]) -> None:
        self._window = window
        self.stage = Stage()
        self.panel = SidePanel()
        self.source_picker = SourcePicker()
        self.record_button = RecordButton()
        self.source_picker.setObjectName("sourcePicker")
        self.record_button.setObjectName("recordButton")
        self.playback_bar = PlaybackBar()
        self.basic_line = BasicLine()
        self.info_bar = InfoBar()
        self._bar = self._tool_bar(actions)
        self._under = QWidget()
        under = self._rows = QVBoxLayout(self._under)
        under.setContentsMargins(0, 0, 0, 0)
        under.setSpacing(0)
        under.addWidget(self.playback_bar)
        under.addWidget(self.basic_line)
        self._left = left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.info_bar)
        column.addWidget(self.stage, 1)
        column.addWidget(self._under)
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._splitter.addWidget(left)
        self._splitter.addWidget(self.panel)
        self._splitter.setStretchFactor(0, 1)
        self._splitter.setStretchFactor(1, 0)
        self._splitter.setCollapsible(0, False)
        self._splitter.setCollapsible(1, False)
        window.addToolBar(self._bar)
        window.setCentralWidget(self._splitter)
        window.setMinimumSize(_SMALLEST)
        resize_on_screen(window, _FIRST_SIZE)
        self._panel_wanted = True
        self._full = False
        self._narrow = False
        self._was_maximized = False
        menu = window.menuBar()
        assert menu is not None
        self.full_screen_bar = FullScreenBar(self.stage, menu, actions[Act.ESCAPE])
        self.full_screen_bar.pause_button.clicked.connect(actions[Act.FREEZE].trigger)
        self.stage.set_foot(self.full_screen_bar)

    def _tool_bar(self, actions: dict[Act, QAction]) -> QToolBar:
        bar = QToolBar(texts.TOOLBAR)
        bar.setObjectName("toolbar")
        bar.setMovable(False)
        bar.setIconSize(QSize(20, 20))
        bar.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        bar.addWidget(self.source_picker)
        gap = QWidget()
        gap.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        bar.addWidget(gap)
        bar.addWidget(self.record_button)
        for act in _BUTTONS:
            if act is None:
                bar.addSeparator()
                continue
            bar.addAction(actions[act])
            button = bar.widgetForAction(actions[act])
            assert button is not None
            button.setAccessibleName(actions[act].text().replace("&", ""))
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        more = bar.findChild(QToolButton, "qt_toolbar_ext_button")
        if more is not None:
            more.setToolTip(texts.MORE_BUTTONS)
            more.setAccessibleName(texts.MORE_BUTTONS)
        return bar

    def show_panel(self, shown: bool) -> None:
        """Show or hide the side panel; in full screen it stays hidden until requested."""
        self._panel_wanted = shown
        self._arrange()

    def peek_at_panel(self) -> None:
        """Show or hide the side panel temporarily, in full screen or in a narrow window."""
        shown = self.panel.isHidden()
        self.panel.setVisible(shown)
        self._left.setHidden(shown and self._narrow)

    def fit(self, width: int) -> None:
        """Adapt to a window of that width."""
        narrow = width < _NARROW
        if narrow is not self._narrow:
            self._narrow = narrow
            self.record_button.set_narrow(narrow)
            self._arrange()

    @property
    def is_narrow(self) -> bool:
        """Whether the window is narrow."""
        return self._window.width() < _NARROW

    def fit_low(self) -> None:
        """Leave the room of the line about the model to a question above the picture, in a low window."""
        if self._window.height() < _LOW and self.info_bar.message is not None:
            self.basic_line.hide()

    @property
    def peeks(self) -> bool:
        """Whether the side panel shows only temporarily, whatever the setting."""
        return self._full or self._narrow

    def _arrange(self) -> None:
        self.panel.setVisible(self._panel_wanted and not self.peeks)
        self._left.show()

    def set_full_screen(self, full: bool) -> None:
        """Enter or leave full screen."""
        if full is self._full:
            return
        self._full = full
        if full:
            self._was_maximized = self._window.isMaximized()
        menu = self._window.menuBar()
        assert menu is not None
        for part in (menu, self._bar, self._under):
            part.setVisible(not full)
        self._arrange()
        if full:
            self.full_screen_bar.begin(self.playback_bar)
            self._window.showFullScreen()
            self.stage.toast.say(texts.FULL_SCREEN_NOW)
        else:
            self.stage.toast.take_back(texts.FULL_SCREEN_NOW)
            self.full_screen_bar.end()
            self._rows.insertWidget(0, self.playback_bar)
            self._window.showMaximized() if self._was_maximized else self._window.showNormal()

    @property
    def is_full_screen(self) -> bool:
        """Whether it is in full screen."""
        return self._full

    def wait_for_end(self) -> None:
        """Disable input: the window only waits for its files."""
        for part in (self._bar, self._under, self.panel, self.info_bar, self.stage.start):
            part.setEnabled(False)

    def save(self, memory: QSettings) -> None:
        """Save the arrangement."""
        if not self._full:
            memory.setValue("geometry", self._window.saveGeometry())
        memory.setValue("splitter", self._splitter.saveState())
        memory.setValue("panel", self.panel.state())

    def restore(self, memory: QSettings) -> None:
        """Restore the arrangement."""
        geometry, splitter, panel = (memory.value(name) for name in ("geometry", "splitter", "panel"))
        if isinstance(geometry, QByteArray):
            self._window.restoreGeometry(geometry)
        if isinstance(splitter, QByteArray):
            self._splitter.restoreState(splitter)
        if isinstance(geometry, QByteArray) and not self._window.isMaximized():
            # The screen may have changed.
            resize_on_screen(self._window, self._window.size())
        if isinstance(panel, str):
            self.panel.restore(panel)
