"""Files of lines that are only appended to, also by several processes; a crash damages at most one line."""

import os
from collections.abc import Sequence
from pathlib import Path

from video_labeler.files.opening import existing_file, growing_file


def append_lines(descriptor: int, lines: Sequence[str], *, sync: bool = True) -> None:
    """Append lines to an open file in one piece, and sync it; what a crash left of a line stays alone.

    Without ``sync`` a power cut may take them, which does no harm where they can be made again.

    Raises:
        OSError: the system refuses; of a full disk a part of the lines may be written.
    """
    content = "".join(f"{line}\n" for line in lines).encode()
    end = os.lseek(descriptor, 0, os.SEEK_END)
    if end:
        os.lseek(descriptor, end - 1, os.SEEK_SET)
        if os.read(descriptor, 1) != b"\n":
            content = b"\n" + content
    while content:
        content = content[os.write(descriptor, content) :]
    if sync:
        os.fsync(descriptor)


class GrowingLines:
    """The lines of such a file, read piece by piece as they are added; at most ``most_bytes`` of it."""

    def __init__(self, path: Path, most_bytes: int) -> None:
        self.path = path
        self._most_bytes = most_bytes
        self._read_to = 0
        self._inode = -1

    def append(self, lines: Sequence[str]) -> None:
        """Append lines in one piece.

        Raises:
            OSError: the file cannot be written, or is not an ordinary one.
        """
        descriptor = growing_file(self.path, 0o666, of_anyone=True)
        try:
            append_lines(descriptor, lines)
        finally:
            os.close(descriptor)

    def added(self) -> tuple[bool, list[bytes]]:
        """Whether the file was read from its beginning, and the lines that came since the last call.

        A last line without its end comes again when it is complete. Without the file there are no lines.
        """
        try:
            descriptor = existing_file(self.path, of_anyone=True)
        except OSError:
            self._read_to, self._inode = 0, -1
            return True, []
        with os.fdopen(descriptor, "rb") as file:
            found = os.fstat(descriptor)
            is_new = found.st_ino != self._inode or found.st_size < self._read_to
            if is_new:
                self._read_to, self._inode = 0, found.st_ino
            if found.st_size == self._read_to:
                return is_new, []
            file.seek(self._read_to)
            content = file.read(max(0, self._most_bytes - self._read_to))
        self._read_to += content.rfind(b"\n") + 1
        return is_new, content.splitlines()
