"""A file that stands still at certain moments, and goes on as if nothing had been."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from tests.sources.clips import write_test_clip
from video_labeler.assets import asset
from video_labeler.evaluation.quality import read_truth
from video_labeler.frames import Frame
from video_labeler.sources.still_moments import DEMO_MOMENTS_S, StillMoments
from video_labeler.sources.video_file import VideoFile

COUNT, RATE = 20, 10


@pytest.fixture
def source(tmp_path: Path) -> Iterator[StillMoments]:
    clip = write_test_clip(tmp_path / "a.mp4", size=(96, 64), count=COUNT, rate=RATE)
    with StillMoments(VideoFile(clip), (0.5, 1.3), 0.4) as made:
        yield made


def rest(source: StillMoments) -> list[Frame]:
    frames = []
    while (frame := source.read()) is not None:
        frames.append(frame)
    return frames


def test_the_picture_is_repeated_at_its_moments_and_the_times_continue(source: StillMoments) -> None:
    info = source.open()
    assert info.duration_s == pytest.approx(COUNT / RATE + 2 * 0.4)
    frames = rest(source)
    assert source.ended
    assert [frame.index for frame in frames] == list(range(COUNT + 8))
    assert [frame.time_s for frame in frames] == pytest.approx([i / RATE for i in range(COUNT + 8)])
    held = [i for i, (one, other) in enumerate(pairwise(frames)) if one.image is other.image]
    assert held == [5, 6, 7, 8, 17, 18, 19, 20]


@pytest.mark.parametrize("place", [0, 4, 5, 7, 9, 10, 16, 18, 27])
def test_a_seek_leads_to_the_frame_that_is_shown_then(source: StillMoments, place: int) -> None:
    source.open()
    frames = rest(source)
    source.seek(place / RATE + 0.01)
    following = rest(source)
    assert [frame.time_s for frame in following] == pytest.approx([frame.time_s for frame in frames[place:]])
    for frame, expected in zip(following, frames[place:], strict=True):
        assert (frame.image == expected.image).all()


def test_at_its_moments_the_demo_clip_shows_one_thing_as_a_whole() -> None:
    truth = read_truth(asset("demo_truth.json"))
    shown = []
    for at_s in DEMO_MOMENTS_S:
        whole = [item for item in truth.frames[round(at_s * truth.rate)] if item.visible > 0.99]
        shown += [item.name for item in whole]
    assert shown == ["Mug", "Teapot", "Wall clock", "Football", "Orange", "Laptop"]
