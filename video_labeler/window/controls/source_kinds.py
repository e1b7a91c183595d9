"""What people call a source, and its icon, judged by the text that names it."""

from dataclasses import dataclass
from enum import Enum

from video_labeler.errors import SourceError
from video_labeler.safe_text import one_line
from video_labeler.sources.camera_list import CameraDevice
from video_labeler.sources.naming import NamedSource, SourceKind, named_source
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


_ICONS = {
    SourceKind.CAMERA: SourceIcon.CAMERA,
    SourceKind.PATTERN: SourceIcon.FOLDER,
    SourceKind.ADDRESS: SourceIcon.ADDRESS,
    SourceKind.TEST_PICTURE: SourceIcon.DEMO,
    SourceKind.DEMO: SourceIcon.DEMO,
}


def shown_source(text: str, cameras: tuple[CameraDevice, ...] = ()) -> ShownSource:
    """What the text names, as far as that can be told without opening it."""
    for camera in cameras:
        if is_camera(text, camera):
            return ShownSource(SourceIcon.CAMERA, camera.name, camera.name)
    try:
        named = named_source(text)
    except SourceError:
        return ShownSource(SourceIcon.FILE, one_line(text), one_line(text))
    return ShownSource(_icon(named), _name(named), one_line(named.shown))


def is_camera(text: str, camera: CameraDevice) -> bool:
    """Whether the text names this camera."""
    return text in (camera.stable_id, camera.path, str(camera.index), camera.name)


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
