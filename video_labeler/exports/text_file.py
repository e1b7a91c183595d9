"""A text file that is under a partial name until it is complete."""

import os
from pathlib import Path
from typing import TextIO

from video_labeler.errors import OutputError
from video_labeler.files.partial_file import PartialFile


class TextFile:
    """UTF-8 text, written piece by piece with line ends as they are given; ``encoding`` may ask for a BOM.

    Without ``overwrite`` it does not replace a file that has taken its final name in the meantime.
    """

    def __init__(self, target: Path, encoding: str = "utf-8", *, overwrite: bool = True) -> None:
        self._file = PartialFile(target, overwrite=overwrite)
        self._encoding = encoding
        self._stream: TextIO | None = None

    def open(self) -> None:
        """Start the file under its partial name.

        Raises:
            OutputError: it cannot be written.
        """
        try:
            self._stream = os.fdopen(self._file.create(), "w", encoding=self._encoding, errors="replace", newline="")
        except OSError as error:
            raise OutputError(f"Cannot write {self._file.path}: {error.strerror}.") from error

    @property
    def is_open(self) -> bool:
        """Whether text can be written."""
        return self._stream is not None

    def write(self, text: str) -> None:
        """Append text.

        Raises:
            OutputError: the disk is full or gone.
        """
        assert self._stream is not None, "call open() first"
        try:
            self._stream.write(text)
        except OSError as error:
            raise OutputError(f"Cannot go on writing {self._file.path}: {error.strerror}.") from error

    def close(self, *, completed: bool) -> None:
        """Finish, and put the file in place where it is complete.

        Raises:
            OutputError: the end of the file could not be written.
        """
        stream, self._stream = self._stream, None
        if stream is None:
            return
        try:
            stream.close()
        except OSError as error:
            raise OutputError(f"Cannot finish {self._file.path}: {error.strerror}.") from error
        if completed:
            self._file.put_in_place()
