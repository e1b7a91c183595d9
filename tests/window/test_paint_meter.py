import pytest

from video_labeler.window.picture.paint_meter import PaintMeter


class _Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_frames_are_painted_or_counted_as_missed() -> None:
    clock = _Clock()
    meter = PaintMeter(clock)
    for index in (3, 4, 4, 7, 8):
        clock.now += 0.1
        meter.paint(index, clock.now - 0.02)
    figures = meter.figures
    assert (figures.painted, figures.missed) == (4, 5)
    assert figures.rate == pytest.approx(1 / 0.1333, rel=0.01)
    assert figures.latency_median_s == pytest.approx(0.02)


def test_going_back_in_a_file_misses_nothing() -> None:
    meter = PaintMeter(_Clock())
    for index in (100, 5, 6):
        meter.paint(index, 0.0)
    assert meter.figures.missed == 100
