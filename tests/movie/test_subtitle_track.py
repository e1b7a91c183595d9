"""The labels as a track inside the video, read back by FFmpeg's own programs."""

import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fakes import grey_frame, labeled
from tests.recording.test_video_recorder import said_about
from video_labeler.movie.recording_options import RecordingOptions
from video_labeler.recording.video_recorder import VideoRecorder
from video_labeler.sources.base import SourceInfo


def record_labels(target: Path, names: list[str | None], rate: float = 10.0) -> None:
    """A recording in which each name is seen for a second; ``None`` is a second without labels."""
    recorder = VideoRecorder(target, RecordingOptions(subtitles=True, burn_in=False))
    recorder.open(SourceInfo("clip", 64, 48, rate=rate))
    for index in range(round(len(names) * rate)):
        name = names[int(index / rate)]
        words = () if name is None else (name,)
        recorder.write(labeled(grey_frame(index, 20 + index / rate, 64, 48), *words))
    recorder.close(completed=True)


def cues_of(path: Path) -> list[tuple[float, float, str]]:
    """Start, end and text, as FFmpeg extracts them; a text that goes on is one."""
    command = ["ffmpeg", "-v", "warning", "-i", str(path), "-map", "0:s:0", "-f", "srt", "-"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert done.stderr == ""
    cues: list[tuple[float, float, str]] = []
    for block in done.stdout.strip().split("\n\n"):
        _, times, text = block.split("\n", 2)
        start, end = (seconds(moment) for moment in times.split(" --> "))
        if cues and cues[-1][2] == text and start - cues[-1][1] < 0.01:
            cues[-1] = (cues[-1][0], end, text)
        else:
            cues.append((start, end, text))
    return cues


def seconds(moment: str) -> float:
    hours, minutes, rest = moment.replace(",", ".").split(":")
    return int(hours) * 3600 + int(minutes) * 60 + float(rest)


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
def test_each_stretch_of_labels_is_shown_when_it_was_seen(tmp_path: Path, suffix: str) -> None:
    target = tmp_path / f"out{suffix}"
    record_labels(target, [None, "Größe 🍾", "Größe 🍾", "Mug", None, None, *["Bottle"] * 12, None])
    cues = cues_of(target)
    assert [text for _, _, text in cues] == ["Größe 🍾", "Mug", "Bottle"]
    for (start, end, _), (wanted_start, wanted_end) in zip(cues, [(1, 3), (3, 4), (6, 18)], strict=True):
        assert (start, end) == pytest.approx((wanted_start, wanted_end), abs=0.01)
    assert said_about(target) == ""


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
def test_players_start_with_it_off_and_know_what_it_is(tmp_path: Path, suffix: str) -> None:
    target = tmp_path / f"out{suffix}"
    record_labels(target, ["Mug"] * 3)
    command = ["ffprobe", "-v", "error", "-select_streams", "s", "-show_streams", "-of", "json", str(target)]
    (track,) = json.loads(subprocess.run(command, capture_output=True, timeout=60, check=True).stdout)["streams"]
    assert track["codec_name"] == ("mov_text" if suffix == ".mp4" else "subrip")
    assert track["disposition"]["default"] == track["disposition"]["forced"] == 0
    assert track["tags"]["language"] == "eng"
    assert "Labels" in track["tags"].values()


def test_a_video_without_labels_has_an_empty_track(tmp_path: Path) -> None:
    for suffix in (".mp4", ".mkv"):
        target = tmp_path / f"out{suffix}"
        record_labels(target, [None, None])
        assert said_about(target) == ""


def record_unevenly(target: Path, seed: int) -> None:
    """Half a minute of frames that come as a busy computer delivers them, with labels that change all the time."""
    chance = random.Random(seed)
    recorder = VideoRecorder(target, RecordingOptions(subtitles=True, burn_in=False))
    recorder.open(SourceInfo("clip", 64, 48, rate=30.0))
    time_s, words = 20.0, ()
    for index in range(600):
        time_s += chance.choice([1 / 30, 1 / 30, 0.05, 0.08, 0.15, 0.4]) + chance.random() * 0.003
        if chance.random() < 0.12:
            words = chance.choice([(), ("Bottle",), ("Mug",), (f"Long {index}",)])
        recorder.write(labeled(grey_frame(index, time_s, 64, 48), *words))
    recorder.close(completed=True)


@pytest.mark.parametrize("seed", [3, 5, 6])
def test_frames_that_come_unevenly_do_not_end_the_process(tmp_path: Path, seed: int) -> None:
    target = tmp_path / "out.mp4"
    call = f"from tests.movie.test_subtitle_track import *; record_unevenly(Path({str(target)!r}), {seed})"
    done = subprocess.run([sys.executable, "-c", call], capture_output=True, text=True, timeout=100, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert len(cues_of(target)) > 10


def test_labels_after_more_than_an_hour_without_any_are_in_their_place(tmp_path: Path) -> None:
    target = tmp_path / "out.mp4"
    names = [*[None] * 10, *["Mug"] * 10, *[None] * 3980, *["Bottle"] * 20, *[None] * 10]
    record_labels(target, names, rate=0.2)
    (_, _, first), (start, _, last) = cues_of(target)
    assert (first, last) == ("Mug", "Bottle")
    assert start == pytest.approx(4000, abs=0.01)
    assert said_about(target) == ""
