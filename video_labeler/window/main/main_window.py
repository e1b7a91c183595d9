"""The main window: assembles the parts, and passes the user's requests to the session."""

import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import QSettings, Qt, QTimer, pyqtSignal
from PyQt6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QKeyEvent,
    QResizeEvent,
)
from PyQt6.QtWidgets import QMainWindow

from video_labeler.session.view import ModelState, Notice, NoticeKind, SessionView
from video_labeler.settings import RegionMode, Settings
from video_labeler.window import texts
from video_labeler.window.actions import (
    ONLY_FILES,
    ONLY_WITH_PICTURE,
    ONLY_WITH_SOURCE,
    Act,
    fill_menu_bar,
    make_actions,
)
from video_labeler.window.controls.source_kinds import source_title
from video_labeler.window.main.drop_target import DropTarget
from video_labeler.window.main.dropping import Dragged, dragged
from video_labeler.window.main.recent_sources import RecentSources
from video_labeler.window.main.settings_keeper import SettingsKeeper
from video_labeler.window.main.user_commands import UserCommands
from video_labeler.window.main.window_layout import WindowLayout
from video_labeler.window.messages.announcer import Announcer
from video_labeler.window.messages.finishing import Finishing
from video_labeler.window.messages.info_bar import Choice, Message
from video_labeler.window.messages.leftover_offer import LeftoverOffer
from video_labeler.window.picture.orientation import Orientation
from video_labeler.window.plain_text import plain_title

if TYPE_CHECKING:
    from video_labeler.session.session import Session
    from video_labeler.window.main.camera_follower import CameraFollower

_MOST_PROBLEMS = 3
"""The most problems of the settings file that are shown at once."""

_UNSEEN_INTERVAL_S = 0.5
"""The interval of labelled frames while the window is hidden: enough for the list of what was seen."""

_STATE_MS = 125
"""How often panels and cards update: fast enough for figures that people read."""


