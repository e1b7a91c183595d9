"""What a folder, or a list in a file (M3U, PLS), holds to be played one after the other."""

import os
import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from urllib.parse import unquote

from video_labeler.errors import SourceError
from video_labeler.sources.file_content import PICTURE_SUFFIXES
from video_labeler.sources.folder_search import (
    VIDEO_SUFFIXES,
    has_name_of_video,
    is_hidden,
    may_be_video,
    natural_order,
)
from video_labeler.sources.naming import SourceKind, named_source
from video_labeler.text.file_address import ADDRESS_FORM, is_file_address, local_path
from video_labeler.text.shown import shown

LIST_SUFFIXES = frozenset({".m3u", ".m3u8", ".pls"})
"""How the names of lists end, in lower case."""

_STILL_SUFFIXES = PICTURE_SUFFIXES - VIDEO_SUFFIXES
_LONGEST_LIST = 1_000_000
"""Bytes of a list that are read."""
_MOST = 10_000
"""Sources that are taken of a list or folder."""
_GLANCE_FILES, _GLANCE_S = 500, 0.1

_STREAM_MARK = b"#EXT-X-"
_PLS_ENTRY = re.compile(r"File\d+\s*=\s*(.*)", re.IGNORECASE)
_NETWORK_PATH = re.compile(r"[\\/]{2}")


@dataclass(frozen=True, slots=True)
class SourceList:
    """The sources in order, as texts, and in a sentence what is not among them; empty where nothing is missing."""

    sources: tuple[str, ...]
    problem: str = ""


def list_named(text: str) -> Path | None:
    """The folder or list that a text names, to be looked through by :func:`sources_in` rather than opened.

    ``None`` where it names something else, also for a playlist of HLS, whose pieces make one video.
    """
    try:
        named = named_source(text)
    except SourceError:
        return None
    path = named.path
    if named.kind is not SourceKind.PATH or path is None:
        return None
    is_list = path.suffix.lower() in LIST_SUFFIXES and path.is_file() and _STREAM_MARK not in _content(path)
    return path if is_list or path.is_dir() else None


def may_hold_sources(folder: Path) -> bool:
    """Whether a glance finds a video or picture in or below the folder, or does not come to an end."""
    until_s = time.monotonic() + _GLANCE_S
    for count, path in enumerate(_files_below(folder, lambda: False)):
        if _is_picture(path) or has_name_of_video(path):
            return True
        if count >= _GLANCE_FILES or time.monotonic() > until_s:
            return True
    return False


def sources_in(
    path: Path, *, other_hosts: bool = False, is_cancelled: Callable[[], bool] = lambda: False
) -> SourceList:
    """What is to be played of a folder or a list, in order; may take a while in a large folder.

    Of a folder and those below it: each folder's pictures as one source, then its videos. Of a list: the files that it
    names, and addresses where ``other_hosts`` may be asked.
    """
    if not path.is_dir():
        return _sources_named_in(path, other_hosts=other_hosts)
    name = shown(path.name or str(path))
    try:
        next(path.iterdir(), None)
    except OSError:
        return SourceList((), f"You may not look into the folder {name}, or it cannot be read.")
    found = tuple(islice(_sources_below(path, is_cancelled), _MOST))
    return SourceList(found, "" if found else f"There are no videos or pictures in the folder {name}.")


def with_lists_opened(
    sources: Sequence[str],
    *,
    folders: bool = False,
    other_hosts: bool = False,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> SourceList:
    """The sources, with what lists (and ``folders``) among them hold in their places, as :func:`sources_in` tells."""
    found: list[str] = []
    problems: list[str] = []
    for source in sources:
        path = list_named(source)
        if path is None or (path.is_dir() and not folders):
            found.append(source)
            continue
        held = sources_in(path, other_hosts=other_hosts, is_cancelled=is_cancelled)
        found.extend(held.sources)
        problems.extend([held.problem] if held.problem else [])
    return SourceList(tuple(found), " ".join(problems))


def _sources_below(folder: Path, is_cancelled: Callable[[], bool]) -> Iterator[str]:
    place: Path | None = None
    for path in _files_below(folder, is_cancelled):
        if _is_picture(path):
            # All of a folder's pictures are one source.
            if place != path.parent:
                place = path.parent
                yield str(place)
        elif has_name_of_video(path) and may_be_video(path):
            yield str(path)


def _files_below(folder: Path, is_cancelled: Callable[[], bool]) -> Iterator[Path]:
    """In natural order, the pictures of a folder before its other files, and these before the folders in it."""
    for place, folders, files in os.walk(folder):
        if is_cancelled():
            return
        folders[:] = sorted(
            (name for name in folders if not is_hidden(name)), key=lambda name: natural_order(Path(name))
        )
        paths = [Path(place, name) for name in files if not is_hidden(name)]
        yield from sorted(paths, key=lambda path: (not _is_picture(path), natural_order(path)))


def _is_picture(path: Path) -> bool:
    return path.suffix.lower() in _STILL_SUFFIXES


def _sources_named_in(path: Path, *, other_hosts: bool) -> SourceList:
    entries = list(islice(_entries(path), _MOST))
    found, missing, addresses = [], 0, 0
    for entry in entries:
        if ADDRESS_FORM.match(entry) and not is_file_address(entry):
            addresses += 1
            if other_hosts:
                found.append(entry)
        elif (file := _file_named(entry, path.parent)) is not None:
            found.append(str(file))
        else:
            missing += 1
    name, sentences = shown(path.name), []
    if missing == len(entries) > 0:
        sentences.append(f"None of the files that {name} names can be found.")
    elif missing:
        sentences.append(f"{missing} of the {len(entries)} files that {name} names cannot be found.")
    if addresses and not other_hosts:
        sentences.append(f"{name} names addresses on other computers, which the settings do not let it ask.")
    if not found and not sentences:
        sentences.append(f"{name} names nothing that can be played.")
    return SourceList(tuple(found), " ".join(sentences))


def _entries(path: Path) -> Iterator[str]:
    content = _content(path)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("latin-1")
    is_pls = path.suffix.lower() == ".pls"
    for line in text.splitlines():
        entry = line.strip().replace("\0", "")
        if is_pls:
            match = _PLS_ENTRY.fullmatch(entry)
            entry = "" if match is None else match[1].strip()
        if entry and not entry.startswith("#"):
            yield entry


def _file_named(entry: str, folder: Path) -> Path | None:
    """The file that a line names, from the list's own folder on; none that is in the network or is a list itself."""
    decoded = unquote(entry)
    if _NETWORK_PATH.match(entry) or _NETWORK_PATH.match(decoded):
        return None
    path = folder / (local_path(entry) if is_file_address(entry) else entry)
    # Windows writes backslashes; VLC writes the names of files as addresses have them, "My%20clip.mp4".
    for each in (path, folder / entry.replace("\\", "/"), folder / decoded):
        try:
            if each.is_file() and each.suffix.lower() not in LIST_SUFFIXES:
                return each
        except (OSError, ValueError):
            continue
    return None


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_LONGEST_LIST)
    except OSError:
        return b""
