from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from PyQt6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PyQt6.QtGui import QDesktopServices, QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent
from PyQt6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QPushButton, QSlider, QWidget
from pytestqt.qtbot import QtBot

from tests.window.fake_session import IDLE, FakeSession, running_view
from tests.window.windows import BRIO, WEBCAM, FakeWatch, open_window
from video_labeler.session.view import ModelState, Notice, NoticeKind, OpeningView, PlaybackView
from video_labeler.settings import (
    CameraSettings,
    LabelingSettings,
    LabelListSettings,
    ModelSettings,
    RegionMode,
    Settings,
    WindowSettings,
)
from video_labeler.settings_file import load_settings
from video_labeler.sources.base import SourceState, SourceStatus
from video_labeler.window import panel_texts
from video_labeler.window.actions import Act
from video_labeler.window.main.main_window import MainWindow
from video_labeler.window.messages.notices_dialog import NoticesDialog
from video_labeler.window.picture.orientation import Orientation
from video_labeler.window.preferences.preferences_dialog import PreferencesDialog

Opened = Callable[..., tuple[MainWindow, FakeSession]]


@pytest.fixture
def opened(qtbot: QtBot, tmp_path: Path) -> Iterator[Opened]:
    windows: list[MainWindow] = []

    def open_one(**options: object) -> tuple[MainWindow, FakeSession]:
        session = FakeSession(view=options.pop("view", running_view()))
        settings = options.setdefault("settings", Settings(window=WindowSettings(recordings_folder=str(tmp_path))))
        session.settings = settings
        window = open_window(session, tmp_path, **options)
        windows.append(window)
        window.show()
        window.activateWindow()
        return window, session

    yield open_one
    for window in windows:
        window.close()
        window.deleteLater()


def _trigger(window: MainWindow, act: Act) -> None:
    window.actions_by_name[act].trigger()


def test_every_action_is_in_a_menu_with_a_key_of_its_own(opened: Opened) -> None:
    window, _ = opened()
    in_menus = {action for menu in window.menuBar().actions() for action in menu.menu().actions()}
    keys: list[str] = []
    for action in window.actions_by_name.values():
        assert action in in_menus, action.text()
        assert action.shortcuts(), action.text()
        keys += [key.toString() for key in action.shortcuts()]
    assert len(set(keys)) == len(keys)
    assert "" not in keys


@pytest.mark.parametrize(
    ("act", "call"),
    [
        (Act.PLAY_DEMO, ("open", "demo")),
        (Act.CLOSE_SOURCE, ("close_source",)),
        (Act.GET_MODELS, ("fetch_models",)),
        (Act.STEP, ("step",)),
        (Act.PLAY_PAUSE, ("pause",)),
    ],
)
def test_actions_ask_the_session(opened: Opened, act: Act, call: tuple[object, ...]) -> None:
    window, session = opened(view=running_view(playing=True))
    _trigger(window, act)
    assert call in session.calls


def test_keys_work_also_in_full_screen(qtbot: QtBot, opened: Opened, tmp_path: Path) -> None:
    window, session = opened()
    _trigger(window, Act.FULL_SCREEN)
    qtbot.waitUntil(window.isFullScreen)
    assert not window.menuBar().isVisible()
    assert not window.parts.panel.isVisible()
    qtbot.waitUntil(window.actions_by_name[Act.SNAPSHOT].isEnabled)
    _trigger(window, Act.SNAPSHOT)
    assert session.asked("snapshot") == [(tmp_path,)]
    qtbot.waitUntil(window.actions_by_name[Act.ESCAPE].isEnabled)
    _trigger(window, Act.SIDE_PANEL)
    assert window.parts.panel.isVisible()
    _trigger(window, Act.SIDE_PANEL)
    assert not window.parts.panel.isVisible()
    _trigger(window, Act.ESCAPE)
    qtbot.waitUntil(lambda: not window.isFullScreen())
    assert window.menuBar().isVisible()
    assert window.parts.panel.isVisible()


