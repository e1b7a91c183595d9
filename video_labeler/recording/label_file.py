"""Labels as data: one JSON line a frame."""

import json
from pathlib import Path
from typing import Any, TextIO

from video_labeler.errors import OutputError
from video_labeler.frames import LabeledFrame, LabeledObject
from video_labeler.recording.partial_file import PartialFile
from video_labeler.sources.base import SourceInfo


def frame_record(labeled: LabeledFrame) -> dict[str, Any]:
    """What a JSON line says of a frame: index, seconds, and its objects."""
    return {
        "frame": labeled.frame.index,
        "time_s": round(labeled.frame.time_s, 6),
        "objects": object_records(labeled),
    }


def object_records(labeled: LabeledFrame) -> list[dict[str, Any]]:
    """The objects of a frame for JSON: track, box in pixels, labels most specific first."""
    return [_object_record(item) for item in labeled.objects]


def _object_record(item: LabeledObject) -> dict[str, Any]:
    box = item.box
    return {
        "track": item.track_id,
        "box": [round(edge, 1) for edge in (box.x_min, box.y_min, box.x_max, box.y_max)],
        "labels": [
            {
                "row": prediction.label.row,
                "id": prediction.label.id,
                "name": prediction.label.name,
                "confidence": round(prediction.confidence, 4),
            }
            for prediction in item.predictions
        ],
    }


class LabelFile:
    """A sink that writes JSON Lines (UTF-8), complete under its final name or partial under a telling one."""

    name = "label file"

    def __init__(self, target: Path) -> None:
        self._file = PartialFile(target)
        self._stream: TextIO | None = None

    def open(self, info: SourceInfo) -> None:
        """Start the file.

        Raises:
            OutputError: it cannot be written.
        """
        try:
            self._stream = self._file.path.open("w", encoding="utf-8")
        except OSError as error:
            raise OutputError(f"Cannot write {self._file.path}: {error.strerror}.") from error

    def write(self, labeled: LabeledFrame) -> None:
        """Append one line.

        Raises:
            OutputError: the disk is full or gone.
        """
        assert self._stream is not None, "open comes first"
        try:
            self._stream.write(json.dumps(frame_record(labeled), ensure_ascii=False) + "\n")
        except OSError as error:
            raise OutputError(f"Cannot go on writing {self._file.path}: {error.strerror}.") from error

    def close(self, *, completed: bool) -> None:
        """Finish, and put the file in place where it is complete.

        Raises:
            OutputError: the last lines could not be written.
        """
        if self._stream is None:
            return
        stream, self._stream = self._stream, None
        try:
            stream.close()
        except OSError as error:
            raise OutputError(f"Cannot finish {self._file.path}: {error.strerror}.") from error
        if completed:
            self._file.put_in_place()
