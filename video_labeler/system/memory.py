"""Keeps the memory of a process that runs for hours flat."""

import ctypes
import gc
import sys

_M_ARENA_MAX = -8
"""glibc's number for the option, from malloc.h."""

_ARENAS = 2


def limit_arenas() -> None:
    """Let all threads share two of glibc's arenas; to be called before there are threads. Elsewhere it does nothing.

    By default every thread gets an arena of its own, and what one thread frees of another's stays there: an hour of
    changing sources and models grew from 250 to 390 MB (tests/benchmarks/bench_window_hour.py).
    """
    _call("mallopt", _M_ARENA_MAX, _ARENAS)


def trim_memory() -> None:
    """Return freed memory to the system once something large has been released; takes tens of milliseconds.

    What failed has left its traceback behind, and with it frames and decoders in cycles, which the collector would
    come to only after a long time: it counts objects, and these are few and large.
    """
    gc.collect()
    _call("malloc_trim", 0)


def _call(function: str, *arguments: int) -> None:
    if not sys.platform.startswith("linux"):
        return
    try:
        getattr(ctypes.CDLL(None), function)(*arguments)
    except (AttributeError, OSError):
        # Another C library, without arenas.
        return
