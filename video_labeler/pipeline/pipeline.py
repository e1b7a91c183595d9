"""The threads: a source is read, its frames are labelled, and every sink receives the result.

::

    source ──Frame──> FrameQueue ──> labelling worker ──LabeledFrame──> FrameQueue ──> sink   (one thread each)
    (capture thread)

The first failure of any thread is kept, stops the others, and is raised in :meth:`Pipeline.wait`. A failing sink that
was attached while the pipeline runs affects nothing else.
"""

import logging
import math
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from types import TracebackType
from typing import Protocol, Self

from video_labeler.errors import SourceError
from video_labeler.frames import Frame, LabeledFrame, StageTimes
from video_labeler.pipeline.frame_queue import FrameQueue, QueueClosedError
from video_labeler.pipeline.sinks import Sink, SinkBranch
from video_labeler.pipeline.stats import Drops, LatencyMeter, RateMeter, Statistics
from video_labeler.sources.base import Delivery, Source, SourceInfo, SourceStatus

__all__ = ["FrameLabeler", "Pipeline", "Sink"]

_log = logging.getLogger(__name__)

_POLL_S = 0.2
"""How often a waiting thread checks the stop flag; stopping takes about as long."""

_STOP_LIMIT_S = 0.9
"""How long a stop waits for threads. One that hangs in a driver for longer releases its device by itself later."""

_READ_AHEAD = 4
"""Frames decoded ahead for files: evens out key frames without holding much memory."""


class FrameLabeler(Protocol):
    """Turns frames into labelled ones; may keep state of earlier frames, and hold some back."""

    def label(self, frame: Frame) -> Sequence[LabeledFrame]:
        """The frames that are labelled by now, in order: ``frame`` is the last of them, or comes later."""
        ...

    def finish(self) -> Sequence[LabeledFrame]:
        """What was held back, at the end."""
        ...

    def close(self) -> None:
        """Release the models."""
        ...