def test_recording_starts_and_stops_and_the_action_follows_the_session(
    qtbot: QtBot, opened: Opened, tmp_path: Path
) -> None:
    window, session = opened()
    record = window.actions_by_name[Act.RECORD]
    record.trigger()
    assert session.asked("start_recording") == [(tmp_path,)]
    # Nothing records yet: the action must not say so.
    qtbot.waitUntil(lambda: not record.isChecked())
    session.view = running_view(1, recording=True)
    qtbot.waitUntil(record.isChecked)
    record.trigger()
    assert session.asked("stop_recording") == [()]


def test_what_just_happened_can_be_saved_where_anything_is_held(qtbot: QtBot, opened: Opened, tmp_path: Path) -> None:
    window, session = opened()
    action = window.actions_by_name[Act.SAVE_REPLAY]
    qtbot.waitUntil(lambda: not action.isEnabled())
    session.view = running_view(1, replay_s=12.0)
    qtbot.waitUntil(action.isEnabled)
    qtbot.keyClick(window, Qt.Key.Key_H)
    assert session.asked("save_replay") == [(tmp_path,)]


def test_label_lists_and_the_replay_reach_the_session_once(opened: Opened) -> None:
    window, session = opened()
    settings = window.commands._keeper.settings
    lists = LabelListSettings(hide=("Person",))
    for replay_s in (60, 60, 0):
        window.commands._keeper.set(replace(settings, labels=lists, window=replace(settings.window, replay_s=replay_s)))
    assert session.asked("adjust_lists") == [(lists,)]
    assert session.asked("keep_replay") == [(60,), (0,)]


def test_what_is_not_possible_is_not_offered(qtbot: QtBot, opened: Opened) -> None:
    window, session = opened(view=IDLE)
    actions = window.actions_by_name
    for act in (Act.RECORD, Act.SNAPSHOT, Act.PLAY_PAUSE, Act.CLOSE_SOURCE, Act.UNPIN, Act.ESCAPE):
        assert not actions[act].isEnabled(), act
    session.view = running_view(playing=True)
    qtbot.waitUntil(lambda: actions[Act.PLAY_PAUSE].isEnabled() and actions[Act.RECORD].isEnabled())


def test_view_settings_act_at_once_and_are_kept(opened: Opened, tmp_path: Path) -> None:
    window, _ = opened()
    _trigger(window, Act.MIRROR)
    _trigger(window, Act.ROTATE)
    _trigger(window, Act.SMOOTH)
    assert window.parts.stage.video.orientation == Orientation(1, mirrored=True)
    window.close()
    saved = load_settings(tmp_path / "settings.toml").window
    assert (saved.mirror, saved.rotate, saved.smooth) == (True, 90, True)


def test_labelling_settings_reach_the_session_once(opened: Opened) -> None:
    window, session = opened()
    _trigger(window, Act.MORE_CONFIDENT)
    _trigger(window, Act.CENTRE_CROP)
    wanted = LabelingSettings(threshold=0.4)
    assert session.asked("adjust") == [(wanted,), (replace(wanted, regions=RegionMode.CENTER),)]
    window.parts.panel.labeling_changed.emit(LabelingSettings(max_objects=9))
    assert session.asked("adjust")[-1] == (LabelingSettings(max_objects=9),)
    window.parts.panel.model_chosen.emit(ModelSettings(model="builtin"))
    assert session.asked("use_models") == [(ModelSettings(model="builtin"),)]


def test_models_that_failed_are_not_kept(qtbot: QtBot, opened: Opened, tmp_path: Path) -> None:
    window, session = opened()
    window.parts.panel.model_chosen.emit(ModelSettings(model="broken.tflite"))
    failed = replace(session.view.models, state=ModelState.FAILED, settings=ModelSettings(), message="It is damaged.")
    session.view = replace(session.view, models=failed)
    qtbot.waitUntil(lambda: window._keeper.settings.models == ModelSettings())
    assert session.asked("use_models") == [(ModelSettings(model="broken.tflite"),)]


def test_a_pinned_object_is_followed_everywhere_and_let_go_with_escape(qtbot: QtBot, opened: Opened) -> None:
    window, _ = opened()
    window.parts.stage.video.pinned.emit(2)
    assert window.commands.pinned == 2
    qtbot.waitUntil(window.actions_by_name[Act.ESCAPE].isEnabled)
    _trigger(window, Act.ESCAPE)
    assert window.commands.pinned is None
    window.parts.panel.pinned.emit(1)
    assert window.commands.pinned == 1
    # Another click on the same object lets it go, too.
    window.parts.stage.video.pinned.emit(1)
    assert window.commands.pinned is None