class MainWindow(QMainWindow):
    """Shows a session. ``memory`` remembers where things are; ``keeper`` holds the settings."""

    closed = pyqtSignal()

    def __init__(
        self,
        session: "Session",
        keeper: SettingsKeeper,
        cameras: "CameraFollower",
        memory: QSettings,
    ) -> None:
        super().__init__()
        self.setWindowTitle(texts.APPLICATION)
        self.setAcceptDrops(True)
        self._session = session
        self._keeper = keeper
        self._cameras = cameras
        self._memory = memory
        self._applied = keeper.settings
        self.actions_by_name = make_actions(self)
        self.parts = WindowLayout(self, self.actions_by_name)
        # Also here, so that the keys work while the menu is hidden.
        self.addActions(list(self.actions_by_name.values()))
        menu = self.menuBar()
        assert menu is not None
        fill_menu_bar(menu, self.actions_by_name)
        self.commands = UserCommands(self, session, keeper, self.parts, self.actions_by_name)
        self._drop_target = DropTarget(self)
        self._dragged = Dragged()
        self._finishing = Finishing(self, session)
        self._announcer = Announcer(self)
        self._is_closed = False
        self._interval_s = 0.0
        self._leftovers: LeftoverOffer | None = None
        self._recent = RecentSources(memory)
        self._remembered: str | None = None
        self.parts.source_picker.set_recent(self._recent.sources)
        self._follow()
        self.parts.restore(memory)
        self._follow_settings(keeper.settings)
        self._picture_timer = self._timer(self._picture_interval_ms(), self._show_picture)
        self._picture_timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._state_timer = self._timer(_STATE_MS, self._show_state)
        self._show_state()

    def open_source(self, source: str) -> None:
        """Show that source instead of the current one."""
        self.commands.open_source(source)

    def close_by_signal(self) -> None:
        """Close, and tell the terminal if that takes a while."""
        self._finishing.expect_nobody()
        self.close()
        if self._finishing.is_on:
            with suppress(OSError, AttributeError, ValueError):
                print(texts.FINISHING_IN_TERMINAL, file=sys.stderr, flush=True)  # noqa: T201

    def close_at_once(self) -> None:
        """Close even while the window waits for its files."""
        if self._finishing.is_on:
            self._finishing.close_now()
        else:
            self.close()

    def _wait_for_files(self) -> None:
        self.setAcceptDrops(False)
        self.parts.wait_for_end()
        for act, action in self.actions_by_name.items():
            action.setEnabled(act is Act.QUIT)
        self._show_state()

    def report_error(self, text: str) -> None:
        """Report an unexpected error; the window continues."""
        self.parts.stage.toast.show_notice(Notice(NoticeKind.PROBLEM, text))

    def refresh_icons(self) -> None:
        """Redraw icons after the theme has changed."""
        self.parts.stage.refresh_icons()
        self.parts.info_bar.refresh_icon()

    def report_settings(self, problems: Sequence[str], path: Path) -> None:
        """Report the problems in the settings file."""
        most = 1 if self.parts.is_narrow else _MOST_PROBLEMS
        lines = [texts.SETTINGS_PROBLEMS, *problems[:most]]
        if len(problems) > most:
            lines.append(texts.SETTINGS_MORE.format(count=len(problems) - most))
        show = Choice(texts.SHOW_IN_FOLDER, lambda: self.commands.reveal(path), closes=False)
        self.parts.info_bar.tell(Message("\n".join(lines), (show, Choice(texts.DISMISS)), warning=True))

    def offer_leftovers(self) -> None:
        """Look for unfinished recordings, and offer to finish them."""
        self._leftovers = LeftoverOffer(self.parts.info_bar, self.commands.recordings_folder, self)
        self._leftovers.told.connect(self.parts.stage.toast.show_notice)
        self._leftovers.look()

    def _tell_of_copy(self, copy: Path) -> None:
        text = texts.SETTINGS_COPIED.format(name=copy.name)
        self.parts.stage.toast.show_notice(Notice(NoticeKind.INFORMATION, text, copy))

    def _tell_of_file(self, problems: list[str]) -> None:
        lines = [texts.SETTINGS_TAKEN_IN, *problems[:_MOST_PROBLEMS]]
        kind = NoticeKind.PROBLEM if problems else NoticeKind.INFORMATION
        self.parts.stage.toast.show_notice(Notice(kind, "\n".join(lines)))

    def _follow(self) -> None:
        self._cameras.changed.connect(self.parts.source_picker.set_cameras)
        self._cameras.changed.connect(self.parts.stage.start.set_cameras)
        self._cameras.first_found.connect(self.commands.open_source)
        self.commands.source_opened.connect(self._cameras.stop_looking)
        for part in (self.parts.stage, self.parts.stage.toast, self.parts.info_bar):
            part.said.connect(self._announcer.say)
        self._keeper.changed.connect(self._follow_settings)
        self._keeper.failed.connect(self.report_error)
        self._keeper.taken_in.connect(self._tell_of_file)
        self._keeper.copied.connect(self._tell_of_copy)

    def _remember_source(self, view: SessionView) -> None:
        """Remember a source for the menu, once it has shown a picture."""
        if view.source is None or view.source == self._remembered or view.newest is None:
            return
        self._remembered = view.source
        self._recent.add(self.commands.play_list.name_of(view.source))
        self.parts.source_picker.set_recent(self._recent.sources)

    def _follow_settings(self, settings: Settings) -> None:
        """Apply the settings to the window and the session."""
        window, video, actions = settings.window, self.parts.stage.video, self.actions_by_name
        orientation = Orientation(window.rotate // 90, window.mirror)
        video.set_orientation(orientation)
        video.set_smooth(window.smooth)
        self.parts.record_button.set_folder(self.commands.recordings_folder)
        self.parts.panel.set_orientation(orientation)
        self.parts.show_panel(window.panel_open)
        actions[Act.MIRROR].setChecked(window.mirror)
        actions[Act.SMOOTH].setChecked(window.smooth)
        actions[Act.SIDE_PANEL].setChecked(window.panel_open)
        if settings.labeling != self._applied.labeling:
            self._session.adjust(settings.labeling)
        if settings.labels != self._applied.labels:
            self._session.adjust_lists(settings.labels)
        if window.replay_s != self._applied.window.replay_s:
            self._session.keep_replay(window.replay_s)
        if settings.camera != self._applied.camera:
            self._session.use_camera(settings.camera)
        if settings.models != self._applied.models:
            self._session.use_models(settings.models)
        self._applied = settings

    def _show_picture(self) -> None:
        if self._is_seen:
            self.parts.stage.show_view(self._session.view)

    @property
    def _is_seen(self) -> bool:
        """Whether any of it can be visible: not while it is minimised, or on another desktop."""
        handle = self.windowHandle()
        # Before it is shown for the first time, it is about to be visible.
        return not self.isMinimized() and (handle is None or not self.isVisible() or handle.isExposed())

    def _spare(self, view: SessionView) -> None:
        """Label rarely, and paint nothing, while the window is hidden; a recording gets all its labels."""
        is_seen = self._is_seen
        interval_s = 0.0 if is_seen or view.recording is not None else _UNSEEN_INTERVAL_S
        if interval_s != self._interval_s:
            self._interval_s = interval_s
            self._session.set_min_label_interval(interval_s, replay_too=True)
        if is_seen is not self._picture_timer.isActive():
            self._picture_timer.start() if is_seen else self._picture_timer.stop()

    def _show_state(self) -> None:
        view, parts = self._session.view, self.parts
        self._cameras.look()
        self._spare(view)
        if not self._finishing.is_on:
            # First, so that the name and its place in the list are of one moment.
            self.commands.play_list.show_view(view)
        if not self._is_seen and not self._finishing.is_on:
            parts.panel.seen.show_view(view)
            self._take_in(view)
            return
        parts.stage.show_state(view, finishing=self._finishing.is_on)
        if self._cameras.is_looking:
            parts.stage.start.say_looking()
        parts.panel.show_view(view, self.commands.pinned, parts.stage.video.figures, parts.stage.shown(view))
        parts.source_picker.show_view(view, self.commands.play_list.shown_place)
        parts.playback_bar.show_view(view, self.commands.play_list.place)
        parts.record_button.show_view(view)
        parts.basic_line.show_view(view)
        parts.fit_low()
        if self._finishing.is_on:
            return
        self._take_in(view)
        self._show_what_is_possible(view)

    def _take_in(self, view: SessionView) -> None:
        self._remember_source(view)
        for notice in self._session.take_notices():
            self.parts.stage.toast.show_notice(notice)
        self._adopt_models(view)

    def _adopt_models(self, view: SessionView) -> None:
        """Keep the models in use: after a failure the previous ones, after a download the new ones."""
        models = view.models.settings
        if view.models.state is not ModelState.LOADING and models != self._keeper.settings.models:
            self._applied = replace(self._applied, models=models)
            self._keeper.set_models(models)

    def _show_what_is_possible(self, view: SessionView) -> None:
        actions, video, place = self.actions_by_name, self.parts.stage.video, self.commands.play_list.place
        for acts, possible in (
            (ONLY_FILES, view.playback is not None and not view.playback.is_still),
            ((Act.RECORD,), view.recording is not None or (view.can_be_recorded and not self.parts.stage.is_starting)),
            (ONLY_WITH_PICTURE, view.newest is not None and not self.parts.stage.is_starting),
            ((Act.FREEZE,), video.has_picture and not self.parts.stage.is_starting),
            (ONLY_WITH_SOURCE, view.source is not None),
            ((Act.PREVIOUS_SOURCE,), place is not None and place.has_previous),
            ((Act.NEXT_SOURCE,), place is not None and place.has_next),
            ((Act.SAVE_REPLAY,), view.replay_s > 0),
            ((Act.UNPIN,), self.commands.pinned is not None),
            ((Act.ESCAPE,), self.parts.is_full_screen or self.commands.pinned is not None or view.opening is not None),
            ((Act.GET_MODELS,), view.models.lack_full and view.fetch is None),
        ):
            for act in acts:
                actions[act].setEnabled(possible)
        title = source_title(view, place=self.commands.play_list.shown_place)
        self.parts.full_screen_bar.show_state(title, frozen=video.frozen)
        actions[Act.RECORD].setChecked(view.recording is not None)
        actions[Act.FREEZE].setChecked(video.frozen)
        actions[Act.SIDE_PANEL].setChecked(not self.parts.panel.isHidden())
        actions[Act.FULL_SCREEN].setChecked(self.parts.is_full_screen)
        actions[Act.CENTRE_CROP].setChecked(view.labeling.regions is RegionMode.CENTER)
        name = plain_title(title) if view.info is not None else ""
        self.setWindowTitle(f"{name} — {texts.APPLICATION}" if name else texts.APPLICATION)

    def _timer(self, interval_ms: int, tick: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setInterval(interval_ms)
        timer.timeout.connect(tick)
        timer.start()
        return timer

    def _picture_interval_ms(self) -> int:
        screen = self.screen()
        rate = screen.refreshRate() if screen is not None else 0.0
        return max(8, round(1000 / rate)) if rate > 1 else 16

    def dragEnterEvent(self, event: QDragEnterEvent | None) -> None:  # noqa: N802 - Qt's name
        """Accept videos, pictures, addresses and models, and say why anything else is refused."""
        if event is not None:
            self._dragged = dragged(event.mimeData())
            self._drop_target.welcome(self._dragged)
            # Accept anything: only then Qt reports when it leaves. The moves say whether it may be dropped.
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent | None) -> None:  # noqa: N802 - Qt's name
        """Let the pointer show whether dropping is possible."""
        if event is not None and self._dragged.things:
            event.acceptProposedAction()
        elif event is not None:
            event.ignore()

    def dragLeaveEvent(self, event: QDragLeaveEvent | None) -> None:  # noqa: N802 - Qt's name
        """Remove the frame."""
        self._drop_target.hide()

    def dropEvent(self, event: QDropEvent | None) -> None:  # noqa: N802 - Qt's name
        """Open what was dropped."""
        self._drop_target.hide()
        if event is None:
            return
        found = dragged(event.mimeData())
        if found.refusal:
            self.parts.stage.toast.show_notice(Notice(NoticeKind.INFORMATION, found.refusal))
        if found.things:
            event.acceptProposedAction()
            self.commands.open_dropped(found.things)

    def resizeEvent(self, event: QResizeEvent | None) -> None:  # noqa: N802 - Qt's name
        """Adapt the layout to the size."""
        super().resizeEvent(event)
        self.parts.fit(self.width())

    def keyPressEvent(self, event: QKeyEvent | None) -> None:  # noqa: N802 - Qt's name
        """Let Space play and pause unless another widget uses it."""
        if event is not None and event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self.commands.play_or_freeze()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent | None) -> None:  # noqa: N802 - Qt's name
        """Finish what is being saved, then stop everything, and remember the state."""
        if not self._finishing.may_close():
            self._wait_for_files()
            if event is not None:
                event.ignore()
            return
        if self._is_closed:
            super().closeEvent(event)
            return
        self._is_closed = True
        self._picture_timer.stop()
        self._state_timer.stop()
        self.hide()
        self.parts.save(self._memory)
        # It watches the whole application's events, which go on until everything is destroyed.
        self.parts.full_screen_bar.end()
        self._announcer.close()
        self._keeper.close()
        self.parts.stage.video.close_painter()
        if self._leftovers is not None:
            self._leftovers.close()
        self._session.close()
        self._cameras.close()
        self.closed.emit()
        super().closeEvent(event)
