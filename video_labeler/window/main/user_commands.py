"""Carries out the user's actions on the session, the settings and the parts of the window."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PyQt6.QtCore import QObject, Qt, pyqtSignal
from PyQt6.QtGui import QAction
from PyQt6.QtWidgets import QMainWindow, QMessageBox

from video_labeler import __version__
from video_labeler.recording.folder import folder_problem, recordings_folder
from video_labeler.session.view import Notice, NoticeKind
from video_labeler.settings import LabelingSettings, RegionMode, Settings
from video_labeler.window import panel_texts, texts
from video_labeler.window.actions import Act, keys_by_menu, tool_tip
from video_labeler.window.look.icons import icon
from video_labeler.window.main.dropping import DropKind, Dropped
from video_labeler.window.main.play_list import PlayList
from video_labeler.window.main.player import Player
from video_labeler.window.main.settings_keeper import SettingsKeeper
from video_labeler.window.main.window_layout import WindowLayout
from video_labeler.window.reveal import reveal

if TYPE_CHECKING:
    from video_labeler.session.session import Session

_THRESHOLD_STEP = 0.05


class UserCommands(QObject):
    """Connects the actions, and the parts' requests, to what they do."""

    source_opened = pyqtSignal(str)

    def __init__(
        self,
        window: QMainWindow,
        session: "Session",
        keeper: SettingsKeeper,
        parts: WindowLayout,
        actions: dict[Act, QAction],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self._keeper = keeper
        self._parts = parts
        self._actions = actions
        self.player = Player(session, actions)
        self.pinned: int | None = None
        self.play_list = PlayList(self)
        self._connect_actions()
        self._connect_parts()

    def open_source(self, source: str) -> None:
        """Show that source instead of the current one; of a folder or a list, one after the other."""
        self._play([source])

    def open_dropped(self, dropped: Sequence[Dropped]) -> None:
        """Open what was dropped on the window, one source after the other, or try a model."""
        models = [thing for thing in dropped if thing.kind is DropKind.MODEL]
        sources = [thing.text for thing in dropped if thing.kind is DropKind.SOURCE]
        if models:
            self._parts.panel.model_picker.offer_file(Path(models[0].text))
        if len(models) > 1:
            self._parts.stage.toast.say(texts.ONE_MODEL_AT_A_TIME.format(name=Path(models[0].text).name))
        if sources:
            self._play(sources)

    def _play(self, sources: Sequence[str]) -> None:
        self.play_list.begin(sources, other_hosts=self._keeper.settings.camera.other_hosts)

    def _cancel_opening(self) -> None:
        """Stay with what plays."""
        self.play_list.hold()
        self._session.cancel_opening()

    def _close_source(self) -> None:
        self.play_list.clear()
        self._freeze(False)
        self._session.close_source()

    def _open(self, source: str) -> None:
        self.pin(None)
        # Opening a source ends freezing the picture.
        self._freeze(False)
        self._parts.stage.focus_picture()
        self._session.open(source)
        self.source_opened.emit(source)

    def pin(self, track_id: int | None) -> None:
        """Follow the object with that track id; ``None``: none."""
        self.pinned = track_id
        self._parts.stage.video.set_pinned(track_id)

    @property
    def recordings_folder(self) -> Path:
        """Where recordings and snapshots go."""
        return recordings_folder(self._keeper.settings.window)

    def _connect_actions(self) -> None:
        video, picker, keeper = self._parts.stage.video, self._parts.source_picker, self._keeper
        slots: dict[Act, Callable[[bool], Any]] = {
            Act.OPEN_FILE: lambda _: picker.open_file(),
            Act.OPEN_FOLDER: lambda _: picker.open_folder(),
            Act.OPEN_ADDRESS: lambda _: picker.open_address(),
            Act.PLAY_DEMO: lambda _: picker.open_demo(),
            Act.CLOSE_SOURCE: lambda _: self._close_source(),
            Act.RECORD: self._record,
            Act.SNAPSHOT: lambda _: self._save_picture(),
            Act.SAVE_REPLAY: lambda _: self._session.save_replay(self.recordings_folder),
            Act.SHOW_RECORDINGS: lambda _: self._reveal_recordings(),
            Act.PREFERENCES: lambda _: self._show_preferences(),
            Act.QUIT: lambda _: self._window.close(),
            Act.FREEZE: self._freeze,
            Act.MIRROR: lambda on: keeper.set_window(mirror=on),
            Act.PREVIOUS_SOURCE: lambda _: self.play_list.go(-1),
            Act.NEXT_SOURCE: lambda _: self.play_list.go(1),
            Act.ROTATE: lambda _: keeper.set_window(rotate=(keeper.settings.window.rotate + 90) % 360),
            Act.FIGURES: video.set_figures_shown,
            Act.SMOOTH: lambda on: keeper.set_window(smooth=on),
            Act.FULL_SCREEN: self._parts.set_full_screen,
            Act.SIDE_PANEL: self._show_panel,
            Act.CENTRE_CROP: lambda on: self._label(regions=RegionMode.CENTER if on else RegionMode.LOCALIZED),
            Act.MORE_CONFIDENT: lambda _: self._shift_threshold(_THRESHOLD_STEP),
            Act.LESS_CONFIDENT: lambda _: self._shift_threshold(-_THRESHOLD_STEP),
            Act.UNPIN: lambda _: self.pin(None),
            Act.GET_MODELS: lambda _: self._session.fetch_models(),
            Act.NOTICES: lambda _: self._show_notices(),
            Act.SHORTCUTS: lambda _: self._show_shortcuts(),
            Act.ABOUT: lambda _: self._show_about(),
            Act.ESCAPE: lambda _: self._escape(),
        }
        for act, slot in slots.items():
            self._actions[act].triggered.connect(slot)
        self._actions[Act.FIGURES].setChecked(True)

    def _connect_parts(self) -> None:
        parts, session, actions = self._parts, self._session, self._actions
        stage, panel, bar = parts.stage, parts.panel, parts.playback_bar
        stage.video.pinned.connect(self._toggle_pin)
        stage.video.play_toggled.connect(self.play_or_freeze)
        stage.video.full_screen_toggled.connect(actions[Act.FULL_SCREEN].trigger)
        stage.start.source_chosen.connect(self.open_source)
        stage.start.file_requested.connect(actions[Act.OPEN_FILE].trigger)
        stage.thaw_requested.connect(actions[Act.FREEZE].trigger)
        stage.filter_mark.clicked.connect(lambda: self._show_preferences(panel_texts.PAGE_LABELS))
        stage.choose_requested.connect(self._close_source)
        stage.cancel_requested.connect(self._cancel_opening)
        stage.toast.reveal_requested.connect(self.reveal)
        stage.toast.told.connect(self._mark_unread)
        panel.pinned.connect(self.pin)
        panel.seek_requested.connect(session.seek)
        panel.seen.told.connect(stage.toast.say)
        panel.labeling_changed.connect(self._keeper.set_labeling)
        panel.model_chosen.connect(self._keeper.set_models)
        parts.source_picker.source_chosen.connect(self.open_source)
        parts.record_button.record_requested.connect(self._record)
        self.play_list.opened.connect(self._open)
        self.play_list.told.connect(stage.toast.say)
        self.play_list.failed.connect(lambda text: stage.toast.show_notice(Notice(NoticeKind.PROBLEM, text)))
        bar.play_requested.connect(self.player.play)
        bar.pause_requested.connect(session.pause)
        bar.step_requested.connect(session.step)
        bar.seek_requested.connect(session.seek)
        bar.speed_requested.connect(session.set_speed)
        bar.previous_button.clicked.connect(actions[Act.PREVIOUS_SOURCE].trigger)
        bar.next_button.clicked.connect(actions[Act.NEXT_SOURCE].trigger)
        parts.basic_line.fetch_requested.connect(session.fetch_models)
        parts.basic_line.cancel_requested.connect(session.cancel_fetch)

    def _label(self, **values: Any) -> None:
        labeling: LabelingSettings = replace(self._keeper.settings.labeling, **values)
        self._keeper.set_labeling(labeling)

    def _shift_threshold(self, step: float) -> None:
        self._label(threshold=round(min(max(0.05, self._keeper.settings.labeling.threshold + step), 0.95), 2))

    def play_or_freeze(self) -> None:
        """Pause or play a file, freeze or unfreeze a live picture."""
        act = Act.FREEZE if self._session.view.playback is None else Act.PLAY_PAUSE
        self._actions[act].trigger()

    def _save_picture(self) -> None:
        """Save exactly what is on the screen, even if it is frozen or behind the session."""
        choice = self._parts.stage.video.shown
        self._session.snapshot(self.recordings_folder, None if choice is None else choice.labeled_frame)

    def _freeze(self, frozen: bool) -> None:
        self._parts.stage.video.set_frozen(frozen)

    def _show_panel(self, shown: bool) -> None:
        if self._parts.peeks:
            self._parts.peek_at_panel()
        else:
            self._keeper.set_window(panel_open=shown)

    def _toggle_pin(self, track_id: int | None) -> None:
        self.pin(None if track_id == self.pinned else track_id)

    def _escape(self) -> None:
        if self._parts.is_full_screen:
            self._parts.set_full_screen(False)
        elif self._session.view.opening is not None:
            self._cancel_opening()
        else:
            self.pin(None)

    def _record(self, wanted: bool) -> None:
        if wanted:
            self._session.start_recording(self.recordings_folder)
        else:
            self._session.stop_recording()

    def _reveal_recordings(self) -> None:
        folder = self.recordings_folder
        existing = next(place for place in (folder, *folder.parents) if place.is_dir())
        self.reveal(existing)

    def reveal(self, path: Path) -> None:
        """Show a file in its folder, or say where it is."""
        notice = Notice(NoticeKind.INFORMATION, texts.NO_FILE_MANAGER.format(path=path))
        reveal(path, lambda: self._parts.stage.toast.show_notice(notice))

    def _mark_unread(self) -> None:
        """Let the bell show that there are unread problems."""
        count, action = self._parts.stage.toast.log.unread_problems, self._actions[Act.NOTICES]
        action.setIcon(icon("bell-unread" if count else "bell"))
        tip = tool_tip(Act.NOTICES)
        action.setToolTip(f"{tip}: {texts.UNREAD_PROBLEMS.format(count=count)}" if count else tip)

    def _show_notices(self) -> None:
        from video_labeler.window.messages.notices_dialog import NoticesDialog

        dialog = NoticesDialog(self._parts.stage.toast.log, self._window)
        dialog.reveal_requested.connect(self.reveal)
        self._mark_unread()
        dialog.open()

    def _show_preferences(self, page: str = "") -> None:
        from video_labeler.window.preferences.preferences_dialog import PreferencesDialog

        before = self._keeper.settings
        dialog = PreferencesDialog(before, self._window, lambda settings: self._problem_with(settings, before))
        dialog.accepted_settings.connect(lambda settings: self._keeper.change(before, settings))
        self._keeper.changed.connect(dialog.follow)
        dialog.show_page(page)
        dialog.open()

    def _problem_with(self, settings: Settings, before: Settings) -> str:
        """What would not work in changed settings, as a sentence."""
        if settings.window.recordings_folder != before.window.recordings_folder:
            problem = folder_problem(recordings_folder(settings.window))
            if problem:
                return problem
        is_as_before = settings.labels == before.labels or settings.models != before.models
        return "" if is_as_before else self._session.problem_with_lists(settings.labels)

    def _show_shortcuts(self) -> None:
        from video_labeler.window.main.shortcuts_dialog import ShortcutsDialog

        dialog = ShortcutsDialog(keys_by_menu(), self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _show_about(self) -> None:
        QMessageBox.about(self._window, texts.APPLICATION, texts.ABOUT_TEXT.format(version=__version__))