def test_escape_cancels_what_is_waited_for_and_what_plays_stays(qtbot: QtBot, opened: Opened, tmp_path: Path) -> None:
    window, session = opened()
    for name in ("a.mp4", "b.mp4"):
        (tmp_path / name).touch()
    _drop(window, tmp_path / "a.mp4", tmp_path / "b.mp4")
    session.view = replace(session.view, opening=OpeningView(str(tmp_path / "a.mp4"), 0.0))
    qtbot.waitUntil(window.actions_by_name[Act.ESCAPE].isEnabled)
    _trigger(window, Act.ESCAPE)
    assert session.asked("cancel_opening") == [()]
    qtbot.wait(300)
    assert len(session.asked("open")) == 1, "nor does the next of several come"


def test_freezing_says_how_to_continue_and_another_source_thaws(qtbot: QtBot, opened: Opened) -> None:
    window, session = opened()
    qtbot.waitUntil(window.actions_by_name[Act.FREEZE].isEnabled)
    _trigger(window, Act.FREEZE)
    assert window.parts.stage.video.frozen
    qtbot.waitUntil(window.parts.stage.frozen_mark.isVisible)
    assert "Z" in window.parts.stage.frozen_mark.text()
    session.view = running_view(source="other.mp4")
    qtbot.waitUntil(lambda: not window.actions_by_name[Act.FREEZE].isChecked())


def test_the_first_camera_is_shown_without_being_asked_for(qtbot: QtBot, opened: Opened) -> None:
    _, session = opened(view=IDLE, watch=FakeWatch(WEBCAM, BRIO), wanted=True)
    qtbot.waitUntil(lambda: session.asked("open") == [(WEBCAM.stable_id,)])


def test_without_a_camera_the_start_panel_stays(qtbot: QtBot, opened: Opened) -> None:
    window, session = opened(view=IDLE, watch=FakeWatch(), wanted=True)
    qtbot.wait(300)
    assert session.asked("open") == []
    assert window.parts.stage.is_starting


def _drop(window: MainWindow, *paths: Path) -> bool:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    copy, left, no_keys = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(window, QDragEnterEvent(QPoint(50, 50), copy, data, left, no_keys))
    moving = QDragMoveEvent(QPoint(60, 60), copy, data, left, no_keys)
    QApplication.sendEvent(window, moving)
    if moving.isAccepted():
        QApplication.sendEvent(window, QDropEvent(QPointF(60, 60), copy, data, left, no_keys))
    else:
        QApplication.sendEvent(window, QDragLeaveEvent())
    return moving.isAccepted()


def test_videos_and_models_can_be_dropped(opened: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    window, session = opened()
    video, model = tmp_path / "clip.mp4", tmp_path / "my.tflite"
    video.touch()
    model.touch()
    offered = []
    monkeypatch.setattr(window.parts.panel.model_picker, "offer_file", offered.append)
    assert _drop(window, video)
    assert session.asked("open") == [(str(video),)]
    assert _drop(window, model)
    assert offered == [model]
    assert not _drop(window, tmp_path / "gone.mp4")


def test_something_dragged_over_the_window_shows_what_will_become_of_it(opened: Opened, tmp_path: Path) -> None:
    window, session = opened()
    target = window._drop_target
    for name, content in (("clip.mp4", b""), ("my.tflite", b""), ("notes.txt", b"words"), ("a.pdf", b"%PDF-1.7 ")):
        (tmp_path / name).write_bytes(content)
    (tmp_path / "empty").mkdir()
    copy, left, no_keys = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    for names, words, is_welcome in (
        (("clip.mp4",), "Drop to open clip.mp4", True),
        (("clip.mp4", "clip.mp4"), "Drop to play 2 sources one after the other", True),
        (("my.tflite",), "Drop to try the model my.tflite", True),
        (("notes.txt",), "notes.txt is not a video, a picture or a model.", False),
        (("a.pdf",), "a.pdf is not a video, a picture or a model.", False),
        (("empty",), "There are no videos or pictures in the folder empty.", False),
        (("gone",), "gone is not there any more.", False),
    ):
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(tmp_path / name)) for name in names])
        QApplication.sendEvent(window, QDragEnterEvent(QPoint(50, 50), copy, data, left, no_keys))
        assert target.isVisible()
        assert target.geometry() == window.rect()
        assert target.words.startswith(words)
        moving = QDragMoveEvent(QPoint(60, 60), copy, data, left, no_keys)
        QApplication.sendEvent(window, moving)
        assert moving.isAccepted() is is_welcome, words
        QApplication.sendEvent(window, QDragLeaveEvent())
        assert not target.isVisible()
    mixed = QMimeData()
    mixed.setUrls([QUrl.fromLocalFile(str(tmp_path / name)) for name in ("notes.txt", "clip.mp4")])
    QApplication.sendEvent(window, QDragEnterEvent(QPoint(50, 50), copy, mixed, left, no_keys))
    QApplication.sendEvent(window, QDropEvent(QPointF(50, 50), copy, mixed, left, no_keys))
    assert session.asked("open") == [(str(tmp_path / "clip.mp4"),)]
    assert "notes.txt" in window.parts.stage.toast.words


