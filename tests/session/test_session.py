"""The program without its window, with the models that ship."""

import json
import os
import threading
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from tests.clips import moving_square, times_of, write_clip
from tests.session.waiting import until
from tests.sources.mjpeg_server import MjpegServer, Mode
from video_labeler.errors import ModelNotFoundError, OutputError
from video_labeler.frames import Frame, LabeledFrame
from video_labeler.labeling import loading
from video_labeler.labeling.object_labeler import Models
from video_labeler.labeling.tracking_labeler import TrackingLabeler
from video_labeler.models.store import ModelStore
from video_labeler.recording.video_recorder import VideoRecorder
from video_labeler.session.session import Session
from video_labeler.session.view import ModelState, Notice, NoticeKind
from video_labeler.settings import LabelingSettings, LabelListSettings, ModelSettings, RegionMode, Settings
from video_labeler.sources.base import SourceState

BUILT_IN = Settings(models=ModelSettings(model="builtin", localizer="builtin"))
LIVE = "synthetic:320x240@30"


@pytest.fixture
def session() -> Iterator[Session]:
    made = Session(BUILT_IN)
    made.start()
    yield made
    made.close()


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four seconds."""
    return write_clip(tmp_path_factory.mktemp("clips") / "clip.mp4", moving_square(120))


def labelled(session: Session) -> bool:
    return session.view.labeled is not None


def no_capture() -> bool:
    return all(thread.name != "capture" for thread in threading.enumerate())


def notice(session: Session, kind: NoticeKind) -> Notice:
    found: list[Notice] = []

    def look() -> bool:
        found.extend(item for item in session.take_notices() if item.kind is kind)
        return bool(found)

    until(look)
    return found[0]


def test_before_anything_is_open_there_is_only_what_is_set() -> None:
    session = Session(BUILT_IN)
    view = session.view
    assert view.source is None
    assert view.status.state is SourceState.CLOSED
    assert view.models.state is ModelState.LOADING
    assert view.labeled is view.newest is view.playback is view.recording is view.fetch is None
    assert session.take_notices() == []
    session.close()


def test_a_live_source_runs_and_is_labelled(session: Session) -> None:
    session.open(LIVE)
    assert session.view.source == LIVE
    assert session.view.status.state is SourceState.CONNECTING
    until(lambda: labelled(session))
    view = session.view
    assert view.status.state is SourceState.RUNNING
    assert view.models.state is ModelState.READY
    assert view.models.basic
    assert view.info is not None
    assert (view.info.width, view.info.height) == (320, 240)
    assert view.playback is None
    assert view.newest is not None
    assert view.labeled is not None
    assert view.newest.index >= view.labeled.frame.index
    until(lambda: session.view.cpu > 0)
    session.close_source()
    view = session.view
    assert view.source is None
    assert view.newest is view.labeled is None
    until(lambda: not any(thread.name == "capture" for thread in threading.enumerate()))


def test_the_picture_runs_while_models_load(monkeypatch: pytest.MonkeyPatch) -> None:
    may_load, real = threading.Event(), loading.load_models

    def slowly(settings: ModelSettings, store: ModelStore) -> Models:
        may_load.wait(20)
        return real(settings, store)

    monkeypatch.setattr(loading, "load_models", slowly)
    session = Session(BUILT_IN)
    session.start()
    session.open(LIVE)
    until(lambda: session.view.newest is not None and session.view.newest.index > 5)
    assert session.view.labeled is None
    assert session.view.models.state is ModelState.LOADING
    may_load.set()
    until(lambda: labelled(session))
    session.close()


def test_a_file_plays_from_its_first_frame_and_stays_at_its_end(session: Session, clip: Path) -> None:
    session.open(str(clip))
    session.set_speed(4)
    until(lambda: labelled(session))
    playback = session.view.playback
    assert playback is not None
    assert playback.duration_s == pytest.approx(4, abs=0.1)
    until(lambda: (now := session.view.playback) is not None and now.ended)
    until(lambda: session.view.statistics.labelled == 120)
    assert session.view.statistics.captured == 120
    assert session.view.statistics.drops.labelling == 0
    assert session.take_notices() == []
    session.seek(1.0)
    session.pause()
    until(lambda: (shown := session.view.labeled) is not None and abs(shown.frame.time_s - 1.0) < 0.001)


def test_pause_step_and_settings_act_on_a_standing_picture(session: Session, clip: Path) -> None:
    session.open(str(clip))
    session.pause()
    session.seek(2.0)
    until(lambda: (shown := session.view.labeled) is not None and abs(shown.frame.time_s - 2.0) < 0.001)
    for step in (1, 2):
        session.step()
        expected = 2.0 + step / 30
        until(lambda due=expected: abs(session.view.labeled.frame.time_s - due) < 0.001)  # type: ignore[misc, union-attr]
    session.adjust(LabelingSettings(regions=RegionMode.CENTER))
    until(lambda: [item.track_id for item in session.view.labeled.objects] == [0])  # type: ignore[union-attr]
    assert session.view.labeling.regions is RegionMode.CENTER
    assert abs(session.view.labeled.frame.time_s - 2 - 2 / 30) < 0.001  # type: ignore[union-attr]


def test_steering_means_nothing_to_a_live_source(session: Session) -> None:
    session.open(LIVE)
    for steer in (session.play, session.pause, session.step):
        steer()
    session.seek(3)
    session.set_speed(2)
    until(lambda: labelled(session))
    assert session.take_notices() == []


@pytest.mark.parametrize(
    ("source", "words"),
    [("no such file.mp4", "no such file"), ("gopher://example", "gopher"), ("", "No source was named")],
)
def test_a_source_that_fails_is_a_status(session: Session, source: str, words: str) -> None:
    session.open(source)
    until(lambda: session.view.status.message)
    status = session.view.status
    assert status.state is SourceState.CLOSED
    assert words in status.message
    assert session.view.source == source
    session.open(LIVE)
    until(lambda: labelled(session))
    assert session.view.status.message == ""


@pytest.mark.parametrize("bad", ["no such file.mp4", "gopher://example", "garbage.mp4", "empty folder"])
def test_what_plays_stays_where_another_source_cannot_be_opened(session: Session, tmp_path: Path, bad: str) -> None:
    (tmp_path / "garbage.mp4").write_bytes(b"no video at all" * 100)
    (tmp_path / "empty folder").mkdir()
    bad = bad if "://" in bad else str(tmp_path / bad)
    session.open(LIVE)
    until(lambda: labelled(session))
    index = session.view.newest.index  # type: ignore[union-attr]
    session.open(bad)
    assert session.view.opening is not None
    assert session.view.opening.source == bad
    assert notice(session, NoticeKind.PROBLEM).text
    view = session.view
    assert (view.source, view.opening, view.status.state) == (LIVE, None, SourceState.RUNNING)
    until(lambda: session.view.newest.index > index)  # type: ignore[union-attr]


def test_what_plays_continues_until_there_is_a_picture_of_the_other(session: Session, clip: Path) -> None:
    session.open(LIVE)
    until(lambda: labelled(session))
    sources = []
    session.open(str(clip))

    def has_come() -> bool:
        sources.append((session.view.source, session.view.newest is not None))
        return session.view.source == str(clip)

    until(has_come)
    assert all(has_picture for _, has_picture in sources)
    assert session.view.opening is None
    assert session.take_notices() == []


@pytest.fixture
def chosen() -> Iterator[Session]:
    """Somebody is there who can choose another source."""
    made = Session(BUILT_IN, waits_for_cameras=False)
    made.start()
    yield made
    made.close()


def test_an_address_that_does_not_answer_is_reported_once_and_what_plays_continues(chosen: Session, clip: Path) -> None:
    chosen.open(str(clip))
    until(lambda: labelled(chosen))
    with MjpegServer() as server:
        server.mode = Mode.MISSING
        chosen.open(server.url)
        assert "but has no" in notice(chosen, NoticeKind.PROBLEM).text
    assert (chosen.view.source, chosen.view.opening) == (str(clip), None)
    assert chosen.take_notices() == []


def test_what_sends_no_picture_is_waited_for_beside_what_plays_until_that_is_cancelled(
    chosen: Session, clip: Path
) -> None:
    chosen.open(str(clip))
    until(lambda: labelled(chosen))
    with MjpegServer() as server:
        server.mode = Mode.SILENT
        chosen.open(server.url)
        until(lambda: server.connections > 0)
        # Meanwhile keys are for what is on the screen.
        chosen.pause()
        chosen.seek(3.0)
        until(lambda: chosen.view.newest.time_s >= 2.9)  # type: ignore[union-attr]
        assert chosen.view.opening is not None
        assert chosen.view.opening.source == server.url
        chosen.cancel_opening()
        assert chosen.view.opening is None
        until(lambda: sum(thread.name == "capture" for thread in threading.enumerate()) == 1, 60)
        assert (chosen.view.source, chosen.take_notices()) == (str(clip), [])


def test_a_file_that_breaks_while_it_plays_has_nothing_left_to_play(session: Session, tmp_path: Path) -> None:
    path = write_clip(tmp_path / "clip.mp4", moving_square(120))
    session.open(str(path))
    until(lambda: labelled(session))
    os.truncate(path, 2000)
    session.seek(3.0)
    session.seek(0.0)
    until(lambda: session.view.has_broken_off)
    assert session.view.newest is not None
    assert session.view.playback is None


def test_a_source_without_a_single_picture_is_told_instead_of_waited_for(chosen: Session, tmp_path: Path) -> None:
    empty = write_clip(tmp_path / "empty.mkv", moving_square(0))
    chosen.open(LIVE)
    until(lambda: labelled(chosen))
    chosen.open(str(empty))
    assert "empty.mkv" in notice(chosen, NoticeKind.PROBLEM).text
    assert (chosen.view.source, chosen.view.opening) == (LIVE, None)


def test_damage_is_reported_at_the_end(session: Session, tmp_path: Path) -> None:
    whole = write_clip(tmp_path / "whole.mkv", moving_square(120))
    cut = tmp_path / "cut.mkv"
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    session.open(str(cut))
    session.set_speed(4)
    assert "ends early" in notice(session, NoticeKind.PROBLEM).text
    time.sleep(0.3)
    assert session.take_notices() == [], "once"


def test_other_models_come_behind_the_running_picture_and_bad_ones_do_not(session: Session) -> None:
    session.open(LIVE)
    until(lambda: labelled(session))
    session.use_models(ModelSettings(model="builtin", localizer="none"))
    until(lambda: session.view.models.localizer == "")
    session.use_models(ModelSettings(model="nowhere.tflite"))
    until(lambda: session.view.models.state is ModelState.FAILED)
    view = session.view
    assert "nowhere.tflite" in view.models.message
    assert (view.models.labeler, view.models.settings.localizer) == ("builtin", "none")
    assert "nowhere.tflite" in notice(session, NoticeKind.PROBLEM).text
    before = session.view.statistics.labelled
    until(lambda: session.view.statistics.labelled > before + 3)


def test_without_any_models_the_picture_still_runs(monkeypatch: pytest.MonkeyPatch, clip: Path) -> None:
    def broken(settings: ModelSettings, store: ModelStore) -> Models:
        raise ModelNotFoundError("No labeler is there.")

    monkeypatch.setattr(loading, "load_models", broken)
    session = Session(BUILT_IN)
    session.start()
    session.open(str(clip))
    until(lambda: session.view.newest is not None and session.view.newest.index > 10)
    assert session.view.labeled is None
    assert session.view.models.message == "No labeler is there."
    session.close()


def test_a_recording_of_a_live_picture(session: Session, tmp_path: Path) -> None:
    session.start_recording(tmp_path)
    assert "no picture to record" in notice(session, NoticeKind.PROBLEM).text
    session.open(LIVE)
    until(lambda: labelled(session))
    folder = tmp_path / "new folder"
    session.start_recording(folder)
    until(lambda: (now := session.view.recording) is not None and now.elapsed_s > 1 and now.size > 0)
    recording = session.view.recording
    assert recording is not None
    assert recording.path.parent == folder
    assert recording.path.name.startswith("Video ")
    assert recording.free > 0
    session.stop_recording()
    saved = notice(session, NoticeKind.RECORDING_SAVED)
    assert saved.path == recording.path
    assert saved.path.name in saved.text
    assert session.view.recording is None
    times = times_of(recording.path)
    assert times[0] == 0
    assert times[-1] >= 0.9
    assert [path.name for path in folder.iterdir()] == [recording.path.name]


def test_recordings_in_a_row_have_names_of_their_own(session: Session, tmp_path: Path) -> None:
    session.open(LIVE)
    until(lambda: labelled(session))
    saved: set[Path | None] = set()

    def all_saved() -> bool:
        saved.update(item.path for item in session.take_notices() if item.kind is NoticeKind.RECORDING_SAVED)
        return len(saved) == 3

    for _ in range(3):
        session.start_recording(tmp_path)
        session.start_recording(tmp_path)
        until(lambda: (now := session.view.recording) is not None and now.elapsed_s > 0)
        session.stop_recording()
        until(lambda: session.view.recording is None)
    until(all_saved)
    assert set(tmp_path.iterdir()) == saved


def test_a_recording_of_a_file_runs_on_through_a_seek(session: Session, clip: Path, tmp_path: Path) -> None:
    session.open(str(clip))
    until(lambda: labelled(session))
    session.start_recording(tmp_path)
    until(lambda: (now := session.view.recording) is not None and now.elapsed_s > 0.3)
    session.seek(0.0)
    until(lambda: (now := session.view.recording) is not None and now.elapsed_s > 0.8)
    session.stop_recording()
    path = notice(session, NoticeKind.RECORDING_SAVED).path
    assert path is not None
    times = times_of(path)
    steps = [later - earlier for earlier, later in pairwise(times)]
    assert min(steps) > 0.03
    assert max(steps) < 0.04


def test_a_recording_ends_well_with_its_source_and_with_the_session(session: Session, tmp_path: Path) -> None:
    session.open(LIVE)
    until(lambda: labelled(session))
    for end in (lambda: session.open(LIVE), session.close_source, session.close):
        session.open(LIVE)
        until(lambda: session.view.opening is None and labelled(session))
        session.start_recording(tmp_path)
        until(lambda: (now := session.view.recording) is not None and now.elapsed_s > 0.3)
        end()
        path = notice(session, NoticeKind.RECORDING_SAVED).path
        assert path is not None
        assert times_of(path)
    assert not list(tmp_path.glob("*partial*"))


def test_a_recording_that_fails_is_reported_and_the_picture_continues(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, written = VideoRecorder.write, []

    def fails(recorder: VideoRecorder, labeled: LabeledFrame) -> None:
        written.append(labeled)
        if len(written) > 5:
            raise OutputError("The disk has gone.")
        real(recorder, labeled)

    monkeypatch.setattr(VideoRecorder, "write", fails)
    session.open(LIVE)
    until(lambda: labelled(session))
    session.start_recording(tmp_path)
    assert notice(session, NoticeKind.PROBLEM).text == "The disk has gone."
    assert session.view.recording is None
    before = session.view.statistics.labelled
    until(lambda: session.view.statistics.labelled > before + 3)
    assert session.view.status.state is SourceState.RUNNING
    monkeypatch.undo()
    session.start_recording(tmp_path)
    until(lambda: (now := session.view.recording) is not None and now.elapsed_s > 0.2)
    session.stop_recording()
    notice(session, NoticeKind.RECORDING_SAVED)


@pytest.mark.skipif(os.name != "posix", reason="folders are closed another way")
def test_a_folder_that_cannot_be_written_is_reported_and_the_picture_continues(
    session: Session, tmp_path: Path
) -> None:
    taken = tmp_path / "a file"
    taken.touch()
    session.open(LIVE)
    until(lambda: labelled(session))
    session.start_recording(taken)
    assert "a file" in notice(session, NoticeKind.PROBLEM).text
    session.snapshot(taken)
    assert "a file" in notice(session, NoticeKind.PROBLEM).text
    assert session.view.recording is None
    before = session.view.statistics.labelled
    until(lambda: session.view.statistics.labelled > before + 3)


def test_a_snapshot_is_the_picture_of_the_moment(session: Session, clip: Path, tmp_path: Path) -> None:
    session.snapshot(tmp_path)
    assert "no picture" in notice(session, NoticeKind.PROBLEM).text
    session.open(str(clip))
    session.pause()
    until(lambda: labelled(session))
    session.snapshot(tmp_path)
    path = notice(session, NoticeKind.SNAPSHOT_SAVED).path
    assert path is not None
    said = json.loads(path.with_suffix(".json").read_text())
    assert (said["picture"], said["source"], said["model"]) == (path.name, "clip.mp4", "builtin")
    assert said["frame"] == 0


def test_switching_in_a_hurry_ends_with_the_last_and_leaves_nothing(session: Session, clip: Path) -> None:
    for source in [LIVE, str(clip), "nothing.mp4"] * 4 + ["synthetic:160x120@20"]:
        session.open(source)
    until(lambda: (view := session.view).newest is not None and view.newest.width == 160)
    assert session.view.source == "synthetic:160x120@20"
    until(lambda: sum(thread.name == "capture" for thread in threading.enumerate()) == 1)


def test_a_source_that_hangs_blocks_nothing(session: Session) -> None:
    with MjpegServer() as server:
        server.mode = Mode.SILENT
        session.open(server.url)
        until(lambda: server.connections > 0 or any(thread.name == "capture" for thread in threading.enumerate()))
        session.open(LIVE)
        until(lambda: labelled(session))
        assert session.view.source == LIVE
        session.open(server.url)
        until(lambda: session.view.status.state is not SourceState.CLOSED)
        begun = time.monotonic()
        session.close()
        assert time.monotonic() - begun < 5
    until(no_capture, 60)


def test_a_source_that_was_replaced_ends_with_the_session(session: Session) -> None:
    with MjpegServer() as server:
        server.mode = Mode.SILENT
        session.open(server.url)
        until(lambda: server.connections > 0)
        busy, may_go_on = threading.Event(), threading.Event()
        session._commands.put(lambda: busy.set() or may_go_on.wait(60))
        until(busy.is_set)
        session.open(LIVE)
        session.close()
        may_go_on.set()
        server.mode = Mode.OK
        until(no_capture, 60)


def test_a_stream_that_does_not_answer_is_a_status_that_says_so(session: Session) -> None:
    with MjpegServer() as server:
        server.mode = Mode.MISSING
        session.open(server.url)
        until(lambda: session.view.status.state is SourceState.RECONNECTING)
        assert "Trying again" in session.view.status.message
        server.mode = Mode.OK
        until(lambda: labelled(session))


def test_a_close_does_not_wait_for_models_that_load(monkeypatch: pytest.MonkeyPatch) -> None:
    may_load, real = threading.Event(), loading.load_models

    def slowly(settings: ModelSettings, store: ModelStore) -> Models:
        may_load.wait(20)
        return real(settings, store)

    monkeypatch.setattr(loading, "load_models", slowly)
    session = Session(BUILT_IN)
    session.start()
    session.open(LIVE)
    until(lambda: session.view.newest is not None)
    begun = time.monotonic()
    session.close()
    assert time.monotonic() - begun < 10
    may_load.set()


def test_the_demo_needs_nothing(session: Session) -> None:
    session.open("demo")
    until(lambda: labelled(session))


def test_a_session_that_was_never_started_can_be_closed() -> None:
    session = Session(BUILT_IN)
    session.open(LIVE)
    session.close()
    session.close()


def test_downloads_can_be_turned_off() -> None:
    session = Session(Settings(models=ModelSettings(model="builtin", localizer="builtin", downloads=False)))
    session.start()
    session.fetch_models()
    assert session.view.fetch is None
    assert "turned off" in notice(session, NoticeKind.PROBLEM).text
    session.close()


def test_a_session_beside_another_labels_with_its_models(session: Session, clip: Path) -> None:
    beside = Session(BUILT_IN, share_models_with=session)
    beside.start()
    beside.open(str(clip), loop=True)
    until(lambda: labelled(beside))
    assert beside.view.models is session.view.models
    until(lambda: (played := beside.view.playback) is not None and played.time_s > 0)
    beside.seek(3.9)
    until(lambda: (played := beside.view.playback) is not None and 0 < played.time_s < 3)
    beside.close()
    session.open(LIVE)
    until(lambda: labelled(session))


def test_a_picture_that_nobody_looks_at_is_labelled_seldom(session: Session) -> None:
    def share_labelled(frames: int) -> float:
        before = session.view.statistics
        until(lambda: session.view.statistics.captured >= before.captured + frames, 60)
        after = session.view.statistics
        return (after.labelled - before.labelled) / (after.captured - before.captured)

    session.open(LIVE)
    until(lambda: labelled(session))
    session.set_min_label_interval(2.0)
    until(lambda: share_labelled(30) < 0.2, 60)
    session.set_min_label_interval(0.0)
    until(lambda: share_labelled(10) > 0.4, 60)


def test_lists_are_tried_before_they_hold_and_marked_where_nothing_is_left(session: Session) -> None:
    session.open(LIVE)
    until(lambda: labelled(session))
    problem = session.problem_with_lists(LabelListSettings(only=("Mugg",)))
    assert "Mugg" in problem
    assert "Mug?" in problem
    assert session.problem_with_lists(LabelListSettings(only=("Mug",), hide=("Person",))) == ""
    session.adjust_lists(LabelListSettings(only=("Mugg",)))
    until(lambda: session.view.says_nothing)
    session.adjust_lists(LabelListSettings(only=("Mug", "Mugg")))
    until(lambda: not session.view.says_nothing)
    until(lambda: session.view.unknown_labels == ("Mugg",))
    session.adjust_lists(LabelListSettings(hide=("Mug",)))
    until(lambda: session.view.unknown_labels == ())
    assert session.view.lists.hide == ("Mug",)


def test_a_file_that_has_ended_is_not_recorded_and_a_recording_that_waits_says_so(
    session: Session, clip: Path, tmp_path: Path
) -> None:
    session.open(str(clip))
    session.set_speed(4)
    until(lambda: session.view.newest is not None)
    session.start_recording(tmp_path / "one")
    until(lambda: session.view.recording is not None)
    assert "waits" in notice(session, NoticeKind.INFORMATION).text
    session.stop_recording()
    assert notice(session, NoticeKind.RECORDING_SAVED).path is not None
    session.start_recording(tmp_path / "two")
    assert "at its end" in notice(session, NoticeKind.PROBLEM).text
    assert session.view.recording is None
    session.pause()
    session.seek(0)
    until(lambda: session.view.playback is not None and not session.view.playback.ended)
    session.start_recording(tmp_path / "two")
    assert "as soon as" in notice(session, NoticeKind.INFORMATION).text


def test_a_file_that_nobody_looks_at_plays_at_its_pace_and_is_labelled_seldom(session: Session, clip: Path) -> None:
    session.open(str(clip))
    until(lambda: labelled(session))
    calls = []
    original = TrackingLabeler.label

    def counted(self: TrackingLabeler, frame: Frame) -> LabeledFrame:
        calls.append(frame.index)
        return original(self, frame)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TrackingLabeler, "label", counted)
        session.set_min_label_interval(0.5)
        until(lambda: session.view.playback is not None and session.view.playback.ended)
    assert len(calls) <= 12
    assert session.view.labeled is not None
    assert session.view.labeled.frame.index >= 100


def test_the_demo_may_stand_still_now_and_then(session: Session) -> None:
    session.open("demo", loop=True, hold_s=2.5)
    until(lambda: session.view.info is not None, 60)
    assert session.view.info is not None
    assert session.view.info.duration_s == pytest.approx(20 + 6 * 2.5, abs=0.2)
