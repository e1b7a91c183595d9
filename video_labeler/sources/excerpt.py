"""The part of a source between two times."""

import time
from collections.abc import Callable
from dataclasses import replace

from video_labeler.errors import SettingsError
from video_labeler.frames import Frame
from video_labeler.sources.base import Delivery, SeekableSource, Source, SourceInfo, SourceState, SourceStatus


class Excerpt(Source):
    """Another source from ``start_s`` up to, but without, ``end_s`` (seconds; ``None``: to its end).

    Its frames count from 0, and ``start_s`` of the source is its time 0. What is before it is left out as far as the
    source can do that exactly, else read. An excerpt of a live source also ends while that sends nothing.
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
                f"From {start_s:g} s to {end_s or 0:g} s is not a part of a video: the end must be after the start."
            )
        self.delivery = source.delivery
        self._source = source
        self._start_s = start_s
        self._end_s = end_s
        self._clock = clock
        self._opened_s = clock()
        self._began_s: float | None = None
        self._first_index: int | None = None
        self._over = False
        self._opened: SourceInfo | None = None
        self._last_end_s = 0.0
        self._passed: Frame | None = None

    @property
    def info(self) -> SourceInfo | None:
        """The source's information, with the length of the excerpt."""
        info = self._source.info
        return None if info is None else self._cut(info)

    def open(self) -> SourceInfo:
        """Open the source, and return its information with the length of the excerpt.

        Raises:
            SettingsError: the start is after the source's end.
            SourceError: as the source does.
        """
        self._over = False
        self._first_index = None
        info = self._opened = self._source.open()
        self._opened_s, self._began_s = self._clock(), None
        self._last_end_s = 0.0
        self._passed = None
        if info.duration_s is not None and self._start_s >= info.duration_s:
            self._check_start(info)
        if self._start_s > 0:
            self._source.skip_to(self._start_s)
        return self._cut(info)

    def _check_start(self, info: SourceInfo) -> None:
        """Check whether the source has really ended by then: its stated length may be wrong."""
        if not isinstance(self._source, SeekableSource):
            self._last_end_s = info.duration_s or 0.0
            raise self._behind_the_end(info)
        self._source.seek(self._start_s)
        while (frame := self._source.read()) is not None and frame.time_s < self._start_s:
            self._pass(frame)
        if frame is None and self._last_end_s <= self._start_s:
            raise self._behind_the_end(info)
        self._passed = None
        self._source.close()
        self._source.open()

    def _pass(self, frame: Frame) -> None:
        """Remember a frame before the start."""
        rate = self._opened.rate if self._opened is not None else None
        self._last_end_s = frame.time_s + (frame.duration_s or (1 / rate if rate else 0.0))
        self._passed = frame

    def _behind_the_end(self, info: SourceInfo) -> SettingsError:
        return SettingsError(
            f"{info.name} is {self._last_end_s:.1f} s long: a start at {self._start_s:g} s is after its end."
        )

    def _cut(self, info: SourceInfo) -> SourceInfo:
        if self._start_s == 0 and self._end_s is None:
            return info
        duration_s = self._length(info.duration_s)
        # A wrong count of frames would end a progress bar too early.
        is_true = info.duration_s is None or info.duration_s > self._start_s
        count = info.frame_count if is_true else None
        if count is not None and info.rate and duration_s is not None:
            count = min(count, max(1, round(duration_s * info.rate)))
        return replace(info, frame_count=count, duration_s=duration_s)

    def _length(self, duration_s: float | None) -> float | None:
        ends = [end_s for end_s in (duration_s, self._end_s) if end_s is not None and end_s > self._start_s]
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
            return self._last_shown() if self._source.ended and self._first_index is None else None
        if self._began_s is None:
            self._began_s = self._clock() - frame.time_s
        if self._end_s is not None and frame.time_s >= self._end_s:
            self._over = True
            return None
        if frame.time_s < self._start_s:
            self._pass(frame)
            return None
        if self._first_index is None:
            self._first_index = frame.index
        if self._end_s is not None and frame.duration_s is not None:
            frame = replace(frame, duration_s=min(frame.duration_s, self._end_s - frame.time_s))
        if self._start_s == 0:
            return frame
        return replace(frame, index=frame.index - self._first_index, time_s=frame.time_s - self._start_s)

    def _passed_s(self) -> float:
        """How much of a live source has passed in seconds, whether or not anything was sent."""
        if self._source.delivery is not Delivery.NEWEST:
            return 0.0
        return self._clock() - (self._opened_s if self._began_s is None else self._began_s)

    def _last_shown(self) -> Frame | None:
        """The source's last frame, if it is still shown at the start."""
        passed, info = self._passed, self._opened
        if passed is None or info is None:
            return None
        if self._last_end_s <= self._start_s:
            raise self._behind_the_end(info)
        self._first_index = passed.index
        end_s = self._last_end_s if self._end_s is None else min(self._last_end_s, self._end_s)
        return replace(passed, index=0, time_s=0.0, duration_s=end_s - self._start_s)

    def hurry(self) -> None:
        """Stop slow work."""
        self._source.hurry()

    def close(self) -> None:
        """Close the source."""
        self._source.close()

    @property
    def status(self) -> SourceStatus:
        """The source's status, or that the excerpt has ended."""
        return SourceStatus(SourceState.ENDED) if self._over else self._source.status

    @property
    def losses(self) -> str | None:
        """What could not be read of the excerpt; anything outside it does not count."""
        return self._source.losses_within(self._start_s, self._end_s if self._over else None)