def test_notices_are_shown_once(qtbot: QtBot, opened: Opened) -> None:
    window, session = opened()
    session.notices.append(Notice(NoticeKind.SNAPSHOT_SAVED, "Saved Picture.png.", Path("/x/Picture.png")))
    qtbot.waitUntil(lambda: window.parts.stage.toast.notice is not None)
    assert session.notices == []


def test_the_bell_tells_of_problems_until_somebody_has_read_them(qtbot: QtBot, opened: Opened) -> None:
    window, session = opened()
    bell = window.actions_by_name[Act.NOTICES]
    session.notices += [
        Notice(NoticeKind.PROBLEM, "The disk is full."),
        Notice(NoticeKind.SNAPSHOT_SAVED, "Saved Picture.png.", Path("/x/Picture.png")),
    ]
    qtbot.waitUntil(lambda: window.parts.stage.toast.words == "Saved Picture.png.")
    assert "1 unread" in bell.toolTip()
    bell.trigger()
    assert "not read" not in bell.toolTip()
    dialog = window.findChild(NoticesDialog)
    assert dialog is not None
    assert "The disk is full." in dialog.list.item(1).text()


def test_without_a_file_manager_the_place_is_reported(
    opened: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda _: False)
    monkeypatch.setenv("PATH", str(tmp_path))
    window, _ = opened()
    _trigger(window, Act.SHOW_RECORDINGS)
    assert str(tmp_path) in window.parts.stage.toast.words


def test_an_unexpected_error_is_reported_and_the_window_lives_on(opened: Opened) -> None:
    window, _ = opened()
    window.report_error("Something unexpected went wrong.")
    assert window.parts.stage.toast.notice.kind is NoticeKind.PROBLEM
    assert window.isVisible()


def test_closing_ends_everything_and_remembers_the_place(opened: Opened, tmp_path: Path) -> None:
    watch = FakeWatch(WEBCAM)
    window, session = opened(watch=watch)
    window.resize(760, 540)
    _trigger(window, Act.SIDE_PANEL)
    window.parts.panel.sections["seen"].set_open(False)
    window.close()
    assert session.asked("close")
    assert watch.closed
    assert not window._picture_timer.isActive()
    assert not window._state_timer.isActive()
    again, _ = opened(settings=load_settings(tmp_path / "settings.toml"))
    assert (again.width(), again.height()) == (760, 540)
    assert not again.parts.panel.isVisible()
    assert not again.parts.panel.sections["seen"].is_open


def _shown(window: MainWindow, kind: type[QWidget]) -> list[QWidget]:
    return [
        widget for widget in window.findChildren(kind) if widget.isVisible() and not widget.visibleRegion().isEmpty()
    ]


