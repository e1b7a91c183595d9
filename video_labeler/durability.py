"""Small files and names that are either old or new after a power cut, never half of each."""

import logging
import os
import sys
from pathlib import Path

_log = logging.getLogger(__name__)


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


def sync_folder(folder: Path) -> None:
    """Make new and changed names in a folder survive a power cut, where the system can."""
    if sys.platform == "win32":
        return
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(descriptor)
    except OSError:
        _log.debug("The folder %s cannot be synced", folder)
    finally:
        os.close(descriptor)
