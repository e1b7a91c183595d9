"""Saving what just happened, and lists of labels, in a running session."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.clips import moving_square, write_clip
from tests.recording.test_replay_buffer import pictures
from tests.session.fake_models import FakeLoading
from tests.session.test_session import BUILT_IN, LIVE, notice
from tests.session.waiting import until
from video_labeler.labeling import loading
from video_labeler.session.session import Session
from video_labeler.session.view import NoticeKind
from video_labeler.settings import LabelListSettings, WindowSettings


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    monkeypatch.setattr(loading, "load_models", FakeLoading())
    made = Session(BUILT_IN)
    made.start()
    yield made
    made.close()


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four seconds."""
    return write_clip(tmp_path_factory.mktemp("clips") / "clip.mp4", moving_square(120))


def saved(session: Session, folder: Path) -> Path:
    session.save_replay(folder)
    told = notice(session, NoticeKind.REPLAY_SAVED)
    assert told.path is not None
    assert told.path.name in told.text
    return told.path


def test_what_just_happened_is_saved_of_a_live_source(session: Session, tmp_path: Path) -> None:
    session.open(LIVE)
    until(lambda: session.view.replay_s > 1.5)
    path = saved(session, tmp_path / "videos")
    assert path.name.startswith("Replay ")
    times, images = pictures(path)
    assert times[-1] > 1.3
    assert images[0].shape == (240, 320, 3)
    again = saved(session, tmp_path / "videos")
    assert again != path
    assert len(pictures(again)[0]) >= len(times)
    assert "replay" in dict(session.view.statistics.drops.sinks), "frames that it is too slow for are counted"


def test_a_file_that_is_paused_and_wound_is_saved_as_it_was_shown(session: Session, clip: Path, tmp_path: Path) -> None:
    session.open(str(clip))
    until(lambda: session.view.replay_s > 0.5)
    session.pause()
    until(lambda: (playback := session.view.playback) is not None and playback.paused)
    session.seek(3.0)
    session.play()
    until(lambda: (playback := session.view.playback) is not None and playback.ended)
    until(lambda: session.view.replay_s > 1.0)
    times, _ = pictures(saved(session, tmp_path))
    assert np.diff(times).max() < 0.4, "without the pause and the jump"
    assert times[-1] < 3.5


def test_another_source_starts_again(session: Session, clip: Path, tmp_path: Path) -> None:
    session.open(str(clip))
    until(lambda: session.view.replay_s > 0.5)
    session.open("synthetic:160x120@30")
    until(lambda: session.view.info is not None and session.view.info.width == 160 and session.view.replay_s > 0.3)
    _, images = pictures(saved(session, tmp_path))
    assert {image.shape for image in images} == {(120, 160, 3)}
    session.close_source()
    until(lambda: session.view.replay_s == 0)
    session.save_replay(tmp_path)
    assert "nothing to save yet" in notice(session, NoticeKind.REPLAY_FAILED).text


def test_the_length_can_be_changed_while_it_runs(session: Session, tmp_path: Path) -> None:
    session.open(LIVE)
    until(lambda: session.view.replay_s > 0.3)
    session.keep_replay(0)
    until(lambda: session.view.replay_s == 0)
    session.save_replay(tmp_path)
    assert "No replay is kept" in notice(session, NoticeKind.REPLAY_FAILED).text
    session.keep_replay(1)
    until(lambda: session.view.replay_s > 0.3)
    assert saved(session, tmp_path).is_file()


def test_without_a_source_or_a_folder_it_says_so(session: Session, tmp_path: Path) -> None:
    session.save_replay(tmp_path)
    assert "nothing to save yet" in notice(session, NoticeKind.REPLAY_FAILED).text
    session.open(LIVE)
    until(lambda: session.view.replay_s > 0.1)
    (tmp_path / "file").write_text("")
    session.save_replay(tmp_path / "file")
    assert "Choose another folder" in notice(session, NoticeKind.REPLAY_FAILED).text


def test_a_recording_runs_beside_it(session: Session, tmp_path: Path) -> None:
    session.open(LIVE)
    until(lambda: session.view.replay_s > 0.5)
    session.start_recording(tmp_path)
    until(lambda: (recording := session.view.recording) is not None and recording.elapsed_s > 0.5)
    assert saved(session, tmp_path).name.startswith("Replay")
    session.stop_recording()
    told = notice(session, NoticeKind.RECORDING_SAVED)
    assert told.path is not None
    assert told.path.name.startswith("Video")


def test_switched_off_from_the_start_nothing_is_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(loading, "load_models", FakeLoading())
    session = Session(replace(BUILT_IN, window=WindowSettings(replay_s=0)))
    session.start()
    session.open(LIVE)
    until(lambda: session.view.labeled is not None)
    assert dict(session.view.statistics.drops.sinks) == {}
    session.save_replay(tmp_path)
    assert "No replay is kept" in notice(session, NoticeKind.REPLAY_FAILED).text
    session.close()


def test_labels_are_hidden_from_the_next_frame_on(session: Session, clip: Path) -> None:
    session.open(str(clip))
    until(lambda: (labeled := session.view.labeled) is not None and bool(labeled.objects))
    session.pause()
    session.adjust_lists(LabelListSettings(hide=("BUILTIN", "thing")))
    until(lambda: (labeled := session.view.labeled) is not None and not labeled.objects)
    session.adjust_lists(LabelListSettings())
    until(lambda: (labeled := session.view.labeled) is not None and bool(labeled.objects))


def test_names_that_the_model_does_not_know_are_reported_and_the_others_hold() -> None:
    session = Session(replace(BUILT_IN, labels=LabelListSettings(hide=("Botle", "Person"))))
    session.start()
    session.open(LIVE)
    assert "no label 'Botle'" in notice(session, NoticeKind.PROBLEM).text
    until(lambda: session.view.labeled is not None)
    session.close()


def test_while_nobody_looks_few_pictures_are_kept(session: Session, tmp_path: Path) -> None:
    session.set_min_label_interval(0.5, replay_too=True)
    session.open(LIVE)
    until(lambda: session.view.replay_s > 1.4)
    times, _ = pictures(saved(session, tmp_path))
    assert len(times) <= 8
