"""One piece of work in a thread of its own, and what becomes of it."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Generic, Self, TypeVar

from video_labeler.system.logs import logged_failure

_log = logging.getLogger(__name__)

T = TypeVar("T")


class StopSignal(threading.Event):
    """Tells work that nobody wants its result any more: to be looked at, waited for, or to be called by."""

    def __init__(self) -> None:
        super().__init__()
        self._calls: list[Callable[[], object]] = []
        self._calls_lock = threading.Lock()

    def set(self) -> None:
        """Ask the work to stop; what is registered with :meth:`calling` is called from this thread, once."""
        with self._calls_lock:
            calls, self._calls = self._calls, []
            super().set()
        for call in calls:
            call()

    @contextmanager
    def calling(self, call: Callable[[], object]) -> Iterator[None]:
        """Have ``call`` end what cannot look at the signal, such as a process; called at once where it is set already.

        It may be called from any thread, and also just after what it ends is over.
        """
        with self._calls_lock:
            too_late = self.is_set()
            if not too_late:
                self._calls.append(call)
        if too_late:
            call()
        try:
            yield
        finally:
            with self._calls_lock:
                self._calls = [other for other in self._calls if other is not call]


def _nothing(_: Any) -> None:
    """For outcomes that nobody asked for."""


class BackgroundTask(Generic[T]):
    """Work that is done once, in a daemon thread called ``name``, and ends in success or failure unless cancelled.

    ``work`` is given the signal that tells it to stop, and may then return or raise whatever it likes. From its thread,

    - ``on_success`` is called with what it returned,
    - ``on_failure`` with the sentence of a known error, or with one about ``failing`` ("The replay could not be
      saved") for any other, which is logged in full,
    - ``on_unused`` with what it returned after :meth:`cancel`, which may have to be closed,
    - and ``on_end`` last in every case.
    """

    def __init__(
        self,
        name: str,
        work: Callable[[StopSignal], T],
        *,
        failing: str,
        on_success: Callable[[T], object] = _nothing,
        on_failure: Callable[[str], object] = _nothing,
        on_unused: Callable[[T], object] = _nothing,
        on_end: Callable[[], object] | None = None,
    ) -> None:
        self._work = work
        self._failing = failing
        self._on_success = on_success
        self._on_failure = on_failure
        self._on_unused = on_unused
        self._on_end = on_end
        self._stop = StopSignal()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> Self:
        """Begin. Returns at once."""
        self._thread.start()
        return self

    def cancel(self) -> None:
        """Ask the work to stop, and tell no outcome any more, but for one that is being told at this moment.

        Returns at once.
        """
        self._stop.set()

    @property
    def is_cancelled(self) -> bool:
        """Whether it was told to stop."""
        return self._stop.is_set()

    @property
    def is_running(self) -> bool:
        """Whether it has begun and not ended."""
        return self._thread.is_alive()

    def wait(self, limit_s: float | None = None) -> bool:
        """Wait until it has ended; false where that took longer than ``limit_s`` seconds."""
        if self._thread.ident is not None:
            self._thread.join(limit_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        try:
            self._do()
        finally:
            if self._on_end is not None:
                self._on_end()

    def _do(self) -> None:
        try:
            result = self._work(self._stop)
        except Exception as error:  # noqa: BLE001 - whatever fails is logged and told, and nothing else ends with it
            if self._stop.is_set():
                _log.debug("%s was cancelled", self._thread.name, exc_info=error)
            else:
                self._on_failure(logged_failure(error, self._failing))
            return
        if self._stop.is_set():
            self._on_unused(result)
        else:
            self._on_success(result)
