"""The meters, on an injected clock."""

import pytest

from video_labeler.pipeline.stats import LatencyMeter, RateMeter


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_rate_counts_intervals_not_stamps() -> None:
    clock = Clock()
    meter = RateMeter(2.0, clock)
    for step in range(11):
        clock.now = step * 0.1
        meter.tick()
    assert meter.rate == pytest.approx(10.0)


def test_rate_forgets_what_is_old_and_falls_to_zero() -> None:
    clock = Clock()
    meter = RateMeter(2.0, clock)
    meter.tick()
    clock.now = 1.0
    meter.tick()
    assert meter.rate == pytest.approx(1.0)
    clock.now = 10.0
    assert meter.rate == 0.0


def test_quantiles_are_of_the_last_values() -> None:
    meter = LatencyMeter()
    assert meter.quantile(0.5) == 0.0
    for value in [9.0] * 1000 + [float(value) for value in range(1, 121)]:
        meter.add(value)
    assert meter.quantile(0.5) == 61.0
    assert meter.quantile(0.95) == 115.0
    assert meter.quantile(1.0) == 120.0
