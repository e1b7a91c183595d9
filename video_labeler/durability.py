"""Small files and names that are either old or new after a power cut, never half of each."""

import errno
import os
import sys
from pathlib import Path

_NOT_ABLE = (errno.EINVAL, errno.ENOTSUP, errno.ENOSYS, errno.EBADF, errno.EACCES, errno.EPERM, errno.EISDIR)
"""How systems and network shares say that they know no such sync, rather than that it failed."""


def write_whole(path: Path, text: str, *, wait: bool = True) -> None:
    """Replace a file's content; what UTF-8 does not know becomes an escape, which JSON reads back.

    Without ``wait`` the system brings it to the disk when it likes: for the interface's thread, which a busy disk
    must not hold up.

    Raises:
        OSError: it cannot be written; the old content is kept.
    """
    draft = path.with_name(f"{path.name}.partial")
    with draft.open("w", encoding="utf-8", errors="backslashreplace", newline="\n") as stream:
        stream.write(text)
        if wait:
            stream.flush()
            os.fsync(stream.fileno())
    draft.replace(path)
    if wait:
        sync_folder(path.parent)


def sync_content(descriptor: int) -> None:
    """Bring an open file's content to the disk; macOS has no ``fdatasync``.

    Raises:
        OSError: some of what was written since the last sync is lost.
    """
    getattr(os, "fdatasync", os.fsync)(descriptor)


def sync_folder(folder: Path) -> None:
    """Make new and changed names in a folder survive a power cut, where the system can.

    Raises:
        OSError: the disk failed.
    """
    if sys.platform == "win32":
        return
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in _NOT_ABLE:
            raise
    finally:
        os.close(descriptor)
