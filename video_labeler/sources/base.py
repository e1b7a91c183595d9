"""The interface of every source."""

import time
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from enum import Enum
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from video_labeler.frames import Frame
from video_labeler.text.shown import proper_unicode

if TYPE_CHECKING:
    from video_labeler.sources.web_pieces import Pieces


_MOST_STRETCHED = 10.0
"""A file whose pixels are longer than this says nothing sensible about them."""


class Delivery(Enum):
    """What a frame queue does when labelling is slower than the source; each source declares which it needs."""

    EVERY_FRAME = "every frame"
    """Wait: a file loses nothing."""
    NEWEST = "newest"
    """Drop the oldest and count it: a live picture stays live."""


class SourceState(Enum):
    """What a source is doing now."""

    CLOSED = "closed"
    CONNECTING = "connecting"
    RUNNING = "running"
    STALLED = "stalled"
    """Open, but no frame has arrived for a while."""
    FROZEN = "frozen"
    """The same picture repeatedly, byte for byte."""
    BLACK = "black"
    """Nothing but black."""
    RECONNECTING = "reconnecting"
    """It is gone, and is retried after a pause."""
    ENDED = "ended"
    """Every frame has been read."""


@dataclass(frozen=True, slots=True)
class SourceStatus:
    """A source's state, since when (monotonic seconds), and a sentence about it for people (may be empty)."""

    state: SourceState
    since_s: float = field(default_factory=time.monotonic)
    message: str = ""


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """What is known about an open source; ``None`` if unknown.

    ``width`` and ``height`` are pixels of the frames as they are handed out (after rotation), ``rate`` is in
    frames per second (for a variable rate: the average), ``duration_s`` in seconds. ``pixel_aspect`` is the width of a
    pixel divided by its height. ``zero_s`` is what is time 0 of the frames on a file's own clock, in seconds;
    ``has_captions``: there are closed captions within its pictures. ``is_at_address``: a recording that can be read a
    second time at its address, or in ``copy`` while it is open, where need be on ``other_hosts``, too, and ``pieces``
    of it that have been fetched; ``has_live_sound``: a live stream that brings sound.
    """

    name: str
    width: int | None = None
    height: int | None = None
    rate: float | None = None
    frame_count: int | None = None
    duration_s: float | None = None
    pixel_aspect: Fraction | None = None
    zero_s: float = 0.0
    has_captions: bool = False
    is_at_address: bool = False
    copy: Path | None = None
    other_hosts: bool = False
    pieces: "Pieces | None" = None
    has_live_sound: bool = False

    def __post_init__(self) -> None:
        # The name goes into titles, tables and files, which need valid Unicode.
        object.__setattr__(self, "name", proper_unicode(self.name))


def shown_aspect(pixel_aspect: Fraction | None) -> float:
    """The width of a pixel divided by its height, as far as what a source says of it makes sense, otherwise 1."""
    aspect = float(pixel_aspect) if pixel_aspect else 1.0
    return aspect if 1 / _MOST_STRETCHED <= aspect <= _MOST_STRETCHED else 1.0


class Source(ABC):
    """Frames in order, from one camera, file, stream or folder.

    One thread opens, reads and closes; ``status`` and ``losses`` may be asked from any thread at any time.
    ``close`` may be called again, and after a failed ``open``; a source that has ended stays ``ENDED`` when
    closed. After ``close``, ``open`` starts afresh.
    """

    delivery: Delivery
    """What its frames need. An address may turn out to be a recording only when it answers."""

    @property
    def info(self) -> SourceInfo | None:
        """What is known about it now; ``None``: what :meth:`open` returned."""
        return None

    @abstractmethod
    def open(self) -> SourceInfo:
        """Start, and return what is known about the source.

        A live source made with ``must_answer=True`` raises when the first try fails; otherwise only where no
        later try could succeed (a malformed address); one that does not answer yet is a status, not an
        error.

        Raises:
            SourceError: there is nothing to read.
        """

    @abstractmethod
    def read(self, timeout_s: float = 0.5) -> Frame | None:
        """The next frame, or ``None`` if none arrived within about ``timeout_s`` seconds or the source has ended.

        Tell the two apart by :attr:`ended`. Indices rise by one a frame that the source delivered;
        ``time_s`` never falls.

        Raises:
            SourceError: reading failed for good.
        """

    def skip_to(self, time_s: float) -> None:  # noqa: B027 - most sources leave nothing out
        """Leave out frames before the one that is shown at ``time_s`` seconds, where that costs less than reading them.

        The frames from then on are the same, at the same times, as if those had been read; only the indices leave them
        out. Call it right after :meth:`open`.

        Raises:
            SourceError: reading failed for good.
        """

    @abstractmethod
    def close(self) -> None:
        """Release the device or file. Never raises."""

    def hurry(self) -> None:  # noqa: B027 - most sources do nothing that takes long
        """Stop slow work, such as copying what is to be read, because the source will be closed. For any thread."""

    @property
    @abstractmethod
    def status(self) -> SourceStatus:
        """What the source is doing now."""

    @property
    def ended(self) -> bool:
        """Whether every frame has been read."""
        return self.status.state is SourceState.ENDED

    @property
    def losses(self) -> str | None:
        """What could not be read (damaged or missing frames), as sentences; ``None`` if everything was."""
        return None

    def losses_within(self, start_s: float, end_s: float | None) -> str | None:
        """The same for the part between two times, in seconds (``None``: up to the end), as far as the source knows."""
        return self.losses if end_s is None else None

    @property
    def reconnects(self) -> int:
        """How often a device was reopened since :meth:`open`."""
        return 0

    def __enter__(self) -> Self:
        """Return the source; calling ``open`` is up to the caller."""
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Close."""
        self.close()


class StatefulSource(Source):
    """A source that only ever is closed, running or ended."""

    def __init__(self) -> None:
        self._status = SourceStatus(SourceState.CLOSED)

    @property
    def status(self) -> SourceStatus:
        """Closed, running or ended."""
        return self._status

    def _mark_closed(self) -> None:
        """Note that it is closed; one that has ended stays so."""
        if self._status.state is not SourceState.ENDED:
            self._status = SourceStatus(SourceState.CLOSED)


class SeekableSource(Source):
    """A source with a beginning and an end that supports seeking."""

    can_pass_over = False
    """Whether :meth:`pass_over` skips anything."""

    def pass_over(self, time_s: float) -> None:
        """Skip, at little cost, the frames that end before ``time_s`` (seconds, as in the times of frames).

        The indices of the frames continue without a gap. Call it, while open, from the thread that reads.

        Raises:
            SourceError: reading failed for good.
        """

    @abstractmethod
    def seek(self, time_s: float) -> None:
        """Continue with the frame that is shown at ``time_s`` (seconds after the first frame), even after the end.

        A time before the first frame means the first, one after the last the last. Indices keep rising; the times
        of the frames are those of the new position. Call it, while open, from the thread that reads.

        Raises:
            SourceError: reading failed for good.
        """
