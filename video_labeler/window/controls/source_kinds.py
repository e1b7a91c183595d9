"""What a source is, and what people call it, judged by the text that names it."""

from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from urllib.parse import urlsplit

from video_labeler.sources.camera_list import CameraDevice
from video_labeler.window import panel_texts as texts

DEMO_SOURCE = "demo"


class SourceKind(Enum):
    """What a source is; the value is its icon's name."""

    CAMERA = "camera"
    FILE = "file"
    FOLDER = "folder"
    ADDRESS = "link"
    DEMO = "demo"


@dataclass(frozen=True, slots=True)
class NamedSource:
    """The text that names a source, what it is, and what people call it."""

    text: str
    kind: SourceKind
    name: str


def named_source(text: str, cameras: tuple[CameraDevice, ...] = ()) -> NamedSource:
    """What the text names, as far as that can be told without opening it."""
    for camera in cameras:
        if is_camera(text, camera):
            return NamedSource(text, SourceKind.CAMERA, camera.name)
    if text == DEMO_SOURCE:
        return NamedSource(text, SourceKind.DEMO, texts.DEMO)
    if text.startswith("synthetic"):
        return NamedSource(text, SourceKind.DEMO, texts.TEST_PICTURE)
    if "://" in text and not text.startswith("file://"):
        return NamedSource(text, SourceKind.ADDRESS, _address_name(text))
    path = Path(text)
    if text.isdecimal() or text.startswith("/dev/") or not (path.suffix or path.parent != Path()):
        return NamedSource(text, SourceKind.CAMERA, text)
    return NamedSource(text, SourceKind.FOLDER if not path.suffix else SourceKind.FILE, path.name or text)


def is_camera(text: str, camera: CameraDevice) -> bool:
    """Whether the text names this camera."""
    return text in (camera.stable_id, camera.path, str(camera.index), camera.name)


def _address_name(text: str) -> str:
    """The address without a password that may be in it."""
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return text
    return f"{host}{port}{parts.path}" or text