class Pipeline:
    """Runs a source through a labeler into sinks, until the source ends or :meth:`stop`.

    The labeler is made by ``make_labeler`` inside the labelling thread, so that a live picture need not wait for
    models to load. ``delivery`` asks for another policy than the source's own, ``read_ahead`` for another number of
    frames decoded ahead. ``wait_for_turn`` may delay the labelling thread before each frame is taken, so that no frame
    ages meanwhile. :attr:`latest` and :attr:`newest` are for a window that pulls on a timer.
    """

    def __init__(
        self,
        source: Source,
        make_labeler: Callable[[], FrameLabeler],
        sinks: Sequence[Sink] = (),
        delivery: Delivery | None = None,
        read_ahead: int = _READ_AHEAD,
        wait_for_turn: Callable[[], None] | None = None,
    ) -> None:
        self._source = source
        self._make_labeler = make_labeler
        self._asked_delivery = delivery
        self._read_ahead = read_ahead
        self._wait_for_turn = wait_for_turn
        self._delivery = delivery or source.delivery
        self._frames: FrameQueue[Frame] = FrameQueue(self._delivery, self._capacity, lambda frame: frame.pixels.nbytes)
        self._branches = tuple(map(self._permanent, sinks))
        self._stopping = threading.Event()
        self._info: SourceInfo | None = None
        self._error: Exception | None = None
        self._lock = threading.Lock()
        self._closed_to_sinks = False
        self._latest: LabeledFrame | None = None
        self._newest: Frame | None = None
        self._captured = 0
        self._labelled = 0
        self._newest_s = -math.inf
        self._capture_rate = RateMeter()
        self._labelling_rate = RateMeter()
        self._latency = LatencyMeter()
        self._reading = self._thread("capture", self._capture)
        self._writing = tuple(branch.thread for branch in self._branches)
        self._threads = [self._reading, self._thread("labelling", self._work), *self._writing]

    def start(self) -> None:
        """Start the threads."""
        for thread in self._threads:
            thread.start()

    def attach(self, sink: Sink, on_end: Callable[[Exception | None], None], delivery: Delivery | None = None) -> None:
        """Give a sink all frames labelled from now on, until :meth:`detach` or the end.

        Its failure ends only itself. ``on_end`` is called from its thread once it is closed, with what made it fail or
        ``None``; soon, if everything has ended already. With another ``delivery`` than the source's own, a slow
        sink of a file loses frames instead of slowing the labelling down. The pipeline must have been started.
        """

        def ended(failure: Exception | None) -> None:
            if failure is not None:
                # It may hold an encoder, which must not stay open as long as the source.
                self.detach(sink)
            on_end(failure)

        branch = SinkBranch(
            sink,
            delivery or self._delivery,
            lambda: self._info,
            may_complete=lambda: True,
            on_end=ended,
            detachable=True,
            follows=delivery is None,
        )
        with self._lock:
            self._branches = (*self._branches, branch)
            if delivery is None:
                branch.follow(self._delivery)
            self._threads = [*(thread for thread in self._threads if thread.is_alive()), branch.thread]
            if self._closed_to_sinks:
                branch.close()
            branch.thread.start()

    def detach(self, sink: Sink) -> None:
        """Let an attached sink finish what it has been given. Returns at once."""
        with self._lock:
            leaving = [branch for branch in self._branches if branch.sink is sink]
            self._branches = tuple(branch for branch in self._branches if branch.sink is not sink)
        for branch in leaving:
            branch.close()

    def stop(self, limit_s: float = _STOP_LIMIT_S) -> None:
        """End early: read nothing more, and let the sinks finish what was labelled.

        Waits at most ``limit_s`` seconds for source and labeler; a thread that hangs in a driver releases
        its device by itself later. Waits for the sinks that the pipeline was made with as long as they take; one
        that was attached is told to finish, and reports its end by itself.
        """
        self._stopping.set()
        self._source.hurry()
        deadline = time.monotonic() + limit_s
        for thread in self._threads:
            if thread.ident is not None and thread not in self._writing:
                thread.join(max(0.0, deadline - time.monotonic()))
        left = [thread.name for thread in self._threads if thread.is_alive() and thread not in self._writing]
        if left:
            _log.warning("Still busy after the stop: %s", ", ".join(left))
        # Even if the labeler hangs.
        self._close_branches()
        for thread in self._writing:
            # Waiting in short steps keeps Ctrl-C working on every platform.
            while thread.is_alive():
                thread.join(_POLL_S)

    def finish(self) -> None:
        """End early like :meth:`stop`, but label and write all that was read; only a device that hangs is given up.

        Raises:
            VideoLabelerError: as in :meth:`wait`.
        """
        self._stopping.set()
        self._source.hurry()
        deadline = time.monotonic() + _STOP_LIMIT_S
        for thread in self._threads:
            while thread.is_alive() and (thread is not self._reading or time.monotonic() < deadline):
                thread.join(_POLL_S)
        if self._error is not None:
            raise self._error

    def wait(self, timeout_s: float | None = None) -> bool:
        """Wait until everything has ended; false where that took longer than ``timeout_s`` seconds.

        Raises:
            VideoLabelerError: whatever made a thread fail first; other exceptions as they were.
        """
        deadline = None if timeout_s is None else time.monotonic() + timeout_s
        for thread in self._threads:
            # Waiting in short steps keeps Ctrl-C working on every platform.
            while thread.is_alive() and (deadline is None or time.monotonic() < deadline):
                remaining = _POLL_S if deadline is None else min(_POLL_S, deadline - time.monotonic())
                thread.join(max(0.0, remaining))
        if self._error is not None:
            raise self._error
        return not self.running

    @property
    def running(self) -> bool:
        """Whether any thread is running."""
        return any(thread.is_alive() for thread in self._threads)

    @property
    def error(self) -> Exception | None:
        """What made a thread fail first, if any did."""
        return self._error

    @property
    def info(self) -> SourceInfo | None:
        """What the source delivers, once it is open."""
        return self._info

    @property
    def delivery(self) -> Delivery:
        """What happens to frames that come faster than they are labelled."""
        return self._delivery

    @property
    def status(self) -> SourceStatus:
        """What the source is doing now."""
        return self._source.status

    @property
    def losses(self) -> str | None:
        """What of the source could not be read, for people; ``None`` where all was."""
        return self._source.losses

    @property
    def latest(self) -> LabeledFrame | None:
        """The newest labelled frame."""
        return self._latest

    @property
    def newest(self) -> Frame | None:
        """The newest captured frame, labelled or not."""
        return self._newest

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
                sinks=tuple((branch.sink.name, branch.dropped) for branch in self._branches),
            ),
            reconnects=self._source.reconnects,
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

    def _permanent(self, sink: Sink) -> SinkBranch:
        """A branch whose failure is that of the pipeline."""
        return SinkBranch(
            sink,
            self._delivery,
            lambda: self._info,
            may_complete=lambda: self._error is None,
            on_end=lambda failure: None if failure is None else self._fail(failure),
        )

    def _thread(self, name: str, run: Callable[[], None]) -> threading.Thread:
        return threading.Thread(target=self._guarded, args=(run,), name=name, daemon=True)

    def _guarded(self, run: Callable[[], None]) -> None:
        try:
            run()
        except QueueClosedError:
            # The other side has failed, and has reported why.
            _log.debug("%s ended with the other side of its queue", threading.current_thread().name)
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
            branch.discard()

    def _capture(self) -> None:
        try:
            self._info = self._opened()
            while not self._stopping.is_set():
                frame = self._source.read(_POLL_S)
                self._follow_source()
                if frame is not None:
                    self._newest = frame
                    self._captured += 1
                    self._capture_rate.tick()
                    self._frames.give(frame)
                elif self._source.ended:
                    break
        finally:
            self._frames.close()
            self._source.close()

    def _opened(self) -> SourceInfo | None:
        try:
            return self._source.open()
        except SourceError:
            # Whoever stopped it in the meantime need not be told.
            if self._stopping.is_set():
                return None
            raise

    @property
    def _capacity(self) -> int:
        """How many frames may wait to be labelled."""
        return self._read_ahead if self._delivery is Delivery.EVERY_FRAME else 1

    def _follow_source(self) -> None:
        """Apply what a source knows about itself only once it has answered."""
        self._info = self._source.info or self._info
        delivery = self._asked_delivery or self._source.delivery
        if delivery is self._delivery:
            return
        with self._lock:
            self._delivery = delivery
            branches = self._branches
        self._frames.change(delivery, self._capacity)
        for branch in branches:
            branch.follow(delivery)

    def _work(self) -> None:
        labeler: FrameLabeler | None = None
        dequeued_s: deque[float] = deque()
        try:
            labeler = self._make_labeler()
            while (frame := self._next_frame()) is not None:
                dequeued_s.append(time.monotonic())
                self._hand_out(labeler.label(frame), dequeued_s)
            self._hand_out(labeler.finish(), dequeued_s)
        finally:
            self._close_branches()
            if labeler is not None:
                labeler.close()

    def _hand_out(self, frames: Sequence[LabeledFrame], dequeued_s: deque[float]) -> None:
        labelled_s = time.monotonic()
        for unstamped in frames:
            captured_s = unstamped.frame.captured_s
            labeled = replace(unstamped, times=StageTimes(captured_s, dequeued_s.popleft(), labelled_s))
            self._latest = labeled
            self._labelled += 1
            self._labelling_rate.tick()
            if captured_s > self._newest_s:
                # A repeated picture is old, which says nothing about the latency of labelling.
                self._newest_s = captured_s
                self._latency.add(labelled_s - captured_s)
            for branch in self._branches:
                branch.give(labeled)

    def _close_branches(self) -> None:
        with self._lock:
            self._closed_to_sinks = True
            branches = self._branches
        for branch in branches:
            branch.close()

    def _next_frame(self) -> Frame | None:
        """The next frame, or ``None`` at the end, and after a stop even where the source hangs."""
        if self._wait_for_turn is not None:
            self._wait_for_turn()
        while True:
            try:
                frame = self._frames.take(_POLL_S)
            except QueueClosedError:
                return None
            if frame is not None or self._stopping.is_set():
                return frame
