"""Small pictures of the objects of a frame."""

import time
from collections.abc import Callable

from PyQt6.QtGui import QImage, QPixmap

from video_labeler.frames import Box, Frame, LabeledFrame
from video_labeler.window.picture.orientation import Orientation

_SIDE = 80
"""Pixels: twice the size shown, for screens of high density."""

_PAUSE_S = 0.2
"""The least time between updates, so that small pictures cost next to nothing."""


class Thumbnails:
    """The newest picture of each tracked object, cropped from the labelled frame at most five times per second."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.orientation = Orientation()
        self._clock = clock
        self._cut_s = -_PAUSE_S
        self._cut_index: int | None = None
        self._pictures: dict[int, QPixmap] = {}

    def of(self, labeled: LabeledFrame) -> dict[int, QPixmap]:
        """A picture of each object by its track id; a new object gets one at the next update."""
        now_s = self._clock()
        if labeled.frame.index != self._cut_index and now_s - self._cut_s >= _PAUSE_S:
            self._cut_s, self._cut_index = now_s, labeled.frame.index
            self._pictures = {item.track_id: self._cut(labeled.frame, item.box) for item in labeled.objects}
        return self._pictures

    def _cut(self, frame: Frame, box: Box) -> QPixmap:
        pixels = self.orientation.image(frame.crop(frame.square_around(box), (_SIDE, _SIDE)))
        # The pixmap has its own copy of the pixels.
        image = QImage(pixels.tobytes(), _SIDE, _SIDE, 3 * _SIDE, QImage.Format.Format_RGB888)
        return QPixmap.fromImage(image)
