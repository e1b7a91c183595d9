"""Keeps the output of native libraries out of the program's messages."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_STDERR = 2
_lock = threading.Lock()


@contextmanager
def native_stderr_dropped() -> Iterator[None]:
    """Drop what the process writes to standard error in the meantime.

    LiteRT and TensorFlow print notices there while they load, and no option of theirs stops that. Whatever other
    threads write at the same moment is lost as well, so keep it short.
    """
    with _lock:
        try:
            kept = os.dup(_STDERR)
        except OSError:
            yield
            return
        try:
            sink = os.open(os.devnull, os.O_WRONLY)
            os.dup2(sink, _STDERR)
            os.close(sink)
            yield
        finally:
            os.dup2(kept, _STDERR)
            os.close(kept)
