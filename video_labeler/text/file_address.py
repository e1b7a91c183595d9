"""Paths that are written as addresses: ``file:///home/anna/a.mp4``."""

import os
import re
from pathlib import Path
from urllib.parse import unquote_to_bytes

from video_labeler.errors import SourceFormatError
from video_labeler.text.shown import shown

ADDRESS_FORM = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+)://")
"""The start of every address; a single letter would be a drive."""

_SCHEME = re.compile(r"file:(?=/)", re.IGNORECASE)
_LOCAL_HOSTS = ("", "localhost", "127.0.0.1", "[::1]")
_NETWORK_PATH = re.compile(r"[\\/]{2}")
_DRIVE = re.compile(r"/[A-Za-z][:|](?:/|$)")


def is_file_address(text: str) -> bool:
    """Whether the text is a ``file:`` address, rather than the name of an existing file."""
    return _SCHEME.match(text) is not None and not os.path.lexists(text)


def is_network_path(text: str) -> bool:
    """Whether Windows would ask another computer for a path such as ``//host/share/a.mp4``, and log in there."""
    return _NETWORK_PATH.match(text) is not None


def local_path(text: str | Path) -> Path:
    """The path from a text, which may be a ``file://`` address; a :class:`Path` is returned as it is.

    Raises:
        SourceFormatError: a ``file://`` address of another computer, an address of another kind, or a name that no file
            can have.
    """
    if isinstance(text, Path):
        return text
    if is_file_address(text):
        return _path(_path_of_address(text), text)
    if ADDRESS_FORM.match(text) and not os.path.lexists(text):
        raise SourceFormatError(f"{shown(text)} is an address. Give a file or a folder of this computer.")
    return _path(text, text)


def named_path(text: str) -> Path:
    """The path that a setting or an option names: as it is, from a home folder (``~``), or as a ``file://`` address.

    Raises:
        SourceFormatError: a ``file://`` address of another computer, or a name that no file can have.
    """
    path = _path(_path_of_address(text) if is_file_address(text) else text, text)
    try:
        return path.expanduser()
    except RuntimeError:
        # The home of a user who has none here.
        return path


def _path(name: str, text: str) -> Path:
    """The path of that name, which was written as ``text``."""
    if "\0" in name:
        # The system's functions raise something else for it than for all other wrong names.
        raise SourceFormatError(f"{shown(text)} is not the name of a file, since it holds a NUL. Write it again.")
    return Path(name)


def _path_of_address(address: str) -> str:
    """The path that a ``file:`` address means, even if ``#``, ``?`` and ``%`` in its name are not encoded."""
    rest = address[len("file:") :]
    host, path = "", rest
    if rest.startswith("//"):
        host, slash, path = rest[2:].partition("/")
        path = slash + path
    if host.lower() not in _LOCAL_HOSTS:
        relative = host + path
        if os.path.lexists(relative):
            return relative
        if os.name == "nt":
            return _decoded(f"//{host}{path}")
        raise SourceFormatError(
            f"{shown(address)} is a file on the computer {shown(host)}. Give a path on this one, "
            "such as file:///home/anna/a.mp4."
        )
    without_fragment = re.split(r"[?#]", path, maxsplit=1)[0]
    candidates = [_decoded(without_fragment), _decoded(path), _local(path)]
    return next((name for name in candidates if os.path.lexists(name)), candidates[0])


def _decoded(path: str) -> str:
    # The bytes, since names need not be UTF-8.
    return _local(os.fsdecode(unquote_to_bytes(path.encode("utf-8", "surrogateescape"))))


def _local(path: str) -> str:
    """On Windows ``/C:/a`` is ``C:/a``."""
    return path[1:].replace("|", ":", 1) if os.name == "nt" and _DRIVE.match(path) else path
