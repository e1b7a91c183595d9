"""What a test may not leave behind: logged errors, warnings of Qt's, threads, timers and animations that run on."""

import gc
import logging
import re
import sys
import threading
import time
import weakref
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from PyQt6 import sip
from PyQt6.QtCore import (
    QAbstractAnimation,
    QCoreApplication,
    QEvent,
    QMessageLogContext,
    QTimer,
    QtMsgType,
    qInstallMessageHandler,
)

_THREADS_END_WITHIN_S = 60.0
_QUIET = frozenset({QtMsgType.QtDebugMsg, QtMsgType.QtInfoMsg})


class LoggedErrors(logging.Handler):
    """What the program logs as errors, by any thread of this process."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self._logged: list[tuple[str, str]] = []

    def emit(self, record: logging.LogRecord) -> None:
        # Not the record itself, whose traceback would keep widgets alive.
        self._logged.append((record.getMessage(), f"{record.threadName}: {self.format(record)}"))

    def take_unexpected(self, expected: Sequence[str]) -> list[str]:
        """What was logged since the last call, but for messages that match one of these regular expressions."""
        logged, self._logged = self._logged, []
        return [in_full for message, in_full in logged if not any(re.search(pattern, message) for pattern in expected)]


class RunningOn:
    """The timers and animations that Python code has started, as far as they still exist."""

    def __init__(self) -> None:
        self._places: weakref.WeakKeyDictionary[QTimer | QAbstractAnimation, str] = weakref.WeakKeyDictionary()

    def watch(self) -> None:
        """See every start from now on, for as long as the process lives."""
        for kind in (QTimer, QAbstractAnimation):
            kind.start = self._seen(kind.start)  # type: ignore[method-assign]

    def _seen(self, start: Callable[..., None]) -> Callable[..., None]:
        def start_and_note(started: Any, *arguments: Any, **named: Any) -> None:
            caller = sys._getframe(1)
            self._places[started] = f"{caller.f_code.co_filename}:{caller.f_lineno}"
            start(started, *arguments, **named)

        return start_and_note

    @property
    def active(self) -> dict[QTimer | QAbstractAnimation, str]:
        """Those that run now, and where each was started last."""
        return {started: place for started, place in self._places.items() if _is_active(started)}

    def left_since(self, before: Iterable[QTimer | QAbstractAnimation]) -> list[str]:
        """What runs now and did not then, but for what only waits to be destroyed."""
        if QCoreApplication.instance() is not None:
            # What was given to Qt with deleteLater would wait for an event loop.
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        known = set(before)
        if self.active.keys() - known:
            # Only where something is suspected, since to collect what nobody uses takes longer than most tests.
            gc.collect()
        return [f"{type(it).__name__} started at {place}" for it, place in self.active.items() if it not in known]


def _is_active(started: QTimer | QAbstractAnimation) -> bool:
    if sip.isdeleted(started):
        return False
    if isinstance(started, QTimer):
        return started.isActive()
    return started.state() is QAbstractAnimation.State.Running


@contextmanager
def warnings_of_qt(harmless: Sequence[str]) -> Iterator[list[str]]:
    """Collects what Qt warns of meanwhile, but for what matches one of the regular expressions."""
    told: list[str] = []

    def hear(kind: QtMsgType, context: QMessageLogContext, message: str | None) -> None:
        text = message or ""
        if kind not in _QUIET and not any(re.search(pattern, text) for pattern in harmless):
            told.append(text)

    before = qInstallMessageHandler(hear)
    try:
        yield told
    finally:
        qInstallMessageHandler(before)


def threads_left_since(before: set[threading.Thread]) -> list[str]:
    """The names of threads that were started since then and do not end, however long one waits."""
    deadline_s = time.monotonic() + _THREADS_END_WITHIN_S
    while (left := _started_since(before)) and time.monotonic() < deadline_s:
        time.sleep(0.02)
    return [thread.name for thread in left]


def _started_since(before: set[threading.Thread]) -> list[threading.Thread]:
    return [
        thread
        for thread in threading.enumerate()
        # A decoder's own threads become known when they log, and end with the decoder, without Python's noticing.
        if thread not in before
        and thread.is_alive()
        and not thread.name.startswith("ThreadPool")
        and not isinstance(thread, threading._DummyThread)
    ]
