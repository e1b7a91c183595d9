"""What a child process prints, in the supervisor's log: bounded, so that a chatty child cannot push out the rest."""

import logging
import threading
import time

_log = logging.getLogger(__name__)

_LONGEST = 500
_LINES_A_MINUTE = 200
"""Room for the stacks of all threads after a crash; what comes beyond is counted only."""


class ChildLog:
    """The lines of one child; for any thread."""

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
                _log.info("%s: %d more lines are left out.", self._name, self._lines - _LINES_A_MINUTE)
            self._minute_s, self._lines = now_s, 0