@pytest.mark.parametrize("playing", [False, True])
@pytest.mark.parametrize("size", [(800, 600), (1280, 720)])
def test_nothing_overlaps(qtbot: QtBot, opened: Opened, size: tuple[int, int], playing: bool) -> None:
    window, _ = opened(view=running_view(playing=playing, recording=True))
    window.resize(*size)
    qtbot.wait(250)
    assert (window.width(), window.height()) == size
    buttons = _shown(window, QAbstractButton)
    assert len(buttons) > 8
    places = [(b, b.visibleRegion().boundingRect().translated(b.mapTo(window, QPoint(0, 0)))) for b in buttons]
    for i, (one, place) in enumerate(places):
        assert window.rect().contains(place), one
        for other, other_place in places[i + 1 :]:
            if not one.isAncestorOf(other) and not other.isAncestorOf(one):
                assert not place.intersects(other_place), (one, other)


@pytest.mark.parametrize("view", [IDLE, running_view(playing=True)], ids=["start", "playing"])
def test_everything_has_a_name_and_can_be_reached_with_the_keyboard(qtbot: QtBot, opened: Opened, view: object) -> None:
    window, _ = opened(view=view)
    qtbot.wait(250)
    for button in _shown(window, QAbstractButton):
        assert button.accessibleName() or button.text(), button
        if button.isEnabled():
            assert button.focusPolicy() & Qt.FocusPolicy.TabFocus, (button.text(), button.accessibleName())
    for field in _shown(window, QLineEdit):
        assert field.accessibleName()


def test_letters_typed_into_a_field_are_letters(qtbot: QtBot, opened: Opened) -> None:
    window, session = opened(view=IDLE)
    field = window.parts.stage.start._address
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    qtbot.keyClicks(field, "rsmzf")
    assert field.text() == "rsmzf"
    assert not window.isFullScreen()
    assert {name for name, *_ in session.calls} <= {"set_min_label_interval"}


def test_space_plays_a_file_and_freezes_a_live_picture(qtbot: QtBot, opened: Opened) -> None:
    window, session = opened(view=running_view(playing=True))
    qtbot.waitUntil(window.actions_by_name[Act.PLAY_PAUSE].isEnabled)
    window.parts.stage.video.play_toggled.emit()
    assert session.asked("pause") == [()]
    session.view = running_view(1)
    qtbot.waitUntil(window.actions_by_name[Act.FREEZE].isEnabled)
    window.parts.stage.video.play_toggled.emit()
    assert window.parts.stage.video.frozen


def test_several_that_are_dropped_play_one_after_the_other(qtbot: QtBot, opened: Opened, tmp_path: Path) -> None:
    window, session = opened()
    paths = [tmp_path / name for name in ("a.mp4", "b.mp4", "c.mp4")]
    for path in paths:
        path.touch()
    _drop(window, *paths)
    assert "3" in window.parts.stage.toast.words
    assert session.asked("open") == [(str(paths[0]),)]
    playing = PlaybackView(1.0, 2.0, paused=False, speed=1.0)
    session.view = running_view(source=str(paths[0]), playback=playing)
    qtbot.wait(300)
    assert len(session.asked("open")) == 1
    session.view = replace(session.view, playback=replace(playing, ended=True))
    qtbot.waitUntil(lambda: session.asked("open")[1:] == [(str(paths[1]),)])
    session.view = running_view(source=str(paths[1]), playback=playing)
    window._show_state()
    assert window.parts.source_picker.words == "Test camera · 2 of 3", "with its own place at once"
    assert window.windowTitle().startswith("Test camera · 2 of 3")
    session.view = running_view(source=str(paths[0]), playback=replace(playing, ended=True))
    # The second cannot be opened, so that the first is open still.
    qtbot.waitUntil(lambda: session.asked("open")[2:] == [(str(paths[2]),)])
    session.view = replace(session.view, source=str(paths[2]))
    qtbot.wait(300)
    assert len(session.asked("open")) == 3


def test_a_folder_of_videos_is_played_through_and_remembered_as_a_whole(
    qtbot: QtBot, opened: Opened, tmp_path: Path
) -> None:
    window, session = opened()
    folder = tmp_path / "holiday"
    (folder / "later").mkdir(parents=True)
    names = [folder / "2.mp4", folder / "10.mp4", folder / "later" / "1.mp4"]
    for path in names:
        path.write_bytes(bytes(range(200)))
    session.view = replace(session.view, opening=OpeningView("as long as it opens", 0.0))
    assert _drop(window, folder)
    qtbot.waitUntil(lambda: session.asked("open") == [(str(names[0]),)])
    assert "3" in window.parts.stage.toast.words
    playing = PlaybackView(1.0, 2.0, paused=False, speed=1.0, ended=True)
    for path, following in pairwise(names):
        session.view = running_view(source=str(path), playback=playing)
        qtbot.waitUntil(lambda following=following: (str(following),) in session.asked("open"))
    assert window._recent.sources == [str(folder)]


