"""The recorded video: times, sizes, colours, names, failures."""

import subprocess
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from tests.clips import times_of
from tests.fakes import grey_frame, labeled
from video_labeler.errors import OutputError
from video_labeler.frames import Frame, LabeledFrame, StageTimes
from video_labeler.movie.recording_options import Quality, RecordingOptions
from video_labeler.pixels import Colours, Image, Pixels, planes_of
from video_labeler.recording.video_recorder import VideoRecorder, check_recording
from video_labeler.sources.base import SourceInfo

INFO = SourceInfo("clip", 320, 240, rate=30.0)


def record(
    target: Path, frames: Sequence[Frame], options: RecordingOptions | None = None, *, completed: bool = True
) -> VideoRecorder:
    recorder = VideoRecorder(target, options)
    recorder.open(INFO)
    for frame in frames:
        recorder.write(LabeledFrame(frame, (), StageTimes(0.0)))
    recorder.close(completed=completed)
    return recorder


def said_about(path: Path) -> str:
    """What ffprobe and a full decoding by ffmpeg complain of."""
    said = ""
    for command in (["ffprobe", "-v", "warning", "-show_streams"], ["ffmpeg", "-v", "warning", "-i"]):
        decode = ["-fps_mode", "passthrough", "-f", "null", "-"] if command[0] == "ffmpeg" else []
        done = subprocess.run([*command, str(path), *decode], capture_output=True, text=True, timeout=60, check=True)
        # What the null muxer says is about its own clock, which is coarser than the file's.
        said += "".join(
            line for line in done.stderr.strip().splitlines(keepends=True) if not line.startswith("[null @")
        )
    return said


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
def test_frames_keep_their_number_and_their_uneven_times(tmp_path: Path, suffix: str) -> None:
    times = [0.0, 0.033, 0.08, 0.2, 0.21, 1.7, 1.75, 3.5]
    target = tmp_path / f"out{suffix}"
    recorder = record(target, [grey_frame(index, time_s) for index, time_s in enumerate(times)])
    tick = 1 / 90_000 if suffix == ".mp4" else 1 / 1000
    assert times_of(target) == pytest.approx(times, abs=tick)
    assert list(tmp_path.iterdir()) == [target]
    assert recorder.files == [target]
    assert recorder.partial is None


@pytest.mark.parametrize(
    ("suffix", "quality", "count"),
    [
        (".mp4", Quality.FAST, 1),
        (".mp4", Quality.BALANCED, 40),
        (".mp4", Quality.SMALL, 2),
        (".mkv", Quality.FAST, 40),
        (".mkv", Quality.BALANCED, 1),
        (".mkv", Quality.SMALL, 40),
    ],
)
def test_other_programs_read_it_without_a_warning(tmp_path: Path, suffix: str, quality: Quality, count: int) -> None:
    target = tmp_path / f"out{suffix}"
    options = RecordingOptions(quality=quality, subtitles=True, pixel_aspect=Fraction(4, 3))
    record(target, [grey_frame(index) for index in range(count)], options)
    assert said_about(target) == ""
    assert len(times_of(target)) == count


@pytest.mark.parametrize("rate", [5.0, 11.0, 30.0])
def test_it_lasts_as_long_as_the_clock_whatever_the_rate(tmp_path: Path, rate: float) -> None:
    moments = np.arange(0, 12.0, 1 / rate)
    late = moments + np.random.default_rng(3).uniform(0, 0.3 / rate, len(moments))
    check_length(tmp_path / "out.mp4", late, 1 / rate)


def test_it_lasts_as_long_as_the_clock_when_the_rate_changes(tmp_path: Path) -> None:
    moments = np.concatenate([np.arange(0, 4, 1 / 30), np.arange(4, 8, 1 / 5), np.arange(8, 12, 1 / 11)])
    check_length(tmp_path / "out.mkv", moments, 1 / 5)


def check_length(target: Path, moments: np.ndarray, frame_s: float) -> None:
    """A recording that began when a camera had run for a while, as long as 12 s on the clock."""
    record(target, [grey_frame(index, 100 + moment, 64, 48) for index, moment in enumerate(moments)])
    times = times_of(target)
    assert times == pytest.approx(list(moments - moments[0]), abs=0.0011)
    with av.open(str(target)) as container:
        assert container.duration is not None
        assert container.duration / av.time_base == pytest.approx(12.0, abs=frame_s)


STRIPES = [(255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255), (0, 0, 0), (40, 120, 200), (128, 128, 128)]


