"""Paints plain areas and plates with words into pixels, whether they are BGR or planes."""

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from video_labeler.opencv import cv2
from video_labeler.pixels import Colours, Image, Pixels, Planes, planes_of

Colour = tuple[int, int, int]
"""Blue, green, red, 0..255."""

SEMIBOLD, REGULAR = 600, 400
"""Weights of words."""

_KEPT_PLATES = 64
"""How many plates are kept as pixels: from frame to frame few change, and writing is slow."""

_KEPT_WIDTHS = 1024

_per_thread = threading.local()


class Area(NamedTuple):
    """A rectangle of one colour, in pixels, maxima exclusive; it may reach beyond the picture."""

    left: int
    top: int
    right: int
    bottom: int
    colour: Colour


class Words(NamedTuple):
    """A line of text that begins at ``left`` on a baseline, in pixels of its plate; ``size`` is its height."""

    text: str
    left: int
    baseline: int
    size: int
    weight: int


@dataclass(frozen=True, slots=True)
class Plate:
    """A rectangle of one colour with words on it, in pixels."""

    width: int
    height: int
    colour: Colour
    ink: Colour
    lines: tuple[Words, ...]


class PlacedPlate(NamedTuple):
    """A plate and where its corner is; it may reach beyond the right and lower edges of the picture."""

    left: int
    top: int
    plate: Plate


Mark = Area | PlacedPlate


def paint(pixels: Pixels, marks: Iterable[Mark]) -> None:
    """Paint the marks into the pixels, the last on top."""
    for mark in marks:
        if isinstance(pixels, Planes):
            if isinstance(mark, Area):
                _fill_planes(pixels, mark)
            else:
                _put_on_planes(pixels, mark)
        elif isinstance(mark, Area):
            _fill_image(pixels, mark)
        else:
            _put_on_image(pixels, mark)


def _fill_image(image: Image, area: Area) -> None:
    left, top, right, bottom = (max(side, 0) for side in area[:4])
    image[top:bottom, left:right] = area.colour


def _fill_planes(planes: Planes, area: Area) -> None:
    """Two by two pixels share their colour: those at the edge of an area take it from the area."""
    left, top, right, bottom = (max(side, 0) for side in area[:4])
    if right <= left or bottom <= top:
        return
    y, u, v = planes.colours.of(area.colour)
    planes.y[top:bottom, left:right] = y
    half = np.s_[top // 2 : (bottom + 1) // 2, left // 2 : (right + 1) // 2]
    planes.u[half] = u
    planes.v[half] = v


def _put_on_image(image: Image, placed: PlacedPlate) -> None:
    under = image[placed.top : placed.top + placed.plate.height, placed.left : placed.left + placed.plate.width]
    under[...] = _drawn(placed.plate)[: under.shape[0], : under.shape[1]]


def _put_on_planes(planes: Planes, placed: PlacedPlate) -> None:
    odd = (placed.left % 2, placed.top % 2)
    drawn = _drawn_planes(placed.plate, odd, planes.colours)
    left, top = placed.left - odd[0], placed.top - odd[1]
    under = planes.y[placed.top : placed.top + placed.plate.height, placed.left : placed.left + placed.plate.width]
    under[...] = drawn.y[odd[1] :, odd[0] :][: under.shape[0], : under.shape[1]]
    for plane, halved in ((planes.u, drawn.u), (planes.v, drawn.v)):
        under = plane[top // 2 : top // 2 + halved.shape[0], left // 2 : left // 2 + halved.shape[1]]
        under[...] = halved[: under.shape[0], : under.shape[1]]


@lru_cache(_KEPT_PLATES)
def _drawn(plate: Plate) -> Image:
    image = np.full((plate.height, plate.width, 3), plate.colour, dtype=np.uint8)
    for words in plate.lines:
        cv2.putText(image, words.text, (words.left, words.baseline), plate.ink, _font(), words.size, words.weight)
    image.setflags(write=False)
    return image


@lru_cache(_KEPT_PLATES)
def _drawn_planes(plate: Plate, odd: tuple[int, int], colours: Colours) -> Planes:
    """The plate with its edges repeated so far that it begins and ends with whole pairs of pixels."""
    right, below = (plate.width + odd[0]) % 2, (plate.height + odd[1]) % 2
    image = cv2.copyMakeBorder(_drawn(plate), odd[1], below, odd[0], right, cv2.BORDER_REPLICATE)
    return planes_of(np.asarray(image, dtype=np.uint8), colours)


@lru_cache(_KEPT_WIDTHS)
def text_width(text: str, size: int, weight: int) -> int:
    """How wide a line of text is, in pixels."""
    return int(cv2.getTextSize((0, 0), text, (0, 0), _font(), size, weight)[2]) if text else 0


def _font() -> cv2.FontFace:
    """OpenCV's sans-serif font; one object per thread, since drawing changes its weight."""
    if not hasattr(_per_thread, "font"):
        _per_thread.font = cv2.FontFace("sans")
    font: cv2.FontFace = _per_thread.font
    return font
