"""What is on the screen is what is saved, listed and pointed at: a frozen picture, and one whose source is gone."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PyQt6.QtCore import QPointF, QSettings, Qt
from pytestqt.qtbot import QtBot

from tests.window.fake_session import CUP, FakeSession, frame_of, labeled_of, running_view
from tests.window.windows import FakeWatch, open_window
from video_labeler.frames import LabeledFrame, LabeledObject, Prediction, StageTimes
from video_labeler.session.session import Session
from video_labeler.session.view import SessionView
from video_labeler.settings import ModelSettings, Settings, WindowSettings
from video_labeler.sources.base import SourceState, SourceStatus
from video_labeler.window import panel_texts
from video_labeler.window.actions import Act
from video_labeler.window.main.camera_follower import CameraFollower
from video_labeler.window.main.main_window import MainWindow
from video_labeler.window.main.settings_keeper import SettingsKeeper


@pytest.fixture
def shown(qtbot: QtBot, tmp_path: Path) -> Iterator[tuple[MainWindow, FakeSession]]:
    session = FakeSession(view=running_view())
    window = open_window(session, tmp_path)
    window.show()
    qtbot.waitUntil(window.actions_by_name[Act.FREEZE].isEnabled)
    qtbot.waitUntil(lambda: window.parts.stage.video.has_picture)
    yield window, session
    window.close()
    window.deleteLater()


def _with_a_cup_alone(index: int) -> SessionView:
    frame = frame_of(index)
    box = labeled_of(frame).objects[0].box
    labeled = LabeledFrame(frame, (LabeledObject(box, (Prediction(CUP, 0.5),), 9),), StageTimes(frame.captured_s))
    return running_view(index, labeled=labeled)


def _listed(window: MainWindow) -> list[object]:
    rows = window.parts.panel.objects.list.rows
    return [rows.data(rows.index(i, 0), Qt.ItemDataRole.DisplayRole) for i in range(rows.rowCount())]


def test_a_frozen_picture_is_what_is_listed_pointed_at_and_saved(
    qtbot: QtBot, shown: tuple[MainWindow, FakeSession]
) -> None:
    window, session = shown
    video, panel = window.parts.stage.video, window.parts.panel
    frozen = session.view
    before = _listed(window)
    seen = panel.seen.list.rows.rowCount()
    window.actions_by_name[Act.FREEZE].trigger()
    session.view = _with_a_cup_alone(40)
    qtbot.wait(300)
    assert panel.predictions._bars[0].content.words == "Bottle"
    assert _listed(window) == before
    assert panel.seen.list.rows.rowCount() == seen
    assert video.track_at(QPointF(video.rect().center())) != 9
    window.actions_by_name[Act.SNAPSHOT].trigger()
    assert session.snapshots == [frozen.labeled]
    window.actions_by_name[Act.FREEZE].trigger()
    qtbot.waitUntil(lambda: panel.predictions._bars[0].content.words == "Coffee cup")


def test_a_frozen_picture_is_marked_until_a_click_on_the_mark(
    qtbot: QtBot, shown: tuple[MainWindow, FakeSession]
) -> None:
    window, session = shown
    mark = window.parts.stage.frozen_mark
    window.actions_by_name[Act.FREEZE].trigger()
    qtbot.waitUntil(mark.isVisible)
    assert "Z" in mark.text()
    for index in range(2, 6):
        session.view = running_view(index)
        qtbot.wait(60)
        assert mark.isVisible()
    mark.click()
    assert not window.parts.stage.video.frozen
    qtbot.waitUntil(lambda: not mark.isVisible())


@pytest.mark.parametrize("state", [SourceState.RECONNECTING, SourceState.STALLED, SourceState.CLOSED])
def test_nothing_is_listed_or_pointed_at_where_the_source_is_gone(
    qtbot: QtBot, shown: tuple[MainWindow, FakeSession], state: SourceState
) -> None:
    window, session = shown
    video, panel = window.parts.stage.video, window.parts.panel
    assert _listed(window)
    session.view = replace(session.view, status=SourceStatus(state, message="It was unplugged."))
    qtbot.waitUntil(lambda: video.dimmed)
    assert panel.predictions._bars[0].content.words == panel_texts.NO_PICTURE_NOW
    assert _listed(window) == []
    left = QPointF(video.width() * 0.2, video.height() / 2)
    assert video.track_at(left) is None
    session.view = running_view(3)
    qtbot.waitUntil(lambda: panel.predictions._bars[0].content.words == "Bottle")


def test_with_a_live_source_the_frozen_frame_is_the_one_that_is_saved(qtbot: QtBot, tmp_path: Path) -> None:
    folder = tmp_path / "recordings"
    settings = Settings(
        models=ModelSettings(model="builtin", localizer="builtin"),
        window=WindowSettings(recordings_folder=str(folder)),
    )
    session = Session(settings)
    session.start()
    session.open("synthetic:320x240@15")
    memory = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
    keeper = SettingsKeeper(settings, tmp_path / "settings.toml")
    window = MainWindow(session, keeper, CameraFollower(FakeWatch(), wanted=False), memory)
    window.show()
    video = window.parts.stage.video
    qtbot.waitUntil(lambda: video.shown is not None and video.shown.labeled is not None, timeout=15000)
    qtbot.waitUntil(window.actions_by_name[Act.FREEZE].isEnabled)
    window.actions_by_name[Act.FREEZE].trigger()
    assert video.shown is not None
    frozen = video.shown.frame
    qtbot.waitUntil(lambda: session.view.newest.index > frozen.index + 10, timeout=15000)
    window.actions_by_name[Act.SNAPSHOT].trigger()
    qtbot.waitUntil(lambda: any(folder.glob("*.png")), timeout=15000)
    record = json.loads(next(folder.glob("*.json")).read_text())
    assert record["frame"] == frozen.index
    window.close()
    window.deleteLater()


@pytest.mark.parametrize("act", [Act.PLAY_DEMO, Act.CLOSE_SOURCE])
def test_who_wants_another_picture_is_not_shown_the_frozen_one(
    qtbot: QtBot, shown: tuple[MainWindow, FakeSession], act: Act
) -> None:
    window, _ = shown
    window.actions_by_name[Act.FREEZE].trigger()
    qtbot.waitUntil(window.parts.stage.frozen_mark.isVisible)
    window.actions_by_name[act].trigger()
    assert not window.parts.stage.video.frozen
    qtbot.waitUntil(lambda: not window.parts.stage.frozen_mark.isVisible())


def test_how_to_leave_full_screen_is_said_no_longer_than_there_is_one(
    qtbot: QtBot, shown: tuple[MainWindow, FakeSession]
) -> None:
    window, _ = shown
    toast = window.parts.stage.toast
    window.actions_by_name[Act.FULL_SCREEN].trigger()
    qtbot.waitUntil(toast.isVisible)
    qtbot.waitUntil(window.actions_by_name[Act.ESCAPE].isEnabled)
    window.actions_by_name[Act.ESCAPE].trigger()
    assert not toast.isVisible()
