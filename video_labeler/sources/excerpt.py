"""The part of a source up to a given time."""

from dataclasses import replace

from video_labeler.frames import Frame
from video_labeler.sources.base import Source, SourceInfo, SourceState, SourceStatus


class Excerpt(Source):
    """Another source, ending before the first frame at or after ``end_s`` seconds (``None``: all of it)."""

    def __init__(self, source: Source, end_s: float | None = None) -> None:
        self.delivery = source.delivery
        self._source = source
        self._end_s = end_s
        self._over = False

    def open(self) -> SourceInfo:
        """Open the source; its length is that of the excerpt.

        Raises:
            SourceError: as the source does.
        """
        self._over = False
        info = self._source.open()
        if self._end_s is None:
            return info
        count = info.frame_count
        if count is not None and info.rate:
            count = min(count, max(1, round(self._end_s * info.rate)))
        duration_s = self._end_s if info.duration_s is None else min(info.duration_s, self._end_s)
        return replace(info, frame_count=count, duration_s=duration_s)

    def read(self, timeout_s: float = 0.5) -> Frame | None:
        """The next frame before the end.

        Raises:
            SourceError: as the source does.
        """
        if self._over:
            return None
        frame = self._source.read(timeout_s)
        if frame is not None and self._end_s is not None and frame.time_s >= self._end_s:
            self._over = True
            return None
        return frame

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
