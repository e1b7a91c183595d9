"""A source's name for people and its icon, from the text that names it."""

import os
import re
from dataclasses import dataclass
from enum import Enum

from video_labeler.errors import SourceError
from video_labeler.session.view import SessionView
from video_labeler.sources.camera_list import CameraDevice
from video_labeler.sources.folder_search import VIDEO_SUFFIXES
from video_labeler.sources.naming import NamedSource, SourceKind, named_source
from video_labeler.text.shown import shown
from video_labeler.window import panel_texts as texts


class SourceIcon(Enum):
    """The icon of a source; the value is the icon's name."""

    CAMERA = "camera"
    FILE = "file"
    FOLDER = "folder"
    ADDRESS = "link"
    DEMO = "demo"


@dataclass(frozen=True, slots=True)
class ShownSource:
    """How a source is shown: its icon, a short name and a whole one, neither with a password in it."""

    icon: SourceIcon
    name: str
    whole_name: str


@dataclass(frozen=True, slots=True)
class ListPlace:
    """The place of a source in a list that is played through, from 1 to ``count``, and whether there are others to open
    before and after it.
    """

    number: int
    count: int
    has_previous: bool
    has_next: bool

    @property
    def words(self) -> str:
        """The place for people."""
        return texts.PLACE_IN_LIST.format(number=self.number, count=self.count)


_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://\S+")
_HOST = re.compile(r"(?:[^\s/\\@]+@)?[A-Za-z0-9\[][A-Za-z0-9.\]:-]*(?:/\S*)?")
"""An address that lacks only its scheme."""

_QUOTED = 60
"""Letters of what was typed that a sentence about it repeats."""

_ICONS = {
    SourceKind.CAMERA: SourceIcon.CAMERA,
    SourceKind.PATTERN: SourceIcon.FOLDER,
    SourceKind.ADDRESS: SourceIcon.ADDRESS,
    SourceKind.TEST_PICTURE: SourceIcon.DEMO,
    SourceKind.DEMO: SourceIcon.DEMO,
}


def shown_source(text: str, cameras: tuple[CameraDevice, ...] = ()) -> ShownSource:
    """How to show the source that the text names, as far as known without opening it."""
    for camera in cameras:
        if is_camera(text, camera):
            return ShownSource(SourceIcon.CAMERA, shown(camera.name), shown(camera.name))
    try:
        named = named_source(text)
    except SourceError:
        return ShownSource(SourceIcon.FILE, shown(text), shown(text))
    return ShownSource(_icon(named), _name(named), shown(named.shown))


def source_title(view: SessionView, cameras: tuple[CameraDevice, ...] = (), place: ListPlace | None = None) -> str:
    """The name of a view's source: its own name, except for the demo, with its place in a list; empty: none is open."""
    if view.source is None:
        return ""
    name = _own_name(view, view.source, cameras)
    return name if place is None else f"{name} · {place.words}"


def _own_name(view: SessionView, source: str, cameras: tuple[CameraDevice, ...]) -> str:
    if view.named is not None and _ICONS.get(view.named.kind) is SourceIcon.DEMO:
        return _name(view.named)
    return view.info.name if view.info is not None and view.info.name else shown_source(source, cameras).name


def is_camera(text: str, camera: CameraDevice) -> bool:
    """Whether the text names this camera."""
    return text in (camera.stable_id, camera.path, str(camera.index), camera.name)


def address_problem(text: str) -> str:
    """Why typed text is not a valid address, as a sentence; empty: it may be one.

    Files on this computer, a camera's number and the demo are accepted as well.
    """
    try:
        named = named_source(text)
    except SourceError as error:
        return str(error)
    words = _shortened(shown(named.shown))
    match named.kind:
        case SourceKind.ADDRESS if _ADDRESS.fullmatch(text) is None:
            return texts.NOT_AN_ADDRESS.format(text=words)
        case SourceKind.PATH if named.path is not None and not os.path.lexists(named.path):
            is_host = _HOST.fullmatch(text) is not None and named.path.suffix.lower() not in VIDEO_SUFFIXES
            return (texts.MISSING_SCHEME if is_host else texts.NO_SUCH_PATH).format(text=words)
        case SourceKind.CAMERA if not text.isdecimal() and not text.startswith("/dev/"):
            is_host = ":" in text and _HOST.fullmatch(text) is not None
            return (texts.MISSING_SCHEME if is_host else texts.NOT_AN_ADDRESS).format(text=words)
    return ""


def _shortened(words: str) -> str:
    half = _QUOTED // 2
    return words if len(words) <= _QUOTED else f"{words[:half]}…{words[-half:]}"


def _icon(named: NamedSource) -> SourceIcon:
    if named.kind is SourceKind.PATH and named.path is not None:
        return SourceIcon.FILE if named.path.suffix else SourceIcon.FOLDER
    return _ICONS[named.kind]


def _name(named: NamedSource) -> str:
    match named.kind:
        case SourceKind.DEMO:
            return texts.DEMO
        case SourceKind.TEST_PICTURE:
            return texts.TEST_PICTURE
        case _:
            return named.short
