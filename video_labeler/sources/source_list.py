"""What a folder, or a list in a file (M3U, PLS), holds to be played one after the other."""

import codecs
import glob
import locale
import os
import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from urllib.parse import unquote

from video_labeler.errors import SourceError, SourceFormatError, SourceNotFoundError
from video_labeler.files.reading import TooLargeError, read_bytes
from video_labeler.sources.file_content import PICTURE_SUFFIXES
from video_labeler.sources.folder_search import (
    VIDEO_SUFFIXES,
    has_name_of_video,
    is_hidden,
    may_be_video,
    natural_order,
)
from video_labeler.sources.naming import SourceKind, named_source
from video_labeler.text.file_address import ADDRESS_FORM, is_file_address, is_network_path, local_path
from video_labeler.text.shown import shown

LIST_SUFFIXES = frozenset({".m3u", ".m3u8", ".pls"})
"""How the names of lists end, in lower case."""

_STILL_SUFFIXES = PICTURE_SUFFIXES - VIDEO_SUFFIXES
OWN_LIST_SIGN = "@"
"""Before the name of a list of the user's own, as text with a source in each line."""

_LONGEST_OWN_LIST = 200_000_000
_LONGEST_LIST = 1_000_000
"""Bytes of a list that are read."""
_MOST = 10_000
"""Sources that are taken of a list or folder."""
_GLANCE_FILES, _GLANCE_S = 500, 0.1

_STREAM_MARK = b"#EXT-X-"
_PLS_ENTRY = re.compile(r"File\d+\s*=\s*(.*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class BadEntry:
    """What names no source, for people: the words, and the sentence that says why, with the line in its list."""

    words: str
    problem: str


@dataclass(frozen=True, slots=True)
class SourceList:
    """The sources in order, as texts, and in a sentence what is not among them; empty where nothing is missing.

    ``bad`` are the lines of a list of the user's own that name none.
    """

    sources: tuple[str, ...]
    problem: str = ""
    bad: tuple[BadEntry, ...] = ()


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
    own_lists: bool = False,
    other_hosts: bool = False,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> SourceList:
    """The sources, with what lists (and ``folders``) among them hold in their places, as :func:`sources_in` tells.

    With ``own_lists``, ``@NAME`` is a list of the user's own: a source in each line, as it would be typed.
    """
    found: list[str] = []
    problems: list[str] = []
    bad: list[BadEntry] = []
    for source in sources:
        if own_lists and source.startswith(OWN_LIST_SIGN) and not os.path.lexists(source):
            own = _own_list(Path(source[1:]))
            found.extend(own.sources)
            bad.extend(own.bad)
            problems.extend([own.problem] if own.problem else [])
            continue
        path = list_named(source)
        if path is None or (path.is_dir() and not folders):
            found.append(source)
            continue
        held = sources_in(path, other_hosts=other_hosts, is_cancelled=is_cancelled)
        found.extend(held.sources)
        problems.extend([held.problem] if held.problem else [])
    return SourceList(tuple(found), " ".join(problems), tuple(bad))


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


def _own_list(path: Path) -> SourceList:
    name = shown(str(path))
    try:
        content = read_bytes(path, _LONGEST_OWN_LIST)
    except TooLargeError:
        reason = f"The list {name} has more than {_LONGEST_OWN_LIST // 10**6} MB."
    except FileNotFoundError:
        reason = f"There is no list {name}. Check its name."
    except OSError as error:
        reason = f"The list {name} cannot be read: {error.strerror or error}."
    else:
        found, bad = [], []
        for number, words in _own_lines(content):
            try:
                found.append(_own_entry(words, path.parent))
            except SourceError as error:
                bad.append(BadEntry(words.strip(), f"{name}, line {number}: {error}"))
        return SourceList(tuple(found), "" if found or bad else f"The list {name} names no source.", tuple(bad))
    return SourceList((), bad=(BadEntry(f"{OWN_LIST_SIGN}{path}", reason),))


def _own_lines(content: bytes) -> Iterator[tuple[int, str]]:
    """The lines that are neither blank nor comments, with their numbers from 1; names keep the system's bytes."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        # As PowerShell and Notepad write it.
        content = content.decode("utf-16", errors="replace").encode(errors="replace")
    for number, line in enumerate(content.removeprefix(codecs.BOM_UTF8).split(b"\n"), start=1):
        try:
            words = os.fsdecode(line).removesuffix("\r")
        except UnicodeDecodeError:
            # Windows, where names are not bytes.
            words = line.decode(locale.getpreferredencoding(do_setlocale=False), errors="replace").removesuffix("\r")
        if words.strip() and not words.lstrip().startswith("#"):
            yield number, words


def _own_entry(words: str, folder: Path) -> str:
    """The source that a line names, looked for in the list's own folder, then in the current one.

    Raises:
        SourceError: it names none.
    """
    if "\0" in words:
        raise SourceFormatError("It holds a zero byte, which no name does.")
    entry = words if os.path.lexists(folder / words) or os.path.lexists(words) else words.strip()
    source = _found_beside(entry, folder) or entry
    named = named_source(source)
    path = named.path
    if named.kind is SourceKind.CAMERA or (named.kind is SourceKind.PATH and path and not os.path.lexists(path)):
        raise SourceNotFoundError(f"There is no file or folder {entry}. Check its name.")
    if path is not None and not path.is_dir() and list_named(source) is not None:
        raise SourceFormatError(f"{entry} is a list itself. Name it on the command line.")
    return source


def _found_beside(entry: str, folder: Path) -> str | None:
    """The file, folder or pattern of pictures that lies in the folder, as a source; ``None`` where there is none."""
    beside = _file_named(entry, folder) or folder / entry
    if os.path.lexists(beside):
        # "5" alone would be a camera.
        return str(beside) if named_source(str(beside)).path is not None else f"{os.curdir}{os.sep}{beside}"
    if glob.has_magic(entry) and not ADDRESS_FORM.match(entry) and not Path(entry).is_absolute():
        return str(Path(glob.escape(str(folder)), entry)) if any(folder.glob(entry)) else None
    return None


def _file_named(entry: str, folder: Path) -> Path | None:
    """The file that a line names, from the list's own folder on; none that is in the network or is a list itself."""
    decoded = unquote(entry)
    if is_network_path(entry) or is_network_path(decoded):
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
