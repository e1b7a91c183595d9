"""What keeps an index from harming whoever reads it: it lies in folders that others may write to.

An index is taken only where it is a plain file of exactly the form that :mod:`index_file` makes, and is used for a
limited time: a database may hold views and triggers that compute for ever, be another program's own, or stay locked.
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

APPLICATION_ID = 0x56_4C_61_62
"""``VLab``: says in the file's header whose database it is."""

_LOOK_EVERY = 10_000
"""Steps of SQLite between two looks at the clock: under a millisecond, in which Ctrl-C waits."""
_LOCK_TURN_S = 0.05
"""Between two looks whether another process still locks an index: SQLite's own waiting hears no signals."""
_LONGEST_VALUE = 1_000_000
_LONGEST_TEXT = 4096
_MOST_ROWS = 1_000_000

_HEADER_BYTES = 100
_MAGIC = b"SQLite format 3\0"
_ROLLBACK = (1, 1)
"""How the header says that changes are kept in a journal: a write-ahead log would be two more files."""
_BESIDE = ("-journal", "-wal", "-shm")


class IndexProblemError(Exception):
    """An index cannot be read or written; the message is a sentence for people."""


class StrangeValueError(Exception):
    """A row holds what this program does not write."""


class PatientConnection(sqlite3.Connection):
    """A connection whose statements wait up to ``patience_s`` seconds in all for other processes' locks.

    Signals are heard meanwhile. Within a transaction that holds its lock nothing waits; begin one before more than a
    single statement is executed, so that the rows of a result are not waited for either.
    """

    def __init__(self, address: str | Path, patience_s: float, *, uri: bool = False) -> None:
        super().__init__(address, timeout=0, isolation_level=None, uri=uri)
        self._until_s = time.monotonic() + patience_s

    def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
        """As usual, but tried again as long as there is patience."""
        while True:
            try:
                return super().execute(sql, parameters)
            except sqlite3.OperationalError as error:
                locked = getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY
                if not locked or time.monotonic() >= self._until_s:
                    raise
            time.sleep(_LOCK_TURN_S)


def check_file(index: Path) -> None:
    """Refuse, before SQLite opens it, what is not a plain file with a database of this program or of none yet.

    Raises:
        IndexProblemError: it is a link, a pipe or something else, or has such a thing beside it; or it is not ours.
    """
    for path in (index.with_name(f"{index.name}{ending}") for ending in _BESIDE):
        # SQLite would follow it, and write over what it leads to.
        if path.is_symlink():
            raise IndexProblemError(f"The index {index} is not used, since {path.name} beside it is a link.")
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
        # Nothing at all is an index that has yet to be made; SQLite itself says what else is wrong.
        return
    owner = int.from_bytes(header[68:72])
    if owner not in (0, APPLICATION_ID) or (header[18], header[19]) != _ROLLBACK:
        raise IndexProblemError(f"The index {index} is another program's database, and is not used.")


def guard(database: sqlite3.Connection) -> None:
    """Let the database's own schema do nothing, and no value be large."""
    database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST_VALUE)
    database.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    for pragma in ("trusted_schema = OFF", "cell_size_check = ON", "mmap_size = 0"):
        database.execute(f"PRAGMA {pragma}")


@contextmanager
def limited(database: sqlite3.Connection, index: Path, longest_s: float) -> Iterator[None]:
    """Let the database be used for ``longest_s`` seconds, in which Ctrl-C and SIGTERM are heard.

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
            # A signal came while SQLite was computing: its exception is lost on the way through.
            raise KeyboardInterrupt from error
        raise IndexProblemError(f"The index {index} takes longer than {longest_s:g} s, and is left out.") from error
    finally:
        database.set_progress_handler(None, 0)


def check_schema(database: sqlite3.Connection, index: Path, schema: Sequence[str]) -> bool:
    """Make sure that a database holds the tables of ``schema`` and nothing else; false where it holds none.

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


def few(rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    """The rows of a result, as long as there are not more than an index has.

    Raises:
        StrangeValueError: there are.
    """
    for number, row in enumerate(rows):
        if number >= _MOST_ROWS:
            raise StrangeValueError
        yield row


def whole(value: Any) -> int:
    """A whole number of an index.

    Raises:
        StrangeValueError: it is something else.
    """
    if type(value) is not int or not -1 <= value < 1 << 53:
        raise StrangeValueError
    return value


def share(value: Any) -> float:
    """A confidence, 0..1.

    Raises:
        StrangeValueError: it is something else.
    """
    if type(value) is not float or not 0 <= value <= 1:
        raise StrangeValueError
    return value


def seconds(value: Any) -> float:
    """A time in a recording.

    Raises:
        StrangeValueError: it is something else.
    """
    if type(value) is not float or not math.isfinite(value) or not 0 <= value < 1e9:
        raise StrangeValueError
    return value


def text(value: Any) -> str:
    """A label's name or id.

    Raises:
        StrangeValueError: it is something else, or longer than any.
    """
    if type(value) is not str or len(value) > _LONGEST_TEXT:
        raise StrangeValueError
    return value


def file_in(folder: Path, value: Any) -> Path:
    """The recording of which a name is stored, in ``folder`` or below it unless its whole path is.

    Raises:
        StrangeValueError: it is something else, or climbs out of the folder.
    """
    if type(value) not in (str, bytes) or not value or len(value) > _LONGEST_TEXT:
        raise StrangeValueError
    name = os.fsdecode(value)
    if "\0" in name or ".." in PurePosixPath(name).parts:
        raise StrangeValueError
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
