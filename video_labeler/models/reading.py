"""Reads a file once, whole, and within a limit: what is checked and what is used are then the same bytes."""

import errno
import os
import stat
from io import BufferedReader
from pathlib import Path


class TooLargeError(Exception):
    """There is more than may be read."""


class NotRegularError(OSError):
    """It is a folder, a pipe or a device."""


def open_regular(path: Path) -> BufferedReader:
    """A regular file, opened for reading.

    Raises:
        NotRegularError: it is a folder, a pipe or a device.
        OSError: it cannot be read.
    """
    # Opening a pipe that nobody writes to would wait for ever.
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise NotRegularError(errno.EINVAL, "it is not a regular file", str(path))
        return os.fdopen(descriptor, "rb")
    except OSError:
        os.close(descriptor)
        raise


def read_bytes(path: Path, most: int) -> bytes:
    """All bytes of a regular file.

    Raises:
        TooLargeError: it has more than ``most`` bytes.
        NotRegularError: it is a folder, a pipe or a device.
        OSError: it cannot be read, or changes meanwhile.
    """
    with open_regular(path) as file:
        size = os.fstat(file.fileno()).st_size
        if size > most:
            raise TooLargeError
        content = file.read(size + 1)
    if len(content) != size:
        raise OSError(errno.EAGAIN, "it changes while it is read", str(path))
    return content
