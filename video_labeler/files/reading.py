"""Reads a file once, completely and within a limit, so that the bytes checked are the bytes used."""

import errno
import json
import os
import stat
from io import BufferedReader
from pathlib import Path
from typing import Any


class TooLargeError(Exception):
    """The file is larger than the limit."""


class NotRegularError(OSError):
    """It is a folder, a pipe or a device."""


def open_regular(path: Path) -> BufferedReader:
    """Open a regular file for reading; a link is followed, since the user has named it.

    Raises:
        NotRegularError: it is a folder, a pipe or a device.
        OSError: it cannot be read.
    """
    # Opening a pipe without a writer would block for ever.
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
        OSError: it cannot be read, or changes while it is read.
    """
    with open_regular(path) as file:
        size = os.fstat(file.fileno()).st_size
        if size > most:
            raise TooLargeError
        content = file.read(size + 1)
    if len(content) != size:
        raise OSError(errno.EAGAIN, "it changes while it is read", str(path))
    return content


def read_json(path: Path, most: int) -> Any:
    """What a JSON file holds.

    Raises:
        ValueError: it is not JSON, or has more than ``most`` bytes.
        OSError: it cannot be read.
    """
    try:
        return parsed_json(read_bytes(path, most))
    except TooLargeError as error:
        raise ValueError(f"it has more than {most / 1e6:g} MB") from error


def parsed_json(content: bytes | str) -> Any:
    """What a JSON text holds.

    Raises:
        ValueError: it is not JSON, or is nested too deeply.
    """
    try:
        return json.loads(content)
    except RecursionError as error:
        raise ValueError("its lists or objects are nested too deeply") from error
