"""Reads the settings file: strictly, or tolerantly with a sentence for each problem."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from video_labeler.errors import SettingsError
from video_labeler.files.reading import TooLargeError, read_bytes
from video_labeler.settings import Settings
from video_labeler.settings_file.file_text import Fault, FileText, NotTomlError, parse, readable
from video_labeler.settings_file.key_lines import key_lines
from video_labeler.settings_file.named_files import resolve_files
from video_labeler.settings_file.tables import Problem, read_tables

_LARGEST = 1_000_000
"""Bytes. Settings and their comments take a few thousand; a much larger file is not a settings file."""


@dataclass(frozen=True, slots=True)
class _Parsed:
    settings: Settings
    problems: tuple[Problem, ...]
    lines: Mapping[tuple[str, ...], int]
    faults: tuple[Fault, ...] = ()

    def line_of(self, problem: Problem) -> int:
        """The line of a problem; for one in an inline table, the line of the table."""
        return self.lines.get(problem.path) or self.lines.get(problem.path[:1]) or 1


def default_settings_path() -> Path:
    """The path of the user's own settings."""
    from platformdirs import user_config_path

    return user_config_path("video-labeler", appauthor=False) / "settings.toml"


def load_settings(path: Path) -> Settings:
    """Read a settings file (TOML); what it leaves out keeps its default.

    Raises:
        SettingsError: it cannot be read, or has an unknown name or a value outside its range.
    """
    text = FileText.from_bytes(read_content(path)).text
    try:
        tables = parse(text)
    except NotTomlError as error:
        raise SettingsError(f"The settings file {path} is not valid TOML, line {error.line}: {error}.") from error
    settings, problems = read_tables(tables)
    parsed = _Parsed(settings, problems, key_lines(text) if problems else {})
    for problem in problems:
        advice = f" {problem.advice}" if problem.advice else ""
        raise SettingsError(f"In the settings file {path}, line {parsed.line_of(problem)}: {problem.wrong}.{advice}")
    return settings


def load_tolerantly(path: Path) -> tuple[Settings, tuple[str, ...]]:
    """Read a settings file, with a sentence for each problem that says what is used instead.

    An invalid setting keeps its default; all others are as in the file. A relative path of the kiosk's logo or video
    starts from the file's folder.

    Raises:
        SettingsError: the file is missing, or cannot be read.
    """
    parsed = _parsed(FileText.from_bytes(read_content(path)).text)
    return resolve_files(parsed.settings, path.parent), tuple(_notices(parsed, path.name))


def not_understood(text: str) -> frozenset[str]:
    """The parts of a settings file's text that are not used as they are; empty if all are."""
    read = readable(text)
    _, problems = read_tables(read.tables)
    lines = text.split("\n")
    values = (f"{problem.path} {_value(read.tables, problem.path)!r}" for problem in problems)
    return frozenset(values) | {lines[fault.line - 1].strip() for fault in read.faults}


def read_content(path: Path) -> bytes:
    """The bytes of a settings file.

    Raises:
        SettingsError: the file is missing, or cannot be read.
    """
    try:
        return read_bytes(path, _LARGEST)
    except TooLargeError as error:
        raise SettingsError(f"{path} is not a settings file: it has more than {_LARGEST / 1e6:g} MB.") from error
    except OSError as error:
        raise SettingsError(f"Cannot read the settings file {path}: {error.strerror}.") from error


def _notices(parsed: _Parsed, file_name: str) -> Iterator[str]:
    notices = [(parsed.line_of(problem), _sentence(problem)) for problem in parsed.problems]
    notices += [(fault.line, f"this is not valid TOML ({fault.reason}); it is left out.") for fault in parsed.faults]
    for line, sentence in sorted(notices, key=_line_first):
        yield f"{file_name}, line {line}: {sentence}"


def _sentence(problem: Problem) -> str:
    advice = f" {problem.advice}" if problem.advice else ""
    return f"{problem.wrong}; {problem.used}.{advice}"


def _line_first(pair: tuple[int, str]) -> int:
    return pair[0]


def _value(tables: Mapping[str, Any], path: tuple[str, ...]) -> Any:
    section = tables[path[0]]
    return section if len(path) == 1 else section[path[1]]


def _parsed(text: str) -> _Parsed:
    read = readable(text)
    settings, problems = read_tables(read.tables)
    return _Parsed(settings, problems, key_lines(read.text) if problems else {}, read.faults)
