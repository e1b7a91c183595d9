"""Resolves what a user wrote to a kind of source: a camera, a path, a pattern or an address; the only place to do
so.
"""

import glob
import os
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from urllib.parse import urlsplit

from video_labeler.text.address_text import HIDDEN, shown_address
from video_labeler.text.file_address import ADDRESS_FORM, is_file_address, local_path
from video_labeler.text.shown import shown

DEMO = "demo"
"""The name of the clip that ships with the program (or else the test picture), which needs no camera."""

TEST_PICTURE = "synthetic"

_CAMERA_PATHS = ("/dev/video", "/dev/v4l/")


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
    """A source by its name: ``text`` as it was written, only for opening; ``path`` for sources on this computer.

    ``text`` may hold a password; :attr:`shown`, :attr:`short` and :attr:`stem` never do.
    """

    text: str
    kind: SourceKind
    path: Path | None = None

    @classmethod
    def of_path(cls, path: Path) -> "NamedSource":
        """A file or folder, whatever else its name could mean."""
        return cls(str(path), SourceKind.PATH, path)

    @property
    def shown(self) -> str:
        """The full name for messages, results and the index: can be typed again, but has no secrets."""
        if self.path is not None:
            return str(self.path)
        return shown_address(self.text) if self.kind is SourceKind.ADDRESS else self.text

    @property
    def short(self) -> str:
        """The name on a button or a bar, in one line: a file without its folder, an address without its scheme."""
        if self.path is not None:
            return shown(self.path.name or str(self.path))
        if self.kind is not SourceKind.ADDRESS:
            return shown(self.text)
        try:
            parts = urlsplit(self.shown)
        except ValueError:
            return shown(self.shown)
        return shown(f"{parts.netloc}{parts.path}" or self.shown)

    @property
    def stem(self) -> str:
        """The base name of default results: no suffix, no folder, nothing that a file system refuses."""
        if self.kind is SourceKind.PATH and self.path is not None:
            named = self.path.stem or self.path.resolve().name
        else:
            named = self.shown.replace(HIDDEN, "")
        safe = "".join(letter if letter.isalnum() or letter in "-_ ." else "-" for letter in named)
        return safe.strip("-.") or "video"


def named_source(text: str) -> NamedSource:
    """Resolve a text to a source, as far as possible without opening it.

    A number, a camera's name or its device path is a camera; ``scheme://`` an address, but ``file://`` a path;
    ``synthetic`` or ``synthetic:640x360@30`` the test picture; ``demo`` the clip that ships with the program. Blanks
    around a name are part of it if there is such a file.

    Raises:
        SourceFormatError: a ``file://`` address of another computer.
    """
    word = text.strip()
    if word != text and os.path.lexists(text):
        return NamedSource.of_path(Path(text))
    if is_file_address(word):
        return _on_disk(str(local_path(word)), word)
    kind = _kind_by_form(word)
    return _on_disk(word, word) if kind is None else NamedSource(word, kind)


def _kind_by_form(word: str) -> SourceKind | None:
    """The kind of source, if it can be recognised without the disk."""
    if word == DEMO:
        return SourceKind.DEMO
    if word == TEST_PICTURE or word.startswith(f"{TEST_PICTURE}:"):
        return SourceKind.TEST_PICTURE
    if ADDRESS_FORM.match(word):
        return SourceKind.ADDRESS
    return SourceKind.CAMERA if word.isdecimal() else None


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
