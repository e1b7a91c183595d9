"""What the window says about the source that is open: the demo, a photo, a folder, one that could not be opened."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PyQt6.QtCore import QSettings
from pytestqt.qtbot import QtBot

from tests.session.waiting import until
from tests.window.fake_session import FakeSession, frame_of, running_view
from tests.window.windows import open_window
from video_labeler.frames import PictureFile
from video_labeler.opencv import cv2
from video_labeler.session.session import Session
from video_labeler.session.view import SessionView
from video_labeler.settings import ModelSettings, Settings
from video_labeler.sources import naming
from video_labeler.sources.base import SourceInfo, SourceState, SourceStatus
from video_labeler.window.actions import Act
from video_labeler.window.controls.playback_bar import PlaybackBar
from video_labeler.window.controls.source_kinds import source_title
from video_labeler.window.main.main_window import MainWindow
from video_labeler.window.main.recent_sources import RecentSources
from video_labeler.window.panels.predictions_panel import PredictionsPanel
from video_labeler.window.picture.video_view import VideoView


@pytest.fixture
def opened(qtbot: QtBot, tmp_path: Path) -> Iterator[tuple[MainWindow, FakeSession]]:
    session = FakeSession(view=running_view())
    window = open_window(session, tmp_path)
    window.show()
    yield window, session
    window.close()
    window.deleteLater()


def _folder(number: int) -> SessionView:
    view = running_view(playing=True)
    frame = replace(frame_of(), file=PictureFile("a picture of a bottle.jpg", number, 12))
    return replace(view, newest=frame, labeled=replace(view.labeled, frame=frame) if view.labeled else None)


def test_the_demo_is_called_demo_everywhere(qtbot: QtBot, opened: tuple[MainWindow, FakeSession]) -> None:
    window, session = opened
    demo = running_view(playing=True, source="demo", info=SourceInfo("demo.mp4", 640, 360, 30.0))
    assert source_title(demo) == "Demo"
    session.view = demo
    qtbot.waitUntil(lambda: window.windowTitle().startswith("Demo "))
    picker = window.parts.source_picker
    assert (picker.words, picker.accessibleName()) == ("Demo", "Source: Demo")
    assert not [row for row in window.parts.panel.seen._log.entries if "mp4" in row.origin.name]


def test_no_view_asks_the_disk_what_the_source_is(monkeypatch: pytest.MonkeyPatch) -> None:
    views = [running_view(playing=True), running_view(source="demo"), running_view()]

    def asked(path: object) -> bool:
        raise AssertionError(path)

    monkeypatch.setattr(naming.os.path, "lexists", asked)
    assert [source_title(view) for view in views] == ["clip.mp4", "Demo", "Test camera"]


def test_a_picture_of_a_folder_is_named_with_its_number(qtbot: QtBot) -> None:
    bar = PlaybackBar()
    qtbot.addWidget(bar)
    # Without a size of its own it takes on that of its parts before they have words.
    bar.resize(900, 60)
    bar.show_view(_folder(3))
    assert bar.times == "3 of 12 · a picture of a bottle.jpg"
    assert bar.position.accessibleDescription() == bar.times
    bar.show_view(running_view(playing=True))
    assert "of" not in bar.times


def test_a_single_picture_has_nothing_to_play(qtbot: QtBot, opened: tuple[MainWindow, FakeSession]) -> None:
    window, session = opened
    playing = running_view(playing=True)
    session.view = playing
    qtbot.waitUntil(window.parts.playback_bar.isVisible)
    assert playing.playback is not None
    session.view = replace(playing, playback=replace(playing.playback, is_still=True))
    qtbot.waitUntil(lambda: not window.parts.playback_bar.isVisible())
    assert not window.actions_by_name[Act.PLAY_PAUSE].isEnabled()


def test_without_a_picture_no_object_is_mentioned(qtbot: QtBot) -> None:
    panel = PredictionsPanel()
    qtbot.addWidget(panel)
    panel.show_view(running_view())
    assert panel._caption.text()
    failed = SourceStatus(SourceState.CLOSED, message="There is no file x.")
    panel.show_view(replace(running_view(), status=failed, labeled=None, newest=None))
    assert panel._caption.text() == ""


def test_only_what_has_shown_a_picture_is_offered_again(
    qtbot: QtBot, opened: tuple[MainWindow, FakeSession], tmp_path: Path
) -> None:
    window, session = opened
    good, bad = str(tmp_path / "good.mp4"), str(tmp_path / "bad.mp4")
    for source in (bad, good):
        window.open_source(source)
    failed = SourceStatus(SourceState.CLOSED, message="It is not a video.")
    session.view = replace(running_view(), source=bad, status=failed, labeled=None, newest=None)
    qtbot.waitUntil(lambda: window.parts.stage.is_starting)
    session.view = running_view(playing=True, source=good)
    memory = RecentSources(QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat))
    qtbot.waitUntil(lambda: memory.sources == [good])


def test_a_picture_has_its_true_shape_where_pixels_are_not_square(qtbot: QtBot) -> None:
    video = VideoView()
    qtbot.addWidget(video)
    video.resize(800, 400)
    video.show()
    view = running_view()
    assert view.labeled is not None
    frame = replace(view.labeled.frame, pixel_aspect=9 / 16)
    video.show_view(replace(view, newest=frame, labeled=replace(view.labeled, frame=frame)))
    qtbot.waitUntil(lambda: video.has_picture)
    target = video._target()
    assert target.width() / target.height() == pytest.approx(1.0, abs=0.01)
    part = video._labelled_part(target)
    assert part.height() == pytest.approx(target.height())
    assert part.width() == pytest.approx(target.width() * 360 / 640, abs=1)
    video.close_painter()


def test_a_word_that_names_nothing_is_refused_by_the_window_and_waited_for_by_a_stand(tmp_path: Path) -> None:
    for waits, state in ((False, SourceState.CLOSED), (True, SourceState.RECONNECTING)):
        session = Session(Settings(models=ModelSettings(model="builtin", localizer="builtin")), waits_for_cameras=waits)
        session.start()
        try:
            session.open("foo")
            until(
                lambda state=state, session=session: session.view.status.state is state and session.view.status.message
            )
            if not waits:
                assert session.view.status.message == "foo is not a file, a connected camera or an address."
        finally:
            session.close()


def test_a_photo_and_a_folder_say_what_they_are(tmp_path: Path) -> None:
    for name in ("one.png", "two.png"):
        cv2.imwrite(str(tmp_path / name), frame_of().image)
    session = Session(Settings(models=ModelSettings(model="builtin", localizer="builtin")))
    session.start()
    try:
        session.open(str(tmp_path / "one.png"))
        until(lambda: session.view.playback is not None and session.view.playback.is_still)
        session.open(str(tmp_path))
        until(lambda: session.view.playback is not None and not session.view.playback.is_still)
        until(lambda: session.view.newest is not None and session.view.newest.file is not None)
        newest = session.view.newest
        assert newest is not None
        assert newest.file is not None
        assert (newest.file.name, newest.file.count) in {("one.png", 2), ("two.png", 2)}
    finally:
        session.close()
