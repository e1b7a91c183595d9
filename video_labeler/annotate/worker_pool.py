"""The worker processes of a batch, as seen from the program: started, given work, listened to and ended."""

import logging
import pickle
import queue
import signal
import subprocess
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import psutil

from video_labeler.annotate.annotation import AnnotateResult, Progress
from video_labeler.annotate.work import Failure, ModelFacts, Work
from video_labeler.annotate.worker_messages import Answer, Start, parse
from video_labeler.errors import VideoLabelerError
from video_labeler.system.capacity import free_memory_bytes
from video_labeler.system.python_child import apart, python_command, python_environment

_log = logging.getLogger(__name__)

_LONGEST_ANSWER = 64_000_000
"""Bytes; the summary of hours with hundreds of labels has some kilobytes."""
_GONE_WITHIN_S = 2.0
"""How long to wait for a killed process, which a driver may still hold."""

_LOOK_EVERY_S = 0.5

_NOT_STARTED = "No process can be started for annotating"

_LEAST_BYTES = 400_000_000
"""What a worker takes for an ordinary video."""
_SHARE_LEFT = 1.25
"""How much more than what the largest worker takes must be free before another one is started."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a worker says about the input with that number."""

    number: int
    answer: Progress | AnnotateResult | Failure


@dataclass(frozen=True, slots=True)
class Lost:
    """A worker ended while it had the input with that number; ``how`` tells people."""

    number: int
    how: str


