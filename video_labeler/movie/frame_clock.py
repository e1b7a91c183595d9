"""When a sequence of frames begins and ends."""

_RATE = 30.0
"""Assumed for a single frame of a source without a rate."""


class FrameClock:
    """Follows the times of frames, in seconds; the last one lasts for its own duration, or as long as the one
    before.
    """

    def __init__(self, rate: float | None = None) -> None:
        self._last_s = 0.0
        self._frame_s = 1.0 / (rate or _RATE)
        self._own_s: float | None = None
        self._started = False

    def tick(self, time_s: float, own_s: float | None = None) -> None:
        """Add the next frame's time, and its own duration if it has one."""
        if self._started and time_s > self._last_s:
            self._frame_s = time_s - self._last_s
        self._own_s = own_s
        self._started = True
        self._last_s = max(self._last_s, time_s)

    @property
    def end_s(self) -> float:
        """When the last frame so far ends, in seconds; 0 before the first."""
        return self._last_s + (self._own_s or self._frame_s) if self._started else 0.0
