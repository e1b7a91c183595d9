"""Why the kiosk had to be started anew, in words and as a kind to be counted."""

import signal
import sys
from dataclasses import dataclass
from enum import StrEnum

STUCK_CODE = 3
"""The exit code of a kiosk that can no longer get rid of a hanging device by itself."""


class FailureKind(StrEnum):
    """What restarts are counted by."""

    CRASHED = "crashed"
    ENDED = "ended by itself"
    STUCK = "a device hung"
    SILENT = "no sign of life"
    MEMORY = "too much memory"
    START = "did not start"


@dataclass(frozen=True, slots=True)
class Failure:
    """One failure of the kiosk; ``text`` says it in words that go on from "The kiosk"."""

    kind: FailureKind
    text: str


def of_exit(code: int) -> Failure:
    """What an exit code says: negative for a signal, and Windows' large ones for its own crashes."""
    if code < 0:
        return Failure(FailureKind.CRASHED, f"crashed (signal {-code}{_named(-code)})")
    if sys.platform == "win32" and code >= 0x80000000:
        return Failure(FailureKind.CRASHED, f"crashed (0x{code:08X})")
    if code == STUCK_CODE:
        return Failure(FailureKind.STUCK, "ended, since a device hung")
    return Failure(FailureKind.ENDED, f"ended with code {code}")


def of_silence(seconds: float) -> Failure:
    """Nothing was heard of it for so long."""
    return Failure(FailureKind.SILENT, f"gave no sign of life for {seconds:g} s")


def of_memory(used_mb: float, limit_mb: float) -> Failure:
    """It has grown too large."""
    return Failure(FailureKind.MEMORY, f"used {used_mb:.0f} MB, more than the {limit_mb:.0f} MB allowed")


def of_slow_start(seconds: float) -> Failure:
    """Nothing was heard of it from the start on."""
    return Failure(FailureKind.START, f"did not start within {seconds:g} s")


def of_refused_start(error: OSError) -> Failure:
    """The system would not start it."""
    return Failure(FailureKind.START, f"could not be started ({error.strerror or error})")


def _named(number: int) -> str:
    try:
        return f", {signal.Signals(number).name}"
    except ValueError:
        return ""
