"""Makes the encoder's pictures: planar YUV 4:2:0 of one size, whatever the size of the frames."""

from fractions import Fraction
from typing import Any

import av
import numpy as np

from video_labeler.frames import Image
from video_labeler.opencv import cv2


class I420Pictures:
    """Turns BGR images into pictures of ``size`` (width, height; both even) for an encoder.

    Colours are BT.601, limited range: what OpenCV's conversion makes, three times faster than swscale's.
    """

    def __init__(self, size: tuple[int, int]) -> None:
        self._size = size
        self._buffer = np.empty((size[1] * 3 // 2, size[0]), dtype=np.uint8)

    def picture(self, image: Image, pts: int, time_base: Fraction) -> av.VideoFrame:
        """A picture with its own memory, since the encoder may keep it."""
        cv2.cvtColor(fitted(image, self._size), cv2.COLOR_BGR2YUV_I420, self._buffer)
        picture = self._copy()
        picture.pts, picture.time_base = pts, time_base
        return picture

    def _copy(self) -> av.VideoFrame:
        picture = av.VideoFrame(*self._size, "yuv420p")
        if picture.planes[0].line_size != self._size[0] or picture.planes[1].line_size != self._size[0] // 2:
            return av.VideoFrame.from_ndarray(self._buffer, format="yuv420p")
        # Where lines need no padding, three plain copies are three times as fast as PyAV's conversion.
        # PyAV's stubs ask for bytes, its code for anything with their buffer.
        pixels: Any = self._buffer.reshape(-1)
        for plane in picture.planes:
            plane.update(pixels[: plane.buffer_size])
            pixels = pixels[plane.buffer_size :]
        return picture


def even_size(width: int, height: int) -> tuple[int, int]:
    """The sizes that 4:2:0 can hold: an odd side gets one more pixel."""
    return width + width % 2, height + height % 2


def fitted(image: Image, size: tuple[int, int]) -> Image:
    """The image at exactly ``size`` (width, height): as it is, its edge repeated by a pixel, or letterboxed."""
    height, width = image.shape[:2]
    below, right = size[1] - height, size[0] - width
    if below == 0 and right == 0:
        return image
    if below in (0, 1) and right in (0, 1):
        padded = cv2.copyMakeBorder(image, 0, below, 0, right, cv2.BORDER_REPLICATE)
        return np.asarray(padded, dtype=np.uint8)
    return _letterboxed(image, size)


def _letterboxed(image: Image, size: tuple[int, int]) -> Image:
    """A picture of another size (the source changed it midway), complete and undistorted, on a black background."""
    height, width = image.shape[:2]
    factor = min(size[0] / width, size[1] / height)
    inner = (max(1, round(width * factor)), max(1, round(height * factor)))
    left, top = (size[0] - inner[0]) // 2, (size[1] - inner[1]) // 2
    canvas = np.zeros((size[1], size[0], 3), dtype=np.uint8)
    canvas[top : top + inner[1], left : left + inner[0]] = cv2.resize(image, inner, interpolation=cv2.INTER_AREA)
    return canvas
