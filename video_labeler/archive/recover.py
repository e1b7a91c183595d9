"""Turns recordings that a crash left unfinished into ordinary files, without re-encoding."""

import itertools
import os
import re
import stat
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import av

from video_labeler.errors import OutputError, SourceNotFoundError
from video_labeler.files.durability import sync_folder
from video_labeler.files.durable_file import DurableFile
from video_labeler.files.file_lock import lock_file
from video_labeler.files.free_space import SpaceWatch, megabytes
from video_labeler.files.naming import fitted_name
from video_labeler.files.opening import UnsafeFileError, existing_file, is_own_file, new_draft
from video_labeler.files.partial_file import rename_without_overwriting
from video_labeler.movie.movie_file import FORMATS
from video_labeler.movie.remux import Content, content_of, last_picture_decodes, remux

_PARTIAL = re.compile(r"(?P<stem>.+)\.partial(-\d+)?(?P<suffix>\.(mp4|mkv))", re.IGNORECASE)

_ROOM = 1.05
"""The recovered file is a copy, and has an index as well."""


class LeftoverState(StrEnum):
    """What can be done with an unfinished recording."""

    RECOVERABLE = "recoverable"
    IN_USE = "in use"
    """A running program is writing it."""
    EMPTY = "empty"
    """It was cut off before the first picture was on the disk."""


@dataclass(frozen=True, slots=True)
class Leftover:
    """An unfinished recording, and how many frames and seconds of it can be saved.

    ``written_s``: when it was last written to, in seconds since 1970.
    """

    path: Path
    state: LeftoverState
    frames: int = 0
    seconds: float = 0.0
    written_s: float = 0.0

    @property
    def name(self) -> str:
        """The name that it was to have when complete, which is the one that people know."""
        match = _PARTIAL.fullmatch(self.path.name)
        return f"{match['stem']}{match['suffix']}" if match else self.path.name

    @property
    def begun_s(self) -> float:
        """About when the recording was begun, in seconds since 1970."""
        return self.written_s - self.seconds


def find_leftovers(places: Sequence[Path]) -> list[Path]:
    """The unfinished recordings in folders and below them; a path to a file is returned as it is.

    Raises:
        SourceNotFoundError: a place does not exist.
    """
    found: dict[Path, None] = {}
    for place in places:
        if place.is_dir():
            found.update(dict.fromkeys(sorted(path for path in place.rglob("*.partial*") if _is_partial(path))))
        elif place.is_file():
            found[place] = None
        else:
            raise SourceNotFoundError(f"There is no file or folder {place}.")
    return list(found)


def _is_partial(path: Path) -> bool:
    return _PARTIAL.fullmatch(path.name) is not None and is_own_file(path)


def look_at(path: Path) -> Leftover:
    """What an unfinished recording holds.

    Raises:
        OutputError: it is not a recording, or cannot be read.
    """
    with _ours(path) as ours:
        if not ours:
            return Leftover(path, LeftoverState.IN_USE)
        return _leftover(path, content_of(path))


def recover(path: Path) -> tuple[Leftover, Path | None]:
    """Copy an unfinished recording into an ordinary file ``NAME.recovered.mp4`` beside it.

    The unfinished one is removed once the copy is verified to hold every packet and to be readable. The second value is
    the new file, ``None`` where nothing could be saved; it is readable for the same users as the unfinished one.

    Raises:
        OutputError: it is not a recording, or the copy cannot be written; the unfinished file is kept.
    """
    with _ours(path) as ours:
        if not ours:
            return Leftover(path, LeftoverState.IN_USE), None
        content = content_of(path)
        leftover = _leftover(path, content)
        if not content.frames:
            return leftover, None
        target = _save(path, content)
    path.unlink()
    return leftover, target


def _leftover(path: Path, content: Content) -> Leftover:
    if not content.frames:
        return Leftover(path, LeftoverState.EMPTY)
    written_s = path.stat().st_mtime
    return Leftover(path, LeftoverState.RECOVERABLE, content.frames, content.seconds, written_s)


def _save(path: Path, content: Content) -> Path:
    _check_room(path)
    ending = f".recovering{path.suffix}"
    descriptor, draft = _new_draft(path, ending)
    try:
        with closing(DurableFile(os.dup(descriptor), str(draft), durable=False)) as copy, _closed_after(descriptor):
            remux(path, copy, descriptor)
        _check_copy(path, draft, content)
        return _put_in_place(path, draft)
    except (OSError, av.FFmpegError) as error:
        raise OutputError(f"Cannot recover {path}: {error.strerror}. The file is kept as it is.") from error
    except OutputError:
        raise
    except Exception as error:  # the library raises whatever its code meets in a damaged file
        raise OutputError(f"Cannot recover {path}: it is damaged. The file is kept as it is.") from error
    finally:
        draft.unlink(missing_ok=True)


def _check_copy(path: Path, draft: Path, content: Content) -> None:
    if content_of(draft) != content or not last_picture_decodes(draft):
        raise OutputError(f"The copy of {path} is not the same as the original, which is kept.")


@contextmanager
def _closed_after(descriptor: int) -> Iterator[None]:
    """Close a file afterwards: Windows does not rename open files."""
    try:
        yield
    finally:
        os.close(descriptor)


def _new_draft(path: Path, ending: str) -> tuple[int, Path]:
    stem = fitted_name(path.stem, f".12345678{ending}")
    try:
        return new_draft(path.with_name(stem), ending, stat.S_IMODE(path.lstat().st_mode) & 0o777)
    except OSError as error:
        raise OutputError(f"Cannot recover {path}: {error.strerror}. The file is kept as it is.") from error


def _check_room(path: Path) -> None:
    free, wanted = SpaceWatch(path.parent).free_bytes, round(path.stat().st_size * _ROOM)
    if free < wanted:
        raise OutputError(
            f"Recovering {path} needs {megabytes(wanted)} beside it, and only {megabytes(free)} is free. "
            "Make room, or copy it to another disk."
        )


def _put_in_place(path: Path, draft: Path) -> Path:
    match = _PARTIAL.fullmatch(path.name)
    stem = match["stem"] if match else path.stem
    for number in itertools.count(1):
        ending = f".recovered{path.suffix}" if number == 1 else f".recovered-{number}{path.suffix}"
        name = fitted_name(stem, ending) + ending
        try:
            rename_without_overwriting(draft, path.with_name(name))
        except FileExistsError:
            continue
        # The unfinished file is removed only when the copy's name is on the disk.
        sync_folder(path.parent)
        return path.with_name(name)
    raise AssertionError("names never run out")


@contextmanager
def _ours(path: Path) -> Iterator[bool]:
    """Lock the file, so that no other process recovers it at the same time; false where it is being written."""
    if path.suffix.lower() not in FORMATS:
        raise OutputError(f"{path} is not a recording: its name must end in .mp4 or .mkv.")
    try:
        descriptor = existing_file(path, write=True)
    except UnsafeFileError as error:
        raise OutputError(
            f"{path} {error.strerror}, and is not recovered. Give a recording of your own, under its own name."
        ) from error
    except OSError as error:
        raise OutputError(f"Cannot open {path}: {error.strerror}.") from error
    try:
        yield lock_file(descriptor)
    finally:
        os.close(descriptor)
