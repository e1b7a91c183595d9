"""Labels as data: COCO-style JSON with tracks, for people who train models."""

import shutil
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol, TextIO

import video_labeler
from video_labeler.errors import OutputError
from video_labeler.exports.text_file import TextFile
from video_labeler.frames import Label, LabeledFrame, LabeledObject
from video_labeler.sources.base import SourceInfo
from video_labeler.text.shown import json_text

_VIDEO_ID = 1
_COPY_CHARACTERS = 1 << 20


class Hierarchy(Protocol):
    """The broader labels of each label, by row."""

    @property
    def names(self) -> Sequence[str]:
        """The name of each row."""
        ...

    def parents(self, row: int) -> Sequence[int]:
        """The directly broader labels of a row."""
        ...


class CocoFile:
    """A sink that writes COCO's object detection format, with ``videos`` and ``tracks`` as in TAO.

    Every frame is an image, even one that shows nothing; objects without a label are left out. Ids begin at 1: an
    image's is its frame index plus 1, a category's is its label's row plus 1. A category's ``supercategory`` is its
    first parent in ``hierarchy``, and itself at the top.
    """

    name = "COCO file"

    def __init__(self, target: Path, hierarchy: Hierarchy | None = None, *, overwrite: bool = True) -> None:
        self._target = target
        self._file = TextFile(target, overwrite=overwrite)
        self._hierarchy = hierarchy
        self._info = SourceInfo("")
        # JSON needs all images in one list and all annotations in another: the shorter list is spooled here.
        self._images: TextIO | None = None
        self._size = (0, 0)
        self._image_count = 0
        self._annotation_count = 0
        self._labels: dict[int, Label] = {}
        self._tracks: dict[int, Counter[int]] = {}

    def open(self, info: SourceInfo) -> None:
        """Start the file.

        Raises:
            OutputError: it cannot be written.
        """
        self._info = info
        self._file.open()
        try:
            self._images = tempfile.TemporaryFile(  # noqa: SIM115 - closed in close()
                "w+", encoding="utf-8", errors="replace", dir=self._target.parent
            )
        except OSError as error:
            self._file.close(completed=False)
            raise OutputError(f"Cannot write beside {self._target}: {error.strerror}.") from error
        self._file.write(f'{{"info": {_json(_about(info))},\n"licenses": [],\n"annotations": [')

    def write(self, labeled: LabeledFrame) -> None:
        """Append one image and its annotations.

        Raises:
            OutputError: the disk is full or gone.
        """
        assert self._images is not None, "call open() first"
        frame = labeled.frame
        self._size = self._size if self._image_count else (frame.width, frame.height)
        try:
            self._images.write(_separator(self._image_count) + _json(self._image(labeled)))
        except OSError as error:
            raise OutputError(f"Cannot go on writing {self._target}: {error.strerror}.") from error
        self._image_count += 1
        for item in labeled.objects:
            annotation = self._annotation(item, labeled)
            if annotation is not None:
                self._file.write(_separator(self._annotation_count) + _json(annotation))
                self._annotation_count += 1

    def close(self, *, completed: bool) -> None:
        """Join the parts, and if completed put the file in place.

        Raises:
            OutputError: the end of the file could not be written.
        """
        images, self._images = self._images, None
        if images is None:
            return
        try:
            with images:
                self._finish(images)
        except OSError as error:
            self._file.close(completed=False)
            raise OutputError(f"Cannot finish {self._target}: {error.strerror}.") from error
        except OutputError:
            self._file.close(completed=False)
            raise
        self._file.close(completed=completed)

    def _finish(self, images: TextIO) -> None:
        self._file.write('\n],\n"images": [')
        images.seek(0)
        shutil.copyfileobj(images, self._file, _COPY_CHARACTERS)
        for name, records in (
            ("videos", [self._video()]),
            ("tracks", self._track_list()),
            ("categories", self._category_list()),
        ):
            self._file.write(f'\n],\n"{name}": [')
            for count, record in enumerate(records):
                self._file.write(_separator(count) + _json(record))
        self._file.write("\n]}\n")

    def _image(self, labeled: LabeledFrame) -> dict[str, Any]:
        frame = labeled.frame
        return {
            "id": frame.index + 1,
            "video_id": _VIDEO_ID,
            "frame_index": frame.index,
            "time_s": round(frame.time_s, 6),
            "width": frame.width,
            "height": frame.height,
            "file_name": f"{Path(self._info.name).stem or 'video'}/{frame.index:06d}.jpg",
        }

    def _annotation(self, item: LabeledObject, labeled: LabeledFrame) -> dict[str, Any] | None:
        box = item.box.clipped(labeled.frame.width, labeled.frame.height)
        if not item.predictions or box.area <= 0:
            return None
        first = item.predictions[0]
        self._labels[first.label.row] = first.label
        width, height = round(box.width, 2), round(box.height, 2)
        annotation = {
            "id": self._annotation_count + 1,
            "image_id": labeled.frame.index + 1,
            "video_id": _VIDEO_ID,
            "category_id": first.label.row + 1,
            "bbox": [round(box.x_min, 2), round(box.y_min, 2), width, height],
            "area": round(width * height, 2),
            "iscrowd": 0,
            "score": round(first.confidence, 4),
        }
        if item.track_id:
            annotation["track_id"] = item.track_id
            self._tracks.setdefault(item.track_id, Counter())[first.label.row] += 1
        return annotation

    def _video(self) -> dict[str, Any]:
        width, height = self._size
        video = {"id": _VIDEO_ID, "name": self._info.name, "width": width, "height": height}
        return video | ({"fps": self._info.rate} if self._info.rate else {})

    def _track_list(self) -> Iterable[dict[str, Any]]:
        """Each track with the label that it carried longest."""
        for track_id, rows in sorted(self._tracks.items()):
            yield {"id": track_id, "video_id": _VIDEO_ID, "category_id": rows.most_common(1)[0][0] + 1}

    def _category_list(self) -> Iterable[dict[str, Any]]:
        for row, label in sorted(self._labels.items()):
            yield {
                "id": row + 1,
                "name": label.name,
                "supercategory": self._supercategory(label),
                "label_id": label.id,
            }

    def _supercategory(self, label: Label) -> str:
        names = self._hierarchy.names if self._hierarchy is not None else ()
        if self._hierarchy is None or label.row >= len(names) or names[label.row] != label.name:
            return label.name
        above = self._hierarchy.parents(label.row)
        return names[above[0]] if above else label.name


def _about(info: SourceInfo) -> dict[str, Any]:
    return {
        "description": f"Objects in {info.name}, labelled by video-labeler; not checked by a person",
        "version": video_labeler.__version__,
        "year": datetime.now(UTC).year,
        "date_created": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def _separator(count: int) -> str:
    return ",\n" if count else "\n"


def _json(record: dict[str, Any]) -> str:
    return json_text(record)
