"""Protects readers from a malicious or foreign index, which may lie in a folder that others can write to.

An index is used only if it is a plain file with exactly the schema that :mod:`index_file` makes, and only for a
limited time: a database may hold views and triggers that run for ever, belong to another program, or stay locked.
"""

import functools
import math
import os
import re
import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path, PurePosixPath
from typing import Any

from video_labeler.files.opening import UnsafeFileError, existing_file
from video_labeler.text.file_address import is_network_path

APPLICATION_ID = 0x56_4C_61_62
"""``VLab``: the application id in the file's header."""

_LOOK_EVERY = 10_000
"""SQLite's steps between two checks of the clock: under a millisecond, for which Ctrl-C waits."""
_LOCK_TURN_S = 0.05
"""Between two tries for a lock: SQLite's own waiting ignores signals."""
_LONGEST_VALUE = 1_000_000
_LONGEST_TEXT = 4096
_MOST_ROWS = 1_000_000

_HEADER_BYTES = 100
_MAGIC = b"SQLite format 3\0"
_ROLLBACK = (1, 1)
"""The header's versions for a rollback journal: a write-ahead log would need two more files."""
_JOURNAL, _OF_A_LOG = "-journal", ("-wal", "-shm")
"""What SQLite reads beside a database: what a crash left to be undone, and the two files of a write-ahead log."""
_JOURNAL_MAGIC = bytes.fromhex("d9d505f920a163d7")


class IndexProblemError(Exception):
    """An index cannot be read or written; the message is a sentence for people."""


class UnexpectedValueError(Exception):
    """A row holds a value that this program never writes."""


class WaitingConnection(sqlite3.Connection):
    """A connection whose statements wait up to ``timeout_s`` seconds in total for other processes' locks.

    Signals are handled while waiting. Within a transaction that holds its lock nothing waits: begin one before
    executing more than one statement, so that fetching rows does not wait either.
    """

    def __init__(self, address: str | Path, timeout_s: float, *, uri: bool = False) -> None:
        super().__init__(address, timeout=0, isolation_level=None, uri=uri)
        self._until_s = time.monotonic() + timeout_s

    def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
        """Execute a statement, and retry while the database is locked, until the timeout."""
        while True:
            try:
                return super().execute(sql, parameters)
            except sqlite3.OperationalError as error:
                locked = getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY
                if not locked or time.monotonic() >= self._until_s:
                    raise
            time.sleep(_LOCK_TURN_S)


def check_file(index: Path) -> None:
    """Refuse, before SQLite opens it, anything but a plain file that is empty or a database of this program.

    Raises:
        IndexProblemError: it, or its journal, is a link, a pipe or the like, or is not ours; or a log is beside it.
    """
    _check_beside(index)
    try:
        descriptor = existing_file(index, of_anyone=True)
    except FileNotFoundError:
        return
    except UnsafeFileError as error:
        raise IndexProblemError(f"The index {index} is not used, since it {error.strerror}.") from error
    except OSError as error:
        raise IndexProblemError(f"The index {index} cannot be used: {error.strerror}.") from error
    with os.fdopen(descriptor, "rb") as file:
        header = file.read(_HEADER_BYTES)
    if not header.startswith(_MAGIC) or len(header) < _HEADER_BYTES:
        # An empty file is an index that is yet to be made; SQLite reports anything else that is wrong.
        return
    owner = int.from_bytes(header[68:72])
    if owner not in (0, APPLICATION_ID) or (header[18], header[19]) != _ROLLBACK:
        raise IndexProblemError(f"The index {index} is another program's database, and is not used.")


def _check_beside(index: Path) -> None:
    """Refuse what SQLite would follow, wait for or overwrite, and a journal that makes it delete another file."""
    for path in (index.with_name(f"{index.name}{ending}") for ending in _OF_A_LOG):
        if os.path.lexists(path):
            raise IndexProblemError(f"The index {index} is not used, since {path.name} beside it is not its own.")
    journal = index.with_name(f"{index.name}{_JOURNAL}")
    try:
        descriptor = existing_file(journal, of_anyone=True)
    except FileNotFoundError:
        return
    except UnsafeFileError as error:
        raise IndexProblemError(
            f"The index {index} is not used, since {journal.name} beside it {error.strerror}."
        ) from error
    except OSError as error:
        raise IndexProblemError(f"The index {index} cannot be used: {error.strerror}.") from error
    with os.fdopen(descriptor, "rb") as file:
        file.seek(max(0, os.fstat(descriptor).st_size - len(_JOURNAL_MAGIC)))
        names_another = file.read() == _JOURNAL_MAGIC
    if names_another:
        # The journal of a transaction over several databases names a file that SQLite deletes in the end.
        raise IndexProblemError(f"The index {index} is not used, since {journal.name} beside it names another file.")


