"""Atomic, durable writes of small files: after a power cut a file is either old or new, never half of each."""

import errno
import itertools
import os
import stat
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from video_labeler.files.opening import PRIVATE, check_link, new_draft, new_file

_NOT_ABLE = (errno.EINVAL, errno.ENOTSUP, errno.ENOSYS, errno.EBADF, errno.EACCES, errno.EPERM, errno.EISDIR)
"""Errors by which systems and network shares report that a sync is unsupported, rather than that it failed."""


def write_atomically(path: Path, content: str | bytes, *, wait: bool = True, private: bool = False) -> None:
    """Replace a file's content; what UTF-8 cannot encode becomes an escape, which JSON reads back.

    A link of this user remains a link. The file keeps its permissions; a new or ``private`` one is for its owner alone.
    Without ``wait`` the file is not synced: for the interface's thread, which a busy disk must
    not block.

    Raises:
        OSError: it cannot be written; the old content is kept.
    """
    check_link(path)
    path = Path(os.path.realpath(path))
    descriptor, draft = new_draft(path, ".partial", PRIVATE if private else _mode_of(path))
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content if isinstance(content, bytes) else content.encode(errors="backslashreplace"))
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


def keep_copy(path: Path, suffices: Callable[[bytes], bool]) -> Path | None:
    """Copy a file to the first free ``NAME.bak-1``, ``-2`` and so on; ``None`` where an earlier copy suffices.

    Raises:
        OSError: it cannot be read, or the copy cannot be written.
    """
    content = path.read_bytes()
    for number in itertools.count(1):
        copy = path.with_name(f"{path.name}.bak-{number}")
        try:
            with _new_like(copy, path) as stream:
                stream.write(content)
        except FileExistsError:
            if copy.is_file() and suffices(copy.read_bytes()):
                return None
            continue
        except OSError:
            with suppress(OSError):
                copy.unlink()
            raise
        return copy
    raise AssertionError("names never run out")


def _new_like(path: Path, like: Path) -> BinaryIO:
    """Create a file with the permissions of another, so that its content is never readable by others."""
    return os.fdopen(new_file(path, _mode_of(like)), "wb")


def _mode_of(path: Path) -> int:
    """The permissions of a file; one that does not exist yet is for its owner alone."""
    try:
        return stat.S_IMODE(path.stat().st_mode) & 0o777
    except OSError:
        return PRIVATE


def sync_content(descriptor: int) -> None:
    """Sync an open file's content to the disk; macOS has no ``fdatasync``.

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
