"""A snapshot: one frame with its overlay as a picture, and its labels as JSON beside it."""

import contextlib
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from pathlib import Path

from video_labeler.errors import OutputError
from video_labeler.exports.label_file import object_records
from video_labeler.files.naming import timed_names
from video_labeler.frames import LabeledFrame
from video_labeler.opencv import cv2
from video_labeler.overlay.drawing import draw_overlay
from video_labeler.text.shown import json_text

_JPEG_QUALITY = 95


class SnapshotFormat(Enum):
    """The file format of the picture: lossless, or small."""

    PNG = ".png"
    JPEG = ".jpg"


@dataclass(frozen=True, slots=True)
class SnapshotNote:
    """What the JSON holds besides the objects: the name of the source, and of the labeler."""

    source: str = ""
    model: str = ""


def save_snapshot(
    labeled: LabeledFrame,
    folder: Path,
    note: SnapshotNote | None = None,
    picture_format: SnapshotFormat = SnapshotFormat.PNG,
    now: datetime | None = None,
) -> Path:
    """Write ``Picture 2026-11-22 14.03.12.png`` and the JSON of that name, and return the picture's path.

    Pixels that are not square are made so, and the places of the objects are those in the picture. ``folder`` is made
    where it is missing; nothing that exists is overwritten. ``now`` defaults to this moment.

    Raises:
        OutputError: the folder or the files cannot be written; nothing incomplete is left.
    """
    now = now or datetime.now().astimezone()
    labeled = labeled.with_square_pixels()
    picture = _encoded(labeled, picture_format)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in timed_names("Picture", now):
            path = folder / f"{name}{picture_format.value}"
            text = json_text(_record(path, labeled, note or SnapshotNote(), now), indent=2)
            if _written(path, picture, f"{text}\n".encode()):
                return path
    except OSError as error:
        raise OutputError(f"Cannot write a snapshot into {folder}: {error.strerror or error}.") from error
    raise AssertionError("names never run out")


def _encoded(labeled: LabeledFrame, picture_format: SnapshotFormat) -> bytes:
    drawn = draw_overlay(labeled.frame.image, labeled)
    options = [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY] if picture_format is SnapshotFormat.JPEG else []
    try:
        return cv2.imencode(picture_format.value, drawn, options)[1].tobytes()
    except cv2.error as error:
        raise OutputError(f"A picture of {labeled.frame.width}x{labeled.frame.height} cannot be written.") from error


def _record(path: Path, labeled: LabeledFrame, note: SnapshotNote, now: datetime) -> dict[str, object]:
    return {
        "picture": path.name,
        "taken": now.isoformat(timespec="seconds"),
        "source": note.source,
        "model": note.model,
        "frame": labeled.frame.index,
        "time_s": round(labeled.frame.time_s, 6),
        "width": labeled.frame.width,
        "height": labeled.frame.height,
        "objects": object_records(labeled),
    }


def _written(picture: Path, pixels: bytes, text: bytes) -> bool:
    """Write both files; false where one of the names is taken."""
    notes = picture.with_suffix(".json")
    made: list[Path] = []
    try:
        for path, content in ((notes, text), (picture, pixels)):
            with path.open("xb") as file:
                made.append(path)
                file.write(content)
    except FileExistsError:
        _remove(made)
        return False
    except OSError:
        _remove(made)
        raise
    return True


def _remove(paths: list[Path]) -> None:
    for path in paths:
        with contextlib.suppress(OSError):
            path.unlink()
