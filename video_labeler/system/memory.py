"""Keeps the memory use of a long-running process flat."""

import ctypes
import gc
import sys
from collections.abc import Callable

_M_ARENA_MAX = -8
"""glibc's number for the option, from malloc.h."""

_ARENAS = 2


def limit_arenas() -> None:
    """Make all threads share two of glibc's arenas; call it before starting threads. Does nothing with other C
    libraries.

    By default every thread gets its own arena, and memory that another thread frees stays in it: an hour of
    changing sources and models grew from 250 to 390 MB (tests/benchmarks/bench_window_hour.py).
    """
    _call("mallopt", _M_ARENA_MAX, _ARENAS)


_ask_to_trim: Callable[[], object] | None = None


def trim_elsewhere(ask: Callable[[], object] | None) -> None:
    """Have :func:`trim_memory` call ``ask`` from now on, which has :func:`collect_and_trim` called where garbage may be
    collected; with ``None`` it may be anywhere.
    """
    global _ask_to_trim  # noqa: PLW0603 - there is one collector in a process
    _ask_to_trim = ask


def trim_memory() -> None:
    """Return freed memory to the system once something large has been released; takes tens of milliseconds.

    Failures leave tracebacks behind, and with them frames and decoders in reference cycles, which the collector would
    collect only after a long time: it counts objects, and these are few and large.
    """
    (_ask_to_trim or collect_and_trim)()


def collect_and_trim() -> None:
    """Collect all garbage, and return freed memory to the system, in this thread."""
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
