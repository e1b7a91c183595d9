"""Small files and names that are either old or new after a power cut, never half of each."""

import errno
import itertools
import os
import shutil
import stat
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

_NOT_ABLE = (errno.EINVAL, errno.ENOTSUP, errno.ENOSYS, errno.EBADF, errno.EACCES, errno.EPERM, errno.EISDIR)
"""How systems and network shares say that they know no such sync, rather than that it failed."""


def write_whole(path: Path, content: str | bytes, *, wait: bool = True) -> None:
    """Replace a file's content; what UTF-8 does not know becomes an escape, which JSON reads back.

    A link stays one, and the file keeps its permissions. Without ``wait`` the system brings it to the disk when it
    likes: for the interface's thread, which a busy disk must not hold up.

    Raises:
        OSError: it cannot be written; the old content is kept.
    """
    path = Path(os.path.realpath(path))
    draft = path.with_name(f"{path.name}.partial")
    try:
        with _opened(draft, os.O_TRUNC, like=path) as stream:
            stream.write(content if isinstance(content, bytes) else content.encode(errors="backslashreplace"))
            if path.exists():
                shutil.copymode(path, draft)
            if wait:
                stream.flush()
                os.fsync(stream.fileno())
        draft.replace(path)
    except OSError:
        with suppress(OSError):
            draft.unlink()
        raise
    if wait:
        sync_folder(path.parent)


def keep_copy(path: Path, will_do: Callable[[bytes], bool]) -> Path | None:
    """Copy a file to the first free ``NAME.bak-1``, ``-2`` and on beside it; ``None`` where an earlier one will do.

    Raises:
        OSError: it cannot be read, or the copy cannot be written.
    """
    content = path.read_bytes()
    for number in itertools.count(1):
        copy = path.with_name(f"{path.name}.bak-{number}")
        try:
            with _opened(copy, os.O_EXCL, like=path) as stream:
                stream.write(content)
        except FileExistsError:
            if copy.is_file() and will_do(copy.read_bytes()):
                return None
            continue
        except OSError:
            with suppress(OSError):
                copy.unlink()
            raise
        return copy
    raise AssertionError("names never run out")


def _opened(path: Path, flags: int, *, like: Path) -> BinaryIO:
    """A file to be written, with the permissions of another: what is secret in that is at no time open in this."""
    try:
        mode = stat.S_IMODE(like.stat().st_mode)
    except OSError:
        mode = 0o666
    flags |= os.O_WRONLY | os.O_CREAT | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
    return os.fdopen(os.open(path, flags, mode), "wb")


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
