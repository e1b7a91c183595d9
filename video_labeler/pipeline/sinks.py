"""Sinks of labelled frames, each with a queue and a thread, so that a slow one never stalls the picture."""

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
"""How often a sink that needs preparation checks whether the source is open."""

_CAPACITY = 8
"""Labelled frames that may wait for a sink: bridges a slow disk for a quarter of a second."""


class Sink(Protocol):
    """Something that uses labelled frames: a recorder, a label file."""

    @property
    def name(self) -> str:
        """Its name in statistics and messages."""
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
    """A sink that takes long to prepare."""

    def prepare(self, info: SourceInfo) -> None:
        """Do slow preparation. Called from the sink's own thread once the source is open, before any frame is taken.

        Frames of a live source are then lost at the beginning rather than in the middle. :meth:`open` may
        be called without it.
        """
        ...


class SinkBranch:
    """A sink with its own queue and thread, opened at its first frame.

    ``info`` tells what the source is, ``may_complete`` whether nothing else has failed; ``on_end`` is called from
    the sink's thread once it has been closed, with what made it fail or ``None``. With ``detachable`` its end, early
    or late, does not concern the producer. ``follows``: its delivery is that of the source.
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
            delivery, _CAPACITY, lambda labeled: labeled.frame.pixels.nbytes
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
        """Switch to another delivery, as the source's frames need it."""
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
        """Let the sink end without the waiting frames; a detachable one still writes them."""
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
            # First, so that whoever finds the queue closed can learn why.
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
