"""A disk that reports an error once: the recording is not called good."""

import errno
import os
import time
from pathlib import Path

import pytest

from tests.fakes import grey_frame, labeled
from video_labeler.archive import recover
from video_labeler.errors import OutputError
from video_labeler.files import durability, durable_file
from video_labeler.files.durable_file import DurableFile
from video_labeler.movie import movie_file
from video_labeler.movie.recording_options import Segment
from video_labeler.recording.video_recorder import RecordingOptions, VideoRecorder
from video_labeler.sources.base import SourceInfo


class FailsOnce:
    """A sync that fails at its first call, as a kernel tells of a write-back error once, and works ever after."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self, _place: object) -> None:
        self.calls += 1
        if self.calls == 1:
            raise OSError(errno.EIO, os.strerror(errno.EIO))

    def wait(self) -> None:
        deadline = time.monotonic() + 10
        while not self.calls and time.monotonic() < deadline:
            time.sleep(0.005)
        assert self.calls


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> FailsOnce:
    sync = FailsOnce()
    monkeypatch.setattr(durable_file, "sync_content", sync)
    monkeypatch.setattr(durable_file, "_SYNC_EVERY_S", 0.01)
    return sync


def test_a_failed_sync_is_raised_at_the_end(tmp_path: Path, disk: FailsOnce) -> None:
    file = DurableFile(os.open(tmp_path / "out", os.O_RDWR | os.O_CREAT), "out")
    file.write(b"data")
    disk.wait()
    with pytest.raises(OSError, match=os.strerror(errno.EIO)):
        file.close()


def test_a_failed_sync_keeps_the_recording_from_its_name(tmp_path: Path, disk: FailsOnce) -> None:
    recorder = VideoRecorder(tmp_path / "out.mp4")
    recorder.open(SourceInfo("clip", 320, 240, rate=30.0))
    recorder.write(labeled(grey_frame(0), "Mug"))
    disk.wait()

    def go_on() -> None:
        for index in range(1, 50):
            recorder.write(labeled(grey_frame(index), "Mug"))
        recorder.close(completed=True)

    with pytest.raises(OutputError, match=r"out\.partial\.mp4"):
        go_on()
    assert not (tmp_path / "out.mp4").exists()
    assert (tmp_path / "out.partial.mp4").exists()


def test_a_folder_that_was_not_kept_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    options = RecordingOptions(segment=Segment(seconds=10))
    recorder = VideoRecorder(tmp_path / "out.mp4", options)
    recorder.open(SourceInfo("clip", 320, 240, rate=30.0))
    recorder.write(labeled(grey_frame(0), "Mug"))
    monkeypatch.setattr(movie_file, "sync_folder", FailsOnce())
    with pytest.raises(OutputError, match=r"out-001\.mp4.*may be lost"):
        recorder.close(completed=True)


def test_a_leftover_stays_until_its_copy_is_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    recorder = VideoRecorder(tmp_path / "out.mp4")
    recorder.open(SourceInfo("clip", 320, 240, rate=30.0))
    recorder.write(labeled(grey_frame(0), "Mug"))
    recorder.close(completed=False)
    left = tmp_path / "out.partial.mp4"
    monkeypatch.setattr(recover, "sync_folder", FailsOnce())
    with pytest.raises(OutputError, match="kept"):
        recover.recover(left)
    assert left.exists()


def test_only_a_failure_of_the_disk_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_descriptor: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", refuse)
    number = errno.EINVAL
    durability.sync_folder(tmp_path)
    number = errno.EIO
    with pytest.raises(OSError, match=os.strerror(errno.EIO)):
        durability.sync_folder(tmp_path)
