"""The threads: a source is read, its frames are labelled, and every sink receives the result.

::

    source ──Frame──> FrameQueue ──> labelling worker ──LabeledFrame──> FrameQueue ──> sink   (one thread each)
    (capture thread)

The first failure of any thread is kept, stops the others, and is raised to whoever waits.
"""

import logging
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from types import TracebackType
from typing import Protocol, Self, TypeVar

from video_labeler.frame_queue import FrameQueue, QueueClosedError
from video_labeler.frames import Frame, LabeledFrame, StageTimes
from video_labeler.sources.base import Delivery, Source, SourceInfo, SourceStatus
from video_labeler.stats import Drops, LatencyMeter, RateMeter, Statistics

_log = logging.getLogger(__name__)

T = TypeVar("T")

_POLL_S = 0.2
"""How often a waiting thread looks at the stop flag; stopping takes about as long."""

_STOP_LIMIT_S = 0.9
"""How long a stop waits for threads. One that hangs in a driver beyond this lets go of its device by itself later."""

_READ_AHEAD = 4
"""Frames decoded ahead for files: evens out key frames without holding much memory."""

_SINK_CAPACITY = 8
"""Labelled frames waiting for a sink: bridges a slow disk for a quarter of a second."""


class FrameLabeler(Protocol):
    """Turns a frame into a labelled one; may remember earlier frames."""

    def label(self, frame: Frame) -> LabeledFrame:
        """Find and name what ``frame`` shows."""
        ...

    def close(self) -> None:
        """Let the models go."""
        ...


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


