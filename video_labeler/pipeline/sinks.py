"""What uses labelled frames, and the queue and thread that keep a slow one from stalling the picture."""

import logging
import sys
import threading
from collections.abc import Callable
from typing import Protocol, runtime_checkable

from video_labeler.frames import LabeledFrame
from video_labeler.pipeline.frame_queue import FrameQueue, QueueClosedError
from video_labeler.sources.base import Delivery, SourceInfo

_log = logging.getLogger(__name__)

_POLL_S = 0.2

_LOOK_EVERY_S = 0.01
"""How often a sink that needs time looks whether the source is open."""

_CAPACITY = 8
"""Labelled frames waiting for a sink: bridges a slow disk for a quarter of a second."""


class Sink(Protocol):
    """Something that uses labelled frames: a recorder, a label file."""

    @property
    def name(self) -> str:
        """What it is called in statistics and messages."""
        ...

    def open(self, info: SourceInfo) -> None:
        """Get ready for frames of that source."""
        ...

    def write(self, labeled: LabeledFrame) -> None:
        """Use one frame. Called from the sink's own thread, in order."""
        ...

    def close(self, *, completed: bool) -> None:
        """Finish; ``completed`` is false when the pipeline failed."""
        ...


@runtime_checkable
class PreparedSink(Sink, Protocol):
    """A sink that takes long to get ready."""

    def prepare(self, info: SourceInfo) -> None:
        """Do what takes long. Called from the sink's own thread once the source is open, before any frame is taken.

        What a live source delivers meanwhile is lost before the beginning, instead of in the middle. :meth:`open` may
        come without it.
        """
        ...


class SinkBranch:
    """A sink with its own queue and thread, opened at its first frame.

    ``info`` tells what the source is, ``may_complete`` whether nothing else has failed; ``on_end`` is called from
    the sink's thread once it has been closed, with what made it fail or ``None``. With ``detachable`` its end, early
    or late, is nothing that the giver need know of. ``follows`` tells that its delivery is that of the source.
    """

    def __init__(
        self,
        sink: Sink,
        delivery: Delivery,
        info: Callable[[], SourceInfo | None],
        *,
        may_complete: Callable[[], bool],
        on_end: Callable[[Exception | None], None],
        detachable: bool = False,
        follows: bool = True,
    ) -> None:
        self.sink = sink
        self._queue: FrameQueue[LabeledFrame] = FrameQueue(
            delivery, _CAPACITY, lambda labeled: labeled.frame.image.nbytes
        )
        self._info = info
        self._may_complete = may_complete
        self._on_end = on_end
        self._detachable = detachable
        self._follows = follows
        self._ending = threading.Event()
        self.thread = threading.Thread(target=self._run, name=sink.name, daemon=True)

    @property
    def dropped(self) -> int:
        """Frames that the sink was too slow for."""
        return self._queue.dropped

    def follow(self, delivery: Delivery) -> None:
        """The source's frames need another delivery from now on."""
        if self._follows:
            self._queue.change(delivery, _CAPACITY)

    def give(self, labeled: LabeledFrame) -> None:
        """Hand over a frame; for files, wait for room.

        Raises:
            QueueClosedError: the sink has ended, and is not detachable.
        """
        try:
            self._queue.give(labeled)
        except QueueClosedError:
            if not self._detachable:
                raise

    def close(self) -> None:
        """Let the sink finish what it has been given."""
        self._ending.set()
        self._queue.close()

    def discard(self) -> None:
        """Let the sink end without what waits; a detachable one still writes that."""
        self._ending.set()
        if self._detachable:
            self._queue.close()
        else:
            self._queue.discard()

    def _run(self) -> None:
        failure: Exception | None = None
        try:
            self._drain()
        except Exception as error:  # noqa: BLE001 - handed to whoever waits for the end
            _log.debug("%s failed", self.sink.name, exc_info=error)
            failure = error
        try:
            # First, so that whoever finds the queue closed can be told why.
            self._on_end(failure)
        finally:
            self._queue.discard()

    def _prepare(self) -> None:
        if not isinstance(self.sink, PreparedSink):
            return
        while (info := self._info()) is None:
            if self._ending.wait(_LOOK_EVERY_S):
                return
        self.sink.prepare(info)

    def _drain(self) -> None:
        opened = False
        self._prepare()
        try:
            while (labeled := self._next()) is not None:
                if not opened:
                    self.sink.open(self._info() or SourceInfo(name=""))
                    opened = True
                self.sink.write(labeled)
        finally:
            if opened:
                self.sink.close(completed=self._may_complete() and sys.exception() is None)

    def _next(self) -> LabeledFrame | None:
        """The next frame, or ``None`` at the end."""
        labeled = None
        try:
            while labeled is None:
                labeled = self._queue.take(_POLL_S)
        except QueueClosedError:
            return None
        return labeled
