"""Makes the encoder's pictures: planar YUV 4:2:0 of one size with the same colours, whatever the frames are."""

from fractions import Fraction

import av
import numpy as np
import numpy.typing as npt

from video_labeler.opencv import cv2
from video_labeler.pixels import Colours, Image, Pixels, Plane, Planes, bgr, planes_of, rows_of

_OPENCV = Colours()


class I420Pictures:
    """Turns pixels into pictures of ``size`` (width, height; both even) for an encoder, with the ``colours`` given.

    Planes of that size and those colours are copied. BGR becomes BT.601 of limited range by OpenCV, three times faster
    than by swscale, and anything else by a matrix.
    """

    def __init__(self, size: tuple[int, int], colours: Colours) -> None:
        self._size = size
        self._colours = colours
        self._buffer = np.empty((size[1] * 3 // 2, size[0]), dtype=np.uint8)

    def picture(self, pixels: Pixels, pts: int, time_base: Fraction) -> av.VideoFrame:
        """A picture with its own memory, since the encoder may keep it."""
        picture = av.VideoFrame(*self._size, "yuv420p")
        for plane, rows in zip(picture.planes, self._planes(pixels), strict=True):
            height, width = rows.shape
            rows_of(plane)[:height, :width] = rows
        picture.pts, picture.time_base = pts, time_base
        return picture

    def _planes(self, pixels: Pixels) -> tuple[Plane, Plane, Plane]:
        if isinstance(pixels, Planes) and pixels.colours == self._colours:
            planes = pixels
            if even_size(planes.width, planes.height) == self._size:
                return _padded(planes.y, self._size), planes.u, planes.v
        image = fitted(bgr(pixels), self._size)
        if self._colours != _OPENCV:
            planes = planes_of(image, self._colours)
            return planes.y, planes.u, planes.v
        cv2.cvtColor(image, cv2.COLOR_BGR2YUV_I420, self._buffer)
        width, height = self._size
        halves = self._buffer[height:].reshape(2, height // 2, width // 2)
        return self._buffer[:height], halves[0], halves[1]


def even_size(width: int, height: int) -> tuple[int, int]:
    """The sizes that 4:2:0 can hold: an odd side gets one more pixel."""
    return width + width % 2, height + height % 2


def _padded(pixels: npt.NDArray[np.uint8], size: tuple[int, int]) -> npt.NDArray[np.uint8]:
    """The image or plane at ``size``, which is at most a pixel larger: its edge repeated."""
    below, right = size[1] - pixels.shape[0], size[0] - pixels.shape[1]
    if below == 0 and right == 0:
        return pixels
    return np.asarray(cv2.copyMakeBorder(pixels, 0, below, 0, right, cv2.BORDER_REPLICATE), dtype=np.uint8)


def fitted(image: Image, size: tuple[int, int]) -> Image:
    """The image at exactly ``size`` (width, height): as it is, its edge repeated by a pixel, or letterboxed."""
    height, width = image.shape[:2]
    if even_size(width, height) == size:
        return _padded(image, size)
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