def stripes(width: int, height: int) -> Image:
    image = np.zeros((height, width, 3), dtype=np.uint8)
    for index, colour in enumerate(STRIPES):
        image[:, index * (width // len(STRIPES)) : (index + 1) * (width // len(STRIPES))] = colour
    return image


def check_stripes(path: Path, size: tuple[int, int], count: int) -> None:
    """Another program shows the colours of :func:`stripes` in each of that many frames."""
    command = ["ffmpeg", "-v", "error", "-i", str(path), "-f", "rawvideo", "-pix_fmt", "bgr24", "-"]
    raw = subprocess.run(command, capture_output=True, timeout=60, check=True).stdout
    frames = np.frombuffer(raw, dtype=np.uint8).reshape(count, size[1], size[0], 3)
    width = size[0] // len(STRIPES)
    for decoded in frames:
        for index, colour in enumerate(STRIPES):
            assert decoded[size[1] // 2, index * width + width // 2] == pytest.approx(np.array(colour), abs=6)


@pytest.mark.parametrize("size", [(320, 240), (1280, 720)])
def test_colours_survive(tmp_path: Path, size: tuple[int, int]) -> None:
    target = tmp_path / "out.mp4"
    record(target, [Frame(0, 0.0, stripes(*size))])
    check_stripes(target, size, 1)


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
@pytest.mark.parametrize(
    "colours", [Colours(1), Colours(1, full_range=True), Colours(5, True, 5, 6), Colours(2, False, 2, 2)]
)
def test_a_video_keeps_the_colours_that_its_source_says(tmp_path: Path, colours: Colours, suffix: str) -> None:
    image, target = stripes(320, 240), tmp_path / f"out{suffix}"
    # A frame in BGR among them means the same afterwards, and so does one with other colours.
    forms: list[Pixels] = [planes_of(image, colours), image, planes_of(image, Colours(9, not colours.full_range))]
    record(target, [Frame(index, index / 30, pixels) for index, pixels in enumerate(forms)])
    check_stripes(target, (320, 240), len(forms))
    with av.open(str(target)) as container:
        said = container.streams.video[0].codec_context
        assert (said.colorspace, said.color_primaries, said.color_trc) == (
            colours.matrix,
            colours.primaries,
            colours.transfer,
        )
        assert (said.color_range == 2) == colours.full_range


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
    record(target, [grey_frame(0, 0.5), grey_frame(1, 0.5), grey_frame(2, 0.4)])
    times = times_of(target)
    assert len(times) == 3
    assert times == sorted(set(times))


def test_there_is_a_key_frame_every_second(tmp_path: Path) -> None:
    target = tmp_path / "out.mp4"
    record(target, [grey_frame(index, index / 10) for index in range(45)])
    with av.open(str(target)) as container:
        keys = [float(frame.time) for frame in container.decode(video=0) if frame.key_frame]
    assert keys == pytest.approx([0.0, 1.0, 2.0, 3.0, 4.0], abs=0.15)


def test_pixel_aspect_title_and_facts_are_in_the_file(tmp_path: Path) -> None:
    target = tmp_path / "out.mp4"
    options = RecordingOptions(pixel_aspect=Fraction(4, 3), metadata={"model": "small one", "threshold": "0.35"})
    record(target, [grey_frame(0)], options)
    with av.open(str(target)) as container:
        assert container.streams.video[0].sample_aspect_ratio == Fraction(4, 3)
        assert container.metadata["title"] == "clip"
        assert container.metadata["comment"] == "model: small one; threshold: 0.35"


def test_what_failed_keeps_its_partial_name_and_is_readable(tmp_path: Path) -> None:
    target = tmp_path / "out.mp4"
    recorder = record(target, [grey_frame(index) for index in range(10)], completed=False)
    assert not target.exists()
    assert recorder.partial == tmp_path / "out.partial.mp4"
    assert len(times_of(tmp_path / "out.partial.mp4")) == 10


def test_what_a_crash_has_left_is_never_overwritten(tmp_path: Path) -> None:
    left = tmp_path / "out.partial.mp4"
    left.write_bytes(b"precious")
    recorder = record(tmp_path / "out.mp4", [grey_frame(0)], completed=False)
    assert left.read_bytes() == b"precious"
    assert recorder.partial == tmp_path / "out.partial-2.mp4"


def test_a_name_that_was_taken_meanwhile_is_left_alone(tmp_path: Path) -> None:
    target = tmp_path / "out.mp4"
    recorder = VideoRecorder(target)
    recorder.open(INFO)
    recorder.write(labeled(grey_frame(0), "Mug"))
    target.write_bytes(b"precious")
    with pytest.raises(OutputError, match=r"out\.partial\.mp4"):
        recorder.close(completed=True)
    assert target.read_bytes() == b"precious"
    assert len(times_of(tmp_path / "out.partial.mp4")) == 1
    record(target, [grey_frame(0)], RecordingOptions(overwrite=True))
    assert len(times_of(target)) == 1


def test_without_a_frame_nothing_is_left(tmp_path: Path) -> None:
    record(tmp_path / "out.mp4", [])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("burn_in", [True, False])
def test_labels_are_drawn_into_the_picture_if_asked_for(tmp_path: Path, burn_in: bool) -> None:
    recorder = VideoRecorder(tmp_path / "out.mp4", RecordingOptions(burn_in=burn_in, show_rate=True))
    recorder.open(INFO)
    frame = grey_frame(0)
    recorder.write(labeled(frame, "Bottle", "Container"))
    recorder.close(completed=True)
    with av.open(str(tmp_path / "out.mp4")) as container:
        drawn = next(container.decode(video=0)).to_ndarray(format="bgr24")
    assert (np.abs(drawn.astype(int) - frame.image).max() > 80) == burn_in


def test_a_folder_that_went_away_is_one_sentence(tmp_path: Path) -> None:
    recorder = VideoRecorder(tmp_path / "gone" / "out.mp4")
    with pytest.raises(OutputError, match="Cannot write"):
        recorder.open(INFO)
    recorder.close(completed=False)


def test_bad_targets_are_refused_beforehand(tmp_path: Path) -> None:
    (tmp_path / "out.mp4").touch()
    for name, words in {
        "out.avi": "must end in",
        "out.mp4": "exists already",
        "none/out.mp4": "does not exist",
    }.items():
        with pytest.raises(OutputError, match=words):
            check_recording(tmp_path / name, RecordingOptions())
    check_recording(tmp_path / "out.mp4", RecordingOptions(overwrite=True))
