"""The text of a settings file: its encoding and line ends, and which part of it is valid TOML."""

import codecs
import re
import tomllib
from dataclasses import dataclass, field
from typing import Any

_PLACE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
_HEAD = re.compile(r"\s*\[")

_MOST_LINES = 40
"""The most lines of one value that are read on where something seems to be wrong."""
_MOST_FAULTS = 50
"""A file with more faults than this is not a settings file."""
_DEEPEST = 50
"""Tables and lists in one another; settings have two. Whoever goes through deeper ones would run out of stack."""


class NotTomlError(Exception):
    """The text is not TOML: what is wrong, and in which line."""

    def __init__(self, reason: str, line: int) -> None:
        super().__init__(reason)
        self.line = line


@dataclass(frozen=True, slots=True)
class FileText:
    """A text with ``\\n`` as line ends, and the encoding and line ends of its file."""

    text: str = ""
    encoding: str = "utf-8"
    newline: str = "\n"

    @classmethod
    def from_bytes(cls, content: bytes) -> "FileText":
        """Decode a file; a byte that is not UTF-8 becomes a lone surrogate."""
        encoding = "utf-8"
        # Editors on Windows start a file with a byte order mark, and end lines with two characters.
        if content.startswith(codecs.BOM_UTF8):
            encoding = "utf-8-sig"
        elif content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            encoding = "utf-16"
        text = content.decode(encoding, errors="replace" if encoding == "utf-16" else "surrogateescape")
        return cls(text.replace("\r\n", "\n"), encoding, "\r\n" if "\r\n" in text else "\n")

    def to_bytes(self, text: str) -> bytes:
        """Encode another text like the file; what the encoding lacks becomes an escape."""
        return text.replace("\n", self.newline).encode(self.encoding, errors="backslashreplace")


@dataclass(frozen=True, slots=True)
class Fault:
    """A line that is not TOML, and why."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Readable:
    """The valid part of a text: ``text`` has its faulty lines commented out, so that all keep their numbers."""

    text: str
    tables: dict[str, Any] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()


def parse(text: str) -> dict[str, Any]:
    """The tables of a TOML text.

    Raises:
        NotTomlError: it is not TOML.
    """
    try:
        text.encode()
        tables = tomllib.loads(text)
    except UnicodeEncodeError as error:
        raise NotTomlError("a character is not in UTF-8", text.count("\n", 0, error.start) + 1) from error
    except (ValueError, RecursionError) as error:
        # Besides its own error, the parser lets those of numbers and of nested lists through.
        place = _PLACE.search(str(error))
        line = int(place[1]) if place and place[1] else text.count("\n") + 1 if place else 1
        raise NotTomlError(_PLACE.sub("", str(error)), line) from error
    if _is_deep(tables):
        raise NotTomlError("its lists or tables lie too deep in one another", 1)
    return tables


def _is_deep(value: Any) -> bool:
    level = [value]
    for _ in range(_DEEPEST):
        level = [
            inner
            for each in level
            if isinstance(each, dict | list)
            for inner in (each.values() if isinstance(each, dict) else each)
        ]
    return bool(level)


def readable(text: str) -> Readable:
    """Parse as much of ``text`` as is valid, line by line where necessary.

    A table whose header is invalid is skipped as a whole, since its keys would be taken for another's.
    """
    try:
        return Readable(text, parse(text))
    except NotTomlError:
        return _readable_part(text.split("\n"))


def _readable_part(lines: list[str]) -> Readable:
    kept: list[str] = []
    faults: list[Fault] = []
    tables: dict[str, Any] = {}
    headless = False
    first = 0
    while first < len(lines):
        is_head = _HEAD.match(lines[first]) is not None
        if headless and not is_head:
            kept.append(_comment(lines[first]))
            first += 1
            continue
        end, read = _statement(kept, lines, first)
        if read is None:
            if len(faults) == _MOST_FAULTS:
                return Readable(
                    "\n".join(map(_comment, lines)), {}, (*faults, Fault(first + 1, "so is everything below it"))
                )
            faults.append(Fault(first + 1, _reason(kept, lines[first])))
            kept.append(_comment(lines[first]))
            headless = is_head
            first += 1
            continue
        headless = False
        tables = read
        kept += lines[first:end]
        first = end
    return Readable("\n".join(kept), tables, tuple(faults))


def _statement(kept: list[str], lines: list[str], first: int) -> tuple[int, dict[str, Any] | None]:
    """The end of the statement that begins at ``first``, and all tables read with it; ``None``: it is not TOML."""
    for end in range(first + 1, min(first + 1 + _MOST_LINES, len(lines) + 1)):
        try:
            return end, parse("\n".join([*kept, *lines[first:end]]))
        except NotTomlError:
            continue
    return first, None


def _reason(kept: list[str], line: str) -> str:
    try:
        parse("\n".join([*kept, line]))
    except NotTomlError as error:
        return str(error)
    raise AssertionError("the line did not parse before")


def _comment(line: str) -> str:
    """A line as a comment that TOML ignores, whatever it contains."""
    plain = line if not line.strip() or line.lstrip().startswith("#") else f"# {line}"
    return "".join(c if c == "\t" or c.isprintable() else f"\\x{ord(c) & 0xFF:02x}" for c in plain)
