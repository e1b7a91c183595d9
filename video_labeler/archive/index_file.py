"""The index beside annotated videos: which file shows which label when, in SQLite."""

import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from video_labeler.archive.index_guard import (
    APPLICATION_ID,
    IndexProblemError,
    UnexpectedValueError,
    WaitingConnection,
    check_file,
    check_schema,
    guard,
    limited,
)
from video_labeler.archive.stretches import TrackStretch
from video_labeler.frames import Label
from video_labeler.text.shown import proper_unicode

INDEX_NAME = ".video-labeler.sqlite"

_VERSION = 1
_LOCK_TIMEOUT_S = 10.0
"""How long to wait for another process that writes; a write takes well under a second."""

_READ_WITHIN_S = 30.0
"""An index of a million stretches takes a second."""
_WRITTEN_WITHIN_S = 300.0

_SCHEMA = (
    """CREATE TABLE IF NOT EXISTS recordings (
        id INTEGER PRIMARY KEY, file TEXT NOT NULL UNIQUE, source TEXT NOT NULL, model TEXT NOT NULL,
        duration_s REAL NOT NULL)""",
    """CREATE TABLE IF NOT EXISTS stretches (
        id INTEGER PRIMARY KEY, recording INTEGER NOT NULL REFERENCES recordings ON DELETE CASCADE,
        track INTEGER NOT NULL, row INTEGER NOT NULL, label_id TEXT NOT NULL, name TEXT NOT NULL,
        confidence REAL NOT NULL, start_s REAL NOT NULL, end_s REAL NOT NULL)""",
    """CREATE TABLE IF NOT EXISTS broader (
        stretch INTEGER NOT NULL REFERENCES stretches ON DELETE CASCADE,
        row INTEGER NOT NULL, name TEXT NOT NULL, confidence REAL NOT NULL)""",
    "CREATE INDEX IF NOT EXISTS stretches_of_recording ON stretches (recording)",
    "CREATE INDEX IF NOT EXISTS stretches_of_label ON stretches (row, name)",
    "CREATE INDEX IF NOT EXISTS broader_of_stretch ON broader (stretch)",
    "CREATE INDEX IF NOT EXISTS broader_of_label ON broader (row, name)",
    f"PRAGMA user_version = {_VERSION}",
    f"PRAGMA application_id = {APPLICATION_ID}",
)


@dataclass(frozen=True, slots=True)
class Recording:
    """An indexed file: its path, absolute or relative to the index's folder; what it was made from, and by what."""

    file: str
    source: str
    model: str
    duration_s: float


def replace_recording(index: Path, recording: Recording, stretches: Iterable[TrackStretch]) -> None:
    """Replace everything recorded about a file, or leave the index as it was.

    Raises:
        IndexProblemError: the index is damaged, too new, stays locked, or was not made by this program.
        OSError: ``stretches`` cannot be read.
    """
    check_file(index)
    with (
        _explained(index),
        closing(WaitingConnection(index, _LOCK_TIMEOUT_S)) as database,
        limited(database, index, _WRITTEN_WITHIN_S),
    ):
        guard(database)
        database.execute("PRAGMA foreign_keys = ON")
        database.execute("BEGIN IMMEDIATE")
        try:
            _check_version(database, index)
            check_schema(database, index, _SCHEMA)
            for statement in _SCHEMA:
                database.execute(statement)
            database.execute("DELETE FROM recordings WHERE file = ?", (stored_name(recording.file),))
            _insert(database, recording, stretches)
        except BaseException:
            # SQLite has already rolled back where it was interrupted or the disk failed.
            if database.in_transaction:
                database.execute("ROLLBACK")
            raise
        database.execute("COMMIT")


def stored_name(name: str) -> str | bytes:
    """A file's name as a value of the index: one that is not UTF-8 is stored as its bytes."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return os.fsencode(name)
    return name


def name_of(stored: str | bytes) -> str:
    """The name that :func:`stored_name` made a value of."""
    return os.fsdecode(stored)


@contextmanager
def reading(index: Path) -> Iterator[sqlite3.Connection]:
    """The index, for reading; also in a folder that may not be written to.

    Raises:
        IndexProblemError: it is damaged, too new, stays locked, was not made by this program or takes too long; also
            while it is in use.
    """
    check_file(index)
    # Where it is writable, SQLite first rolls back what a crashed writer left unfinished.
    mode = "rw" if os.access(index, os.W_OK) and os.access(index.parent, os.W_OK) else "ro"
    address = f"{index.absolute().as_uri()}?mode={mode}"
    with (
        _explained(index),
        closing(WaitingConnection(address, _LOCK_TIMEOUT_S, uri=True)) as database,
        limited(database, index, _READ_WITHIN_S),
    ):
        guard(database)
        database.execute("BEGIN")
        _check_version(database, index)
        if not check_schema(database, index, _SCHEMA):
            raise IndexProblemError(f"The index {index} is empty. Annotate the videos again to fill it.")
        yield database


def _insert(database: sqlite3.Connection, recording: Recording, stretches: Iterable[TrackStretch]) -> None:
    values = (stored_name(recording.file), stored_name(recording.source), recording.model, recording.duration_s)
    inserted = database.execute("INSERT INTO recordings (file, source, model, duration_s) VALUES (?, ?, ?, ?)", values)
    recording_id = inserted.lastrowid
    for item in stretches:
        label = item.label
        stretch_id = database.execute(
            "INSERT INTO stretches (recording, track, row, label_id, name, confidence, start_s, end_s)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (recording_id, item.track_id, *_label(label), item.confidence, item.start_s, item.end_s),
        ).lastrowid
        database.executemany(
            "INSERT INTO broader (stretch, row, name, confidence) VALUES (?, ?, ?, ?)",
            [(stretch_id, *_label(other.label)[::2], other.confidence) for other in item.broader],
        )


def _label(label: Label) -> tuple[int, str, str]:
    return label.row, proper_unicode(label.id), proper_unicode(label.name)


def _check_version(database: sqlite3.Connection, index: Path) -> None:
    if database.execute("PRAGMA user_version").fetchone()[0] > _VERSION:
        raise IndexProblemError(f"The index {index} was made by a newer video-labeler. Update this one to use it.")


@contextmanager
def _explained(index: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        # Errors of the module itself, such as text that is not UTF-8, have no code.
        code = getattr(error, "sqlite_errorcode", None)
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise IndexProblemError(f"The index {index} is in use by another program. Try again later.") from error
        if code is None:
            raise _damaged(index) from error
        raise IndexProblemError(f"The index {index} cannot be used: {error}.") from error
    except (sqlite3.Error, UnexpectedValueError, UnicodeError, OverflowError) as error:
        raise _damaged(index) from error


def _damaged(index: Path) -> IndexProblemError:
    return IndexProblemError(f"The index {index} is damaged. Delete it, and annotate again to rebuild it.")
