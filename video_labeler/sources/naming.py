"""What a person wrote, as a source: a camera, a path, a pattern, an address. Decided here, and nowhere else."""

import glob
import os
import re
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from urllib.parse import unquote_to_bytes, urlsplit

from video_labeler.errors import SourceFormatError
from video_labeler.safe_text import one_line
from video_labeler.sources.address import HIDDEN, shown_address

DEMO = "demo"
"""Names the picture that needs no camera: the clip that ships with the program, or else the test picture."""

TEST_PICTURE = "synthetic"

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+)://")
_FILE_SCHEME = re.compile(r"file:(?=/)", re.IGNORECASE)
_CAMERA_PATHS = ("/dev/video", "/dev/v4l/")
_LOCAL_HOSTS = ("", "localhost", "127.0.0.1", "[::1]")
_DRIVE = re.compile(r"/[A-Za-z][:|](?:/|$)")


class SourceKind(Enum):
    """What a text names."""

    CAMERA = "camera"
    PATH = "path"
    """A file, or a folder of pictures."""
    PATTERN = "pattern"
    """Pictures, such as ``photos/*.jpg``."""
    ADDRESS = "address"
    TEST_PICTURE = "test picture"
    DEMO = "demo"


@dataclass(frozen=True, slots=True)
class NamedSource:
    """A source by its name: ``text`` as it was written, for opening alone; ``path`` for what lies on this computer.

    ``text`` may hold a password; :attr:`shown`, :attr:`short` and :attr:`stem` never do.
    """

    text: str
    kind: SourceKind
    path: Path | None = None

    @classmethod
    def of_path(cls, path: Path) -> "NamedSource":
        """The file or folder, whatever its name could mean otherwise."""
        return cls(str(path), SourceKind.PATH, path)

    @property
    def shown(self) -> str:
        """The whole name, for messages, results and the index: as it can be typed again, but without secrets."""
        if self.path is not None:
            return str(self.path)
        return shown_address(self.text) if self.kind is SourceKind.ADDRESS else self.text

    @property
    def short(self) -> str:
        """The name on a button or a bar, in one line: a file without its folder, an address without its scheme."""
        if self.path is not None:
            return one_line(self.path.name or str(self.path))
        if self.kind is not SourceKind.ADDRESS:
            return one_line(self.text)
        try:
            parts = urlsplit(self.shown)
        except ValueError:
            return one_line(self.shown)
        return one_line(f"{parts.netloc}{parts.path}" or self.shown)

    @property
    def stem(self) -> str:
        """What default results are named after: no suffix, no folder, nothing that a file system refuses."""
        if self.kind is SourceKind.PATH and self.path is not None:
            named = self.path.stem or self.path.resolve().name
        else:
            named = self.shown.replace(HIDDEN, "")
        safe = "".join(letter if letter.isalnum() or letter in "-_ ." else "-" for letter in named)
        return safe.strip("-.") or "video"


def named_source(text: str) -> NamedSource:
    """What a text names, as far as that can be told without opening it.

    A number, a camera's name or its device path is a camera; ``scheme://`` an address, but ``file://`` a path;
    ``synthetic`` or ``synthetic:640x360@30`` the test picture; ``demo`` the clip that ships with the program. Blanks
    around a name are part of it where there is such a file.

    Raises:
        SourceFormatError: a ``file://`` address of another computer.
    """
    word = text.strip()
    if word != text and os.path.lexists(text):
        return NamedSource.of_path(Path(text))
    if _FILE_SCHEME.match(word) and not os.path.lexists(word):
        return _on_disk(_path_of_address(word), word)
    kind = _kind_by_form(word)
    return _on_disk(word, word) if kind is None else NamedSource(word, kind)


def _kind_by_form(word: str) -> SourceKind | None:
    """What needs no look at the disk to be told."""
    if word == DEMO:
        return SourceKind.DEMO
    if word == TEST_PICTURE or word.startswith(f"{TEST_PICTURE}:"):
        return SourceKind.TEST_PICTURE
    if _SCHEME.match(word):
        return SourceKind.ADDRESS
    return SourceKind.CAMERA if word.isdecimal() else None


def local_path(text: str | Path) -> Path:
    """The path that was written, also as a ``file://`` address; a :class:`Path` is taken as it is.

    Raises:
        SourceFormatError: a ``file://`` address of another computer.
    """
    if isinstance(text, Path) or not _FILE_SCHEME.match(text) or os.path.lexists(text):
        return Path(text)
    return Path(_path_of_address(text))


def _on_disk(name: str, text: str) -> NamedSource:
    if name.startswith(_CAMERA_PATHS):
        return NamedSource(name, SourceKind.CAMERA)
    if os.path.lexists(name) and name:
        return NamedSource(text, SourceKind.PATH, Path(name))
    if glob.has_magic(name):
        return NamedSource(text, SourceKind.PATTERN, Path(name))
    if name and (Path(name).suffix or "/" in name or "\\" in name):
        return NamedSource(text, SourceKind.PATH, Path(name))
    return NamedSource(text, SourceKind.CAMERA)


def _path_of_address(address: str) -> str:
    """The path that a ``file:`` address means, also where ``#``, ``?`` and ``%`` of its name were not encoded."""
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
            f"{one_line(address)} is a file of the computer {one_line(host)}. Give a path on this one, "
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