class _Worker:
    """One process, and the number of the input that it has."""

    def __init__(self, start: Start, events: "queue.SimpleQueue[tuple[_Worker, Answer | None]]") -> None:
        self.number: int | None = None
        self.is_ready = False
        self._events = events
        self.process = subprocess.Popen(
            python_command("video_labeler.annotate.worker"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=python_environment(),
            **apart(),
        )
        self._thread = threading.Thread(target=self._listen, name=f"worker {self.process.pid}", daemon=True)
        self._thread.start()
        self.ask(start)

    def ask(self, request: Start | Work) -> None:
        """Send a request; that the process has ended is told otherwise."""
        assert self.process.stdin is not None
        with suppress(OSError, ValueError):
            self.process.stdin.write(pickle.dumps(request))
            self.process.stdin.flush()

    def finish(self) -> None:
        """Have it end early, and keep what is done."""
        assert self.process.stdin is not None
        with suppress(OSError, ValueError):
            self.process.stdin.close()

    def kill(self) -> None:
        """End it at once, with the processes that it has started."""
        family: list[psutil.Process | subprocess.Popen[bytes]] = [self.process]
        with suppress(psutil.Error, OSError):
            family += psutil.Process(self.process.pid).children(recursive=True)
        for process in family:
            with suppress(psutil.Error, OSError):
                process.kill()

    def wait(self) -> None:
        """Wait until it is gone, but not for ever."""
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(_GONE_WITHIN_S)
        self.finish()
        self._thread.join(_GONE_WITHIN_S)

    def memory_bytes(self) -> int:
        """What it takes, with the processes that it has started."""
        total = 0
        with suppress(psutil.Error, OSError):
            process = psutil.Process(self.process.pid)
            for each in (process, *process.children(recursive=True)):
                total += int(each.memory_info().rss)
        return total

    def ending(self) -> str:
        """How it ended, for people."""
        code = self.process.returncode
        if code is not None and code < 0:
            try:
                name = signal.Signals(-code).name
            except ValueError:
                name = f"signal {-code}"
            return f"was ended by {name}"
        return f"ended unexpectedly (exit code {code})"

    def _listen(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as stream, suppress(OSError, ValueError):
            while line := stream.readline(_LONGEST_ANSWER):
                answer = parse(line)
                if answer is not None:
                    self._events.put((self, answer))
        self.process.wait()
        self._events.put((self, None))


class WorkerPool:
    """At most ``most`` workers, started one by one as they are needed and as far as memory goes."""

    def __init__(self, start: Start, most: int) -> None:
        self._start = start
        self._most = most
        self._events: queue.SimpleQueue[tuple[_Worker, Answer | None]] = queue.SimpleQueue()
        self._workers: list[_Worker] = []
        self._largest_bytes = 0
        self._has_enough = True
        self._looked_until_s = 0.0

    def __enter__(self) -> Self:
        """Nothing is started yet."""
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """End all that run, at once; those that wait have nothing to lose."""
        self.kill()

    def open(self) -> ModelFacts:
        """Start the first worker, and wait until its models are loaded.

        Raises:
            VideoLabelerError: they cannot be.
        """
        try:
            worker = self._begin()
        except OSError as error:
            raise VideoLabelerError(f"{_NOT_STARTED} ({error.strerror or error}). Try --jobs 1.") from error
        while True:
            try:
                _, answer = self._events.get(timeout=_LOOK_EVERY_S)
            except queue.Empty:
                # Only where waiting has an end does Windows notice Ctrl-C.
                continue
            match answer:
                case ModelFacts():
                    worker.is_ready = True
                    return answer
                case Failure(sentence, kind):
                    raise kind(sentence)
                case None:
                    raise VideoLabelerError(f"The process that annotates {worker.ending()} while it loaded the models.")

    @property
    def is_busy(self) -> bool:
        """Whether a worker has an input."""
        return any(worker.number is not None for worker in self._workers)

    @property
    def is_gone(self) -> bool:
        """Whether there are no workers, and none can be started."""
        return not self._workers and self._most == 0

    def has_room(self) -> bool:
        """Whether a worker waits for an input, and there is memory for it; starts another one where it makes sense."""
        idle = self._idle()
        may_grow = len(self._workers) < self._most and all(worker.is_ready for worker in self._workers)
        if not (idle or may_grow) or not self._has_memory(idle):
            return False
        if idle is None:
            try:
                self._begin()
            except OSError as error:
                _log.info("No further worker can be started: %s", error)
                self._most = len(self._workers)
        return idle is not None

    def give(self, number: int, work: Work) -> None:
        """Have a worker that waits annotate an input; what it says carries ``number``."""
        worker = self._idle()
        assert worker is not None, "there is room"
        worker.number = number
        self._looked_until_s = 0.0
        worker.ask(work)

    def next_event(self, timeout_s: float) -> Said | Lost | None:
        """Wait for what the workers say; ``None`` if it is nothing, or nothing about an input."""
        try:
            worker, answer = self._events.get(timeout=timeout_s)
        except queue.Empty:
            return None
        number = worker.number
        match answer:
            case None:
                self._workers.remove(worker)
                worker.finish()
                if not worker.is_ready:
                    # Its models could not be loaded: the others go on without another one.
                    _log.info("A worker %s before it was ready", worker.ending())
                    self._most = len(self._workers)
                return None if number is None else Lost(number, worker.ending())
            case ModelFacts():
                worker.is_ready = True
            case Progress() if number is not None:
                return Said(number, answer)
            case AnnotateResult() | Failure() if number is not None:
                worker.number = None
                return Said(number, answer)
        return None

    def finish(self) -> None:
        """Have all workers end early, and keep what is done."""
        for worker in self._workers:
            worker.finish()

    def kill(self) -> None:
        """End all workers at once."""
        for worker in self._workers:
            worker.kill()
        for worker in self._workers:
            worker.wait()
        self._workers.clear()

    def _begin(self) -> _Worker:
        worker = _Worker(self._start, self._events)
        self._workers.append(worker)
        return worker

    def _idle(self) -> _Worker | None:
        return next((worker for worker in self._workers if worker.is_ready and worker.number is None), None)

    def _has_memory(self, idle: _Worker | None) -> bool:
        """Whether there is memory for one more input, which the worker ``idle`` would take; always for the first."""
        busy = [worker for worker in self._workers if worker.number is not None]
        if not busy:
            return True
        now_s = time.monotonic()
        if now_s < self._looked_until_s:
            return self._has_enough
        self._largest_bytes = max(self._largest_bytes, *(worker.memory_bytes() for worker in busy))
        wanted = max(_LEAST_BYTES, round(_SHARE_LEFT * self._largest_bytes))
        self._has_enough = free_memory_bytes() >= wanted - (idle.memory_bytes() if idle else 0)
        self._looked_until_s = now_s + _LOOK_EVERY_S
        return self._has_enough
