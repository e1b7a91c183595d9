"""Keeps what an unattended program saves within a quota: the oldest is deleted first."""

import logging
import re
from enum import Enum
from pathlib import Path

_log = logging.getLogger(__name__)

_TIMED = r"\d{4}-\d\d-\d\d \d\d\.\d\d\.\d\d( \(\d+\))?"
"""The part of a name from :func:`~video_labeler.files.naming.timed_names` after its first word."""


class Kept(Enum):
    """What a quota applies to: the file names that the program gives."""

    RECORDINGS = re.compile(rf"Video {_TIMED}(\.recovered(-\d+)?)?\.mp4")
    REPLAYS = re.compile(rf"Replay {_TIMED}(\.recovered(-\d+)?)?\.mp4")
    PICTURES = re.compile(rf"Picture {_TIMED}\.(png|jpg|json)")


def kept_files(folder: Path, kept: Kept) -> list[tuple[Path, ...]]:
    """The complete files in ``folder`` with the program's own names, oldest first; a picture comes with its labels."""
    try:
        found = [path for path in folder.iterdir() if kept.value.fullmatch(path.name) and path.is_file()]
    except OSError:
        return []
    together: dict[str, tuple[Path, ...]] = {}
    # The name holds the time of the start, whatever copying and clocks have done to the files' own times.
    for path in sorted(found, key=lambda path: path.name):
        together[path.stem] = (*together.get(path.stem, ()), path)
    return list(together.values())


def kept_bytes(folder: Path, kept: Kept) -> int:
    """The total size of these files."""
    return sum(_size(path) for paths in kept_files(folder, kept) for path in paths)


def enforce_quota(folder: Path, kept: Kept, limit_bytes: float) -> list[Path]:
    """Delete the oldest files until the rest takes at most ``limit_bytes``, and return the deleted ones.

    Nothing else in the folder is touched or counted. What cannot be deleted is logged.
    """
    sizes = {paths: sum(map(_size, paths)) for paths in kept_files(folder, kept)}
    excess = sum(sizes.values()) - limit_bytes
    gone: list[Path] = []
    for paths, size in sizes.items():
        if excess <= 0:
            break
        try:
            for path in paths:
                path.unlink(missing_ok=True)
                gone.append(path)
        except OSError as error:
            _log.warning("The quota is exceeded, but %s cannot be deleted: %s", paths[0], error.strerror)
            continue
        excess -= size
    if gone:
        _log.info("Deleted %d files, since the quota of %.1f GB was reached", len(gone), limit_bytes / 1e9)
    return gone


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
