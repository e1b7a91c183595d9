"""Search: which annotated files show a label, and when."""

import difflib
import os
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from video_labeler.archive.index_file import INDEX_NAME, reading
from video_labeler.archive.index_guard import (
    IndexProblemError,
    UnexpectedValueError,
    file_in,
    limited_rows,
    seconds,
    share,
    text,
    whole,
)
from video_labeler.frames import Label
from video_labeler.labeling.hierarchy import LabelHierarchy, folded_name

_JOIN_S = 1.0
"""Two appearances of a label that are no further apart are reported as one."""

_SUGGESTIONS = 5

LabelKey = tuple[int, str]
"""Row and name, since models with other labels number their rows differently."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A label shown in ``file`` from ``start_s`` to ``end_s`` (seconds), with its highest confidence and its tracks."""

    file: Path
    label: Label
    confidence: float
    start_s: float
    end_s: float
    tracks: frozenset[int]

    @property
    def objects(self) -> int:
        """How many objects carried the label."""
        return len(self.tracks)


@dataclass(frozen=True, slots=True)
class SearchResult:
    """What was found, in order of file and time.

    ``known``: whether any label has that name; ``suggestions``: what may have been meant. ``recordings`` counts
    the files searched, ``gone`` are those that no longer exist, ``problems`` are sentences about indexes
    that could not be read.
    """

    findings: tuple[Finding, ...]
    known: bool
    suggestions: tuple[str, ...]
    recordings: int
    gone: tuple[Path, ...]
    problems: tuple[str, ...]
    indexes: int


def search(word: str, folder: Path, hierarchy: LabelHierarchy, min_confidence: float = 0.0) -> SearchResult:
    """Look up ``word`` in the indexes in and below ``folder``; a broader label also finds narrower ones."""
    findings: list[Finding] = []
    gone: list[Path] = []
    problems: list[str] = []
    names = set(hierarchy.names)
    wanted = _wanted(word, hierarchy)
    known, recordings = bool(wanted), 0
    indexes = sorted(folder.rglob(INDEX_NAME))
    for index in indexes:
        try:
            with reading(index) as database:
                indexed = _indexed_labels(database)
                named = {key for key in indexed if folded_name(key[1]) == folded_name(word)}
                files = _files(database, index.parent)
                found = _look_up(database, files, wanted | named, min_confidence)
        except IndexProblemError as problem:
            problems.append(str(problem))
            continue
        known = known or bool(named)
        names.update(name for _, name in indexed)
        # Unlike Path.exists, this accepts names that no file can have.
        missing = {path for path in files.values() if not os.path.exists(path)}  # noqa: PTH110
        recordings += len(files) - len(missing)
        gone += sorted(missing)
        findings += [finding for finding in found if finding.file not in missing]
    findings.sort(key=lambda finding: (str(finding.file), finding.start_s, finding.label.name))
    suggestions = () if known else _suggestions(word, names)
    return SearchResult(
        tuple(findings), known, suggestions, recordings, tuple(gone), tuple(problems), len(indexes) - len(problems)
    )


def _wanted(word: str, hierarchy: LabelHierarchy) -> set[LabelKey]:
    """The labels of that name and all narrower ones."""
    rows = [row for row, name in enumerate(hierarchy.names) if folded_name(name) == folded_name(word)]
    covered = {narrower for row in rows for narrower in (row, *hierarchy.descendants(row))}
    return {(row, hierarchy.names[row]) for row in covered}


def _suggestions(word: str, names: Iterable[str]) -> tuple[str, ...]:
    """Names that contain the word, then names with a similar spelling."""
    by_folded = {folded_name(name): name for name in sorted(names)}
    folded = folded_name(word)
    near = [name for name in by_folded if folded and folded in name.split()]
    near += difflib.get_close_matches(folded, by_folded, _SUGGESTIONS, 0.7)
    return tuple(by_folded[name] for name in list(dict.fromkeys(near))[:_SUGGESTIONS])


def _indexed_labels(database: sqlite3.Connection) -> set[LabelKey]:
    rows = database.execute("SELECT DISTINCT row, name FROM stretches UNION SELECT DISTINCT row, name FROM broader")
    return {(whole(row), text(name)) for row, name in limited_rows(rows)}


def _files(database: sqlite3.Connection, folder: Path) -> dict[int, Path]:
    rows = database.execute("SELECT id, file FROM recordings")
    return {whole(key): file_in(folder, file) for key, file in limited_rows(rows)}


def _look_up(
    database: sqlite3.Connection, files: dict[int, Path], wanted: Iterable[LabelKey], min_confidence: float
) -> list[Finding]:
    """The stretches with a wanted label, as their own or as a broader one, joined where they are close."""
    database.execute("CREATE TEMP TABLE wanted (row INTEGER, name TEXT, PRIMARY KEY (row, name))")
    database.executemany("INSERT INTO wanted VALUES (?, ?)", wanted)
    rows = database.execute(
        "SELECT recording, track, row, label_id, name, confidence, start_s, end_s FROM stretches"
        " WHERE confidence >= ? AND ((row, name) IN (SELECT row, name FROM wanted)"
        " OR id IN (SELECT stretch FROM broader WHERE (row, name) IN (SELECT row, name FROM wanted)))"
        " ORDER BY recording, row, name, start_s",
        (min_confidence,),
    )
    found: list[Finding] = []
    for recording, track, row, label_id, name, confidence, start_s, end_s in limited_rows(rows):
        if recording not in files:
            raise UnexpectedValueError
        label = Label(whole(row), text(label_id), text(name))
        times = seconds(start_s), seconds(end_s)
        _join(found, Finding(files[recording], label, share(confidence), *times, frozenset({whole(track)})))
    return found


def _join(found: list[Finding], finding: Finding) -> None:
    last = found[-1] if found else None
    same = last is not None and (last.file, last.label) == (finding.file, finding.label)
    if last is None or not same or finding.start_s > last.end_s + _JOIN_S:
        found.append(finding)
        return
    found[-1] = replace(
        last,
        confidence=max(last.confidence, finding.confidence),
        end_s=max(last.end_s, finding.end_s),
        tracks=last.tracks | finding.tracks,
    )


def clock_time(seconds: float) -> str:
    """Seconds as people write them: 0:39, 1:02:05."""
    whole = int(seconds)
    minutes = f"{whole // 60 % 60}:{whole % 60:02d}"
    return minutes if whole < 3600 else f"{whole // 3600}:{minutes:0>5}"


def joined_words(words: Sequence[str]) -> str:
    """Words as in a sentence: one, two or three."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"
