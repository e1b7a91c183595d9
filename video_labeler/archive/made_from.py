"""Records beside results which input each was made from, so that a batch knows what it has done."""

import hashlib
import json
import os
import sqlite3
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any

from video_labeler.archive.index_file import INDEX_NAME, name_of, reading, stored_name
from video_labeler.archive.index_guard import IndexProblemError
from video_labeler.errors import OutputError
from video_labeler.files.growing_lines import GrowingLines
from video_labeler.files.reading import parsed_json
from video_labeler.recording.segments import segments_of
from video_labeler.sources.naming import NamedSource

NOTES_NAME = ".video-labeler.made.jsonl"

_ENDS_BYTES = 1 << 20
_LARGEST = 64_000_000
"""Bytes. A hundred thousand results take half of that; anything beyond counts as not made yet."""

_CLOCK_STEP_S = 2.0
"""The resolution of times on some file systems."""


class ResultState(Enum):
    """What already exists under the name of a result."""

    FREE = "free"
    """Nothing, or what an interrupted run left of the same input."""
    MADE = "made"
    """The complete result of the same input."""
    TAKEN = "taken"
    """Something else, or a file of unknown origin."""


@dataclass(frozen=True, slots=True)
class InputMark:
    """Identifies an input: where it is, and what is in it."""

    place: str
    content: str


def mark_of(source: NamedSource) -> InputMark:
    """The mark of an input; for a file, a hash of its size and both ends, so that hours of video are not read."""
    if source.path is None:
        return InputMark(source.shown, "")
    place = os.path.realpath(source.path)
    digest = hashlib.sha256()
    with suppress(OSError):
        if source.path.is_dir():
            for entry in sorted(source.path.iterdir()):
                digest.update(os.fsencode(f"{entry.name}/{entry.stat().st_size}/"))
        elif source.path.is_file():
            # Opening a pipe would block.
            with source.path.open("rb") as file:
                size = file.seek(0, os.SEEK_END)
                digest.update(f"{size}/".encode())
                for at in (0, max(0, size - _ENDS_BYTES)):
                    file.seek(at)
                    digest.update(file.read(_ENDS_BYTES))
    return InputMark(place, digest.hexdigest())


@dataclass(frozen=True, slots=True)
class MadeResult:
    """A result, the files that hold it, and the options that it was made with."""

    target: Path
    files: Sequence[Path]
    options: Mapping[str, str] = field(default_factory=dict)


