"""Keeps the recordings of an unattended program within a share of the disk: the oldest go first."""

import logging
import re
from pathlib import Path

_log = logging.getLogger(__name__)

_OWN = re.compile(r"Video \d{4}-\d\d-\d\d \d\d\.\d\d\.\d\d( \(\d+\))?(\.recovered(-\d+)?)?\.mp4")
"""The names that :func:`~video_labeler.recording.naming.timed_names` gives, and those of mended recordings."""


def recorded_files(folder: Path) -> list[Path]:
    """The complete recordings in ``folder`` that bear the program's own names, oldest first."""
    try:
        found = [path for path in folder.iterdir() if _OWN.fullmatch(path.name) and path.is_file()]
    except OSError:
        return []
    # The name tells the time of the start, whatever copies and clocks have done to the files' times since.
    return sorted(found, key=lambda path: path.name)


def enforce_quota(folder: Path, limit_bytes: float) -> list[Path]:
    """Delete the oldest own recordings until those left take ``limit_bytes`` at the most, and return what went.

    Nothing else in the folder is touched or counted. What cannot be deleted is logged.
    """
    sizes = {path: _size(path) for path in recorded_files(folder)}
    excess = sum(sizes.values()) - limit_bytes
    gone = []
    for path, size in sizes.items():
        if excess <= 0:
            break
        try:
            path.unlink()
        except OSError as error:
            _log.warning("The quota is exceeded, but %s cannot be deleted: %s", path, error.strerror)
            continue
        excess -= size
        gone.append(path)
    if gone:
        _log.info("Deleted %d recordings, since the quota of %.1f GB was reached", len(gone), limit_bytes / 1e9)
    return gone


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
