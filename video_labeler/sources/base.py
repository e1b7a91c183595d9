"""The contract of every source."""

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
    """What a frame queue does when the labels are slower than the source; each source says which it needs."""

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
    """Open, but no frame has come for a while."""
    FROZEN = "frozen"
    """The same picture again and again, byte for byte."""
    BLACK = "black"
    """Nothing but black."""
    RECONNECTING = "reconnecting"
    """It went away, and is tried again after a pause."""
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
    """What is known of an open source; ``None`` where it does not tell.

    ``width`` and ``height`` are pixels of the frames as they are handed out (after rotation), ``rate`` is in
    frames a second (for a variable rate: the average), ``duration_s`` in seconds. ``pixel_aspect`` is the width of a
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
        # The name goes into titles, tables and files, which take no bytes that are not UTF-8.
        object.__setattr__(self, "name", proper_unicode(self.name))


def shown_aspect(pixel_aspect: Fraction | None) -> float:
    """The width of a pixel divided by its height, as far as what a source says of it makes sense, otherwise 1."""
    aspect = float(pixel_aspect) if pixel_aspect else 1.0
    return aspect if 1 / _MOST_STRETCHED <= aspect <= _MOST_STRETCHED else 1.0


class Source(ABC):
    """Frames in order, from one camera, file, stream or folder.

    One thread opens, reads and closes; ``status`` and ``losses`` may be asked from any thread at any time.
    ``close`` may be called again, and after a failed ``open``; a source that has ended stays ``ENDED`` when
    closed. After ``close``, ``open`` starts anew.
    """

    delivery: Delivery
    """What its frames need. An address may turn out to be that of a recording only when it answers."""

    @property
    def info(self) -> SourceInfo | None:
        """What is known of it at this moment; ``None``: what :meth:`open` said."""
        return None

    @abstractmethod
    def open(self) -> SourceInfo:
        """Start, and say what comes.

        A live source made with ``must_answer=True`` raises when the first try fails; otherwise only where no
        later try could succeed (a malformed address), and one that does not answer yet is a status, not an
        error.

        Raises:
            SourceError: there is nothing to read.
        """

    @abstractmethod
    def read(self, timeout_s: float = 0.5) -> Frame | None:
        """The next frame, or ``None`` where none came in about ``timeout_s`` seconds or the source has ended.

        Tell the two apart by :attr:`ended`. Indices rise by one a frame that the source delivered;
        ``time_s`` never falls.

        Raises:
            SourceError: reading failed for good.
        """

    @abstractmethod
    def close(self) -> None:
        """Let the device or file go. Never raises."""

    def hurry(self) -> None:  # noqa: B027 - most sources do nothing that takes long
        """Leave off what takes long, such as copying what is to be read: nothing more is wanted. From any thread."""

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
        """What could not be read (damaged or missing frames), for people; ``None`` where all was read."""
        return None

    def losses_within(self, start_s: float, end_s: float | None) -> str | None:
        """The same for the part between two times, in seconds (``None``: up to the end), as far as the source knows."""
        return self.losses if end_s is None else None

    @property
    def reconnects(self) -> int:
        """How often a device was opened again since :meth:`open`."""
        return 0

    def __enter__(self) -> Self:
        """Return the source as it is; ``open`` is the caller's."""
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Close."""
        self.close()


class SeekableSource(Source):
    """A source with a beginning and an end, in which any moment can be gone to."""

    can_pass_over = False
    """Whether :meth:`pass_over` leaves anything out."""

    def pass_over(self, time_s: float) -> None:
        """Leave out, at little cost, what is no longer shown at ``time_s``, seconds as of a frame that is to come.

        The indices of the frames go on without a gap. To be called, while open, by the thread that reads.

        Raises:
            SourceError: reading failed for good.
        """

    @abstractmethod
    def seek(self, time_s: float) -> None:
        """Go on with the frame that is shown at ``time_s`` (seconds after the first frame), also after the end.

        A time before the first frame is the first, one after the last is the last. Indices go on rising; the times
        of the frames are those of the new place. To be called, while open, by the thread that reads.

        Raises:
            SourceError: reading failed for good.
        """
