"""A child process of the supervisor: its messages become events, its other output is logged."""

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import IO

from video_labeler.kiosk.heartbeat import Message, parse

_log = logging.getLogger(__name__)

_LONGEST_LINE = 64 * 1024
"""Bytes; a longer line is split into pieces, none of which is a message."""

_LAST_WORDS_WITHIN_S = 0.5
_GONE_WITHIN_S = 2.0
"""How long to wait for a killed process, which a driver may still hold."""

_log = logging.getLogger(__name__)

_LONGEST = 500
_LINES_A_MINUTE = 200
"""Enough for the stacks of all threads after a crash; further lines are only counted."""


class ChildLog:
    """Logs the lines of one child; for any thread."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._lock = threading.Lock()
        self._minute_s = time.monotonic()
        self._lines = 0

    def write(self, line: bytes) -> str:
        """Log a line, unless there are too many, and return its text."""
        text = line.decode(errors="replace").rstrip()[:_LONGEST]
        with self._lock:
            self._begin_minute()
            self._lines += bool(text)
            if text and self._lines <= _LINES_A_MINUTE:
                _log.info("%s: %s", self._name, text)
        return text

    def _begin_minute(self) -> None:
        now_s = time.monotonic()
        if now_s - self._minute_s >= 60:
            if self._lines > _LINES_A_MINUTE:
                _log.info("%s: %d more lines left out.", self._name, self._lines - _LINES_A_MINUTE)
            self._minute_s, self._lines = now_s, 0


@dataclass(frozen=True, slots=True)
class Said:
    """A child has sent a message."""

    child: "RunningChild"
    message: Message


@dataclass(frozen=True, slots=True)
class Exited:
    """A child has ended, after all its messages."""

    child: "RunningChild"
    code: int


class RunningChild:
    """Follows a process that was started with pipes on all three standard streams.

    ``report`` is called with each event, from threads of this child. Times are seconds on any steady clock.
    """

    def __init__(
        self, process: subprocess.Popen[bytes], report: Callable[[Said | Exited], None], name: str = "kiosk"
    ) -> None:
        self.name = name
        self.last_error = ""
        self._process = process
        self._report = report
        self._log = ChildLog(name)
        self._kill_s: float | None = None
        self._killed_s: float | None = None
        self._out = self._thread(self._read_messages, "messages")
        self._err = self._thread(self._read_errors, "errors")
        self._thread(self._wait, "end")

    @property
    def is_ending(self) -> bool:
        """Whether it has been asked to end, or killed."""
        return self._kill_s is not None

    def end(self, now_s: float, polite_s: float) -> None:
        """Ask it to end by closing its standard input, and kill it after ``polite_s``; at once if that is 0."""
        self._kill_s = now_s + polite_s
        if polite_s > 0:
            self._close_input()
        else:
            self._kill(now_s)

    def look(self, now_s: float) -> bool:
        """Continue ending it when it is time; true when waiting any longer makes no sense."""
        if self._killed_s is None:
            if self._kill_s is not None and now_s >= self._kill_s:
                self._kill(now_s)
            return False
        if now_s - self._killed_s <= _GONE_WITHIN_S:
            return False
        _log.error("Process %d of the %s cannot be ended, and is left behind.", self._process.pid, self.name)
        return True

    def _kill(self, now_s: float) -> None:
        self._killed_s = now_s
        self._process.kill()

    def _close_input(self) -> None:
        assert self._process.stdin is not None
        with suppress(OSError):
            self._process.stdin.close()

    def _thread(self, work: Callable[[], None], name: str) -> threading.Thread:
        thread = threading.Thread(target=work, name=f"{self.name} {self._process.pid} {name}", daemon=True)
        thread.start()
        return thread

    def _read_messages(self) -> None:
        for line in _lines(self._process.stdout):
            message = parse(line)
            if message is None:
                self._log.write(line)
            else:
                self._report(Said(self, message))

    def _read_errors(self) -> None:
        for line in _lines(self._process.stderr):
            text = self._log.write(line)
            if text.startswith("Error: "):
                self.last_error = text

    def _wait(self) -> None:
        if sys.platform == "linux":
            # Until it is reaped its number is not reused, so the group is certainly the right one.
            with suppress(OSError):
                os.waitid(os.P_PID, self._process.pid, os.WEXITED | os.WNOWAIT)
                os.killpg(self._process.pid, signal.SIGKILL)
        code = self._process.wait()
        self._out.join(_LAST_WORDS_WITHIN_S)
        self._err.join(_LAST_WORDS_WITHIN_S)
        self._close_input()
        self._report(Exited(self, code))


def _lines(stream: IO[bytes] | None) -> Iterator[bytes]:
    """The lines of a pipe to its end, each of bounded length."""
    assert stream is not None
    with stream, suppress(OSError, ValueError):
        while line := stream.readline(_LONGEST_LINE):
            yield line
