"""Opens files that others may have tampered with: no link is followed, and only regular files are opened.

Folders above a file are trusted, since the user has named them. The last part of a path is not, since anyone who can
write to the folder can put a link, a pipe or another user's file there. Windows has neither these flags nor these
owners.
"""

import errno
import functools
import os
import stat
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

PRIVATE = 0o600
"""The permissions of a file that only its owner may read."""

_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_COMMON = getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOFOLLOW", 0)
_TRIES = 100
_STALE_S = 3600.0


class UnsafeFileError(OSError):
    """A file that must not be opened; ``strerror`` says why, such as "is a link"."""


def new_file(path: Path, mode: int = 0o666) -> int:
    """Create a file for reading and writing, and return its descriptor; the umask limits ``mode``.

    Raises:
        FileExistsError: the name is taken, even by a broken link.
        OSError: the system refuses.
    """
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | _COMMON, mode)


def new_draft(path: Path, ending: str, mode: int) -> tuple[int, Path]:
    """Create a file beside ``path`` under an unpredictable name, with exactly the permissions ``mode``.

    Drafts that a crash left behind are removed after an hour. ``ending`` tells people what it is, such as ``.partial``.

    Raises:
        OSError: the system refuses.
    """
    import glob

    for left in path.parent.glob(f"{glob.escape(path.name)}.{'[0-9a-f]' * 8}{glob.escape(ending)}"):
        with suppress(OSError):
            if time.time() - left.lstat().st_mtime > _STALE_S:
                left.unlink()
    for draft in _draft_names(path, ending):
        try:
            descriptor = new_file(draft, PRIVATE)
        except FileExistsError:
            continue
        if mode != PRIVATE and hasattr(os, "fchmod"):
            with suppress(OSError):
                os.fchmod(descriptor, mode)
        return descriptor, draft
    raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))


def _draft_names(path: Path, ending: str) -> Iterator[Path]:
    for _ in range(_TRIES):
        yield path.with_name(f"{path.name}.{os.urandom(4).hex()}{ending}")


def existing_file(path: Path, *, write: bool = False, of_anyone: bool = False) -> int:
    """Open a regular file for reading, or for reading and writing, and return its descriptor.

    It must belong to this user or the system, or with ``of_anyone`` have no other hard link, which could be a file
    elsewhere.

    Raises:
        UnsafeFileError: it is a link, a pipe, a device or a folder, or belongs to someone else.
        OSError: it is missing, or the system refuses.
    """
    return _checked(path, os.O_RDWR if write else os.O_RDONLY, of_anyone=of_anyone)


def growing_file(path: Path, mode: int = PRIVATE, *, of_anyone: bool = False) -> int:
    """Open a file for reading and for writing at its end, as :func:`existing_file` does; a new one gets ``mode``.

    Raises:
        UnsafeFileError: as for :func:`existing_file`.
        OSError: the system refuses.
    """
    return _checked(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, mode, of_anyone=of_anyone)


def _checked(path: Path, flags: int, mode: int = PRIVATE, *, of_anyone: bool) -> int:
    if not hasattr(os, "O_NOFOLLOW") and path.is_symlink():
        raise UnsafeFileError(errno.ELOOP, "is a link", str(path))
    try:
        # Opening a pipe without a writer would block for ever.
        descriptor = os.open(path, flags | getattr(os, "O_NONBLOCK", 0) | _COMMON, mode)
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.EMLINK) and path.is_symlink():
            raise UnsafeFileError(errno.ELOOP, "is a link", str(path)) from error
        raise
    try:
        _check(os.fstat(descriptor), path, of_anyone=of_anyone)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def is_own_file(path: Path) -> bool:
    """Whether :func:`existing_file` would accept the file."""
    try:
        _check(path.lstat(), path, of_anyone=False)
    except (OSError, ValueError):
        return False
    return True


def check_link(path: Path) -> None:
    """Refuse a link that someone else created; the user's own are followed.

    Raises:
        UnsafeFileError: someone else created it.
    """
    with suppress(FileNotFoundError):
        found = path.lstat()
        if stat.S_ISLNK(found.st_mode) and not _is_trusted(found):
            raise UnsafeFileError(errno.EPERM, "is a link that someone else has made", str(path))


def make_private(path: Path) -> None:
    """Make a file of this user readable for its owner alone, as far as the system allows."""
    with suppress(OSError):
        descriptor = existing_file(path)
        try:
            mode = stat.S_IMODE(os.fstat(descriptor).st_mode)
            if mode & _OTHERS and hasattr(os, "fchmod"):
                os.fchmod(descriptor, mode & ~_OTHERS)
        finally:
            os.close(descriptor)


def private_folder(folder: Path) -> None:
    """Create a folder, and those above it, for this user alone; an existing one stays as it is.

    Raises:
        OSError: it cannot be made.
    """
    if not folder.is_dir():
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)


def _check(found: os.stat_result, path: Path, *, of_anyone: bool) -> None:
    if not stat.S_ISREG(found.st_mode):
        kind = "link" if stat.S_ISLNK(found.st_mode) else "folder" if stat.S_ISDIR(found.st_mode) else "pipe or device"
        raise UnsafeFileError(errno.EINVAL, f"is a {kind}", str(path))
    if of_anyone:
        if found.st_nlink > 1:
            raise UnsafeFileError(errno.EMLINK, "has another name elsewhere", str(path))
    elif not _is_trusted(found) and found.st_uid != _owner_given(path.parent):
        raise UnsafeFileError(errno.EPERM, "belongs to someone else", str(path))


@functools.lru_cache(maxsize=64)
def _owner_given(folder: Path) -> int | None:
    """The owner that this user's new files get there: on network shares and foreign disks it may be another."""
    try:
        descriptor, trial = new_draft(folder / ".video-labeler", ".trial", PRIVATE)
    except OSError:
        return None
    try:
        return os.fstat(descriptor).st_uid
    finally:
        os.close(descriptor)
        with suppress(OSError):
            trial.unlink()


def _is_trusted(found: os.stat_result) -> bool:
    """Whether it belongs to this user, to the system, or to whoever owns this user's new files there."""
    return not hasattr(os, "geteuid") or os.geteuid() in (0, found.st_uid) or found.st_uid == 0
