"""Removes user names, passwords and keys from addresses before they are shown."""

import re
from ipaddress import ip_address
from urllib.parse import unquote

HIDDEN = "***"
"""Replaces a secret."""

EXAMPLE = "user:password@host"
"""Shows people where the password belongs, and is not a secret."""

_START = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{0,31}://|\b(?:https?|rtsps?|rtmps?|srt|tcp|udp):/(?=[^/])", re.IGNORECASE)
"""The start of an address, also with a single slash, as a typo or a path made of an address leaves it.

The length of its scheme is bounded: a megabyte of letters would take hours.
"""

_AUTHORITY_END = re.compile(r"[/?#\\]")
_HOST_AND_PORT = re.compile(r"(?P<host>\[[^\]]*\]|[^:]*)(?::\d{1,5})?")
_EXAMPLE = re.compile(rf"[a-z0-9]+://{re.escape(EXAMPLE)}\.?(?:\s|$)")
_ADDRESS_END = re.compile(r"[\r\n]")
_FIELD_HERE = re.compile(r"(?P<run>[A-Za-z0-9%._\[\]-]*+)=")
_FIELD = re.compile(r"(?<![A-Za-z0-9%._\[\]-])" + _FIELD_HERE.pattern)
"""The name of a field, with what may be before it: only from its first letter on, or a long text would take hours."""

_BEFORE_FIELD = "?&;#/!,"
_FOLLOWING_FIELD = re.compile(r"_[A-Za-z]+=")
_SECRET_NAME = re.compile(
    r"pass|pwd|psw|^pw$|pas$|^pin$|secret|token|auth|key|^sig$|signature|session|^sid$|credential|user|usr|login|jwt"
    r"|ticket|^hash$|streamid|cookie|bearer"
)
"""Names of fields that hold secrets, in lower case: cameras, web servers and their clouds use many."""

_CHARACTERS = {"#": "%23", "/": "%2F", "?": "%3F", "\\": "%5C"}
"""Characters that end the part with the password unless they are encoded like this."""


def shown_address(url: str) -> str:
    """The address without user name and password, and with ``***`` for the values of secret fields.

    The password may contain any character, even reserved ones: everything up to the last ``@`` is removed.
    """
    start = _START.match(url)
    if start is None:
        return url
    rest = url[start.end() :]
    rest = rest[_credentials_end(rest) :]
    cut = _AUTHORITY_END.search(rest)
    return start[0] + (rest if cut is None else rest[: cut.start()] + _without_secret_fields(rest[cut.start() :]))


def without_secrets(text: str) -> str:
    """Any text, such as a log line, with every address in it replaced by :func:`shown_address`."""
    starts = [match.start() for match in _START.finditer(text)]
    if not starts:
        return text
    parts = [text[: starts[0]]]
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        line = _ADDRESS_END.split(text[start:end], maxsplit=1)[0]
        parts += [_in_running_text(line), text[start + len(line) : end]]
    return "".join(parts)


def _in_running_text(line: str) -> str:
    """Mask an address at the start of running text: after its last ``@`` it ends at the next blank."""
    if _EXAMPLE.match(line):
        return line
    head, at, tail = line.rpartition("@")
    start = _START.match(line)
    assert start is not None
    if at and _credentials_end(line[start.end() :]):
        word = re.match(r"\S*", tail)
        assert word is not None
        return shown_address(f"{head}@{word[0]}") + tail[word.end() :]
    word = re.match(r"\S*", line)
    assert word is not None
    return shown_address(word[0]) + line[word.end() :]


def misplaced_characters(url: str) -> tuple[str, ...]:
    """Which of ``#``, ``/`` and ``?`` appear unencoded in the user name and password."""
    start = _START.match(url)
    rest = "" if start is None else url[start.end() :]
    secret = rest[: _credentials_end(rest)]
    return tuple(letter for letter in _CHARACTERS if letter in secret)


def encoding_hint(url: str) -> str:
    """What to do about :func:`misplaced_characters`, as a sentence; empty if there are none."""
    found = misplaced_characters(url)
    if not found:
        return ""
    changes = " and ".join(f"{letter} as {_CHARACTERS[letter]}" for letter in found)
    return f"In a password write {changes}."


def _credentials_end(rest: str) -> int:
    """The start of the host in what follows ``://``."""
    at = rest.rfind("@")
    if at < 0:
        return 0
    cut = _AUTHORITY_END.search(rest)
    authority = rest if cut is None else rest[: cut.start()]
    if "@" in authority:
        return at + 1
    # A path may contain an @ as well (https://host:80/@name), if the host is certain.
    return at + 1 if ":" in rest[:at] and not _is_host(authority) else 0


def _is_host(text: str) -> bool:
    """Whether this is certainly a host, with or without a port: a name with dots, or a number."""
    match = _HOST_AND_PORT.fullmatch(text)
    host = match["host"].strip("[]").lower() if match else ""
    try:
        ip_address(host)
    except ValueError:
        return host == "localhost" or re.fullmatch(r"(?:[a-z0-9_-]+\.)+[a-z][a-z0-9-]+\.?", host) is not None
    return True


def _without_secret_fields(text: str) -> str:
    parts, at, begins = [], 0, True
    while match := (_FIELD_HERE.match(text, at) if begins else None) or _FIELD.search(text, at):
        before, name = _field(match, begins=begins and match.start() == at)
        parts.append(text[at : match.end()])
        # A field within the value may be the secret one: cameras write several into a path.
        at, begins = match.end(), name is not None
        if name is not None and _SECRET_NAME.search(unquote(name).lower()):
            end = text.find("&", at)
            end = len(text) if end < 0 else end
            following = _FOLLOWING_FIELD.search(text, at, end) if before in "_/" else None
            parts.append(HIDDEN if end > at else "")
            at = end if following is None else following.start()
    return "".join((*parts, text[at:]))


def _field(match: re.Match[str], *, begins: bool) -> tuple[str, str | None]:
    """What is before a field, and its name; ``None`` if it is not one. ``begins``: it is at the start of a text."""
    run, before = match["run"], match.string[match.start() - 1 : match.start()]
    if before and before in _BEFORE_FIELD:
        return before, run
    if begins and not run.startswith("_"):
        return "", run
    _, underscore, name = run.partition("_")
    return ("_", name) if underscore else ("", None)
