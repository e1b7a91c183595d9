"""Text that any terminal, file and protocol takes: one line, proper Unicode, whatever a file is called."""

import json
import re
from typing import Any

_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Control characters, also those that turn the direction of writing; and the bytes of names that are not UTF-8."""

_LONE = re.compile("[\ud800-\udfff]")

_BYTES_FROM, _BYTES_TO = 0xDC80, 0xDCFF
"""How Python carries a byte of a file name that is not UTF-8 (PEP 383)."""

_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def one_line(text: str) -> str:
    """The text with line feeds, control characters and bytes that are not UTF-8 written as ``\\n`` and ``\\xe9``."""
    return _UNPRINTABLE.sub(_escaped, text)


def proper_unicode(text: str) -> str:
    """The text with bytes that are not UTF-8 written as ``\\xe9``; all else is kept letter by letter."""
    return _LONE.sub(_escaped, text)


def _escaped(match: re.Match[str]) -> str:
    letter = match[0]
    code = ord(letter)
    if _BYTES_FROM <= code <= _BYTES_TO:
        return f"\\x{code - 0xDC00:02x}"
    return _SHORT.get(letter, f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}")


def json_text(value: Any, indent: int | None = None) -> str:
    """JSON in which file names that are not UTF-8 are kept, as escapes; the text itself is proper Unicode.

    ``json.loads`` gives back the very names, for ``open`` to take.
    """
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    return _LONE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def escape_what_does_not_fit(error: UnicodeError) -> tuple[str, int]:
    """For :func:`codecs.register_error`: writes what an encoding lacks as escapes, which JSON takes, too."""
    assert isinstance(error, UnicodeEncodeError), "bytes are never lost here"
    piece = error.object[error.start : error.end]
    return "".join(_for_encoding(letter) for letter in piece), error.end


def _for_encoding(letter: str) -> str:
    code = ord(letter)
    if _BYTES_FROM <= code <= _BYTES_TO:
        return f"\\x{code - 0xDC00:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
