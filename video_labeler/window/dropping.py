"""What a thing is that was dropped on the window or chosen in a dialog."""

from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from PyQt6.QtCore import QMimeData, QUrl

from video_labeler.sources.file_content import PICTURE_SUFFIXES
from video_labeler.sources.folder_search import VIDEO_SUFFIXES

_MODEL_ENDINGS = (".tflite", ".tar.gz", ".tgz")


class DropKind(Enum):
    """What is to be done with it."""

    SOURCE = "source"
    MODEL = "model"


@dataclass(frozen=True, slots=True)
class Dropped:
    """What was dropped: a text that names a source or a model."""

    kind: DropKind
    text: str


def dropped_thing(data: QMimeData | None) -> Dropped | None:
    """What ``data`` holds that the window can use: a local file or folder, or an address of a stream."""
    return next(iter(dropped_things(data)), None)


def dropped_things(data: QMimeData | None) -> tuple[Dropped, ...]:
    """All of it, in its order."""
    things = () if data is None else (_thing(url) for url in data.urls())
    return tuple(thing for thing in things if thing is not None)


def _thing(url: QUrl) -> Dropped | None:
    if url.isLocalFile():
        return _local(Path(url.toLocalFile()))
    if url.scheme() in ("rtsp", "rtsps", "http", "https", "rtmp", "rtmps", "srt", "tcp", "udp"):
        # As it was written: decoded, a password could end the part of the address that it is in.
        return Dropped(DropKind.SOURCE, bytes(url.toEncoded().data()).decode())
    return None


def _local(path: Path) -> Dropped | None:
    if path.name.lower().endswith(_MODEL_ENDINGS) or (path / "saved_model.pb").is_file():
        return Dropped(DropKind.MODEL, str(path))
    return Dropped(DropKind.SOURCE, str(path)) if path.exists() else None


def file_patterns() -> str:
    """The patterns of videos and pictures, for a file dialog."""
    return " ".join(f"*{suffix}" for suffix in sorted(VIDEO_SUFFIXES | PICTURE_SUFFIXES))
