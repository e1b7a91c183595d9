"""Makes text from outside (file names, labels, metadata, addresses, errors) safe for terminals, logs, windows and
files.

:func:`shown` is the one way to show such text: whatever a file or a label is called, no control characters reach a
terminal, the log or the window, and no passwords.
"""

import json
import re
from typing import Any

from video_labeler.text.address_text import without_secrets

_HARMFUL = (
    "\x00-\x1f\x7f-\x9f"  # control characters: terminals obey them
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # these change the direction of text
    "\u2028\u2029\ufeff\ufff9-\ufffb"  # line ends that only some programs know, and invisible marks
    "\ud800-\udfff"  # the bytes of names that are not UTF-8
)
_UNPRINTABLE = re.compile(f"[{_HARMFUL}]")
_UNPRINTABLE_IN_LINES = re.compile(f"(?!\n)[{_HARMFUL}]")
_HARMFUL_IN_JSON = re.compile(f"(?![\x00-\x1f])[{_HARMFUL}]")

_LONE = re.compile("[\ud800-\udfff]")

_BYTES_FROM, _BYTES_TO = 0xDC80, 0xDCFF
"""How Python represents a byte of a file name that is not UTF-8 (PEP 383)."""

_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def shown(text: str) -> str:
    """The text in one line of printable characters, without the secrets of addresses in it.

    Line feeds, control characters, direction marks and bytes that are not UTF-8 become ``\\n``,
    ``\\u202e`` and ``\\xe9``.
    """
    return _UNPRINTABLE.sub(_escaped, without_secrets(text))


def shown_lines(text: str) -> str:
    """As :func:`shown`, for a text of this program with several lines."""
    return _UNPRINTABLE_IN_LINES.sub(_escaped, without_secrets(text))


def proper_unicode(text: str) -> str:
    """The text with bytes that are not UTF-8 written as ``\\xe9``; everything else is kept."""
    return _LONE.sub(_escaped, text)


def _escaped(match: re.Match[str]) -> str:
    letter = match[0]
    code = ord(letter)
    if _BYTES_FROM <= code <= _BYTES_TO:
        return f"\\x{code - 0xDC00:02x}"
    return _SHORT.get(letter, f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}")


def json_text(value: Any, indent: int | None = None) -> str:
    """JSON in proper Unicode, with file names that are not UTF-8 and control characters kept as escapes.

    ``json.loads`` returns the exact names, as ``open`` takes them.
    """
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    return _HARMFUL_IN_JSON.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def escape_what_does_not_fit(error: UnicodeError) -> tuple[str, int]:
    """For :func:`codecs.register_error`: writes what an encoding lacks as escapes, which are valid in JSON, too."""
    assert isinstance(error, UnicodeEncodeError), "bytes are never lost here"
    piece = error.object[error.start : error.end]
    return "".join(_for_encoding(letter) for letter in piece), error.end


def _for_encoding(letter: str) -> str:
    code = ord(letter)
    if _BYTES_FROM <= code <= _BYTES_TO:
        return f"\\x{code - 0xDC00:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
