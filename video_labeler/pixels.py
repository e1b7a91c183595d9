"""Pixels in their two forms: BGR, as cameras and picture files give them, and planes, as video decoders do."""

import threading
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt

from video_labeler.opencv import cv2

Image = npt.NDArray[np.uint8]
"""Pixels, ``uint8``, (height, width, 3)."""

Plane = npt.NDArray[np.uint8]
"""One channel of a picture, ``uint8``, (height, width)."""

_WEIGHTS: Final = {1: (0.2126, 0.0722), 4: (0.30, 0.11), 7: (0.212, 0.087), 9: (0.2627, 0.0593), 10: (0.2627, 0.0593)}
"""What red and blue contribute to brightness, by ``Colours.matrix`` (ITU-T H.273, table 4)."""

_SWSCALE_MATRICES: Final = {matrix: matrix for matrix in (1, 2, 4, 5, 6, 7, 9)} | {10: 9}
"""The matrix by which swscale converts; it refuses pictures with others, rare ones and numbers without a meaning."""

_BT601_WEIGHTS: Final = (0.299, 0.114)
"""Those of BT.601, which is also what pictures have that do not say."""


@dataclass(frozen=True, slots=True)
class Colours:
    """What the numbers in planes mean, in the code points of ITU-T H.273, which H.264 and FFmpeg use.

    The defaults are what OpenCV makes of BGR, for a screen: BT.601, 16..235, BT.709 primaries.
    """

    matrix: int = 6
    full_range: bool = False
    primaries: int = 1
    transfer: int = 1

    @property
    def black(self) -> int:
        """The brightness of black."""
        return 0 if self.full_range else 16

    def to_bgr(self) -> npt.NDArray[np.float32]:
        """The matrix (3, 4) from brightness and colour differences, 0..255 each, to blue, green, red."""
        return _to_bgr(self)

    def from_bgr(self) -> npt.NDArray[np.float32]:
        """The matrix (3, 4) from blue, green, red to brightness and colour differences."""
        red, blue = _WEIGHTS.get(self.matrix, _BT601_WEIGHTS)
        brightness = np.array((blue, 1 - red - blue, red))
        to_blue = (np.array((1.0, 0.0, 0.0)) - brightness) / (2 * (1 - blue))
        to_red = (np.array((0.0, 0.0, 1.0)) - brightness) / (2 * (1 - red))
        height, reach = (1.0, 1.0) if self.full_range else (219 / 255, 224 / 255)
        rows = np.stack((brightness * height, to_blue * reach, to_red * reach))
        return np.hstack((rows, [[self.black], [128.0], [128.0]])).astype(np.float32)

    def of(self, bgr: tuple[int, int, int]) -> tuple[int, int, int]:
        """A colour (blue, green, red) as brightness and colour differences."""
        return _coded(self, bgr)


@lru_cache
def _coded(colours: Colours, bgr: tuple[int, int, int]) -> tuple[int, int, int]:
    y, u, v = colours.from_bgr() @ np.array((*bgr, 1.0), dtype=np.float32)
    return round(float(y)), round(float(u)), round(float(v))


@lru_cache
def _to_bgr(colours: Colours) -> npt.NDArray[np.float32]:
    forth = np.eye(4)
    forth[:3] = colours.from_bgr()
    return np.linalg.inv(forth)[:3].astype(np.float32)


@dataclass(slots=True, eq=False)
class Planes:
    """A picture as YUV 4:2:0: brightness ``y`` (height, width), and ``u`` and ``v`` at half size, rounded up.

    It is BGR only where somebody asks for ``image``: a frame that is labelled and written needs a few crops alone.
    """

    y: Plane
    u: Plane
    v: Plane
    colours: Colours
    _image: Image | None = field(default=None, repr=False)

    @property
    def width(self) -> int:
        """Width in pixels."""
        return int(self.y.shape[1])

    @property
    def height(self) -> int:
        """Height in pixels."""
        return int(self.y.shape[0])

    @property
    def nbytes(self) -> int:
        """What it takes of memory, in bytes, with the BGR picture that may be made of it."""
        made = self.y.nbytes * 3 if self._image is not None else 0
        return self.y.nbytes + self.u.nbytes + self.v.nbytes + made

    @property
    def image(self) -> Image:
        """The picture as BGR, read-only; made once."""
        image = self._image
        if image is None:
            image = _image_of(self)
            image.setflags(write=False)
            self._image = image
        return image

    def setflags(self, *, write: bool) -> None:
        """Allow or forbid that its pixels are changed, as NumPy's arrays do."""
        for plane in (self.y, self.u, self.v):
            plane.setflags(write=write)

    def copy(self) -> "Planes":
        """A copy that may be changed."""
        return Planes(self.y.copy(), self.u.copy(), self.v.copy(), self.colours)

    def part(self, left: int, top: int, right: int, bottom: int) -> "Planes":
        """The part between those pixels, widened to whole pairs of pixels, which share their colour."""
        left, top = left // 2, top // 2
        right, bottom = (right + 1) // 2, (bottom + 1) // 2
        half = np.s_[top:bottom, left:right]
        return Planes(self.y[2 * top : 2 * bottom, 2 * left : 2 * right], self.u[half], self.v[half], self.colours)

    def resized_rgb(self, size: tuple[int, int]) -> Image:
        """The picture as RGB, scaled to ``size`` (width, height): quick where that is small."""
        channels = cv2.merge([resized(plane, size) for plane in (self.y, self.u, self.v)])
        return np.asarray(cv2.transform(channels, self.colours.to_bgr()[::-1]), dtype=np.uint8)

    def grey_samples(self, size: tuple[int, int]) -> Plane:
        """Single pixels spread evenly, ``size`` (width, height) of them, in grey of 0..255."""
        samples = cv2.resize(self.y, size, interpolation=cv2.INTER_NEAREST)
        black = self.colours.black
        if black:
            samples = cv2.convertScaleAbs(np.maximum(samples, black), alpha=255 / 219, beta=-black * 255 / 219)
        return np.asarray(samples, dtype=np.uint8)


