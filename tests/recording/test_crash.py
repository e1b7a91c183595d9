"""Real kills of a recording program, at random moments: what was recorded is there."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.clips import moving_square, times_of, write_clip
from tests.movie.sounds import add_sound
from video_labeler.archive.recover import LeftoverState, recover

LOST_AT_MOST_S = 1.5


class Child:
    """A program that records in real time."""

    def __init__(self, arguments: Sequence[str]) -> None:
        command = [sys.executable, "-m", "tests.recording.recording_child", *arguments]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)
        self._first = ""

    def wait_for_first_frame(self) -> None:
        assert self._process.stdout is not None
        self._first = self._process.stdout.readline()

    def kill(self, *, whole_group: bool = False) -> tuple[list[float], float]:
        """When each frame had been written, and when the kill came, on one monotonic clock."""
        killed = time.monotonic()
        if whole_group:
            os.killpg(self._process.pid, signal.SIGKILL)
        else:
            self._process.kill()
        rest, _ = self._process.communicate(timeout=30)
        lines = [line.split() for line in (self._first + rest).splitlines()]
        return [float(line[1]) for line in lines if len(line) == 2], killed


@pytest.fixture(scope="module")
def source_with_sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sound, and few subtitles, for which a muxer might wait."""
    folder = tmp_path_factory.mktemp("sound")
    clip = add_sound(write_clip(folder / "silent.mp4", moving_square(30, 64, 48), rate=2), folder / "sound.mp4")
    (folder / "texts.srt").write_text(
        "1\n00:00:00,500 --> 00:00:01,500\nGood morning\n\n2\n00:00:12,000 --> 00:00:13,000\nGood evening\n"
    )
    command = ["ffmpeg", "-v", "error", "-i", str(clip), "-i", str(folder / "texts.srt"), "-map", "0", "-map", "1"]
    whole = folder / "sound-and-texts.mp4"
    subprocess.run([*command, "-c", "copy", "-c:s", "mov_text", str(whole)], check=True, timeout=60)
    return whole


VARIANTS = {
    "mp4": ("out.mp4", "30"),
    "mp4 with subtitles and sound": ("out.mp4", "30", "subtitles", "sound"),
    "mp4 with sound": ("out.mp4", "30", "sound"),
    "mkv": ("out.mkv", "30"),
    "mkv with subtitles and sound": ("out.mkv", "30", "subtitles", "sound"),
    "mp4 at 5 fps with subtitles": ("out.mp4", "5", "subtitles"),
    "mkv at 5 fps with subtitles": ("out.mkv", "5", "subtitles"),
}


def start(folder: Path, variant: str, sound: Path) -> Child:
    name, *words = VARIANTS[variant]
    folder.mkdir()
    return Child([str(folder / name), *(f"sound={sound}" if word == "sound" else word for word in words)])


def check_kill(folder: Path, child: Child, *, whole_group: bool = False) -> None:
    """Kill it: what it wrote until a second and a half before is readable, and can be made an ordinary file."""
    written, killed = child.kill(whole_group=whole_group)
    needed = sum(moment <= killed - LOST_AT_MOST_S for moment in written)
    assert needed > 3
    (left,) = folder.iterdir()
    assert ".partial." in left.name
    readable = times_of(left)
    assert len(readable) >= needed, left
    leftover, saved = recover(left)
    assert leftover.state is LeftoverState.RECOVERABLE
    assert saved is not None
    assert times_of(saved) == pytest.approx(readable, abs=1e-6)
    assert list(folder.iterdir()) == [saved]
    said = subprocess.run(["ffprobe", "-v", "warning", str(saved)], capture_output=True, text=True, check=True)
    assert said.stderr == ""


def kill_all(folder: Path, sound: Path, longest_s: float, *, whole_group: bool) -> None:
    """All variants at a time, each killed at a moment of its own."""
    children = {folder / variant: start(folder / variant, variant, sound) for variant in VARIANTS}
    for child in children.values():
        child.wait_for_first_frame()
    begun = time.monotonic()
    moments = sorted(random.uniform(2.6, longest_s) for _ in children)
    for (place, child), moment in zip(children.items(), moments, strict=True):
        time.sleep(max(0.0, begun + moment - time.monotonic()))
        check_kill(place, child, whole_group=whole_group)


@pytest.mark.parametrize("whole_group", [False, True])
def test_a_killed_recording_loses_at_most_a_second_and_a_half(
    tmp_path: Path, source_with_sound: Path, whole_group: bool
) -> None:
    kill_all(tmp_path, source_with_sound, 3.6, whole_group=whole_group)


@pytest.mark.long
@pytest.mark.timeout(900)
def test_twenty_kills_at_random_moments(tmp_path: Path, source_with_sound: Path) -> None:
    for turn in range(20):
        folder = tmp_path / str(turn)
        folder.mkdir()
        kill_all(folder, source_with_sound, 9.0, whole_group=turn % 2 == 1)


def test_finished_segments_survive_under_their_names(tmp_path: Path) -> None:
    child = Child([str(tmp_path / "out.mp4"), "20", "segment=1s"])
    child.wait_for_first_frame()
    deadline_s = time.monotonic() + 60
    while not any(tmp_path.glob("out-003.partial*")) and time.monotonic() < deadline_s:
        time.sleep(0.05)
    child.kill()
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names[:2] == ["out-001.mp4", "out-002.mp4"]
    assert names[-1].endswith(".partial.mp4")
    for path in tmp_path.glob("out-00[12].mp4"):
        times = times_of(path)
        assert times[0] == 0
        assert times[-1] <= 1.0, "a time of the file is rounded to its clock"
