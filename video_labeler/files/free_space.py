"""Watches free disk space, so that a recording ends before the disk is full, and reserves space for its end."""

import ctypes
import errno
import os
import shutil
import sys
from functools import cache
from pathlib import Path
from typing import Any

from video_labeler.errors import OutputError

_RESERVE_BYTES = 200 * 10**6
_RESERVE_S = 30.0
_SHARE_AT_MOST = 5
"""Never more than a fifth of the disk, so that a small one can be recorded to as well."""
_SETTLED_S = 5.0
"""Until then the bit rate is dominated by the first key frame, and says little."""

_KEEP_SIZE = 1
"""FALLOC_FL_KEEP_SIZE of Linux: take the blocks, leave the length as it is."""


class DiskFullError(OutputError):
    """The disk is full, or nearly so: recording has stopped, and the message says what is kept."""


class SpaceWatch:
    """Decides when a recording must stop for lack of space.

    The larger of 200 MB and 30 s of the recording stays free, but no more than a fifth of the disk, or just
    ``reserve_bytes``.
    """

    def __init__(self, folder: Path, reserve_bytes: int | None = None) -> None:
        self._folder = folder
        self._reserve_bytes = reserve_bytes
        self._total_bytes = shutil.disk_usage(folder).total

    @property
    def free_bytes(self) -> int:
        """Free space on the disk."""
        return shutil.disk_usage(self._folder).free

    def wanted_bytes(self, size_bytes: int = 0, seconds: float = 0.0) -> int:
        """What must stay free beside a recording of that size and length."""
        if self._reserve_bytes is not None:
            return self._reserve_bytes
        half_a_minute = round(_RESERVE_S * size_bytes / max(seconds, _SETTLED_S))
        return min(max(_RESERVE_BYTES, half_a_minute), self._total_bytes // _SHARE_AT_MOST)

    def is_short(self, size_bytes: int = 0, seconds: float = 0.0) -> bool:
        """Whether a recording of that size and length should end now."""
        return self.free_bytes < self.wanted_bytes(size_bytes, seconds)

    def check(self) -> None:
        """Check that there is enough space to start.

        Raises:
            DiskFullError: less than the reserve is free.
        """
        free, wanted = self.free_bytes, self.wanted_bytes()
        if free < wanted:
            raise DiskFullError(
                f"The disk that holds {self._folder} has only {megabytes(free)} left, and {megabytes(wanted)} must "
                "stay free while recording. Make room, or record to another disk."
            )


class RoomAhead:
    """Blocks allocated ahead of a growing file, so that its end can be written even when others fill the disk.

    Works where Linux's ``fallocate`` does; elsewhere :class:`SpaceWatch` stands alone.
    """

    def __init__(self, descriptor: int, room_bytes: int) -> None:
        self._descriptor = descriptor
        self._room_bytes = room_bytes
        self._taken = 0
        self._works = sys.platform == "linux"
        self.is_exhausted = False

    def extend(self, length: int) -> None:
        """Keep blocks allocated ahead of a file that is ``length`` bytes long."""
        wanted = length + self._room_bytes
        if not self._works or self.is_exhausted or wanted <= self._taken:
            return
        step = max(self._room_bytes // 4, 1)
        failure = _allocate(self._descriptor, self._taken, wanted + step - self._taken)
        if failure == 0:
            self._taken = wanted + step
        elif failure in (errno.ENOSPC, errno.EDQUOT):
            self.is_exhausted = True
        else:
            self._works = False

    def release(self, length: int) -> None:
        """Release the blocks beyond the file's end."""
        if self._taken:
            os.ftruncate(self._descriptor, length)


def _allocate(descriptor: int, start: int, length: int) -> int:
    """Allocate blocks without changing the file's length; returns 0 or the error number."""
    function = _fallocate()
    if function is None:
        return errno.ENOSYS
    failed = function(descriptor, _KEEP_SIZE, start, length)
    return ctypes.get_errno() if failed else 0


@cache
def _fallocate() -> Any:
    try:
        function = ctypes.CDLL(None, use_errno=True).fallocate
    except (OSError, AttributeError):
        return None
    function.argtypes = (ctypes.c_int, ctypes.c_int, ctypes.c_int64, ctypes.c_int64)
    return function


def megabytes(count: int) -> str:
    """A number of bytes for people."""
    return f"{count / 10**6:,.0f} MB" if count >= 10**7 else f"{count / 10**6:.1f} MB"
