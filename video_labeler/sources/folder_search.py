"""Finds the videos in a folder: by their names and first bytes, and never what is hidden or another program's."""

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
"""How the names of videos end, in lower case; the one list for folders, dialogs and what is dropped."""

_OTHERS_FOLDERS = frozenset(
    {
        "$recycle.bin", "recycler", "recycled", "system volume information", "lost+found", "found.000", "@eadir",
        "@recycle", "@recently-snapshot", "#recycle", "#snapshot", "#recycler", "__macosx", "node_modules",
        "network trash folder", "temporary items",
    }
)  # fmt: skip
"""Bins, previews and repairs of systems and network drives, in lower case. What begins with a dot is hidden anyway."""

_LOOKED_AT = 4096
_APPLE_DOUBLE = (b"\x00\x05\x16\x07", b"\x00\x05\x16\x00")
_PICTURE_OF_MPEG = b"\x00\x00\x01\x00"
"""A video may begin with it as an icon does."""
_TEXT_VIDEO = b"YUV4MPEG2"
_TEXT_MARKS = (b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")
_NEVER_IN_TEXT = bytes(set(range(32)) - {7, 8, 9, 10, 12, 13, 27})
_LONGEST_LETTER = 4

_RESULT_MARKS = (".labeled", ".partial", ".recovering")
"""What the program's own results and leftovers carry in their names."""


@dataclass(frozen=True, slots=True)
class FolderContent:
    """The videos of a folder and those below it, in order, and the folders that could not be looked into."""

    videos: tuple[Path, ...]
    closed: tuple[Path, ...] = ()


def videos_below(folder: Path, without: Path | None = None) -> FolderContent:
    """Look for videos; hidden things, bins, and results of annotations are left out, and so is all below ``without``.

    Links to folders are not followed.
    """
    closed: list[Path] = []
    found = sorted(_found(folder, without, closed))
    return FolderContent(tuple(found), tuple(closed))


def holds_videos(folder: Path) -> bool:
    """Whether a folder is one of videos rather than of pictures."""
    return next(_found(folder, None, []), None) is not None


def holds_pictures(folder: Path) -> bool:
    """Whether there are pictures right in the folder."""
    try:
        return any(path.suffix.lower() in PICTURE_SUFFIXES and not is_hidden(path.name) for path in folder.iterdir())
    except OSError:
        return False


def natural_order(path: Path) -> tuple[tuple[int, int | str], ...]:
    """A sorting key under which ``2.jpg`` comes before ``10.jpg``."""
    parts = re.split(r"([0-9]+)", str(path).casefold())
    return tuple((0, int(part)) if part.isdecimal() else (1, part) for part in parts if part)


def is_hidden(name: str) -> bool:
    """Whether a file or folder of that name is not meant for people."""
    return name.startswith(".") or name.lower() in _OTHERS_FOLDERS


def may_be_video(path: Path) -> bool:
    """Whether a file begins like anything but text or one picture, by its first kilobytes; never waits for a pipe."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return False
        with path.open("rb") as file:
            start = file.read(_LOOKED_AT)
    except (OSError, ValueError):
        # It has the name of a video: why it cannot be read is to be told.
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
    """Whether it is one picture under the name of a video."""
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
