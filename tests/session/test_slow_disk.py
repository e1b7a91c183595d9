"""A disk that is slow: a device may be given up, a file may not."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.session.waiting import until
from video_labeler.recording import snapshot
from video_labeler.recording.replay_buffer import ReplayBuffer
from video_labeler.recording.video_recorder import VideoRecorder
from video_labeler.session.session import Session
from video_labeler.settings import ModelSettings, Settings

BUILT_IN = Settings(models=ModelSettings(model="builtin", localizer="builtin"))
LIVE = "synthetic:320x240@30"


class Disk:
    """Holds up whatever would complete a file."""

    def __init__(self) -> None:
        self.goes_on = threading.Event()
        self.waiting = 0

    def before(self, real: Any) -> Any:
        def slowly(*arguments: Any, **named: Any) -> Any:
            self.waiting += 1
            self.goes_on.wait(30)
            self.waiting -= 1
            return real(*arguments, **named)

        return slowly


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[Disk]:
    disk = Disk()
    for place, name in ((VideoRecorder, "close"), (ReplayBuffer, "save"), (snapshot, "_written")):
        monkeypatch.setattr(place, name, disk.before(getattr(place, name)))
    yield disk
    disk.goes_on.set()


@pytest.fixture
def session() -> Iterator[Session]:
    made = Session(BUILT_IN)
    made.start()
    made.open(LIVE)
    until(lambda: made.view.labeled is not None)
    yield made
    made.leave_files()
    made.close()


def record(session: Session, folder: Path) -> None:
    session.start_recording(folder)
    until(lambda: (view := session.view.recording) is not None and view.elapsed_s > 0.3)


def partial(folder: Path) -> list[Path]:
    return list(folder.glob("*.partial*"))


def test_a_close_waits_for_the_recording_whatever_it_takes(session: Session, disk: Disk, tmp_path: Path) -> None:
    record(session, tmp_path)
    closing = threading.Thread(target=session.close)
    closing.start()
    until(lambda: disk.waiting == 1)
    time.sleep(1.5)
    assert closing.is_alive()
    assert session.view.saving is not None
    assert len(partial(tmp_path)) == 1
    disk.goes_on.set()
    closing.join(10)
    assert not closing.is_alive()
    assert not partial(tmp_path)
    assert [path.name[:5] for path in tmp_path.glob("*.mp4")] == ["Video"]


def test_a_close_waits_for_replay_and_snapshots_too(session: Session, disk: Disk, tmp_path: Path) -> None:
    until(lambda: session.view.replay_s > 0.3)
    session.save_replay(tmp_path)
    session.snapshot(tmp_path)
    session.snapshot(tmp_path)
    until(lambda: disk.waiting >= 2)
    saving = session.view.saving
    assert saving is not None
    assert sorted(saving.names) == ["Picture", "Picture", "Replay"]
    closing = threading.Thread(target=session.close)
    closing.start()
    time.sleep(1.2)
    assert closing.is_alive()
    disk.goes_on.set()
    closing.join(10)
    assert sorted(path.name.split()[0] for path in tmp_path.iterdir()) == ["Picture"] * 4 + ["Replay"]


def test_another_source_is_shown_while_the_recording_of_the_first_is_completed(
    session: Session, disk: Disk, tmp_path: Path
) -> None:
    record(session, tmp_path)
    session.open("synthetic:160x120@30")
    until(lambda: (newest := session.view.newest) is not None and newest.width == 160)
    until(lambda: disk.waiting == 1)
    record_of_second = len(partial(tmp_path))
    assert record_of_second == 1
    disk.goes_on.set()
    until(lambda: not partial(tmp_path))
    assert len(list(tmp_path.glob("Video*.mp4"))) == 1


def test_stopping_is_told_until_the_file_is_complete_and_a_second_one_can_begin(
    session: Session, disk: Disk, tmp_path: Path
) -> None:
    record(session, tmp_path)
    session.stop_recording()
    until(lambda: session.view.saving is not None)
    saving = session.view.saving
    assert saving is not None
    assert saving.names[0].startswith("Video")
    record(session, tmp_path)
    assert session.view.recording is not None
    assert len(partial(tmp_path)) == 2
    session.finish()
    session.start_recording(tmp_path)
    disk.goes_on.set()
    until(lambda: session.view.saving is None)
    assert session.view.recording is None, "after the end nothing is begun"
    assert len(list(tmp_path.glob("Video*.mp4"))) == 2


def test_files_can_be_left_on_purpose(session: Session, disk: Disk, tmp_path: Path) -> None:
    record(session, tmp_path)
    session.finish()
    until(lambda: disk.waiting == 1)
    session.leave_files()
    begun = time.monotonic()
    session.close()
    assert time.monotonic() - begun < 3
    assert len(partial(tmp_path)) == 1
