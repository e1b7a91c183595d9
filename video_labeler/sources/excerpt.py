"""The part of a source between two times."""

import time
from collections.abc import Callable
from dataclasses import replace

from video_labeler.errors import SettingsError
from video_labeler.frames import Frame
from video_labeler.sources.base import Delivery, Source, SourceInfo, SourceState, SourceStatus


class Excerpt(Source):
    """Another source from ``start_s`` up to, but without, ``end_s`` (seconds; ``None``: to its end).

    Its frames count from 0 again, and ``start_s`` of the source is its time 0. Of a live source the end comes also
    while it sends nothing.
    """

    def __init__(
        self,
        source: Source,
        start_s: float = 0.0,
        end_s: float | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        if start_s < 0 or (end_s is not None and end_s <= start_s):
            raise SettingsError(
                f"From {start_s:g} s to {end_s or 0:g} s is no part of a video: the end must follow the start."
            )
        self.delivery = source.delivery
        self._source = source
        self._start_s = start_s
        self._end_s = end_s
        self._clock = clock
        self._opened_s = clock()
        self._began_s: float | None = None
        self._skipped = 0
        self._over = False

    @property
    def info(self) -> SourceInfo | None:
        """The source's, with the length of the excerpt."""
        info = self._source.info
        return None if info is None else self._cut(info)

    def open(self) -> SourceInfo:
        """Open the source; the length told is that of the excerpt.

        Raises:
            SettingsError: the start lies behind the source's end.
            SourceError: as the source does.
        """
        self._over = False
        self._skipped = 0
        info = self._source.open()
        self._opened_s, self._began_s = self._clock(), None
        if info.duration_s is not None and self._start_s >= info.duration_s:
            raise SettingsError(
                f"{info.name} is {info.duration_s:.1f} s long: a start at {self._start_s:g} s lies behind its end."
            )
        return self._cut(info)

    def _cut(self, info: SourceInfo) -> SourceInfo:
        if self._start_s == 0 and self._end_s is None:
            return info
        duration_s = self._length(info.duration_s)
        count = info.frame_count
        if count is not None and info.rate and duration_s is not None:
            count = min(count, max(1, round(duration_s * info.rate)))
        return replace(info, frame_count=count, duration_s=duration_s)

    def _length(self, duration_s: float | None) -> float | None:
        ends = [end for end in (duration_s, self._end_s) if end is not None]
        return min(ends) - self._start_s if ends else None

    def read(self, timeout_s: float = 0.5) -> Frame | None:
        """The next frame of the excerpt; ``None`` also while the start is not reached yet.

        Raises:
            SourceError: as the source does.
        """
        if self._over:
            return None
        frame = self._source.read(timeout_s)
        self.delivery = self._source.delivery
        if frame is None:
            self._over = self._end_s is not None and self._passed_s() >= self._end_s
            return None
        if self._began_s is None:
            self._began_s = self._clock() - frame.time_s
        if self._end_s is not None and frame.time_s >= self._end_s:
            self._over = True
            return None
        if frame.time_s < self._start_s:
            self._skipped += 1
            return None
        if self._start_s == 0:
            return frame
        return replace(frame, index=frame.index - self._skipped, time_s=frame.time_s - self._start_s)

    def _passed_s(self) -> float:
        """How much of a live source has passed, whether or not anything was sent."""
        if self._source.delivery is not Delivery.NEWEST:
            return 0.0
        return self._clock() - (self._opened_s if self._began_s is None else self._began_s)

    def close(self) -> None:
        """Close the source."""
        self._source.close()

    @property
    def status(self) -> SourceStatus:
        """The source's, or that the excerpt has ended."""
        return SourceStatus(SourceState.ENDED) if self._over else self._source.status

    @property
    def losses(self) -> str | None:
        """The source's; what lies behind the excerpt's end is no loss."""
        return None if self._over else self._source.losses
