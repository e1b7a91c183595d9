"""Labels as data: one JSON line per frame."""

from pathlib import Path
from typing import Any

from video_labeler.exports.text_file import TextFile
from video_labeler.frames import LabeledFrame, LabeledObject
from video_labeler.sources.base import SourceInfo
from video_labeler.text.shown import json_text


def frame_record(labeled: LabeledFrame, model: str) -> dict[str, Any]:
    """A frame as a JSON record: index, seconds, the labeler's name, and the objects."""
    return {
        "frame": labeled.frame.index,
        "time_s": round(labeled.frame.time_s, 6),
        "model": model,
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
    """A sink that writes JSON Lines (UTF-8), under a partial name until it is complete.

    ``model`` is the name of the labeler, written in each line.
    """

    name = "label file"

    def __init__(self, target: Path, model: str = "", *, overwrite: bool = True) -> None:
        self._model = model
        self._file = TextFile(target, overwrite=overwrite)

    def open(self, info: SourceInfo) -> None:
        """Start the file.

        Raises:
            OutputError: it cannot be written.
        """
        self._file.open()

    def write(self, labeled: LabeledFrame) -> None:
        """Append one line.

        Raises:
            OutputError: the disk is full or gone.
        """
        self._file.write(json_text(frame_record(labeled, self._model)) + "\n")

    def close(self, *, completed: bool) -> None:
        """Finish, and put the file in place where it is complete.

        Raises:
            OutputError: the last lines could not be written.
        """
        self._file.close(completed=completed)
