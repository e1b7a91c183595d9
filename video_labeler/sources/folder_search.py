"""Finds the videos in a folder by their names and first bytes, skipping hidden files and those of other programs."""

import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from video_labeler.sources.file_content import PICTURE_STREAMS, PICTURE_SUFFIXES, FileContent, content_of

VIDEO_SUFFIXES = frozenset(
    {
        ".264", ".265", ".3g2", ".3gp", ".amv", ".asf", ".av1", ".avi", ".divx", ".dv", ".f4v", ".flv", ".gif",
        ".h264", ".h265", ".hevc", ".ivf", ".m1v", ".m2t", ".m2ts", ".m2v", ".m4v", ".mj2", ".mjpeg", ".mjpg", ".mk3d",
        ".mkv", ".mod", ".mov", ".mp4", ".mpe", ".mpeg", ".mpg", ".mpv", ".mts", ".mxf", ".nut", ".ogm", ".ogv",
        ".qt", ".rm", ".rmvb", ".tod", ".trp", ".ts", ".vob", ".webm", ".wmv", ".wtv", ".y4m",
    }
)  # fmt: skip
"""The suffixes of videos, in lower case; the only list, for folders, dialogs and dropped files."""

_OTHERS_FOLDERS = frozenset(
    {
        "$recycle.bin", "recycler", "recycled", "system volume information", "lost+found", "found.000", "@eadir",
        "@recycle", "@recently-snapshot", "#recycle", "#snapshot", "#recycler", "__macosx", "node_modules",
        "network trash folder", "temporary items",
    }
)  # fmt: skip
"""Folders for bins, previews and repairs of systems and network drives, in lower case, besides hidden ones."""

_LOOKED_AT = 4096
_APPLE_DOUBLE = (b"\x00\x05\x16\x07", b"\x00\x05\x16\x00")
_PICTURE_OF_MPEG = b"\x00\x00\x01\x00"
"""The start of some videos, which they share with icons."""
_TEXT_VIDEO = b"YUV4MPEG2"
_TEXT_MARKS = (b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")
_NEVER_IN_TEXT = bytes(set(range(32)) - {7, 8, 9, 10, 12, 13, 27})
_LONGEST_LETTER = 4

_RESULT_MARKS = (".labeled", ".partial", ".recovering")
"""Parts of the names of the program's own results and leftovers."""


@dataclass(frozen=True, slots=True)
class FolderContent:
    """The videos in and below a folder, in order, and the folders that could not be read."""

    videos: tuple[Path, ...]
    closed: tuple[Path, ...] = ()


def videos_below(folder: Path, without: Path | None = None) -> FolderContent:
    """Find videos, except hidden ones, those in bins, results of annotations, and everything below ``without``.

    Links to folders are not followed.
    """
    closed: list[Path] = []
    found = sorted(_found(folder, without, closed))
    return FolderContent(tuple(found), tuple(closed))


def holds_videos(folder: Path) -> bool:
    """Whether a folder contains videos rather than pictures."""
    return next(_found(folder, None, []), None) is not None


def holds_pictures(folder: Path) -> bool:
    """Whether there are pictures directly in the folder."""
    try:
        return any(path.suffix.lower() in PICTURE_SUFFIXES and not is_hidden(path.name) for path in folder.iterdir())
    except OSError:
        return False


def natural_order(path: Path) -> tuple[tuple[int, int | str], ...]:
    """A sorting key that puts ``2.jpg`` before ``10.jpg``."""
    parts = re.split(r"([0-9]+)", str(path).casefold())
    return tuple((0, int(part)) if part.isdecimal() else (1, part) for part in parts if part)


def is_hidden(name: str) -> bool:
    """Whether a file or folder with that name is hidden from people."""
    return name.startswith(".") or name.lower() in _OTHERS_FOLDERS


def may_be_video(path: Path) -> bool:
    """Whether a file, by its first kilobytes, is neither text nor a single picture; never blocks on a pipe."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return False
        with path.open("rb") as file:
            start = file.read(_LOOKED_AT)
    except (OSError, ValueError):
        # It has the name of a video, so the reason that it cannot be read will be reported.
        return True
    if not start or start.startswith(_APPLE_DOUBLE) or _is_still(path, start):
        return False
    return start.startswith(_TEXT_VIDEO) or not _is_text(start)


def _found(folder: Path, without: Path | None, closed: list[Path]) -> Iterator[Path]:
    shut = None if without is None else os.path.realpath(without)

    def note(error: OSError) -> None:
        closed.append(Path(os.fsdecode(error.filename)))

    for place, folders, files in os.walk(folder, onerror=note):
        folders[:] = sorted(
            name for name in folders if not is_hidden(name) and os.path.realpath(Path(place, name)) != shut
        )
        for name in sorted(files):
            path = Path(place, name)
            if has_name_of_video(path) and may_be_video(path):
                yield path


def has_name_of_video(path: Path) -> bool:
    """Whether it is called like a video, is not hidden, and is not one of the program's own results."""
    name = path.name.lower()
    marked = any(f"{mark}." in name or f"{mark}-" in name for mark in _RESULT_MARKS)
    return path.suffix.lower() in VIDEO_SUFFIXES and not is_hidden(path.name) and not marked


def _is_still(path: Path, start: bytes) -> bool:
    """Whether it is a single picture under the name of a video."""
    if path.suffix.lower() in PICTURE_STREAMS or start.startswith(_PICTURE_OF_MPEG):
        return False
    return content_of(path) is FileContent.PICTURE


def _is_text(start: bytes) -> bool:
    if start.startswith(_TEXT_MARKS):
        return True
    if start.translate(None, _NEVER_IN_TEXT) != start:
        return False
    for cut in range(_LONGEST_LETTER):
        # The last letter may be cut in two.
        try:
            start[: len(start) - cut].decode("utf-8")
        except UnicodeDecodeError:
            continue
        return True
    return False