_per_thread = threading.local()


def _image_of(planes: Planes) -> Image:
    """The picture as BGR, by swscale, which takes a quarter of the time that a matrix does for a whole frame."""
    from av.video.frame import VideoFrame
    from av.video.reformatter import VideoReformatter

    # It keeps its tables for pictures of the same kind, and is for one thread.
    if not hasattr(_per_thread, "reformatter"):
        _per_thread.reformatter = VideoReformatter()
    picture = VideoFrame(planes.width, planes.height, "yuv420p")
    for target, plane in zip(picture.planes, (planes.y, planes.u, planes.v), strict=True):
        rows_of(target)[: plane.shape[0], : plane.shape[1]] = plane
    picture.color_range = 2 if planes.colours.full_range else 1
    picture.colorspace = planes.colours.matrix
    make_convertible(picture)
    return np.asarray(_per_thread.reformatter.reformat(picture, format="bgr24").to_ndarray(), dtype=np.uint8)


def make_convertible(picture: Any) -> None:
    """Let swscale take one of PyAV's pictures for BT.601 where it would refuse the matrix that the picture says."""
    matrix = _SWSCALE_MATRICES.get(picture.colorspace, 2)
    if matrix != picture.colorspace:
        picture.colorspace = matrix


def rows_of(plane: Any) -> Plane:
    """The rows of one of PyAV's planes, in its own memory; what a line has beyond the picture is included."""
    pixels: Plane = np.frombuffer(plane, dtype=np.uint8).reshape(-1, plane.line_size)
    return pixels


Pixels: TypeAlias = Image | Planes
"""A picture in either form."""


def colours_of(pixels: Pixels) -> Colours:
    """What the colours of a picture mean once it is planes."""
    return pixels.colours if isinstance(pixels, Planes) else Colours()


def bgr(pixels: Pixels) -> Image:
    """The picture as BGR."""
    return pixels.image if isinstance(pixels, Planes) else pixels


def planes_of(image: Image, colours: Colours) -> Planes:
    """A BGR picture as planes with those colours."""
    y, u, v = cv2.split(np.asarray(cv2.transform(image, colours.from_bgr()), dtype=np.uint8))
    half = ((image.shape[1] + 1) // 2, (image.shape[0] + 1) // 2)
    u, v = cv2.resize(u, half, interpolation=cv2.INTER_AREA), cv2.resize(v, half, interpolation=cv2.INTER_AREA)
    return Planes(np.asarray(y, dtype=np.uint8), np.asarray(u, dtype=np.uint8), np.asarray(v, dtype=np.uint8), colours)


def resized(image: npt.NDArray[np.uint8], size: tuple[int, int]) -> npt.NDArray[np.uint8]:
    """The image or plane scaled to ``size`` (width, height).

    Shrinks by halves as far as possible, which averages over areas and so does not alias, and the rest linearly: as
    good for the models as an average over exact areas, at an eighth of its time (`video-labeler bench`).
    """
    height, width = image.shape[:2]
    pixels: cv2.typing.MatLike = image
    while width >= 2 * size[0] and height >= 2 * size[1]:
        width, height = width // 2, height // 2
        pixels = cv2.resize(pixels, (width, height), interpolation=cv2.INTER_AREA)
    if (width, height) != size:
        pixels = cv2.resize(pixels, size, interpolation=cv2.INTER_LINEAR)
    return np.asarray(pixels, dtype=np.uint8)
