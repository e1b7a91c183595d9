"""Lets only one kiosk run at a time for each user."""

import logging
import os
from pathlib import Path
from types import TracebackType
from typing import Self

from video_labeler.errors import VideoLabelerError
from video_labeler.files.file_lock import lock_file
from video_labeler.files.opening import PRIVATE, existing_file, new_file, private_folder

_log = logging.getLogger(__name__)

_FILE_NAME = "running.lock"


class OnlyOne:
    """A lock held while a kiosk runs; the system releases it however the process ends.

    If the lock cannot be created, that is only logged: a stand must not fail for it.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / _FILE_NAME
        self._descriptor: int | None = None

    def __enter__(self) -> Self:
        """Take the lock.

        Raises:
            VideoLabelerError: a kiosk is running already.
        """
        try:
            private_folder(self._path.parent)
            try:
                self._descriptor = new_file(self._path, PRIVATE)
            except FileExistsError:
                self._descriptor = existing_file(self._path, write=True)
        except OSError as error:
            _log.warning("Nothing keeps a second kiosk from starting: %s: %s", self._path, error.strerror)
            return self
        if not lock_file(self._descriptor):
            number = _read_number(self._descriptor)
            os.close(self._descriptor)
            self._descriptor = None
            known = f" (process {number})" if number else ""
            raise VideoLabelerError(f"A kiosk is running already{known}. End it with Ctrl+Shift+Q there first.")
        _write_number(self._descriptor)
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Release the lock. The file stays: removing it could affect a kiosk that has just started."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def _read_number(descriptor: int) -> int | None:
    try:
        return int(os.read(descriptor, 20))
    except (OSError, ValueError):
        return None


def _write_number(descriptor: int) -> None:
    try:
        os.ftruncate(descriptor, 0)
        os.write(descriptor, str(os.getpid()).encode())
    except OSError as error:
        _log.warning("The number of this process cannot be written: %s", error.strerror)
