"""The text of a settings file: its encoding and line ends, and what of it is TOML."""

import codecs
import re
import tomllib
from dataclasses import dataclass, field
from typing import Any

_PLACE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
_HEAD = re.compile(r"\s*\[")

_MOST_LINES = 40
"""A list or text over more lines than this is not waited for, where something is wrong before its end."""
_MOST_FAULTS = 50
"""A file with more of them than this was never meant to be one."""
_DEEPEST = 50
"""Tables and lists in one another; settings have two. Whoever goes through deeper ones would run out of stack."""


class NotTomlError(Exception):
    """The text is no TOML: what is wrong, and in which line."""

    def __init__(self, reason: str, line: int) -> None:
        super().__init__(reason)
        self.line = line


@dataclass(frozen=True, slots=True)
class FileText:
    """A text with ``\\n`` at the ends of its lines, and how the file writes it."""

    text: str = ""
    encoding: str = "utf-8"
    newline: str = "\n"

    @classmethod
    def from_bytes(cls, content: bytes) -> "FileText":
        """Decode a file; a letter that is not in UTF-8 becomes a lone surrogate."""
        encoding = "utf-8"
        # Editors on Windows begin a file with a byte order mark, and end lines with two characters.
        if content.startswith(codecs.BOM_UTF8):
            encoding = "utf-8-sig"
        elif content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            encoding = "utf-16"
        text = content.decode(encoding, errors="replace" if encoding == "utf-16" else "surrogateescape")
        return cls(text.replace("\r\n", "\n"), encoding, "\r\n" if "\r\n" in text else "\n")

    def to_bytes(self, text: str) -> bytes:
        """Another text as the file writes it; what the encoding does not know becomes an escape."""
        return text.replace("\n", self.newline).encode(self.encoding, errors="backslashreplace")


@dataclass(frozen=True, slots=True)
class Fault:
    """A line that is not TOML, and why."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Readable:
    """What of a text is TOML: ``text`` has its faulty lines as comments, so that all keep their numbers."""

    text: str
    tables: dict[str, Any] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()


def parse(text: str) -> dict[str, Any]:
    """The tables of a TOML text.

    Raises:
        NotTomlError: it is none.
    """
    try:
        text.encode()
        tables = tomllib.loads(text)
    except UnicodeEncodeError as error:
        raise NotTomlError("a letter is not in UTF-8", text.count("\n", 0, error.start) + 1) from error
    except (ValueError, RecursionError) as error:
        # Beside its own error, the parser lets those of numbers and of the depth of lists through.
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
    """What of ``text`` can be read, line by line where not all of it can.

    With the head of a table that cannot be read goes what stands below it, which would be taken for another's.
    """
    try:
        return Readable(text, parse(text))
    except NotTomlError:
        return _mended(text.split("\n"))


def _mended(lines: list[str]) -> Readable:
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
                return Readable("\n".join(map(_comment, lines)), {}, (*faults, Fault(first + 1, "so is all below it")))
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
    """Up to which line the statement that begins at ``first`` goes, and all that is read with it; none: no TOML."""
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
    raise AssertionError("the line was not read a moment ago")


def _comment(line: str) -> str:
    """A line that TOML reads over, whatever it holds."""
    plain = line if not line.strip() or line.lstrip().startswith("#") else f"# {line}"
    return "".join(c if c == "\t" or c.isprintable() else f"\\x{ord(c) & 0xFF:02x}" for c in plain)