class ResultNotes:
    """The records about the results in one folder: a line for each result begun, and for each completed.

    What is asked for is read once, and then only what was added meanwhile.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lines = GrowingLines(folder / NOTES_NAME, _LARGEST)
        self._latest: dict[tuple[str, bool], dict[str, Any]] = {}
        self._names: set[str] = set()

    def state(self, target: Path, mark: InputMark, *, segmented: bool) -> ResultState:
        """What exists under the name of a result, as seen from the input with that mark."""
        there = segments_of(target) if segmented else [path for path in (target,) if os.path.lexists(path)]
        note = self._note_of(target, segmented=segmented)
        is_ours = note is not None and self._is_from(note, mark)
        if note is not None and is_ours and "files" in note:
            files = [self._folder / name for name in note["files"]]
            if files and all(path.exists() for path in files):
                return ResultState.MADE
        if not there:
            return ResultState.FREE
        if note is None:
            return ResultState.MADE if self._is_indexed_from(there, mark) else ResultState.TAKEN
        if is_ours and "files" not in note and all(_is_since(path, note["at"]) for path in there):
            return ResultState.FREE
        return ResultState.TAKEN

    def known_mark(self, source: NamedSource, target: Path, *, segmented: bool) -> InputMark | None:
        """The mark of an input whose content is still that of which a result was made; ``None`` without such a note."""
        note = self._note_of(target, segmented=segmented)
        return (
            None if note is None or source.path is None else InputMark(os.path.realpath(source.path), note["content"])
        )

    def maker(self, target: Path, *, segmented: bool) -> str | None:
        """The input that a result was made from; ``None`` where none is recorded."""
        note = self._note_of(target, segmented=segmented)
        return None if note is None else str(note["from"])

    @staticmethod
    def is_there(target: Path, *, segmented: bool) -> bool:
        """Whether anything exists under the name of a result."""
        return bool(segments_of(target)) if segmented else os.path.lexists(target)

    def results(self) -> frozenset[str]:
        """The names of all files that are results."""
        self._read_added()
        return frozenset(self._names)

    def begin(self, targets: Sequence[Path], mark: InputMark, *, segmented: Path | None) -> None:
        """Record that results are begun; ``segmented`` is the one that is written as several files.

        Raises:
            OutputError: the record cannot be written.
        """
        self._add([self._record(target, mark, segmented=target == segmented) for target in targets])

    def complete(self, made: Sequence[MadeResult], mark: InputMark, segmented: Path | None) -> None:
        """Record that results are complete.

        Raises:
            OutputError: the record cannot be written.
        """
        self._add(
            [
                self._record(result.target, mark, segmented=result.target == segmented)
                | {"files": [file.name for file in result.files], "with": dict(result.options)}
                for result in made
            ]
        )

    def made_otherwise(self, target: Path, options: Mapping[str, str], *, segmented: bool) -> tuple[str, ...]:
        """The options that have changed since a result was made, each with both values, for people."""
        note = self._note_of(target, segmented=segmented)
        then = {} if note is None else note.get("with", {})
        return changed_options(then, options)

    def _record(self, target: Path, mark: InputMark, *, segmented: bool) -> dict[str, Any]:
        return {
            "result": target.name,
            "segmented": segmented,
            "from": mark.place,
            # Relative, since results and inputs may be moved together.
            "relative": _relative(mark.place, self._folder),
            "content": mark.content,
            "at": time.time(),
        }

    def _add(self, records: list[dict[str, Any]]) -> None:
        try:
            self._lines.append([json.dumps(record) for record in records])
        except OSError as error:
            raise OutputError(f"Cannot write {self._lines.path}: {error.strerror}.") from error

    def _note_of(self, target: Path, *, segmented: bool) -> dict[str, Any] | None:
        self._read_added()
        return self._latest.get((target.name, segmented))

    def _read_added(self) -> None:
        is_new, lines = self._lines.added()
        if is_new:
            self._latest.clear()
            self._names.clear()
        for line in lines:
            with suppress(ValueError):
                note = parsed_json(line)
                if _is_note(note):
                    self._latest[note["result"], note["segmented"]] = note
                    self._names.update(note.get("files", ()))

    def _is_from(self, note: dict[str, Any], mark: InputMark) -> bool:
        at_place = note["from"] == mark.place or note["relative"] == _relative(mark.place, self._folder)
        return bool(at_place and note["content"] == mark.content)

    def _is_indexed_from(self, files: Sequence[Path], mark: InputMark) -> bool:
        """Whether the search index says so, for results that were not made in a batch."""
        index = self._folder / INDEX_NAME
        if not index.is_file():
            return False
        try:
            with reading(index) as database:
                for file in files:
                    row = database.execute(
                        "SELECT source FROM recordings WHERE file = ?", (stored_name(file.name),)
                    ).fetchone()
                    if row is None or mark.place not in (name_of(row[0]), os.path.realpath(name_of(row[0]))):
                        return False
        except (IndexProblemError, sqlite3.Error, OSError, ValueError):
            return False
        return True


def changed_options(then: Mapping[str, str], now: Mapping[str, str]) -> tuple[str, ...]:
    """The options that both know and that differ, each with both values, for people."""
    return tuple(
        f"{name} {then[name]} instead of {value}" for name, value in now.items() if then.get(name, value) != value
    )


def _is_note(note: Any) -> bool:
    """Whether it has the form of a record: others may write in the folder, too."""
    return (
        isinstance(note, dict)
        and all(isinstance(note.get(key), str) for key in ("result", "from", "relative", "content"))
        and isinstance(note.get("segmented"), bool)
        and type(note.get("at")) in (int, float)
        and _are_names(note.get("files", []))
        and _are_options(note.get("with", {}))
    )


def _are_names(files: Any) -> bool:
    """Whether these are names of files in the same folder."""
    return isinstance(files, list) and all(isinstance(name, str) and name == Path(name).name for name in files)


def _are_options(options: Any) -> bool:
    return isinstance(options, dict) and all(isinstance(value, str) for value in options.values())


def _relative(place: str, folder: Path) -> str:
    try:
        return Path(os.path.relpath(place, os.path.realpath(folder))).as_posix()
    except ValueError:
        return place


def _is_since(path: Path, at_s: float) -> bool:
    try:
        return path.stat().st_mtime >= at_s - _CLOCK_STEP_S
    except OSError:
        return False