def test_what_breaks_off_in_a_list_blocks_nothing(qtbot: QtBot, opened: Opened, tmp_path: Path) -> None:
    window, session = opened()
    paths = [tmp_path / "a.mp4", tmp_path / "b.mp4"]
    for path in paths:
        path.touch()
    session.view = replace(session.view, opening=OpeningView("as long as it opens", 0.0))
    _drop(window, *paths)
    session.view = running_view(source=str(paths[0]), status=SourceStatus(SourceState.CLOSED, 0.0, "a.mp4 has gone."))
    qtbot.waitUntil(lambda: session.asked("open")[1:] == [(str(paths[1]),)])


def test_a_list_without_anything_in_it_is_reported_and_what_plays_stays(
    qtbot: QtBot, opened: Opened, tmp_path: Path
) -> None:
    window, session = opened()
    (tmp_path / "empty.m3u").write_text("#EXTM3U\n")
    window.open_source(str(tmp_path / "empty.m3u"))
    qtbot.waitUntil(lambda: "empty.m3u names nothing" in window.parts.stage.toast.words)
    assert session.asked("open") == []


def test_what_is_opened_otherwise_ends_the_list(qtbot: QtBot, opened: Opened, tmp_path: Path) -> None:
    window, session = opened()
    for name in ("a.mp4", "b.mp4"):
        (tmp_path / name).touch()
    _drop(window, tmp_path / "a.mp4", tmp_path / "b.mp4")
    _trigger(window, Act.PLAY_DEMO)
    session.view = running_view(source="demo", playback=PlaybackView(1.0, 1.0, paused=False, speed=1.0, ended=True))
    qtbot.wait(300)
    assert [source for (source,) in session.asked("open")] == [str(tmp_path / "a.mp4"), "demo"]


def test_copying_the_seen_list_shows_and_clearing_it_can_be_undone(qtbot: QtBot, opened: Opened) -> None:
    window, _ = opened()
    seen, toast = window.parts.panel.seen, window.parts.stage.toast
    qtbot.waitUntil(lambda: seen.list.rows.rowCount() == 2)
    seen.copy_button.click()
    assert toast.words == panel_texts.SEEN_COPIED.format(count=2)
    before = seen._log.entries
    seen.clear_button.click()
    assert toast.words == panel_texts.SEEN_CLEARED
    assert toast._reveal.text() == panel_texts.UNDO
    toast._reveal.click()
    assert before[0] in seen._log.entries
    assert not toast.isVisible()


def test_what_would_not_work_is_reported_before_it_is_saved(qtbot: QtBot, opened: Opened, tmp_path: Path) -> None:
    window, session = opened()
    (tmp_path / "a file").touch()
    for page, name, value in (
        (panel_texts.PAGE_RECORDING, "recordings_folder", str(tmp_path / "a file" / "below")),
        (panel_texts.PAGE_LABELS, "only", ("Persn",)),
    ):
        _trigger(window, Act.PREFERENCES)
        dialog = window.findChild(PreferencesDialog)
        assert dialog is not None
        field = next(item for item in dialog.pages if item.title == page).fields[name]
        field.show_setting(value)
        save = next(item for item in dialog.findChildren(QPushButton) if item.text() == panel_texts.SAVE)
        save.click()
        assert dialog.isVisible()
        assert ("a file" if name == "recordings_folder" else "Persn") in dialog.foot.line.text()
        assert session.asked("adjust_lists") == []
        with qtbot.waitSignal(dialog.accepted_settings, timeout=1000):
            dialog.foot.offer.click()
        qtbot.waitUntil(lambda: window.findChild(PreferencesDialog) is None)
    assert session.asked("adjust_lists") == [(LabelListSettings(only=("Persn",)),)]