def guard(database: sqlite3.Connection) -> None:
    """Restrict the connection: nothing in the schema runs, and no value is large."""
    database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST_VALUE)
    database.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    for pragma in ("trusted_schema = OFF", "cell_size_check = ON", "mmap_size = 0"):
        database.execute(f"PRAGMA {pragma}")


@contextmanager
def limited(database: sqlite3.Connection, index: Path, longest_s: float) -> Iterator[None]:
    """Limit the use of the database to ``longest_s`` seconds, while Ctrl-C and SIGTERM still work.

    Raises:
        IndexProblemError: it takes longer.
    """
    end_s = time.monotonic() + longest_s
    database.set_progress_handler(lambda: time.monotonic() > end_s, _LOOK_EVERY)
    try:
        yield
    except sqlite3.OperationalError as error:
        if getattr(error, "sqlite_errorcode", None) != sqlite3.SQLITE_INTERRUPT:
            raise
        if time.monotonic() <= end_s:
            # A signal came while SQLite was computing, which loses the exception raised by its handler.
            raise KeyboardInterrupt from error
        raise IndexProblemError(f"The index {index} takes longer than {longest_s:g} s, and is skipped.") from error
    finally:
        database.set_progress_handler(None, 0)


def check_schema(database: sqlite3.Connection, index: Path, schema: Sequence[str]) -> bool:
    """Check that a database holds the tables of ``schema`` and nothing else; false where it holds none.

    Raises:
        IndexProblemError: it holds something else.
    """
    expected = _parts_of(tuple(schema))
    found = database.execute("SELECT type, name, sql FROM sqlite_master LIMIT ?", (2 * len(expected) + 10,)).fetchall()
    for kind, name, sql in found:
        automatic = kind == "index" and sql is None
        if not automatic and expected.get((kind, name)) != _plain(sql):
            raise IndexProblemError(
                f"The index {index} holds a {kind} that is not an index's own, and is not used: {str(name)[:80]!r}."
            )
    return any(kind == "table" for kind, _, _ in found)


def limited_rows(rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    """The rows of a result, up to the largest number that an index may have.

    Raises:
        UnexpectedValueError: there are more.
    """
    for number, row in enumerate(rows):
        if number >= _MOST_ROWS:
            raise UnexpectedValueError
        yield row


def whole(value: Any) -> int:
    """Check an integer of an index.

    Raises:
        UnexpectedValueError: it is something else.
    """
    if type(value) is not int or not -1 <= value < 1 << 53:
        raise UnexpectedValueError
    return value


def share(value: Any) -> float:
    """Check a confidence, 0..1.

    Raises:
        UnexpectedValueError: it is something else.
    """
    if type(value) is not float or not 0 <= value <= 1:
        raise UnexpectedValueError
    return value


def seconds(value: Any) -> float:
    """Check a time in a recording, in seconds.

    Raises:
        UnexpectedValueError: it is something else.
    """
    if type(value) is not float or not math.isfinite(value) or not 0 <= value < 1e9:
        raise UnexpectedValueError
    return value


def text(value: Any) -> str:
    """Check a label's name or id.

    Raises:
        UnexpectedValueError: it is something else, or too long.
    """
    if type(value) is not str or len(value) > _LONGEST_TEXT:
        raise UnexpectedValueError
    return value


def file_in(folder: Path, value: Any) -> Path:
    """The path of a recording from its stored name: in or below ``folder``, or absolute on this computer.

    Raises:
        UnexpectedValueError: it is something else, or leads out of the folder or to another computer.
    """
    if type(value) not in (str, bytes) or not value or len(value) > _LONGEST_TEXT:
        raise UnexpectedValueError
    name = os.fsdecode(value)
    # Looking whether there is a file \\\\host\\share makes Windows log in there.
    if "\0" in name or ".." in PurePosixPath(name).parts or is_network_path(name):
        raise UnexpectedValueError
    return folder / name


@functools.cache
def _parts_of(schema: tuple[str, ...]) -> dict[tuple[str, str], str]:
    """The tables and indexes of a schema, as SQLite notes them."""
    with closing(sqlite3.connect(":memory:")) as database:
        for statement in schema:
            database.execute(statement)
        rows = database.execute("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    return {(kind, name): _plain(sql) for kind, name, sql in rows}


def _plain(sql: Any) -> str:
    return re.sub(r"\s+", " ", str(sql))
