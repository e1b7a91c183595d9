"""Qt's application object, its graceful end, and its garbage; needs no camera, models or OpenCV."""

import gc
import logging
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from PyQt6.QtCore import QObject, QTimer
from PyQt6.QtGui import QGuiApplication
from PyQt6.QtWidgets import QApplication

from video_labeler import __version__
from video_labeler.system.memory import collect_and_trim, trim_elsewhere

NAME = "video-labeler"

_COLLECT_MS = 1000

_log = logging.getLogger(__name__)


def application() -> QApplication:
    """Qt's application object, named so that desktops find its icon and entry."""
    QGuiApplication.setDesktopFileName(NAME)
    app = QApplication.instance() or QApplication([NAME])
    assert isinstance(app, QApplication)
    app.setApplicationName(NAME)
    app.setApplicationVersion(__version__)
    if app.findChild(GarbageCollection) is None:
        GarbageCollection(app)
    return app


class GarbageCollection(QObject):
    """Collects Python's garbage in the interface's thread, and in no other, until :meth:`end`.

    Python collects reference cycles in whatever thread happens to create an object. Where a widget is part of a
    cycle, that thread would destroy it, which crashes.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._asked = threading.Event()
        self._timer = QTimer(self)
        self._timer.setInterval(_COLLECT_MS)
        self._timer.timeout.connect(self._collect)
        self._timer.start()
        trim_elsewhere(self._asked.set)
        gc.disable()

    def end(self) -> None:
        """Leave it to Python again."""
        self._timer.stop()
        trim_elsewhere(None)
        gc.enable()

    def _collect(self) -> None:
        if self._asked.is_set():
            self._asked.clear()
            collect_and_trim()
            return
        due = [count > limit > 0 for count, limit in zip(gc.get_count(), gc.get_threshold(), strict=True)]
        if any(due):
            # The oldest generation that is due; it takes the younger ones with it.
            gc.collect(max(generation for generation, is_due in enumerate(due) if is_due))


@contextmanager
def ends_on_signals(end: Callable[[], object], again: Callable[[], object] | None = None) -> Iterator[None]:
    """Call ``end`` on Ctrl-C in the terminal and on a request to terminate; Python handles it between timers.

    ``again``, if given, is called instead on every further Ctrl-C.
    """
    asked = False

    def close(signal_number: int, frame: FrameType | None) -> None:
        nonlocal asked
        _log.info("Ending on signal %d", signal_number)
        if asked and again is not None and signal_number == signal.SIGINT:
            again()
        else:
            end()
        asked = asked or signal_number == signal.SIGINT

    numbers = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK") if hasattr(signal, name)]
    before = {number: signal.signal(number, close) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