def test_what_changes_while_the_preferences_are_open_is_not_overwritten(qtbot: QtBot, opened: Opened) -> None:
    window, session = opened()
    _trigger(window, Act.PREFERENCES)
    dialog = window.findChild(PreferencesDialog)
    assert dialog is not None
    adopted = ModelSettings(model="builtin", localizer="builtin")
    session.view = replace(session.view, models=replace(session.view.models, settings=adopted))
    qtbot.waitUntil(lambda: window.commands._keeper.settings.models == adopted)
    _trigger(window, Act.MIRROR)
    dialog.pages[0].fields["top_k"].setValue(6)
    dialog._save()
    settings = window.commands._keeper.settings
    assert (settings.models, settings.window.mirror, settings.labeling.top_k) == (adopted, True, 6)


def test_lists_of_labels_are_marked_while_they_leave_anything_out(qtbot: QtBot, opened: Opened) -> None:
    window, session = opened()
    mark = window.parts.stage.filter_mark
    qtbot.waitUntil(lambda: not window.parts.stage.is_starting)
    assert not mark.isVisible()
    lists = LabelListSettings(only=("Persn", "Food"), hide=("Dog",))
    session.view = replace(session.view, lists=lists, unknown_labels=("Persn",))
    qtbot.waitUntil(mark.isVisible)
    assert mark.accessibleName() == "No such label: Persn · Say only: Persn, Food · Never say: Dog"
    mark.click()
    dialog = window.findChild(PreferencesDialog)
    assert dialog is not None
    assert dialog.pages[dialog.list.currentRow()].title == panel_texts.PAGE_LABELS
    dialog.reject()
    session.view = replace(session.view, lists=LabelListSettings(), unknown_labels=())
    qtbot.waitUntil(lambda: not mark.isVisible())


def test_camera_settings_hold_for_the_next_camera_that_is_opened(opened: Opened) -> None:
    window, session = opened()
    keeper = window.commands._keeper
    keeper.set(replace(keeper.settings, camera=CameraSettings(width=640)))
    assert session.asked("use_camera") == [(CameraSettings(width=640),)]


def test_space_is_for_the_picture_unless_something_else_was_chosen(qtbot: QtBot, opened: Opened) -> None:
    window, session = opened(view=running_view(playing=True))
    qtbot.waitUntil(window.actions_by_name[Act.PLAY_PAUSE].isEnabled)
    header = window.parts.panel.sections["seen"]._header
    qtbot.mouseClick(header, Qt.MouseButton.LeftButton)
    assert window.focusWidget() is not header
    header.setFocus()
    _trigger(window, Act.PLAY_DEMO)
    assert window.focusWidget() is window.parts.stage.video
    session.calls.clear()
    qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Space)
    assert session.asked("pause") == [()]
    slider = window.parts.panel.labeling.sliders.findChild(QSlider)
    assert slider is not None
    slider.setFocus()
    qtbot.keyClick(slider, Qt.Key.Key_Space)
    assert session.asked("pause") == [(), ()]
    header.setFocus()
    was_open = header.isChecked()
    qtbot.keyClick(header, Qt.Key.Key_Space)
    assert header.isChecked() is not was_open


def test_while_nobody_looks_nothing_is_painted_and_little_is_labelled(qtbot: QtBot, opened: Opened) -> None:
    window, session = opened()
    video = window.parts.stage.video
    qtbot.waitUntil(lambda: video.has_picture)
    session.calls.clear()
    window.showMinimized()
    qtbot.waitUntil(lambda: session.asked("set_min_label_interval") == [(0.5,)])
    painted = video.figures.painted
    session.notices.append(Notice(NoticeKind.PROBLEM, "The disk is full."))
    for index in range(2, 6):
        session.view = running_view(index)
        qtbot.wait(60)
    assert video.figures.painted == painted
    qtbot.waitUntil(lambda: session.notices == [])
    # A recording has all its labels.
    session.view = running_view(7, recording=True)
    qtbot.waitUntil(lambda: session.asked("set_min_label_interval")[1:] == [(0.0,)])
    session.view = running_view(8)
    window.showNormal()
    qtbot.waitUntil(lambda: video.shown is not None and video.shown.frame.index == 8)
