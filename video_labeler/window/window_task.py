"""Background work whose outcome arrives in the interface's thread."""

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from PyQt6.QtCore import QObject, QTimer

from video_labeler.system.background_task import BackgroundTask, StopSignal

T = TypeVar("T")

_LOOK_MS = 40


def _nothing(_: str) -> None:
    """Ignores failures."""


class WindowTask(QObject):
    """Runs one :class:`~video_labeler.system.background_task.BackgroundTask` at a time for its ``parent``.

    A timer polls for the outcome, so that the thread never touches Qt. After :meth:`cancel`, after
    another start, and once the parent is destroyed, the work is told to stop and there is no outcome.

    The thread must not hold references to Qt objects either: if it were the last to drop one, the object would be
    destroyed in that thread, which crashes. So the callbacks stay on this side, and ``work`` must only refer to
    plain values, not to widgets.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._tasks: list[BackgroundTask[Any]] = []
        self._arrived: list[tuple[bool, Any]] = []
        self._callbacks: tuple[Callable[[Any], object], Callable[[str], object]] | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self._look)
        # This object's methods cannot be called by then.
        self.destroyed.connect(_kept(partial(_cancel_all, self._tasks)))

    @property
    def is_busy(self) -> bool:
        """Whether work is in progress."""
        return self._timer.isActive()

    def start(
        self,
        name: str,
        work: Callable[[StopSignal], T],
        *,
        failing: str,
        on_success: Callable[[T], object],
        on_failure: Callable[[str], object] = _nothing,
    ) -> None:
        """Start work in a thread called ``name``; earlier work is cancelled.

        One of the two is called, with the result or with a sentence (see :class:`BackgroundTask`).
        """
        self.cancel()
        arrived: list[tuple[bool, Any]] = []
        self._arrived, self._callbacks = arrived, (on_success, on_failure)
        task: BackgroundTask[T] = BackgroundTask(
            name,
            work,
            failing=failing,
            on_success=lambda result: arrived.append((True, result)),
            on_failure=lambda sentence: arrived.append((False, sentence)),
        )
        self._tasks.append(task)
        task.start()
        self._timer.start()

    def cancel(self) -> None:
        """Stop the work; there is no outcome then."""
        self._timer.stop()
        self._callbacks = None
        _cancel_all(self._tasks)

    def _look(self) -> None:
        if not self._arrived or self._callbacks is None:
            return
        (succeeded, outcome), (on_success, on_failure) = self._arrived.pop(), self._callbacks
        self._timer.stop()
        self._callbacks = None
        self._tasks.clear()
        if succeeded:
            on_success(outcome)
        else:
            on_failure(outcome)


def _cancel_all(tasks: list[BackgroundTask[Any]], *_: object) -> None:
    for task in tasks:
        task.cancel()
    tasks.clear()


_last_calls: set[Callable[[], None]] = set()


def _kept(call: Callable[[], None]) -> Callable[[], None]:
    """A slot for ``destroyed`` that calls it. Whatever only a signal holds is emptied before the signal comes.

    The garbage collector does so where it finds the sender itself; to call what is empty then crashes the process.
    """

    def last() -> None:
        _last_calls.discard(last)
        call()

    _last_calls.add(last)
    return last
