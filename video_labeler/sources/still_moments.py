"""A file that pauses at certain moments, like a hand that shows something."""

from collections.abc import Sequence
from dataclasses import replace

from video_labeler.frames import Frame
from video_labeler.sources.base import Delivery, SeekableSource, SourceInfo, SourceStatus

DEMO_MOMENTS_S = (1.46, 3.25, 7.04, 9.04, 13.0, 15.1)
"""When mug, teapot, wall clock, football, orange and laptop are in the middle of the demo clip, in seconds."""

_RATE = 25.0
"""The rate of repeated pictures if the file's is unknown."""


class StillMoments(SeekableSource):
    """Plays ``source``, and repeats its picture for ``hold_s`` seconds at each of ``moments_s``.

    Time continues meanwhile, so that it lasts longer than the file.
    """

    delivery = Delivery.EVERY_FRAME

    def __init__(self, source: SeekableSource, moments_s: Sequence[float], hold_s: float) -> None:
        self._source = source
        self._moments_s = tuple(sorted(moments_s))
        self._hold_s = hold_s
        self._step_s = 1 / _RATE
        self._begin(0)

    def _begin(self, passed: int) -> None:
        """Continue after ``passed`` moments."""
        self._passed = passed
        self._shown: Frame | None = None
        self._repeats = 0

    def open(self) -> SourceInfo:
        """Open the file.

        Raises:
            SourceError: as the file does.
        """
        info = self._source.open()
        self._step_s = 1 / (info.rate or _RATE)
        self._count = round(self._hold_s / self._step_s)
        self._index = 0
        self._begin(0)
        duration_s = info.duration_s
        if duration_s is not None:
            duration_s += self._held_s * sum(at_s < duration_s for at_s in self._moments_s)
        return replace(info, duration_s=duration_s, frame_count=None)

    @property
    def _held_s(self) -> float:
        return self._count * self._step_s

    def read(self, timeout_s: float = 0.5) -> Frame | None:
        """The next frame, or a repetition of the last one.

        Raises:
            SourceError: as the file does.
        """
        if self._repeats > 0 and self._shown is not None:
            self._repeats -= 1
            return self._handed_out(replace(self._shown, time_s=self._shown.time_s + self._step_s))
        frame = self._source.read(timeout_s)
        if frame is None:
            return None
        moved = replace(frame, time_s=frame.time_s + self._passed * self._held_s)
        if self._passed < len(self._moments_s) and frame.time_s >= self._moments_s[self._passed]:
            self._passed += 1
            self._repeats = self._count
        return self._handed_out(moved)

    def _handed_out(self, frame: Frame) -> Frame:
        self._shown = replace(frame, index=self._index)
        self._index += 1
        return self._shown

    def seek(self, time_s: float) -> None:
        """Continue with what is shown at ``time_s``; within a pause, with the rest of it.

        Raises:
            SourceError: as the file does.
        """
        passed = 0
        for at_s in self._moments_s:
            begins_s = at_s + passed * self._held_s
            if time_s < begins_s + self._held_s:
                break
            passed += 1
        self._begin(passed)
        inside_s = time_s - passed * self._held_s
        held_at_s = self._moments_s[passed] if passed < len(self._moments_s) else inside_s
        self._source.seek(min(inside_s, held_at_s))
        if inside_s > held_at_s:
            frame = self._source.read(0.0)
            if frame is not None:
                spent = min(self._count, round((inside_s - held_at_s) / self._step_s))
                self._shown = replace(frame, time_s=frame.time_s + passed * self._held_s + (spent - 1) * self._step_s)
                self._passed, self._repeats = passed + 1, self._count - spent + 1

    def close(self) -> None:
        """Close the file."""
        self._source.close()

    @property
    def status(self) -> SourceStatus:
        """As of the file."""
        return self._source.status

    @property
    def losses(self) -> str | None:
        """As of the file."""
        return self._source.losses
