"""Parts of a source."""

from pathlib import Path

import av
import pytest

from tests.clips import moving_square, write_clip
from video_labeler.errors import SettingsError
from video_labeler.frames import Frame
from video_labeler.sources.excerpt import Excerpt
from video_labeler.sources.synthetic import SyntheticSource
from video_labeler.sources.video_file import VideoFile


def all_frames(source: Excerpt) -> list[Frame]:
    frames = []
    while not source.ended:
        frame = source.read()
        if frame is not None:
            frames.append(frame)
    return frames


def excerpt(start_s: float = 0.0, end_s: float | None = None) -> Excerpt:
    return Excerpt(SyntheticSource(64, 48, 10, frame_count=30), start_s, end_s)


def test_without_limits_it_is_the_source() -> None:
    with excerpt() as source:
        info = source.open()
        assert (info.frame_count, info.duration_s) == (30, pytest.approx(3.0))
        assert [frame.index for frame in all_frames(source)] == list(range(30))


@pytest.mark.parametrize(("start", "end", "count"), [(0.0, 1.0, 10), (1.0, None, 20), (0.95, 2.05, 11), (2.9, 99.0, 1)])
def test_it_counts_and_times_from_its_start(start: float, end: float | None, count: int) -> None:
    with excerpt(start, end) as source:
        info = source.open()
        frames = all_frames(source)
        assert [frame.index for frame in frames] == list(range(count))
        assert 0 <= frames[0].time_s < 0.1
        assert frames[-1].time_s < (end or 3.0) - start
        assert abs((info.frame_count or 0) - count) <= 1
        assert source.losses is None


def test_impossible_limits_are_refused_before_anything_is_read() -> None:
    for start, end in ((-1.0, None), (2.0, 2.0), (2.0, 1.0)):
        with pytest.raises(SettingsError):
            excerpt(start, end)
    with excerpt(3.5) as source, pytest.raises(SettingsError, match=r"3\.0 s long"):
        source.open()


def test_it_can_be_read_again() -> None:
    with excerpt(1.0, 2.0) as source:
        source.open()
        first = [frame.time_s for frame in all_frames(source)]
        source.open()
        assert [frame.time_s for frame in all_frames(source)] == first


def damaged_clip(path: Path) -> Path:
    """10 s with a damaged picture at about 6 s."""
    write_clip(path, moving_square(100), rate=10, encoding={"g": "10", "bf": "0"})
    with av.open(str(path)) as container:
        packets = [packet for packet in container.demux(video=0) if packet.pts is not None]
    hit = min(packets, key=lambda packet: abs(float(packet.pts * packet.time_base) - 6.0))
    data = bytearray(path.read_bytes())
    data[hit.pos + 4 : hit.pos + hit.size] = bytes([255]) * (hit.size - 4)
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("start_s", "end_s", "is_told"),
    [(0.0, None, True), (0.0, 9.0, True), (5.0, 7.0, True), (0.0, 5.0, False), (7.0, None, False), (7.0, 9.0, False)],
)
def test_damage_within_is_reported_and_none_outside(
    tmp_path: Path, start_s: float, end_s: float | None, *, is_told: bool
) -> None:
    with Excerpt(VideoFile(damaged_clip(tmp_path / "a.mp4")), start_s, end_s) as source:
        source.open()
        all_frames(source)
        assert (source.losses is not None) == is_told
