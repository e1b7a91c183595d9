"""When a sequence of frames begins and ends."""

from dataclasses import replace

from video_labeler.frames import LabeledFrame

_RATE = 30.0
"""Assumed for a single frame of a source that does not tell its rate."""


class FrameClock:
    """Follows the times of frames, in seconds; the last one lasts as long as the one before it."""

    def __init__(self, rate: float | None = None) -> None:
        self._last_s = 0.0
        self._frame_s = 1.0 / (rate or _RATE)
        self._started = False

    def tick(self, time_s: float) -> None:
        """Take note of the next frame's time."""
        if self._started and time_s > self._last_s:
            self._frame_s = time_s - self._last_s
        self._started = True
        self._last_s = max(self._last_s, time_s)

    @property
    def end_s(self) -> float:
        """When the last frame so far ends; 0 before the first."""
        return self._last_s + self._frame_s if self._started else 0.0


class Origin:
    """Moves frames in time so that the first one is at 0, as it is in a recorded video."""

    def __init__(self) -> None:
        self._first_s: float | None = None

    def moved(self, labeled: LabeledFrame) -> LabeledFrame:
        """The frame at its time since the first one; the same object where that is at 0 already."""
        frame = labeled.frame
        if self._first_s is None:
            self._first_s = frame.time_s
        if self._first_s == 0.0:
            return labeled
        return replace(labeled, frame=replace(frame, time_s=frame.time_s - self._first_s))
