"""Temporary files that vanish with the program, however it ends, or else when the next one needs some."""

import os
import shutil
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

PREFIX = "video-labeler-"
"""The prefix of everything that this program puts into the system's temporary folder."""

_STALE_S = 24 * 3600.0
_OPEN_FILES = Path("/proc/self/fd")


class TemporaryCopy:
    """An empty file to write and read in ``folder``; ``path`` opens it again until it is closed.

    On Linux it has no name, so that nothing is left even where the program is killed.

    Raises:
        OSError: it cannot be made.
    """

    def __init__(self) -> None:
        self.folder = Path(tempfile.gettempdir())
        clear_stale(self.folder, PREFIX)
        descriptor, name = tempfile.mkstemp(prefix=PREFIX)
        self.path = Path(name)
        self.file: BinaryIO = os.fdopen(descriptor, "w+b")
        nameless = _OPEN_FILES / str(descriptor)
        with suppress(OSError):
            if nameless.samefile(self.path):
                self.path.unlink()
                self.path = nameless

    def close(self) -> None:
        """Remove it."""
        self.file.close()
        if self.path.parent != _OPEN_FILES:
            self.path.unlink(missing_ok=True)


def clear_stale(folder: Path, prefix: str) -> None:
    """Remove this user's files and folders with that prefix that killed programs left more than a day ago."""
    for left in folder.glob(f"{prefix}*"):
        with suppress(OSError):
            found = left.lstat()
            if found.st_uid != _user() or time.time() - found.st_mtime <= _STALE_S:
                continue
            if left.is_dir() and not left.is_symlink():
                shutil.rmtree(left, ignore_errors=True)
            else:
                left.unlink()


def _user() -> int:
    # Windows has no user ids, and gives 0 for every file.
    return os.geteuid() if hasattr(os, "geteuid") else 0
