"""File names by the time of day, that never meet a file which exists."""

import itertools
import os
from collections.abc import Collection, Iterator
from datetime import datetime
from pathlib import Path


def timed_names(word: str, now: datetime) -> Iterator[str]:
    """``Video 2026-11-22 14.03.12``, then the same with `` (2)`` and on; without colons, which Windows forbids."""
    name = f"{word} {now:%Y-%m-%d %H.%M.%S}"
    yield name
    for number in itertools.count(2):
        yield f"{name} ({number})"


def free_path(folder: Path, word: str, suffix: str, now: datetime, promised: Collection[Path] = ()) -> Path:
    """The first of the names of that moment which nothing in ``folder`` has, nor will have: those ``promised``."""
    paths = (folder / f"{name}{suffix}" for name in timed_names(word, now))
    return next(path for path in paths if path not in promised and not os.path.lexists(path))
