import sys
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from PyQt6.QtCore import QMimeData, QSettings, QTimer, QUrl
from pytestqt.qtbot import QtBot

from tests.window.fake_session import FakeSession, running_view
from tests.window.windows import BRIO, WEBCAM, FakeWatch
from video_labeler.session.view import FetchView
from video_labeler.settings import LabelingSettings, Settings
from video_labeler.settings_file import load_settings
from video_labeler.window.actions import Act, make_actions
from video_labeler.window.main.camera_follower import CameraFollower
from video_labeler.window.main.dropping import DropKind, dragged
from video_labeler.window.main.player import Player
from video_labeler.window.main.recent_sources import RecentSources
from video_labeler.window.main.settings_keeper import SettingsKeeper
from video_labeler.window.stage.basic_line import BasicLine


def _dropped(*urls: str) -> tuple[DropKind, str] | None:
    data = QMimeData()
    data.setUrls([QUrl(url) for url in urls])
    thing = next(iter(dragged(data).things), None)
    return thing and (thing.kind, thing.text)


def test_what_is_dropped_is_told_apart(tmp_path: Path) -> None:
    for name in ("clip.mp4", "picture.jpg", "my.TFLITE", "hub.tar.gz"):
        (tmp_path / name).touch()
    (tmp_path / "saved").mkdir()
    (tmp_path / "saved" / "saved_model.pb").touch()
    for name in ("clip.mp4", "picture.jpg", ""):
        assert _dropped(f"file://{tmp_path}/{name}".rstrip("/")) == (DropKind.SOURCE, str(tmp_path / name))
    for name in ("my.TFLITE", "hub.tar.gz", "saved"):
        assert _dropped(f"file://{tmp_path}/{name}") == (DropKind.MODEL, str(tmp_path / name))
    assert _dropped("rtsp://camera/live") == (DropKind.SOURCE, "rtsp://camera/live")
    assert _dropped(f"file://{tmp_path}/gone.mp4") is None
    assert _dropped("mailto:someone@example.org") is None
    assert dragged(None).things == ()
    text = QMimeData()
    text.setText("rtsp://camera/live")
    assert [thing.text for thing in dragged(text).things] == ["rtsp://camera/live"]
    assert dragged(QMimeData()).refusal


