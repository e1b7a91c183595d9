"""Qt's application object, and its graceful end; needs no camera, models or OpenCV."""

import logging
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from PyQt6.QtGui import QGuiApplication
from PyQt6.QtWidgets import QApplication

from video_labeler import __version__

NAME = "video-labeler"

_log = logging.getLogger(__name__)


def application() -> QApplication:
    """Qt's application object, named so that desktops find its icon and entry."""
    QGuiApplication.setDesktopFileName(NAME)
    app = QApplication.instance() or QApplication([NAME])
    assert isinstance(app, QApplication)
    app.setApplicationName(NAME)
    app.setApplicationVersion(__version__)
    return app


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
