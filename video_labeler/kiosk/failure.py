"""Why the kiosk had to be restarted, in words and as a kind to be counted."""

import signal
import sys
from dataclasses import dataclass
from enum import StrEnum

STUCK_CODE = 3
"""The exit code of a kiosk that cannot release a hanging device by itself."""


class FailureKind(StrEnum):
    """The kinds by which restarts are counted."""

    CRASHED = "crashed"
    ENDED = "ended by itself"
    STUCK = "a device hung"
    SILENT = "no sign of life"
    MEMORY = "too much memory"
    START = "did not start"


@dataclass(frozen=True, slots=True)
class Failure:
    """One failure of the kiosk; ``text`` describes it, continuing "The kiosk"."""

    kind: FailureKind
    text: str


def of_exit(code: int) -> Failure:
    """The failure of an exit code: negative for a signal, and Windows' large ones for crashes."""
    if code < 0:
        return Failure(FailureKind.CRASHED, f"crashed (signal {-code}{_named(-code)})")
    if sys.platform == "win32" and code >= 0x80000000:
        return Failure(FailureKind.CRASHED, f"crashed (0x{code:08X})")
    if code == STUCK_CODE:
        return Failure(FailureKind.STUCK, "ended because a device hung")
    return Failure(FailureKind.ENDED, f"ended with code {code}")


def of_silence(seconds: float) -> Failure:
    """There was no heartbeat for this long."""
    return Failure(FailureKind.SILENT, f"gave no sign of life for {seconds:g} s")


def of_memory(used_mb: float, limit_mb: float) -> Failure:
    """It used too much memory."""
    return Failure(FailureKind.MEMORY, f"used {used_mb:.0f} MB, more than the {limit_mb:.0f} MB allowed")


def of_slow_start(seconds: float) -> Failure:
    """There was no heartbeat after the start."""
    return Failure(FailureKind.START, f"did not start within {seconds:g} s")


def of_refused_start(error: OSError) -> Failure:
    """The system would not start it."""
    return Failure(FailureKind.START, f"could not be started ({error.strerror or error})")


def _named(number: int) -> str:
    try:
        return f", {signal.Signals(number).name}"
    except ValueError:
        return ""
