"""The moving test picture: a few objects on a table, drawn for every frame."""

import math
from typing import Final

import numpy as np

from video_labeler.opencv import cv2
from video_labeler.pixels import Image

_SHIFT: Final = 4
"""Fractional bits of drawing coordinates, so that shapes glide instead of jumping from pixel to pixel."""

_WALL_TOP = (96, 78, 62)
_WALL_BOTTOM = (168, 150, 132)
_TABLE_BACK = (78, 104, 136)
_TABLE_FRONT = (52, 72, 100)
_TABLE_EDGE = 0.68
_ORANGE = (36, 140, 244)
_GREEN = (88, 132, 44)
_CUP = (214, 208, 198)
_LEAF = (64, 150, 92)

Point = tuple[float, float]
Colour = tuple[int, int, int]


def _blend(first: Colour, second: Colour, share: float) -> Colour:
    blue, green, red = (round(a + (b - a) * share) for a, b in zip(first, second, strict=True))
    return blue, green, red


class MovingPicture:
    """Draws the test picture of one size; the same index always gives the same pixels.

    A ball bounces, a bottle sways and a cup glides along on a table: each picture differs from the one before.
    """

    def __init__(self, width: int, height: int) -> None:
        self._width = width
        self._height = height
        self._background = self._draw_background()

    def draw(self, index: int) -> Image:
        """The picture of that index: BGR, ``uint8``, (height, width, 3)."""
        image = self._background.copy()
        phase = index / 30.0
        self._bottle(image, 0.24 + 0.05 * math.sin(phase * 0.9), 0.12 * math.sin(phase * 1.3))
        self._cup(image, 0.56 + 0.10 * math.sin(phase * 0.6 + 1.0))
        self._ball(image, 0.5 + 0.38 * math.sin(phase * 0.8 + 2.0), abs(math.sin(phase * 2.1)))
        return image

    def _draw_background(self) -> Image:
        rows = np.linspace(0.0, 1.0, self._height, dtype=np.float32)[:, None]
        columns = np.linspace(-1.0, 1.0, self._width, dtype=np.float32)[None, :]
        light = 1.08 - 0.30 * columns**2 - 0.12 * (rows - 0.4) ** 2
        wall_share = np.clip(rows / _TABLE_EDGE, 0.0, 1.0)[..., None]
        table_share = np.clip((rows - _TABLE_EDGE) / (1.0 - _TABLE_EDGE), 0.0, 1.0)[..., None]
        wall = np.asarray(_WALL_TOP) * (1.0 - wall_share) + np.asarray(_WALL_BOTTOM) * wall_share
        table = np.asarray(_TABLE_BACK) * (1.0 - table_share) + np.asarray(_TABLE_FRONT) * table_share
        picture = np.where((rows < _TABLE_EDGE)[..., None], wall, table) * light[..., None]
        return np.asarray(np.clip(picture, 0, 255), dtype=np.uint8)

    def _fixed(self, point: Point) -> tuple[int, int]:
        """A point in fractions of the height, measured from the middle of the width, as drawing coordinates."""
        one = 1 << _SHIFT
        x = self._width / 2 + point[0] * self._height
        return round(x * one), round(point[1] * self._height * one)

    def _length(self, share: float) -> int:
        return max(1, round(share * self._height * (1 << _SHIFT)))

    def _along(self, share: float) -> float:
        """A position along the width (0..1), as a distance from the middle in heights."""
        return (share - 0.5) * self._width / self._height

    def _disc(self, image: Image, centre: Point, radii: Point, colour: Colour) -> None:
        axes = (self._length(radii[0]), self._length(radii[1]))
        cv2.ellipse(image, self._fixed(centre), axes, 0, 0, 360, colour, cv2.FILLED, cv2.LINE_AA, _SHIFT)

    def _outline(self, image: Image, points: list[Point], colour: Colour) -> None:
        corners = np.array([self._fixed(point) for point in points], dtype=np.int32)
        cv2.fillPoly(image, [corners], colour, cv2.LINE_AA, _SHIFT)

    def _shadow(self, image: Image, x: float, y: float, radius: float) -> None:
        self._disc(image, (x, y), (radius, radius * 0.22), _blend(_TABLE_FRONT, (0, 0, 0), 0.45))

    def _ball(self, image: Image, share: float, bounce: float) -> None:
        x, floor, radius = self._along(share), 0.90, 0.085
        y = floor - radius - 0.22 * bounce
        self._shadow(image, x, floor, radius * (1.0 - 0.4 * bounce))
        for step in range(5):
            inset = step / 5
            centre = (x - 0.35 * radius * inset, y - 0.35 * radius * inset)
            size = radius * (1.0 - 0.8 * inset)
            self._disc(image, centre, (size, size), _blend(_ORANGE, (235, 245, 255), 0.75 * inset**1.5))

    def _bottle(self, image: Image, share: float, lean: float) -> None:
        x, floor = self._along(share), 0.84
        self._shadow(image, x, floor, 0.10)

        def at(offset: float, up: float) -> Point:
            return x + offset + lean * up * 0.5, floor - up

        silhouette = ((-0.075, 0.0), (-0.075, 0.30), (-0.028, 0.42), (-0.028, 0.54))
        left = [at(offset, up) for offset, up in silhouette]
        right = [at(-offset, up) for offset, up in reversed(silhouette)]
        self._outline(image, left + right, _GREEN)
        shine = ((-0.055, 0.03), (-0.055, 0.28), (-0.040, 0.32), (-0.040, 0.03))
        self._outline(image, [at(*p) for p in shine], _blend(_GREEN, (255, 255, 255), 0.35))
        label = ((-0.075, 0.08), (-0.075, 0.24), (0.075, 0.24), (0.075, 0.08))
        self._outline(image, [at(*p) for p in label], (206, 226, 236))
        cap = ((-0.032, 0.53), (-0.032, 0.57), (0.032, 0.57), (0.032, 0.53))
        self._outline(image, [at(*p) for p in cap], (40, 48, 160))

    def _cup(self, image: Image, share: float) -> None:
        x, floor = self._along(share), 0.82
        self._shadow(image, x, floor, 0.11)
        self._disc(image, (x + 0.10, floor - 0.10), (0.055, 0.060), _CUP)
        self._disc(image, (x + 0.10, floor - 0.10), (0.032, 0.037), _WALL_BOTTOM)
        sides = [(x - 0.10, floor - 0.20), (x + 0.10, floor - 0.20), (x + 0.075, floor), (x - 0.075, floor)]
        self._outline(image, sides, _CUP)
        self._disc(image, (x, floor), (0.075, 0.016), _CUP)
        self._disc(image, (x, floor - 0.20), (0.10, 0.022), _blend(_CUP, (255, 255, 255), 0.5))
        self._disc(image, (x, floor - 0.197), (0.088, 0.016), (34, 52, 84))
        band = [(x - 0.091, floor - 0.13), (x + 0.091, floor - 0.13), (x + 0.086, floor - 0.09)]
        self._outline(image, [*band, (x - 0.086, floor - 0.09)], _LEAF)
