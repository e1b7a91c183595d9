"""A small picture of each object at the moment when it is seen best."""

import math
from dataclasses import dataclass

import numpy as np

from video_labeler.frames import Box, Frame, Label, LabeledFrame, LabeledObject
from video_labeler.opencv import cv2

_MARGIN = 0.12
"""The margin on each side, as a share of the box: a little of the surroundings helps to recognise an object."""

_SIDE = 240
"""The longest side of a picture, in pixels; sharp at the size at which the page shows it."""

_QUALITY = 80
_BETTER = 1.05
"""A moment must be better than the best so far by this factor to be worth another picture."""

_CUT_OFF = 0.6
"""The weight of a box at the frame's edge, since part of the object is outside."""


@dataclass(frozen=True, slots=True)
class Moment:
    """An object at its best: its label and confidence, the time in seconds, and its picture as JPEG."""

    track_id: int
    label: Label
    confidence: float
    time_s: float
    quality: float
    jpeg: bytes


class BestMoments:
    """Keeps the best moment of each tracked object, for the ``limit`` objects that are seen best."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._best: dict[int, Moment] = {}
        self._tracks: set[int] = set()

    def add(self, labeled: LabeledFrame) -> None:
        """Consider the objects of a frame that have a label and a track."""
        for item in labeled.objects:
            if item.predictions and item.track_id:
                self._tracks.add(item.track_id)
                self._consider(item, labeled.frame)
        if len(self._best) >= 2 * self._limit:
            self._best = {moment.track_id: moment for moment in self._ranked()}

    @property
    def objects(self) -> int:
        """How many objects there were, including those that are not kept."""
        return len(self._tracks)

    def in_order(self) -> list[Moment]:
        """The moments that are kept, in order of time."""
        return sorted(self._ranked(), key=lambda moment: (moment.time_s, moment.track_id))

    def _ranked(self) -> list[Moment]:
        return sorted(self._best.values(), key=lambda moment: -moment.quality)[: self._limit]

    def _consider(self, item: LabeledObject, frame: Frame) -> None:
        quality = _quality(item, frame)
        best = self._best.get(item.track_id)
        if quality <= 0 or (best is not None and quality < best.quality * _BETTER):
            return
        first = item.predictions[0]
        picture = _picture(frame, item.box)
        self._best[item.track_id] = Moment(item.track_id, first.label, first.confidence, frame.time_s, quality, picture)


def _quality(item: LabeledObject, frame: Frame) -> float:
    """Confidence times size (the square root of the share of the frame), reduced where the frame's edge cuts it off."""
    box = item.box.clipped(frame.width, frame.height)
    size = math.sqrt(box.area / (frame.width * frame.height))
    cut_off = box.x_min <= 1 or box.y_min <= 1 or box.x_max >= frame.width - 1 or box.y_max >= frame.height - 1
    return item.predictions[0].confidence * size * (_CUT_OFF if cut_off else 1.0)


def _picture(frame: Frame, box: Box) -> bytes:
    """What is a square around the box with a margin where it is shown, as far as the frame reaches, as JPEG."""
    aspect = frame.pixel_aspect
    side = max(box.width * aspect, box.height) * (1 + 2 * _MARGIN)
    left, right = _span((box.x_min + box.x_max) / 2, side / aspect, frame.width)
    top, bottom = _span((box.y_min + box.y_max) / 2, side, frame.height)
    pixels = frame.image[top:bottom, left:right]
    width, height = pixels.shape[1] * aspect, pixels.shape[0]
    factor = min(1.0, _SIDE / max(width, height))
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    if size != (pixels.shape[1], pixels.shape[0]):
        pixels = np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    _, jpeg = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
    return jpeg.tobytes()


def _span(middle: float, length: float, limit: int) -> tuple[int, int]:
    """Whole pixels around ``middle``, moved, and if necessary shortened, to be within 0 and ``limit``."""
    size = min(max(1, round(length)), limit)
    first = min(max(0, round(middle - size / 2)), limit - size)
    return first, first + size
