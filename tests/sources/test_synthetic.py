import numpy as np
import pytest

from tests.sources.fake_clock import FakeClock
from video_labeler.errors import SourceFormatError
from video_labeler.sources.base import Delivery
from video_labeler.sources.moving_picture import MovingPicture
from video_labeler.sources.synthetic import SyntheticSource


def test_the_same_index_gives_the_same_pixels() -> None:
    first, second = MovingPicture(320, 180), MovingPicture(320, 180)
    assert np.array_equal(first.draw(41), second.draw(41))


@pytest.mark.parametrize("size", [(64, 48), (160, 120), (1280, 720), (48, 200)])
def test_every_picture_differs_from_the_one_before(size: tuple[int, int]) -> None:
    picture = MovingPicture(*size)
    last = picture.draw(0)
    for index in range(1, 90):
        image = picture.draw(index)
        assert image.shape == (size[1], size[0], 3)
        assert not np.array_equal(image, last)
        last = image


def test_frame_count_ends_it() -> None:
    source = SyntheticSource(64, 48, 10, frame_count=3)
    source.open()
    frames = [source.read() for _ in range(5)]
    assert [frame.time_s for frame in frames if frame] == [0.0, 0.1, 0.2]
    assert source.ended


def test_live_delivers_at_its_rate() -> None:
    clock = FakeClock()
    source = SyntheticSource(64, 48, 25, live=True, clock=clock, sleep=clock.sleep)
    assert source.delivery is Delivery.NEWEST
    source.open()
    frames = [source.read() for _ in range(50)]
    assert [round(frame.time_s, 3) for frame in frames if frame] == [round(i * 0.04, 3) for i in range(50)]


def test_live_skips_what_a_late_reader_missed() -> None:
    clock = FakeClock()
    source = SyntheticSource(64, 48, 10, live=True, clock=clock, sleep=clock.sleep)
    source.open()
    assert source.read() is not None
    clock.sleep(2.05)
    late, after = source.read(), source.read()
    assert late is not None
    assert after is not None
    assert np.array_equal(late.image, MovingPicture(64, 48).draw(20))
    assert (late.index, after.index) == (1, 2)
    assert after.time_s == pytest.approx(2.1)


def test_live_returns_none_where_the_next_picture_is_not_due() -> None:
    clock = FakeClock()
    source = SyntheticSource(64, 48, 0.5, live=True, clock=clock, sleep=clock.sleep)
    source.open()
    assert source.read(0.1) is not None
    assert source.read(0.1) is None
    assert clock.now_s == pytest.approx(1000.1)
    assert not source.ended


@pytest.mark.parametrize(("width", "height", "rate"), [(0, 48, 10), (64, 99999, 10), (64, 48, 0)])
def test_impossible_sizes_and_rates(width: int, height: int, rate: float) -> None:
    with pytest.raises(SourceFormatError):
        SyntheticSource(width, height, rate).open()
