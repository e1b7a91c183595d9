"""Recordings in several files: nothing is lost between them."""

from pathlib import Path

import av
import numpy as np
import pytest

from tests.clips import times_of
from tests.fakes import grey_frame, labeled
from video_labeler.errors import OutputError, SettingsError
from video_labeler.frames import Frame
from video_labeler.movie.recording_options import RecordingOptions, Segment
from video_labeler.recording.video_recorder import VideoRecorder, check_recording
from video_labeler.sources.base import SourceInfo

INFO = SourceInfo("clip", 320, 240, rate=30.0)


@pytest.mark.parametrize(
    ("text", "segment"),
    [
        ("30s", Segment(seconds=30)),
        ("10m", Segment(seconds=600)),
        ("1.5h", Segment(seconds=5400)),
        ("2 min", Segment(seconds=120)),
        ("500MB", Segment(size_bytes=500_000_000)),
        ("2gb", Segment(size_bytes=2_000_000_000)),
    ],
)
def test_lengths_are_understood(text: str, segment: Segment) -> None:
    assert Segment.parse(text) == segment


@pytest.mark.parametrize(
    "text", ["", "10", "m", "-5m", "ten minutes", "0s", "0.5s", "1KB", "1e3s", "5 parsecs", "nan s"]
)
def test_other_lengths_are_refused_in_one_sentence(text: str) -> None:
    with pytest.raises(SettingsError, match="segment length"):
        Segment.parse(text)


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
def test_each_begins_at_zero_with_a_key_frame_and_nothing_is_lost(tmp_path: Path, suffix: str) -> None:
    options = RecordingOptions(segment=Segment(seconds=2.0), subtitles=True)
    recorder = VideoRecorder(tmp_path / f"out{suffix}", options)
    recorder.open(INFO)
    moments = [5 + index * 0.11 for index in range(50)]
    for index, moment in enumerate(moments):
        recorder.write(labeled(grey_frame(index, moment), "Mug"))
    recorder.close(completed=True)
    assert [path.name for path in recorder.files] == [f"out-00{number}{suffix}" for number in (1, 2, 3)]
    assert sorted(tmp_path.iterdir()) == recorder.files
    taken = 0
    for path in recorder.files:
        times = times_of(path)
        part = moments[taken : taken + len(times)]
        assert times == pytest.approx([moment - part[0] for moment in part], abs=0.0011)
        assert times[-1] < 2.0
        taken += len(times)
        with av.open(str(path)) as container:
            assert next(container.decode(video=0)).key_frame
    assert taken == len(moments)


def test_a_size_is_kept(tmp_path: Path) -> None:
    recorder = VideoRecorder(tmp_path / "out.mp4", RecordingOptions(segment=Segment(size_bytes=1_000_000)))
    recorder.open(INFO)
    rng = np.random.default_rng(0)
    for index in range(90):
        recorder.write(labeled(Frame(index, index / 30, rng.integers(0, 255, (240, 320, 3), dtype=np.uint8)), "Mug"))
    recorder.close(completed=True)
    assert len(recorder.files) > 2
    sizes = [path.stat().st_size for path in recorder.files]
    assert max(sizes) <= 1_000_000
    assert min(sizes[:-1]) > 500_000
    assert sum(len(times_of(path)) for path in recorder.files) == 90


def test_taken_names_are_reported_before_any_work(tmp_path: Path) -> None:
    (tmp_path / "out[1]-003.mp4").touch()
    options = RecordingOptions(segment=Segment(seconds=2))
    with pytest.raises(OutputError, match=r"out\[1\]-003\.mp4 exists already"):
        check_recording(tmp_path / "out[1].mp4", options)
    check_recording(tmp_path / "out.mp4", options)


def test_the_index_at_the_end_counts_for_the_size_too(tmp_path: Path) -> None:
    # Pictures that never change are so small that the index is most of the file.
    limit = 100_000
    recorder = VideoRecorder(tmp_path / "out.mp4", RecordingOptions(segment=Segment(size_bytes=limit)))
    recorder.open(SourceInfo("clip", 64, 48, rate=30.0))
    image = grey_frame(0, width=64, height=48).image
    for index in range(2600):
        recorder.write(labeled(Frame(index, index / 30, image), "Mug"))
    recorder.close(completed=True)
    assert len(recorder.files) > 1
    assert max(path.stat().st_size for path in recorder.files) <= limit
