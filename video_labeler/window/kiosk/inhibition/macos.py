"""macOS: power assertions of IOKit."""

import ctypes
from typing import Any

from video_labeler.window.kiosk.inhibition.inhibitor import Inhibitor, InhibitorError

_TYPE = "PreventUserIdleDisplaySleep"
"""``kIOPMAssertionTypePreventUserIdleDisplaySleep``: neither the display nor, with it, the system goes to sleep."""

_LEVEL_ON = 255
_UTF8 = 0x08000100
_FRAMEWORKS = "/System/Library/Frameworks/{0}.framework/{0}"


class PowerAssertionInhibitor(Inhibitor):
    """``IOPMAssertionCreateWithName``, which lasts until it is released or the process ends."""

    def __init__(self, io_kit: Any, core_foundation: Any) -> None:
        super().__init__("macOS", screen=True, sleep=True)
        self._io_kit = io_kit
        self._core_foundation = core_foundation
        self._assertion: ctypes.c_uint32 | None = None

    def hold(self, reason: str) -> None:
        """Assert that a display is needed.

        Raises:
            InhibitorError: macOS refuses.
        """
        if self._assertion is not None:
            return
        kind, name = self._text(_TYPE), self._text(reason)
        assertion = ctypes.c_uint32()
        try:
            failed = self._io_kit.IOPMAssertionCreateWithName(kind, _LEVEL_ON, name, ctypes.byref(assertion))
        finally:
            self._core_foundation.CFRelease(kind)
            self._core_foundation.CFRelease(name)
        if failed:
            raise InhibitorError(f"macOS refuses to be kept awake (error {failed})")
        self._assertion = assertion

    def release(self) -> None:
        """Release the assertion."""
        if self._assertion is not None:
            self._io_kit.IOPMAssertionRelease(self._assertion)
            self._assertion = None

    def _text(self, text: str) -> ctypes.c_void_p:
        """A Core Foundation string, to be released."""
        return ctypes.c_void_p(self._core_foundation.CFStringCreateWithCString(None, text.encode(), _UTF8))


def frameworks() -> tuple[Any, Any]:
    """IOKit and Core Foundation.

    Raises:
        InhibitorError: this is not macOS.
    """
    try:
        io_kit, core_foundation = (ctypes.CDLL(_FRAMEWORKS.format(name)) for name in ("IOKit", "CoreFoundation"))
    except OSError as error:
        raise InhibitorError(f"the power assertions of macOS are not there: {error}") from error
    core_foundation.CFStringCreateWithCString.restype = ctypes.c_void_p
    core_foundation.CFStringCreateWithCString.argtypes = (ctypes.c_void_p, ctypes.c_char_p, ctypes.c_uint32)
    core_foundation.CFRelease.argtypes = (ctypes.c_void_p,)
    core_foundation.CFRelease.restype = None
    io_kit.IOPMAssertionCreateWithName.argtypes = (
        ctypes.c_void_p,
        ctypes.c_uint32,
        ctypes.c_void_p,
        ctypes.c_void_p,
    )
    io_kit.IOPMAssertionRelease.argtypes = (ctypes.c_uint32,)
    return io_kit, core_foundation
