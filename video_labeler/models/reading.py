"""Reads a file once, whole, and within a limit: what is checked and what is used are then the same bytes."""

import errno
import os
import stat
from pathlib import Path


class TooLargeError(Exception):
    """There is more than may be read."""


class NotRegularError(OSError):
    """It is a folder, a pipe or a device."""


def read_bytes(path: Path, most: int) -> bytes:
    """All bytes of a regular file.

    Raises:
        TooLargeError: it has more than ``most`` bytes.
        NotRegularError: it is a folder, a pipe or a device.
        OSError: it cannot be read, or changes meanwhile.
    """
    # Opening a pipe that nobody writes to would wait for ever.
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    try:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            raise NotRegularError(errno.EINVAL, "it is not a regular file", str(path))
        if found.st_size > most:
            raise TooLargeError
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            content = file.read(found.st_size + 1)
    finally:
        os.close(descriptor)
    if len(content) != found.st_size:
        raise OSError(errno.EAGAIN, "it changes while it is read", str(path))
    return content