class Pipeline:
    """Runs a source through a labeler into sinks, until the source ends or :meth:`stop`.

    The labeler is made by ``make_labeler`` inside the labelling thread, so that a live picture need not wait for
    models to load. ``delivery`` asks for another policy than the source's own. :attr:`latest` is for a window that
    pulls on a timer.
    """

    def __init__(
        self,
        source: Source,
        make_labeler: Callable[[], FrameLabeler],
        sinks: Sequence[Sink] = (),
        delivery: Delivery | None = None,
    ) -> None:
        self._source = source
        self._make_labeler = make_labeler
        delivery = delivery or source.delivery
        waits = delivery is Delivery.EVERY_FRAME
        self._frames: FrameQueue[Frame] = FrameQueue(delivery, _READ_AHEAD if waits else 1)
        self._branches = [_Branch(sink, delivery) for sink in sinks]
        self._stopping = threading.Event()
        self._info: SourceInfo | None = None
        self._error: Exception | None = None
        self._lock = threading.Lock()
        self._latest: LabeledFrame | None = None
        self._captured = 0
        self._labelled = 0
        self._capture_rate = RateMeter()
        self._labelling_rate = RateMeter()
        self._latency = LatencyMeter()
        self._threads = [
            self._thread("capture", self._capture),
            self._thread("labelling", self._work),
            *(self._thread(branch.sink.name, partial(self._drain, branch)) for branch in self._branches),
        ]

    def start(self) -> None:
        """Start the threads."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """End early: read nothing more, let the sinks finish what was labelled.

        Returns in under a second; a thread that hangs in a driver lets go of its device by itself later.
        """
        self._stopping.set()
        deadline = time.monotonic() + _STOP_LIMIT_S
        for thread in self._threads:
            if thread.ident is not None:
                thread.join(max(0.0, deadline - time.monotonic()))
        left = [thread.name for thread in self._threads if thread.is_alive()]
        if left:
            _log.warning("Still busy after the stop: %s", ", ".join(left))

    def finish(self) -> None:
        """End early like :meth:`stop`, but wait until the sinks have written all that was labelled.

        Raises:
            VideoLabelerError: as in :meth:`wait`.
        """
        self._stopping.set()
        self.wait()

    def wait(self, timeout_s: float | None = None) -> bool:
        """Wait until everything has ended; false where that took longer than ``timeout_s`` seconds.

        Raises:
            VideoLabelerError: whatever made a thread fail first; other exceptions as they were.
        """
        deadline = None if timeout_s is None else time.monotonic() + timeout_s
        for thread in self._threads:
            # Waiting in short turns keeps Ctrl-C working on every platform.
            while thread.is_alive() and (deadline is None or time.monotonic() < deadline):
                remaining = _POLL_S if deadline is None else min(_POLL_S, deadline - time.monotonic())
                thread.join(max(0.0, remaining))
        if self._error is not None:
            raise self._error
        return not self.running

    @property
    def running(self) -> bool:
        """Whether any thread is at work."""
        return any(thread.is_alive() for thread in self._threads)

    @property
    def error(self) -> Exception | None:
        """What made a thread fail first, if any did."""
        return self._error

    @property
    def info(self) -> SourceInfo | None:
        """What comes, once the source is open."""
        return self._info

    @property
    def status(self) -> SourceStatus:
        """What the source is doing now."""
        return self._source.status

    @property
    def latest(self) -> LabeledFrame | None:
        """The newest labelled frame."""
        return self._latest

    @property
    def statistics(self) -> Statistics:
        """Counts, rates, latencies and drops at this moment."""
        return Statistics(
            captured=self._captured,
            labelled=self._labelled,
            capture_rate=self._capture_rate.rate,
            labelling_rate=self._labelling_rate.rate,
            latency_median_s=self._latency.quantile(0.5),
            latency_p95_s=self._latency.quantile(0.95),
            drops=Drops(
                labelling=self._frames.dropped,
                sinks=tuple((branch.sink.name, branch.queue.dropped) for branch in self._branches),
            ),
        )

    def __enter__(self) -> Self:
        """Start."""
        self.start()
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Stop."""
        self.stop()

    def _thread(self, name: str, run: Callable[[], None]) -> threading.Thread:
        return threading.Thread(target=self._guarded, args=(run,), name=name, daemon=True)

    def _guarded(self, run: Callable[[], None]) -> None:
        try:
            run()
        except QueueClosedError:
            # The other side has failed, and has said why.
            _log.debug("%s ended with its neighbour", threading.current_thread().name)
        except Exception as error:  # noqa: BLE001 - kept here, raised in wait()
            self._fail(error)

    def _fail(self, error: Exception) -> None:
        with self._lock:
            if self._error is None:
                self._error = error
        _log.debug("%s failed", threading.current_thread().name, exc_info=error)
        self._stopping.set()
        self._frames.discard()
        for branch in self._branches:
            branch.queue.discard()

    def _capture(self) -> None:
        try:
            self._info = self._source.open()
            while not self._stopping.is_set():
                frame = self._source.read(_POLL_S)
                if frame is not None:
                    self._captured += 1
                    self._capture_rate.tick()
                    self._frames.give(frame)
                elif self._source.ended:
                    break
        finally:
            self._frames.close()
            self._source.close()

    def _work(self) -> None:
        labeler = self._make_labeler()
        try:
            while True:
                frame = self._take(self._frames)
                if frame is None:
                    break
                dequeued_s = time.monotonic()
                labeled = labeler.label(frame)
                labelled_s = time.monotonic()
                labeled = replace(labeled, times=StageTimes(frame.captured_s, dequeued_s, labelled_s))
                self._latest = labeled
                self._labelled += 1
                self._labelling_rate.tick()
                self._latency.add(labelled_s - frame.captured_s)
                for branch in self._branches:
                    branch.queue.give(labeled)
        finally:
            for branch in self._branches:
                branch.queue.close()
            labeler.close()

    def _drain(self, branch: "_Branch") -> None:
        opened = False
        try:
            while True:
                labeled = self._take(branch.queue)
                if labeled is None:
                    break
                if not opened:
                    branch.sink.open(self._info or SourceInfo(name=""))
                    opened = True
                branch.sink.write(labeled)
        finally:
            if opened:
                branch.sink.close(completed=self._error is None and sys.exception() is None)

    @staticmethod
    def _take(queue: FrameQueue[T]) -> T | None:
        """The next item, or ``None`` at the end."""
        try:
            item = None
            while item is None:
                item = queue.take(_POLL_S)
        except QueueClosedError:
            return None
        return item


class _Branch:
    """A sink with its own queue, so that a slow one never stalls the picture."""

    def __init__(self, sink: Sink, delivery: Delivery) -> None:
        self.sink = sink
        self.queue: FrameQueue[LabeledFrame] = FrameQueue(delivery, _SINK_CAPACITY)
