"""File names that contain the time, and are not taken yet."""

import itertools
import os
from collections.abc import Collection, Iterator
from datetime import datetime
from pathlib import Path

LONGEST_NAME = 255
"""Bytes in the name of a file, on nearly every system."""

LONGEST_ENDING = ".partial-99-001.report.html"
"""The longest ending of a result's name, while it is being written."""


def fitted_name(name: str, ending: str) -> str:
    """The start of ``name`` that leaves room for ``ending``."""
    room = LONGEST_NAME - len(os.fsencode(ending))
    while len(os.fsencode(name)) > room:
        name = name[:-1]
    return name


def is_too_long(name: str) -> bool:
    """Whether a file name is too long."""
    return len(os.fsencode(name)) > LONGEST_NAME


def timed_names(word: str, now: datetime) -> Iterator[str]:
    """``Video 2026-11-22 14.03.12``, then the same with `` (2)`` and on; without colons, which Windows forbids."""
    name = f"{word} {now:%Y-%m-%d %H.%M.%S}"
    yield name
    for number in itertools.count(2):
        yield f"{name} ({number})"


def free_path(folder: Path, word: str, suffix: str, now: datetime, promised: Collection[Path] = ()) -> Path:
    """The first name of that moment that is free in ``folder``, and not among those ``promised`` to others."""
    paths = (folder / f"{name}{suffix}" for name in timed_names(word, now))
    return next(path for path in paths if path not in promised and not os.path.lexists(path))
