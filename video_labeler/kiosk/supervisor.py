"""Keeps a kiosk going: starts it, watches its heartbeats, and restarts it after any failure."""

import logging
import queue
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress

from video_labeler.kiosk.day_book import DayBook
from video_labeler.kiosk.failure import Failure, FailureKind, of_exit, of_refused_start
from video_labeler.kiosk.heartbeat import Beat, Leave, Message, Ready
from video_labeler.kiosk.restart_plan import RestartPlan
from video_labeler.kiosk.running_child import Exited, RunningChild, Said
from video_labeler.kiosk.vital_signs import Limits, VitalSigns
from video_labeler.text.shown import shown

_log = logging.getLogger(__name__)

_LOOK_EVERY_S = 0.1
_AFTER_MISTAKE_S = 0.5
"""A pause, so that an error in every step does not fill the log."""

_MOST_WAITING = 32
_FLOOD_PAUSE_S = 0.01
"""A child that sends too many messages has to wait: at most a few MB are queued."""

Process = subprocess.Popen[bytes]


def clock_through_sleep() -> float:
    """Seconds on a clock that also runs while the computer is suspended, if the system has one, and is never set."""
    for name in ("CLOCK_BOOTTIME", "CLOCK_MONOTONIC"):
        if hasattr(time, name):
            return time.clock_gettime(getattr(time, name))
    return time.monotonic()


class AwakeClock:
    """Counts the seconds in which this process was awake. Read it several times per second, from one thread.

    A reading more than ``late_s`` after the previous one is late because the computer was suspended, or had
    no time for this process: all of that time is left out, and :attr:`missed_wakeups` counts it.
    """

    def __init__(self, late_s: float, clock: Callable[[], float] = clock_through_sleep) -> None:
        self.missed_wakeups = 0
        self._late_s = late_s
        self._clock = clock
        self._read_s = clock()
        self._left_out_s = self._read_s

    def read(self) -> float:
        """Seconds since the clock was created."""
        now_s = self._clock()
        gap_s, self._read_s = now_s - self._read_s, now_s
        if gap_s > self._late_s:
            self._left_out_s += gap_s
            self.missed_wakeups += 1
        return now_s - self._left_out_s


