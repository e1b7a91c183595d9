"""Small pictures of the objects of a frame."""

import time
from collections.abc import Callable

from PyQt6.QtGui import QImage, QPixmap

from video_labeler.frames import Box, Frame, LabeledFrame
from video_labeler.window.picture.orientation import Orientation

_SIDE = 80
"""Pixels: twice the size shown, for screens of high density."""

_PAUSE_S = 0.2
"""Between two cuts, so that small pictures take next to nothing from the large one."""


class Thumbnails:
    """The newest picture of each tracked object, cut from the labelled frame five times a second at the most."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.orientation = Orientation()
        self._clock = clock
        self._cut_s = -_PAUSE_S
        self._cut_index: int | None = None
        self._pictures: dict[int, QPixmap] = {}

    def of(self, labeled: LabeledFrame) -> dict[int, QPixmap]:
        """A picture of each object by its track id; one that has just come gets its own when the next are cut."""
        now_s = self._clock()
        if labeled.frame.index != self._cut_index and now_s - self._cut_s >= _PAUSE_S:
            self._cut_s, self._cut_index = now_s, labeled.frame.index
            self._pictures = {item.track_id: self._cut(labeled.frame, item.box) for item in labeled.objects}
        return self._pictures

    def _cut(self, frame: Frame, box: Box) -> QPixmap:
        pixels = self.orientation.image(frame.crop(frame.square_around(box), (_SIDE, _SIDE)))
        # The pixmap has its own copy, so the array may go.
        image = QImage(pixels.tobytes(), _SIDE, _SIDE, 3 * _SIDE, QImage.Format.Format_RGB888)
        return QPixmap.fromImage(image)
