"""Rates, latencies and drops, measured as frames pass."""

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

_WINDOW = 120


class RateMeter:
    """Events per second over the last two seconds.

    The rate is computed from the N-1 intervals between N timestamps.
    """

    def __init__(self, span_s: float = 2.0, clock: Callable[[], float] = time.monotonic) -> None:
        self._span_s = span_s
        self._clock = clock
        self._stamps: deque[float] = deque(maxlen=1000)
        self._lock = threading.Lock()

    def tick(self) -> None:
        """Count one event now."""
        with self._lock:
            self._stamps.append(self._clock())

    @property
    def rate(self) -> float:
        """Events per second; 0 if there were fewer than two."""
        with self._lock:
            now = self._clock()
            while self._stamps and now - self._stamps[0] > self._span_s:
                self._stamps.popleft()
            if len(self._stamps) < 2:
                return 0.0
            elapsed = self._stamps[-1] - self._stamps[0]
            return (len(self._stamps) - 1) / elapsed if elapsed > 0 else 0.0


class LatencyMeter:
    """The last durations, in seconds, and their quantiles."""

    def __init__(self) -> None:
        self._values: deque[float] = deque(maxlen=_WINDOW)
        self._lock = threading.Lock()

    def add(self, seconds: float) -> None:
        """Add one duration."""
        with self._lock:
            self._values.append(seconds)

    def quantile(self, fraction: float) -> float:
        """The quantile at ``fraction`` (0..1) of the last durations (nearest rank); 0 before the first."""
        with self._lock:
            ordered = sorted(self._values)
        if not ordered:
            return 0.0
        return ordered[min(int(fraction * len(ordered)), len(ordered) - 1)]


@dataclass(frozen=True, slots=True)
class Drops:
    """Frames that were captured and not used, by cause.

    ``labelling``: the labeler was busy. ``sinks``: a sink (by name) was busy; the frame was labelled all the same.
    """

    labelling: int = 0
    sinks: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Statistics:
    """A snapshot of a running pipeline: counts since the start, rates in frames per second, latencies in seconds.

    ``latency`` is from capture to label. ``reconnects``: how often the device was opened again.
    """

    captured: int = 0
    labelled: int = 0
    capture_rate: float = 0.0
    labelling_rate: float = 0.0
    latency_median_s: float = 0.0
    latency_p95_s: float = 0.0
    drops: Drops = Drops()
    reconnects: int = 0
