"""Windows: the thread's execution state."""

import ctypes
import sys
from typing import Any

from video_labeler.window.kiosk.inhibition.inhibitor import Inhibitor, InhibitorError

_CONTINUOUS = 0x80000000
_SYSTEM_REQUIRED = 0x00000001
_DISPLAY_REQUIRED = 0x00000002


class ExecutionStateInhibitor(Inhibitor):
    """``SetThreadExecutionState``, which lasts as long as the thread that calls it."""

    def __init__(self, kernel32: Any) -> None:
        super().__init__("Windows", screen=True, sleep=True)
        self._kernel32 = kernel32
        self._holds = False

    def hold(self, reason: str) -> None:
        """Declare that display and system are needed.

        Raises:
            InhibitorError: Windows refuses.
        """
        if not self._set(_CONTINUOUS | _SYSTEM_REQUIRED | _DISPLAY_REQUIRED):
            raise InhibitorError("Windows refuses to be kept awake")
        self._holds = True

    def release(self) -> None:
        """Declare that they are no longer needed."""
        if self._holds:
            self._holds = False
            self._set(_CONTINUOUS)

    def _set(self, state: int) -> int:
        return int(self._kernel32.SetThreadExecutionState(ctypes.c_uint(state)))


def kernel32() -> Any:
    """The library of Windows; ``None`` elsewhere."""
    if sys.platform == "win32":
        return ctypes.WinDLL("kernel32")
    return None