def test_settings_are_saved_when_they_rest(qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "deep" / "settings.toml"
    keeper = SettingsKeeper(Settings(), path)
    changes = []
    keeper.changed.connect(changes.append)
    for threshold in (0.4, 0.45, 0.5):
        keeper.set_labeling(LabelingSettings(threshold=threshold))
    keeper.set_window(mirror=True)
    keeper.set_window(mirror=True)
    assert len(changes) == 4
    assert not path.exists()
    qtbot.waitUntil(path.exists)
    saved = load_settings(path)
    assert saved.labeling.threshold == 0.5
    assert saved.window.mirror


def test_nothing_changed_writes_nothing(tmp_path: Path) -> None:
    keeper = SettingsKeeper(Settings(), tmp_path / "settings.toml")
    keeper.save()
    assert not (tmp_path / "settings.toml").exists()


def test_settings_that_cannot_be_saved_are_reported(qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    keeper = SettingsKeeper(Settings(), tmp_path / "file" / "settings.toml")
    keeper.set_window(mirror=True)
    with qtbot.waitSignal(keeper.failed) as failed:
        keeper.save()
    assert "settings.toml" in failed.args[0]
    keeper.close()


def test_a_keeper_that_is_closed_has_saved_and_looks_no_further(qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    keeper = SettingsKeeper(Settings(), path)
    keeper.set_window(mirror=True)
    keeper.close()
    assert load_settings(path).window.mirror
    assert [timer for timer in keeper.findChildren(QTimer) if timer.isActive()] == []


def test_the_first_camera_is_opened_once(qtbot: QtBot) -> None:
    watch = FakeWatch(BRIO, WEBCAM)
    watch.listed = False
    follower = CameraFollower(watch, wanted=True)
    found, seen = [], []
    follower.first_found.connect(found.append)
    follower.changed.connect(seen.append)
    follower.look()
    assert follower.is_looking
    assert found == []
    watch.listed = True
    follower.look()
    follower.look()
    assert found == [BRIO.stable_id]
    assert seen == [(BRIO, WEBCAM)]
    assert not follower.is_looking


def test_a_camera_that_comes_later_is_only_offered() -> None:
    watch = FakeWatch()
    follower = CameraFollower(watch, wanted=True)
    found, seen = [], []
    follower.first_found.connect(found.append)
    follower.changed.connect(seen.append)
    follower.look()
    watch.cameras = (WEBCAM,)
    follower.look()
    assert found == []
    assert seen == [(), (WEBCAM,)]


@pytest.fixture
def player(qtbot: QtBot, qapp: object) -> tuple[Player, FakeSession, dict]:
    session = FakeSession(view=running_view(playing=True))
    actions = make_actions(qapp)
    return Player(session, actions), session, actions


def _at(session: FakeSession, **values: object) -> None:
    session.view = replace(session.view, playback=replace(session.view.playback, **values))


def test_the_player_s_keys(player: tuple[Player, FakeSession, dict]) -> None:
    _, session, actions = player
    _at(session, time_s=12.0)
    for act in (Act.PLAY_PAUSE, Act.STEP, Act.BACK, Act.FORWARD, Act.SLOWER, Act.FASTER):
        actions[act].trigger()
    assert session.calls == [
        ("pause",), ("step",), ("seek", 7.0), ("seek", 17.0), ("set_speed", 0.5), ("set_speed", 1.5),
    ]  # fmt: skip


def test_the_player_stays_within_the_file_and_its_speeds(player: tuple[Player, FakeSession, dict]) -> None:
    _, session, actions = player
    _at(session, time_s=1.0, speed=4.0)
    actions[Act.BACK].trigger()
    actions[Act.FASTER].trigger()
    _at(session, time_s=39.0, speed=0.25)
    actions[Act.FORWARD].trigger()
    actions[Act.SLOWER].trigger()
    assert session.calls == [("seek", 0.0), ("set_speed", 4.0), ("seek", 40.0), ("set_speed", 0.25)]


def test_what_has_ended_plays_from_its_beginning(player: tuple[Player, FakeSession, dict]) -> None:
    play, session, _ = player
    _at(session, ended=True, paused=False)
    play.toggle()
    assert session.calls == [("seek", 0.0), ("play",)]


def test_live_sources_cannot_be_played(player: tuple[Player, FakeSession, dict]) -> None:
    _, session, actions = player
    session.view = running_view()
    for act in (Act.PLAY_PAUSE, Act.BACK, Act.FASTER):
        actions[act].trigger()
    assert session.calls == []


@pytest.mark.skipif(sys.platform == "win32", reason="there other users cannot look into the folder anyway")
def test_recent_addresses_are_for_their_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "window.ini"
    path.write_text("")
    path.chmod(0o644)
    recent = RecentSources(QSettings(str(path), QSettings.Format.IniFormat))
    recent.add("rtsp://anna:secret@host/x")
    assert recent.sources == ["rtsp://anna:secret@host/x"]
    assert path.stat().st_mode & 0o777 == 0o600
    later = QSettings(str(path), QSettings.Format.IniFormat)
    later.setValue("other", 1)
    later.sync()
    assert path.stat().st_mode & 0o777 == 0o600


def test_recent_sources_are_few_and_without_cameras(tmp_path: Path) -> None:
    memory = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
    recent = RecentSources(memory)
    recent.add("/v/a.mp4")
    memory.sync()
    assert RecentSources(QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)).sources == ["/v/a.mp4"]
    for source in ("0", "demo", "/dev/v4l/by-id/usb-x", "Webcam", *(f"/v/{i}.mp4" for i in range(9)), "/v/5.mp4"):
        recent.add(source)
    assert recent.sources == [f"/v/{i}.mp4" for i in (5, 8, 7, 6, 4, 3, 2, 1)]


def test_a_recent_file_is_found_from_every_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    recent = RecentSources(QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat))
    recent.add("clip.mp4")
    assert recent.sources == [str(tmp_path / "clip.mp4")]


def test_the_quiet_line_offers_the_full_model_while_the_basic_one_is_in_use(qtbot: QtBot) -> None:
    line = BasicLine()
    qtbot.addWidget(line)
    line.show_view(running_view())
    assert line.isVisible()
    assert "5.6" in line._get.text()
    with qtbot.waitSignal(line.fetch_requested):
        line._get.click()
    line.show_view(running_view(fetch=FetchView(1_000_000, 4_000_000)))
    assert not line._get.isVisible()
    assert line._progress.value() == 250
    with qtbot.waitSignal(line.cancel_requested):
        line._cancel.click()
    full = running_view()
    off = replace(full.models, settings=replace(full.models.settings, downloads=False))
    line.show_view(replace(full, models=off))
    assert not line.isVisible(), "downloads may be turned off altogether"
    line.show_view(full)
    line.show_view(replace(full, models=replace(full.models, basic=False)))
    assert not line.isVisible()
    line.show_view(replace(full, models=replace(full.models, full_is_here=True)))
    assert not line.isVisible(), "what is on the disk needs no download"


def test_the_quiet_line_can_be_sent_away(qtbot: QtBot) -> None:
    line = BasicLine()
    qtbot.addWidget(line)
    line.show_view(running_view())
    line._dismiss()
    line.show_view(running_view())
    assert not line.isVisible()


def test_the_settings_file_of_a_window_is_plain(tmp_path: Path) -> None:
    keeper = SettingsKeeper(Settings(), tmp_path / "settings.toml")
    keeper.set_window(rotate=90, recordings_folder="/videos")
    keeper.save()
    content = tomllib.loads((tmp_path / "settings.toml").read_text())
    assert content["window"]["rotate"] == 90
    assert content["window"]["recordings_folder"] == "/videos"


def test_what_others_write_into_the_settings_file_is_taken_in(qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text("[labeling]\ntop_k = 4\n\n[window]\nmirror = false\n")
    keeper = SettingsKeeper(replace(load_settings(path)), path)
    keeper.set_labeling(replace(keeper.settings.labeling, threshold=0.6))
    taken_in = []
    keeper.taken_in.connect(taken_in.append)
    path.write_text("[labeling]\ntop_k = 7\nmax_objcts = 3\n\n[window]\nmirror = true\n")
    keeper.look()
    assert keeper.settings.labeling.top_k == 4, "whoever writes it may not be done"
    keeper.look()
    assert (keeper.settings.labeling.top_k, keeper.settings.window.mirror) == (7, True)
    assert keeper.settings.labeling.threshold == 0.6, "what is one's own and not saved yet stays"
    (problems,) = taken_in
    assert "max_objcts" in problems[0]
    keeper.save()
    text = path.read_text()
    assert "top_k = 7" in text
    assert "threshold = 0.6" in text
    for _ in range(3):
        keeper.look()
    assert len(taken_in) == 1, "what it writes itself is no news"


def test_options_of_the_command_line_stay_where_the_file_changes_elsewhere(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text("[labeling]\ntop_k = 4\n")
    keeper = SettingsKeeper(Settings(labeling=LabelingSettings(top_k=9)), path)
    path.write_text("[labeling]\ntop_k = 4\n[window]\nsmooth = false\n")
    keeper.look()
    keeper.look()
    assert keeper.settings.labeling.top_k == 9
    assert not keeper.settings.window.smooth


def test_changes_of_a_dialog_leave_what_else_has_changed(tmp_path: Path) -> None:
    keeper = SettingsKeeper(Settings(), None)
    before = keeper.settings
    keeper.set_window(mirror=True)
    keeper.change(before, replace(before, labeling=LabelingSettings(top_k=5)))
    assert keeper.settings.window.mirror
    assert keeper.settings.labeling.top_k == 5
