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
_FIELD = re.compile(r"(?P<before>[?&;#/_!,]|^)(?P<name>[A-Za-z0-9%._\[\]-]*?)(?P<sign>=)(?P<value>[^&]*)")
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
    return _FIELD.sub(_masked, text)


def _masked(match: re.Match[str]) -> str:
    name, value = match["name"], match["value"]
    if not _SECRET_NAME.search(unquote(name).lower()):
        # A field within the value may be the secret one: cameras write several into a path.
        return match["before"] + name + match["sign"] + _FIELD.sub(_masked, value)
    kept = ""
    if match["before"] in "_/":
        following = re.search(r"_[A-Za-z]+=", value)
        kept = _without_secret_fields(value[following.start() :]) if following else ""
    return match["before"] + name + match["sign"] + (HIDDEN if value else "") + kept
