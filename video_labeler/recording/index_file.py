"""The index beside annotated videos: which file shows which label when, in SQLite."""

import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from video_labeler.recording.stretches import TrackStretch

INDEX_NAME = ".video-labeler.sqlite"

_VERSION = 1
_PATIENCE_S = 10.0
"""How long to wait for another process that writes; a write takes well under a second."""

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
)


class IndexProblemError(Exception):
    """An index cannot be read or written; the message is a sentence for people."""


@dataclass(frozen=True, slots=True)
class Recording:
    """An indexed file: its path, absolute or relative to the index's folder; what it was made from, and by what."""

    file: str
    source: str
    model: str
    duration_s: float


def replace_recording(index: Path, recording: Recording, stretches: Iterable[TrackStretch]) -> None:
    """Put all that is known of a file in place of what was known before, or leave the index as it was.

    Raises:
        IndexProblemError: the index is damaged, too new, or stays locked.
        OSError: ``stretches`` cannot be read.
    """
    with _explained(index), closing(sqlite3.connect(index, timeout=_PATIENCE_S, isolation_level=None)) as database:
        database.execute("PRAGMA foreign_keys = ON")
        database.execute("BEGIN IMMEDIATE")
        try:
            _check_version(database, index)
            for statement in _SCHEMA:
                database.execute(statement)
            database.execute("DELETE FROM recordings WHERE file = ?", (stored_name(recording.file),))
            _insert(database, recording, stretches)
        except BaseException:
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
        IndexProblemError: it is damaged, too new, or stays locked; also while it is used.
    """
    # Where it may be written, what a crashed writer left half done is undone first.
    mode = "rw" if os.access(index, os.W_OK) and os.access(index.parent, os.W_OK) else "ro"
    address = f"{index.absolute().as_uri()}?mode={mode}"
    with _explained(index), closing(sqlite3.connect(address, uri=True, timeout=_PATIENCE_S)) as database:
        _check_version(database, index)
        if not database.execute("SELECT count(*) FROM sqlite_master WHERE name = 'recordings'").fetchone()[0]:
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
            (recording_id, item.track_id, label.row, label.id, label.name, item.confidence, item.start_s, item.end_s),
        ).lastrowid
        database.executemany(
            "INSERT INTO broader (stretch, row, name, confidence) VALUES (?, ?, ?, ?)",
            [(stretch_id, other.label.row, other.label.name, other.confidence) for other in item.broader],
        )


def _check_version(database: sqlite3.Connection, index: Path) -> None:
    if database.execute("PRAGMA user_version").fetchone()[0] > _VERSION:
        raise IndexProblemError(f"The index {index} was made by a newer video-labeler. Update this one to use it.")


@contextmanager
def _explained(index: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise IndexProblemError(f"The index {index} is in use by another program. Try again later.") from error
        raise IndexProblemError(f"The index {index} cannot be used: {error}.") from error
    except sqlite3.Error as error:
        raise IndexProblemError(
            f"The index {index} is damaged. Delete it, and annotate again to have it made anew."
        ) from error
