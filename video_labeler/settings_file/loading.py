"""Reads the settings file: strictly, or tolerantly with a sentence for all that is wrong."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from video_labeler.errors import SettingsError
from video_labeler.settings import Settings
from video_labeler.settings_file.key_lines import key_lines
from video_labeler.settings_file.named_files import resolve_files
from video_labeler.settings_file.tables import Problem, read_tables

_PLACE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")


class _NotTomlError(Exception):
    """The text is no TOML: what is wrong, and in which line."""

    def __init__(self, reason: str, line: int) -> None:
        super().__init__(reason)
        self.line = line


@dataclass(frozen=True, slots=True)
class _Parsed:
    settings: Settings
    problems: tuple[Problem, ...]
    lines: Mapping[tuple[str, ...], int]

    def line_of(self, problem: Problem) -> int:
        """What stands in an inline table is looked for at the table."""
        return self.lines.get(problem.path) or self.lines.get(problem.path[:1]) or 1


def load_settings(path: Path) -> Settings:
    """Read a settings file (TOML); what it leaves out keeps its default.

    Raises:
        SettingsError: it cannot be read, or holds an unknown name or a value outside its range.
    """
    try:
        parsed = _parsed(_content(path))
    except _NotTomlError as error:
        raise SettingsError(f"The settings file {path} is not valid TOML, line {error.line}: {error}.") from error
    for problem in parsed.problems:
        advice = f" {problem.advice}" if problem.advice else ""
        raise SettingsError(f"In the settings file {path}, line {parsed.line_of(problem)}: {problem.wrong}.{advice}")
    return parsed.settings


def load_tolerantly(path: Path) -> tuple[Settings, tuple[str, ...]]:
    """Read a settings file, and say in a sentence each what is wrong in it and what is used instead.

    What is wrong keeps its default; all else is as the file says. A relative path of the kiosk's logo or video starts
    from the file's folder.

    Raises:
        SettingsError: there is no such file, or it cannot be read.
    """
    try:
        parsed = _parsed(_content(path))
    except _NotTomlError as error:
        return Settings(), (
            f"{path.name}, line {error.line}: this is not valid TOML ({error}); all defaults are used.",
        )
    return resolve_files(parsed.settings, path.parent), tuple(_notices(parsed, path.name))


def _notices(parsed: _Parsed, file_name: str) -> Iterator[str]:
    for line, problem in sorted(((parsed.line_of(problem), problem) for problem in parsed.problems), key=_line_first):
        advice = f" {problem.advice}" if problem.advice else ""
        yield f"{file_name}, line {line}: {problem.wrong}; {problem.used}.{advice}"


def _line_first(pair: tuple[int, Problem]) -> int:
    return pair[0]


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise SettingsError(f"Cannot read the settings file {path}: {error.strerror}.") from error


def _parsed(content: bytes) -> _Parsed:
    """Raises `_NotTomlError`."""
    text, tables = _toml(content)
    settings, problems = read_tables(tables)
    return _Parsed(settings, problems, key_lines(text) if problems else {})


def _toml(content: bytes) -> tuple[str, dict[str, Any]]:
    try:
        # Editors on Windows begin a file with a byte order mark, and end lines with two characters.
        text = content.decode("utf-8-sig").replace("\r\n", "\n")
        return text, tomllib.loads(text)
    except UnicodeDecodeError as error:
        raise _NotTomlError("a letter is not in UTF-8", content.count(b"\n", 0, error.start) + 1) from error
    except (ValueError, RecursionError) as error:
        # Beside its own error, the parser lets those of numbers and of the depth of lists through.
        place = _PLACE.search(str(error))
        line = int(place[1]) if place and place[1] else text.count("\n") + 1 if place else 1
        raise _NotTomlError(_PLACE.sub("", str(error)), line) from error
