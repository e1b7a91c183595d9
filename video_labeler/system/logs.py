"""Log records without secrets; uncaught errors, logged in full and reported once as a sentence."""

import logging
import sys
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

from video_labeler.errors import VideoLabelerError
from video_labeler.text.shown import shown, shown_lines

_log = logging.getLogger(__name__)

UNEXPECTED = "Something unexpected went wrong"
"""What is told of an error that nobody has foreseen, where it is not known what failed by it."""


def sentence_of(error: BaseException, failing: str = UNEXPECTED) -> str:
    """What people are told of an error: the sentence of a known one, of any other that ``failing``, and why."""
    if isinstance(error, VideoLabelerError):
        return shown(str(error))
    return shown(f"{failing} ({type(error).__name__}: {error}).")


def logged_failure(error: BaseException, failing: str) -> str:
    """Write an error down, in full, and return the sentence that people are told of it.

    A known error is a warning; any other is a fault of the program's, and the sentence says where to find more.
    """
    if isinstance(error, VideoLabelerError):
        _log.warning("%s", failing, exc_info=error)
        return sentence_of(error)
    _log.error("%s", failing, exc_info=error)
    return f"{sentence_of(error, failing)} The log file says more."


class MaskingFormatter(logging.Formatter):
    """Formats records as :func:`~video_labeler.text.shown.shown` does, including tracebacks and FFmpeg's messages.

    Further lines of a record are indented, so that no text from outside can look like a record.
    """

    def format(self, record: logging.LogRecord) -> str:
        """The complete text of a record."""
        return shown_lines(super().format(record)).replace("\n", "\n    ")


def log_to_stderr(level: int) -> None:
    """Print what is logged from ``level`` on to standard error."""
    handler = logging.StreamHandler()
    handler.setFormatter(MaskingFormatter("%(relativeCreated)7d ms %(message)s"))
    logging.basicConfig(level=level, handlers=[handler])


class UncaughtErrors:
    """While it is installed, uncaught exceptions of any thread are logged in full.

    ``tell`` is called from that thread with a sentence, once for each place in the code, so that an error that comes
    with every frame does not flood the window.
    """

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell
        self._told: set[tuple[str, str, int]] = set()
        self._before: tuple[Any, Any] | None = None

    def install(self) -> None:
        """Replace the interpreter's reports."""
        if self._before is None:
            self._before = sys.excepthook, threading.excepthook
            sys.excepthook = self._in_main_thread
            threading.excepthook = self._in_thread

    def remove(self) -> None:
        """Restore the interpreter's reports."""
        if self._before is not None:
            sys.excepthook, threading.excepthook = self._before
            self._before = None

    def __enter__(self) -> Self:
        """Install."""
        self.install()
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Remove."""
        self.remove()

    def _in_main_thread(self, kind: type[BaseException], error: BaseException, traceback: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, traceback)
            return
        self._report(error, traceback)

    def _in_thread(self, arguments: threading.ExceptHookArgs) -> None:
        error = arguments.exc_value
        if error is not None and not isinstance(error, SystemExit):
            self._report(error, arguments.exc_traceback)

    def _report(self, error: BaseException, traceback: TracebackType | None) -> None:
        _log.critical("Uncaught exception", exc_info=(type(error), error, traceback))
        place = _place(error, traceback)
        if place not in self._told:
            self._told.add(place)
            self._tell(f"{sentence_of(error)} The log file says more.")


def _place(error: BaseException, traceback: TracebackType | None) -> tuple[str, str, int]:
    """The identity of an error: its type, and the line that raised it."""
    while traceback is not None and traceback.tb_next is not None:
        traceback = traceback.tb_next
    if traceback is None:
        return type(error).__name__, "", 0
    return type(error).__name__, traceback.tb_frame.f_code.co_filename, traceback.tb_lineno
