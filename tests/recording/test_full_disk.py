"""A real small file system that fills up."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.clips import times_of
from tests.fakes import labeled
from tests.recording.test_video_recorder import said_about
from video_labeler.archive.recover import recover
from video_labeler.errors import OutputError
from video_labeler.files.free_space import DiskFullError, SpaceWatch
from video_labeler.frames import Frame
from video_labeler.movie.recording_options import RecordingOptions, Segment
from video_labeler.recording.video_recorder import VideoRecorder, check_recording
from video_labeler.sources.base import SourceInfo

INFO = SourceInfo("noise", 320, 240, rate=30.0)
NOISE = [np.random.default_rng(seed).integers(0, 255, (240, 320, 3), dtype=np.uint8) for seed in range(8)]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Five megabytes."""
    place = tmp_path / "disk"
    place.mkdir()
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("mounting a small file system needs root on Linux")
    mount = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=5m", "tmpfs", place], capture_output=True, check=False)
    if mount.returncode:
        pytest.skip(f"mounting is not allowed here: {mount.stderr.decode().strip()}")
    yield place
    subprocess.run(["umount", place], check=True)


def record_noise(recorder: VideoRecorder, count: int, start: int = 0) -> int:
    """Record pictures that hardly compress; how many were taken before the disk was full."""
    for index in range(start, start + count):
        try:
            recorder.write(labeled(Frame(index, index / 30, NOISE[index % 8].copy()), "Bottle"))
        except DiskFullError:
            recorder.close(completed=False)
            raise
    return count


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
def test_it_ends_by_itself_before_the_disk_is_full(small_disk: Path, suffix: str) -> None:
    target = small_disk / f"out{suffix}"
    recorder = VideoRecorder(target, RecordingOptions(subtitles=True))
    recorder.open(INFO)
    with pytest.raises(DiskFullError, match="nearly full") as caught:
        record_noise(recorder, 2000)
    assert str(target) in str(caught.value)
    assert recorder.files == list(small_disk.iterdir()) == [target]
    assert said_about(target) == ""
    assert len(times_of(target)) > 30
    assert os.statvfs(small_disk).f_bavail > 0


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
def test_another_program_may_fill_the_disk_at_once(small_disk: Path, suffix: str) -> None:
    target = small_disk / f"out{suffix}"
    recorder = VideoRecorder(target, RecordingOptions(subtitles=True))
    recorder.open(INFO)
    record_noise(recorder, 13)
    subprocess.run(["sh", "-c", f"cat /dev/zero > {small_disk}/junk"], stderr=subprocess.DEVNULL, check=False)
    with pytest.raises(DiskFullError, match="nearly full"):
        record_noise(recorder, 2000, 13)
    assert recorder.files == [target]
    assert said_about(target) == ""
    assert len(times_of(target)) >= 14


def test_another_program_may_fill_the_disk_bit_by_bit(small_disk: Path) -> None:
    recorder = VideoRecorder(small_disk / "out.mp4")
    recorder.open(INFO)
    with (small_disk / "junk").open("ab", buffering=0) as junk:

        def record_and_fill() -> None:
            for start in range(2000):
                record_noise(recorder, 1, start)
                junk.write(bytes(40_000))

        with pytest.raises(DiskFullError, match="nearly full"):
            record_and_fill()
    assert said_about(small_disk / "out.mp4") == ""


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
def test_without_a_reserve_what_was_written_stays_readable(small_disk: Path, tmp_path: Path, suffix: str) -> None:
    recorder = VideoRecorder(small_disk / f"out{suffix}", RecordingOptions(reserve_bytes=0))
    recorder.open(INFO)
    with pytest.raises(DiskFullError, match="is full") as caught:
        record_noise(recorder, 2000)
    left = recorder.partial
    assert left is not None
    assert str(left) in str(caught.value)
    with pytest.raises(OutputError, match="Make room"):
        recover(left)
    moved = tmp_path / left.name
    moved.write_bytes(left.read_bytes())
    _, saved = recover(moved)
    assert saved is not None
    assert said_about(saved) == ""
    assert len(times_of(saved)) > 100


def test_segments_that_are_done_are_kept(small_disk: Path) -> None:
    recorder = VideoRecorder(small_disk / "out.mp4", RecordingOptions(segment=Segment(seconds=1.0)))
    recorder.open(INFO)
    with pytest.raises(DiskFullError):
        record_noise(recorder, 2000)
    assert len(recorder.files) >= 2
    for path in recorder.files:
        assert said_about(path) == ""


def test_a_disk_that_is_full_already_is_reported_before_any_work(small_disk: Path) -> None:
    subprocess.run(["sh", "-c", f"cat /dev/zero > {small_disk}/junk"], stderr=subprocess.DEVNULL, check=False)
    with pytest.raises(DiskFullError, match="Make room"):
        check_recording(small_disk / "out.mp4", RecordingOptions())


def test_the_reserve_is_the_larger_of_an_amount_and_half_a_minute_but_never_the_whole_disk(tmp_path: Path) -> None:
    watch = SpaceWatch(tmp_path)
    plain = watch.wanted_bytes()
    assert plain <= 200 * 10**6
    if plain == 200 * 10**6:
        assert watch.wanted_bytes(100 * 10**6, 10.0) > plain
        assert watch.wanted_bytes(10**6, 0.01) == plain, "the first picture tells little of the rate"
    assert SpaceWatch(tmp_path, 5).wanted_bytes(10**9, 1.0) == 5


@pytest.mark.skipif(sys.platform == "win32", reason="a folder with open files cannot be deleted there")
def test_a_folder_that_vanishes_meanwhile_is_told_in_a_sentence(tmp_path: Path) -> None:
    folder = tmp_path / "stick"
    folder.mkdir()
    recorder = VideoRecorder(folder / "out.mp4", RecordingOptions())
    recorder.open(INFO)
    record_noise(recorder, 5)
    shutil.rmtree(folder)
    with pytest.raises(OutputError, match="not there any more"):
        record_noise(recorder, 60, 5)
    recorder.close(completed=False)


@pytest.mark.skipif(sys.platform == "win32", reason="an open file cannot be deleted there")
def test_a_file_that_vanishes_meanwhile_is_told_at_its_end(tmp_path: Path) -> None:
    recorder = VideoRecorder(tmp_path / "out.mp4", RecordingOptions())
    recorder.open(INFO)
    record_noise(recorder, 5)
    (partial,) = tmp_path.iterdir()
    partial.unlink()
    record_noise(recorder, 30, 5)
    with pytest.raises(OutputError, match="not there any more"):
        recorder.close(completed=True)
    assert list(tmp_path.iterdir()) == []
