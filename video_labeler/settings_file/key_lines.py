"""Finds the line of each key in a TOML file, which the standard library's parser does not give."""

import re
import tomllib
from collections.abc import Iterator

_TOKEN = re.compile(
    r'''
    (?P<text> """ (?: [^"\\] | \\. | "(?!"") )* "{3,5}
            | \'\'\' .*? \'{3,5}
            | " (?: [^"\\\n] | \\. )* "
            | ' [^'\n]* ' )
    | (?P<comment> \#[^\n]* )
    | (?P<bare> [A-Za-z0-9_-]+ )
    | (?P<newline> \n )
    | (?P<sign> [\[\]{}=] )
    ''',
    re.VERBOSE | re.DOTALL,
)
_DEPTH = {"[": 1, "{": 1, "]": -1, "}": -1}


def key_lines(text: str) -> dict[tuple[str, ...], int]:
    """The first line, counted from 1, of each table and key of a valid TOML text, by its names from the outermost on.

    Keys within an inline table are not included; they are in the line of the table's key, or below.
    """
    lines: dict[tuple[str, ...], int] = {}
    table: tuple[str, ...] = ()
    for line, tokens in _statements(text):
        if tokens[0] == "[":
            table = path = _names(tokens, "]")
        else:
            path = (*table, *_names(tokens, "="))
        for length in range(1, len(path) + 1):
            lines.setdefault(path[:length], line)
    return lines


def _statements(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each table header and each key with its value: its first line and its tokens."""
    line, first, depth = 1, 1, 0
    tokens: list[str] = []
    for match in _TOKEN.finditer(text):
        token = match.group()
        if match.lastgroup == "newline" and depth == 0 and tokens:
            yield first, tokens
            tokens = []
        elif match.lastgroup not in ("newline", "comment"):
            first = first if tokens else line
            tokens.append(token)
            depth += _DEPTH.get(token, 0)
        line += token.count("\n")
    if tokens:
        yield first, tokens


def _names(tokens: list[str], end: str) -> tuple[str, ...]:
    """The names of a key such as ``kiosk."idle_s"``, without quotation marks."""
    return tuple(_unquoted(word) for word in tokens[: tokens.index(end)] if word not in _DEPTH)


def _unquoted(word: str) -> str:
    return str(tomllib.loads(f"name = {word}")["name"]) if word[0] in "\"'" else word