class Supervisor:
    """Runs a kiosk in a child process, one at a time; :meth:`run` is for one thread, :meth:`stop` for any.

    ``start_child`` starts it, ``start_card`` a static card with the reason for its absence; both with pipes on the
    three standard streams. ``on_up`` is called whenever a kiosk has its picture on the screen, with the wall clock's
    time of its start (seconds).
    """

    def __init__(
        self,
        start_child: Callable[[], Process],
        start_card: Callable[[str], Process],
        book: DayBook,
        limits: Limits,
        clock: Callable[[], float] = clock_through_sleep,
        on_up: Callable[[float], None] = lambda _: None,
    ) -> None:
        self._start_child = start_child
        self._start_card = start_card
        self._book = book
        self._limits = limits
        self._clock = AwakeClock(limits.late_s, clock)
        self._missed_wakeups = 0
        self._on_up = on_up
        self._plan = RestartPlan()
        self._events: queue.SimpleQueue[Said | Exited | None] = queue.SimpleQueue()
        self._child: RunningChild | None = None
        self._card: RunningChild | None = None
        self._signs = VitalSigns(limits, 0.0)
        self._failure: Failure | None = None
        self._start_s = 0.0
        self._started_at = 0.0
        self._down_since_s: float | None = None
        self._stopping = False
        self._has_ended = False

    def run(self) -> int:
        """Keep the kiosk going until the staff ends it or :meth:`stop` is called, and return the exit code."""
        try:
            while not (self._stopping and self._child is None and self._card is None):
                self._turn()
        finally:
            self._has_ended = True
            self._end_at_once(self._child, self._card)
            self._book.close()
        return 0

    def stop(self) -> None:
        """End the kiosk, gracefully at first; may be called from a signal handler."""
        self._stopping = True
        self._events.put(None)

    def _report(self, event: Said | Exited) -> None:
        """Queue an event from a child's thread, which blocks if there are too many, and with it the child."""
        while self._events.qsize() >= _MOST_WAITING and not self._has_ended:
            time.sleep(_FLOOD_PAUSE_S)
        self._events.put(event)

    def _turn(self) -> None:
        try:
            self._look(self._clock.read())
            with suppress(queue.Empty):
                self._handle(self._events.get(timeout=_LOOK_EVERY_S), self._clock.read())
        except Exception:  # noqa: BLE001 - a bug in here must not end a stand
            _log.exception("The supervisor continues after this error")
            time.sleep(_AFTER_MISTAKE_S)

    @staticmethod
    def _end_at_once(*children: RunningChild | None) -> None:
        """Leave no process behind if the supervisor itself fails."""
        for child in children:
            if child is not None:
                child.end(0.0, polite_s=0.0)

    def _look(self, now_s: float) -> None:
        if self._clock.missed_wakeups != self._missed_wakeups:
            self._missed_wakeups = self._clock.missed_wakeups
            self._signs.forgive(now_s)
            _log.info("The computer was suspended or busy: the kiosk gets time to recover.")
        self._look_at_card(now_s)
        if self._child is not None:
            self._look_at_child(self._child, now_s)
        elif now_s >= self._start_s and not self._stopping:
            self._start(now_s)
        self._book.save_when_due()

    def _look_at_child(self, child: RunningChild, now_s: float) -> None:
        if child.is_ending:
            if child.look(now_s):
                self._child_is_gone(of_exit(-9), now_s)
        elif self._stopping:
            child.end(now_s, self._limits.stop_s)
        else:
            self._plan.note_uptime(self._signs.up_s(now_s))
            self._failure = self._signs.look(now_s)
            if self._failure is not None:
                # A kiosk without heartbeats would not react to a graceful request either.
                is_alive = self._failure.kind is FailureKind.MEMORY
                child.end(now_s, self._limits.polite_s if is_alive else 0.0)

    def _look_at_card(self, now_s: float) -> None:
        card = self._card
        if card is not None:
            if self._stopping and not card.is_ending:
                card.end(now_s, self._limits.polite_s)
            if card.look(now_s):
                self._card = None

    def _handle(self, event: Said | Exited | None, now_s: float) -> None:
        match event:
            case Said(child, message) if child is self._child:
                self._heard(message, now_s)
            case Said(child, Leave()) if child is self._card:
                self._heard(Leave(), now_s)
            case Exited(child, code) if child is self._child:
                self._child_is_gone(of_exit(code), now_s)
            case Exited(child, code) if child is self._card:
                self._card = None
                if not child.is_ending:
                    _log.error("The card %s.", of_exit(code).text)

    def _heard(self, message: Message, now_s: float) -> None:
        match message:
            case Leave():
                _log.info("The staff has ended the kiosk.")
                self._stopping = True
            case Ready():
                self._signs.came_up(now_s)
                self._is_up(now_s)
            case Beat():
                gap_s = self._signs.heard(now_s, message.memory_mb)
                self._book.beat(message.tally, message.memory_mb, gap_s)

    def _is_up(self, now_s: float) -> None:
        if self._down_since_s is not None:
            after_s = now_s - self._down_since_s
            self._down_since_s = None
            self._book.is_back(after_s)
            _log.info("The kiosk is back after %.2f s.", after_s)
        if self._card is not None:
            self._card.end(now_s, self._limits.polite_s)
        self._on_up(self._started_at)

    def _start(self, now_s: float) -> None:
        self._signs = VitalSigns(self._limits, now_s)
        self._started_at = time.time()
        try:
            self._child = RunningChild(self._start_child(), self._report)
        except OSError as error:
            self._failed(of_refused_start(error), "", now_s)

    def _child_is_gone(self, end: Failure, now_s: float) -> None:
        child, self._child = self._child, None
        failure, self._failure = self._failure or end, None
        if not self._stopping:
            self._failed(failure, child.last_error if child is not None else "", now_s)

    def _failed(self, failure: Failure, last_error: str, now_s: float) -> None:
        signs, restart = self._signs, self._plan.failed(now_s, self._signs.up_s(now_s))
        silent_s = now_s - signs.last_sign_s if failure.kind is FailureKind.SILENT else 0.0
        if self._down_since_s is None:
            self._down_since_s = now_s - silent_s
        self._start_s = now_s + restart.pause_s
        _log.error("The kiosk %s. It restarts after %g s.", failure.text, restart.pause_s)
        if not restart.pause_s:
            # The disk may be slow, and the picture must come back first.
            self._start(now_s)
        self._book.failed(failure, silent_s)
        self._book.save()
        if restart.with_card and (self._card is None or self._card.is_ending):
            self._show_card(f"It {failure.text}. {last_error}".strip())

    def _show_card(self, reason: str) -> None:
        try:
            # Arguments must not contain NUL, nor the screen control characters.
            self._card = RunningChild(self._start_card(shown(reason)), self._report, "card")
        except OSError as error:
            _log.error("The card could not be started: %s", error.strerror)
