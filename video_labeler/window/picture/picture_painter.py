"""Scales frames to device pixels and draws the labels, in a background thread.

Measured at 1080p and 4K: scaling, drawing and converting cost 8 and 40 ms, which would be felt in every click; what
is left for the interface's thread, copying the finished picture, costs 1 and 7 ms.
"""

import logging
import threading
from dataclasses import dataclass, field
from typing import cast

import numpy as np
import numpy.typing as npt
from PyQt6.QtCore import QObject, pyqtSignal
from PyQt6.QtGui import QImage

from video_labeler.frames import Box
from video_labeler.opencv import cv2
from video_labeler.overlay.drawing import Figures, draw_over_image
from video_labeler.window.picture.orientation import Orientation
from video_labeler.window.picture.picture_choice import PictureChoice

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PaintOrder:
    """A picture to be made: ``size`` is (width, height) in device pixels, after rotation; ``covered`` are parts of it.

    ``ratio``: how many device pixels are a unit of the screen.
    """

    choice: PictureChoice
    size: tuple[int, int]
    orientation: Orientation = field(default_factory=Orientation)
    figures: Figures | None = None
    covered: tuple[Box, ...] = ()
    ratio: float = 1.0


@dataclass(frozen=True, slots=True)
class Picture:
    """A finished picture; ``pixels`` backs ``image``.

    ``places`` are the objects' track ids and boxes in its pixels, ``captions`` the boxes of text.
    """

    order: PaintOrder
    image: QImage
    pixels: npt.NDArray[np.uint8]
    places: tuple[tuple[int, Box], ...]
    captions: tuple[Box, ...] = ()


def paint_picture(order: PaintOrder, pixels: npt.NDArray[np.uint8] | None = None) -> Picture:
    """Make the picture, in ``pixels`` ((height, width, 4), BGRA) if they have the right size."""
    width, height = order.size
    upright = order.orientation.size(width, height)
    image = order.orientation.image(order.choice.frame.resized(upright))
    places: tuple[tuple[int, Box], ...] = ()
    captions: tuple[Box, ...] = ()
    if order.choice.labeled is not None:
        labeled = order.orientation.labeled(order.choice.labeled)
        if not image.flags.writeable:
            image = image.copy()
        captions = draw_over_image(image, labeled, order.figures, order.covered, order.ratio)
        across, down = width / labeled.frame.width, height / labeled.frame.height
        places = tuple((item.track_id, item.box.scaled(across, down)) for item in labeled.objects)
    if pixels is None or pixels.shape != (height, width, 4):
        pixels = np.empty((height, width, 4), dtype=np.uint8)
    cv2.cvtColor(image, cv2.COLOR_BGR2BGRA, dst=pixels)
    # PyQt accepts any buffer without copying; its type hints have only bytes.
    buffer = cast("bytes", pixels.data)
    return Picture(
        order, QImage(buffer, width, height, width * 4, QImage.Format.Format_RGB32), pixels, places, captions
    )


class PicturePainter(QObject):
    """Makes one picture at a time. ``finished`` carries it to the interface's thread.

    Give the next order after taking the last picture: its pixels are in one of two buffers that
    alternate, so a picture stays intact until the one after the next is started.
    """

    finished = pyqtSignal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._changed = threading.Condition()
        self._order: PaintOrder | None = None
        self._closed = False
        self._buffers: list[npt.NDArray[np.uint8] | None] = [None, None]
        self._thread = threading.Thread(target=self._run, name="painting", daemon=True)
        self._thread.start()

    def paint(self, order: PaintOrder) -> None:
        """Start making a picture."""
        with self._changed:
            self._order = order
            self._changed.notify()

    def close(self) -> None:
        """End the thread."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        self._thread.join(1.0)

    def _run(self) -> None:
        while (order := self._next()) is not None:
            picture = None
            try:
                picture = paint_picture(order, self._buffers[0])
                self._buffers = [self._buffers[1], picture.pixels]
            except Exception:  # noqa: BLE001 - one bad frame must not end the picture
                _log.exception("A picture could not be painted")
            if not self._closed:
                self.finished.emit(picture)

    def _next(self) -> PaintOrder | None:
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._order is not None)
            order, self._order = self._order, None
            return None if self._closed else order
