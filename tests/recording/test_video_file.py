"""The annotated video: times, sizes, colours, names, failures."""

import subprocess
from pathlib import Path

import av
import numpy as np
import pytest

from tests.clips import times_of
from tests.fakes import grey_frame, labeled
from video_labeler.errors import OutputError
from video_labeler.frames import Frame, LabeledFrame, StageTimes
from video_labeler.recording.video_file import VideoRecording
from video_labeler.sources.base import SourceInfo

INFO = SourceInfo("clip", 320, 240, rate=30.0)


def record(target: Path, frames: list[Frame], *, completed: bool = True) -> None:
    sink = VideoRecording(target)
    sink.open(INFO)
    for frame in frames:
        sink.write(LabeledFrame(frame, (), StageTimes(0.0)))
    sink.close(completed=completed)


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
def test_frames_keep_their_number_and_their_uneven_times(tmp_path: Path, suffix: str) -> None:
    times = [0.0, 0.033, 0.08, 0.2, 0.21, 1.7, 1.75, 3.5]
    target = tmp_path / f"out{suffix}"
    record(target, [grey_frame(index, time_s) for index, time_s in enumerate(times)])
    tick = 1 / 90_000 if suffix == ".mp4" else 1 / 1000
    assert times_of(target) == pytest.approx(times, abs=tick)
    assert not list(tmp_path.glob("*.partial*"))


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
def test_other_programs_read_it_without_a_warning(tmp_path: Path, suffix: str) -> None:
    target = tmp_path / f"out{suffix}"
    record(target, [grey_frame(index) for index in range(20)])
    for command in (["ffprobe", "-v", "warning", "-show_streams"], ["ffmpeg", "-v", "warning", "-i"]):
        decode = ["-fps_mode", "passthrough", "-f", "null", "-"] if command[0] == "ffmpeg" else []
        said = subprocess.run([*command, str(target), *decode], capture_output=True, text=True, timeout=60, check=True)
        assert said.stderr.strip() == ""


def test_colours_survive(tmp_path: Path) -> None:
    image = np.zeros((240, 320, 3), dtype=np.uint8)
    colours = [(255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255), (0, 0, 0), (40, 120, 200), (128, 128, 128)]
    for index, colour in enumerate(colours):
        image[:, index * 40 : index * 40 + 40] = colour
    target = tmp_path / "out.mp4"
    record(target, [Frame(0, 0.0, image)])
    with av.open(str(target)) as container:
        decoded = next(container.decode(video=0)).to_ndarray(format="bgr24")
    for index, colour in enumerate(colours):
        assert decoded[120, index * 40 + 20] == pytest.approx(np.array(colour), abs=10)


@pytest.mark.parametrize(("width", "height"), [(321, 241), (321, 240), (2, 2), (1, 1), (160, 121)])
def test_any_size_is_written(tmp_path: Path, width: int, height: int) -> None:
    target = tmp_path / "out.mp4"
    record(target, [grey_frame(index, width=width, height=height) for index in range(3)])
    with av.open(str(target)) as container:
        frames = list(container.decode(video=0))
    assert len(frames) == 3
    assert (frames[0].width, frames[0].height) == (width + width % 2, height + height % 2)


def test_a_size_that_changes_midway_is_fitted_into_the_first(tmp_path: Path) -> None:
    target = tmp_path / "out.mp4"
    record(target, [grey_frame(0, width=320, height=240), grey_frame(1, width=100, height=300)])
    with av.open(str(target)) as container:
        second = list(container.decode(video=0))[1].to_ndarray(format="bgr24")
    assert second.shape == (240, 320, 3)
    assert second[120, 10].max() < 8
    assert second[120, 160].min() > 20


def test_a_time_that_does_not_rise_is_moved_by_one_tick(tmp_path: Path) -> None:
    target = tmp_path / "out.mp4"
    record(target, [grey_frame(0, 0.5), grey_frame(1, 0.5), grey_frame(2, 0.5)])
    times = times_of(target)
    assert len(times) == 3
    assert times == sorted(set(times))


def test_there_is_a_key_frame_every_second(tmp_path: Path) -> None:
    target = tmp_path / "out.mp4"
    record(target, [grey_frame(index, index / 10) for index in range(45)])
    with av.open(str(target)) as container:
        keys = [float(frame.time) for frame in container.decode(video=0) if frame.key_frame]
    assert keys == pytest.approx([0.0, 1.0, 2.0, 3.0, 4.0], abs=0.15)


def test_what_failed_keeps_its_partial_name_and_is_readable(tmp_path: Path) -> None:
    target = tmp_path / "out.mp4"
    record(target, [grey_frame(index) for index in range(10)], completed=False)
    assert not target.exists()
    assert len(times_of(tmp_path / "out.partial.mp4")) == 10


def test_labels_are_drawn_into_the_picture(tmp_path: Path) -> None:
    sink = VideoRecording(tmp_path / "out.mp4", show_rate=True)
    sink.open(INFO)
    frame = grey_frame(0)
    sink.write(labeled(frame, "Bottle", "Container"))
    sink.close(completed=True)
    with av.open(str(tmp_path / "out.mp4")) as container:
        drawn = next(container.decode(video=0)).to_ndarray(format="bgr24")
    assert np.abs(drawn.astype(int) - frame.image).max() > 80


def test_a_folder_that_went_away_is_one_sentence(tmp_path: Path) -> None:
    sink = VideoRecording(tmp_path / "gone" / "out.mp4")
    with pytest.raises(OutputError, match="Cannot write"):
        sink.open(INFO)
    sink.close(completed=False)
