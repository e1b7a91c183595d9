"""Measures how often the window paints, how old frames are then, and which ones were never painted."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

from video_labeler.pipeline.stats import LatencyMeter, RateMeter


@dataclass(frozen=True, slots=True)
class PaintFigures:
    """The figures of painting: rate in frames per second, latencies from capture to paint in seconds.

    ``missed`` counts the captured frames before the first painted one and between two painted ones, whatever the
    cause, including those that the pipeline dropped.
    """

    painted: int = 0
    missed: int = 0
    rate: float = 0.0
    latency_median_s: float = 0.0
    latency_p95_s: float = 0.0


class PaintMeter:
    """Counts painted frames; each counts once, however often it is repainted."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self.restart()

    def restart(self) -> None:
        """Reset for another source."""
        self._rate = RateMeter(clock=self._clock)
        self._latency = LatencyMeter()
        self._painted = 0
        self._missed = 0
        self._last_index = -1
        self._newest_s = -math.inf

    def paint(self, index: int, captured_s: float) -> None:
        """Record that the frame with that index, captured at that monotonic time, is on the screen."""
        if index == self._last_index:
            return
        self._missed += max(0, index - self._last_index - 1)
        self._last_index = index
        self._painted += 1
        self._rate.tick()
        if captured_s > self._newest_s:
            # A repeated picture is old, which says nothing about the window's latency.
            self._newest_s = captured_s
            self._latency.add(self._clock() - captured_s)

    @property
    def figures(self) -> PaintFigures:
        """The current figures."""
        return PaintFigures(
            self._painted, self._missed, self._rate.rate, self._latency.quantile(0.5), self._latency.quantile(0.95)
        )
