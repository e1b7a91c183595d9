"""Draws boxes, labels and figures over a picture: pixels and a labelled frame in, pixels out.

What is drawn is a list of marks, plain areas and plates with words, which :mod:`video_labeler.overlay.marks` paints.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np

from video_labeler.frames import Box, Label, LabeledFrame, LabeledObject
from video_labeler.overlay.marks import (
    REGULAR,
    SEMIBOLD,
    Area,
    Colour,
    Mark,
    PlacedPlate,
    Plate,
    Words,
    paint,
    text_width,
)
from video_labeler.pixels import Image, Pixels, Planes
from video_labeler.text.percent import percent

# The seven chromatic colours that Okabe and Ito chose to stay distinct for every common kind of colour vision
# (Color Universal Design, 2008), as BGR.
_PALETTE: tuple[Colour, ...] = (
    (0, 159, 230),
    (233, 180, 86),
    (115, 158, 0),
    (66, 228, 240),
    (178, 114, 0),
    (0, 94, 213),
    (167, 121, 204),
)
_DARK: Colour = (20, 20, 20)
_LIGHT: Colour = (255, 255, 255)
_UNSURE: Colour = (190, 190, 190)

_WHOLE_PICTURE = 0.8
"""An object with at least this share of the picture counts as the whole picture."""

_SHARED = 0.15
"""Marks with at least this overlap are clutter."""

_FAR = 2.0
"""In heights of a caption: one that is farther from its box seems to belong to something else."""

_ELLIPSIS = "…"


Size = tuple[int, int]
"""Width and height, in pixels."""


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures in the corner of the picture: frames per second, and the age of the labels in seconds."""

    rate: float
    label_age_s: float | None = None


@dataclass(frozen=True, slots=True)
class _Scale:
    """Sizes in pixels that suit a picture of a given size."""

    text: int
    small: int
    line: int
    pad: int

    @classmethod
    def of(cls, size: Size, ratio: float = 1.0) -> "_Scale":
        short = min(size)
        text = round(9 * ratio + short / 55)
        return cls(
            text=text,
            small=max(8, round(text * 0.78)),
            line=max(1, round(short / 220)),
            pad=max(2, text // 4),
        )


@dataclass(frozen=True, slots=True)
class _Caption:
    """A caption before it is placed: the heading, the smaller detail below it, and the size of its background."""

    heading: str
    detail: str
    width: int
    height: int

    def shortened(self, scale: _Scale) -> "_Caption":
        """The heading alone, for where there is little room."""
        width = text_width(self.heading, scale.text, SEMIBOLD)
        return _Caption(self.heading, "", width + 2 * scale.pad, scale.text + 2 * scale.pad)


def colour_of(label: Label) -> Colour:
    """The colour of a label, the same in every frame and file."""
    return _PALETTE[label.row % len(_PALETTE)]


@overload
def draw_overlay(pixels: Image, labeled: LabeledFrame, figures: Figures | None = None) -> Image: ...
@overload
def draw_overlay(pixels: Pixels, labeled: LabeledFrame, figures: Figures | None = None) -> Pixels: ...
def draw_overlay(pixels: Pixels, labeled: LabeledFrame, figures: Figures | None = None) -> Pixels:
    """A copy of ``pixels``, in the same form, with the objects of ``labeled`` drawn on it.

    ``pixels`` may have another size than the labelled frame: boxes are scaled to it, lines and text stay crisp.
    Objects without a label get inconspicuous corner marks.
    """
    canvas = pixels.copy()
    size = (canvas.width, canvas.height) if isinstance(canvas, Planes) else (canvas.shape[1], canvas.shape[0])
    paint(canvas, _overlay(size, labeled, figures)[0])
    return canvas


def draw_over_image(
    image: Image,
    labeled: LabeledFrame,
    figures: Figures | None = None,
    covered: Sequence[Box] = (),
    ratio: float = 1.0,
) -> tuple[Box, ...]:
    """Draw the overlay into a BGR image, and return where its captions are, for drawing more over it.

    ``covered``: parts of the picture, in its pixels, that something else will cover. Captions and figures keep clear of
    them, and of each other; one that finds no free place near its object is left out. ``ratio``: how many
    pixels of the image are as wide as one of an ordinary screen.
    """
    marks, captions = _overlay((image.shape[1], image.shape[0]), labeled, figures, covered, ratio)
    paint(image, marks)
    return captions


def _overlay(
    size: Size, labeled: LabeledFrame, figures: Figures | None, covered: Sequence[Box] = (), ratio: float = 1.0
) -> tuple[list[Mark], tuple[Box, ...]]:
    """All marks, in the order in which they are painted, and where the captions are."""
    scale = _Scale.of(size, ratio)
    to_canvas = (size[0] / labeled.frame.width, size[1] / labeled.frame.height)
    places = [item.box.scaled(*to_canvas) for item in labeled.objects]
    named = [(item, place) for item, place in zip(labeled.objects, places, strict=True) if item.predictions]
    marks: list[Mark] = []
    for place in _apart(places, [place for _, place in named], size):
        marks += _corners(place, scale)
    # The most prominent object comes first, so it is drawn last and stays on top.
    for item, place in reversed(named):
        marks += _outline(colour_of(item.predictions[0].label), place, scale)
    # Whole pixels, outwards: what is drawn beside it shares none.
    taken = [
        Box(math.floor(part.x_min), math.floor(part.y_min), math.ceil(part.x_max), math.ceil(part.y_max))
        for part in covered
    ]
    plates = [] if figures is None else [_placed_figures(figures, size, scale, taken)]
    plates += [_placed_caption(item, place, size, scale, taken) for item, place in named]
    marks += [plate for plate in plates if plate is not None]
    return marks, tuple(taken[len(covered) :])


def _apart(places: Sequence[Box], named: Sequence[Box], size: Size) -> list[Box]:
    """The unlabelled boxes worth marking: neither the whole picture nor mostly covered by another mark."""
    marked = list(named)
    apart = []
    for place in places:
        whole = place.area >= _WHOLE_PICTURE * size[0] * size[1]
        if place not in marked and not whole and all(place.overlap(other) < _SHARED for other in marked):
            marked.append(place)
            apart.append(place)
    return apart


def _sides(place: Box) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of a box in whole pixels."""
    return round(place.x_min), round(place.y_min), round(place.x_max), round(place.y_max)


def _outline(colour: Colour, place: Box, scale: _Scale) -> Iterator[Area]:
    """A line just inside a box, with a dark one on both of its sides."""
    yield from _ring(_sides(place), -1, scale.line + 1, _DARK)
    yield from _ring(_sides(place), 0, scale.line, colour)


def _ring(sides: tuple[int, int, int, int], start: int, end: int, colour: Colour) -> Iterator[Area]:
    """The pixels that lie ``start`` to ``end`` pixels inside a rectangle."""
    left, top, right, bottom = sides[0] + start, sides[1] + start, sides[2] - start, sides[3] - start
    width = end - start
    yield Area(left, top, right, top + width, colour)
    yield Area(left, bottom - width, right, bottom, colour)
    yield Area(left, top, left + width, bottom, colour)
    yield Area(right - width, top, right, bottom, colour)


def _corners(place: Box, scale: _Scale) -> Iterator[Area]:
    """A mark in each of the corners of a box."""
    left, top, right, bottom = _sides(place)
    reach = scale.line + max(3, min(right - left, bottom - top) // 8)
    for colour, more in ((_DARK, 1), (_UNSURE, 0)):
        for upper, lower in ((top, top + scale.line), (bottom - scale.line, bottom)):
            yield Area(left - more, upper - more, left + reach + more, lower + more, colour)
            yield Area(right - reach - more, upper - more, right + more, lower + more, colour)
        for first, last in ((left, left + scale.line), (right - scale.line, right)):
            yield Area(first - more, top - more, last + more, top + reach + more, colour)
            yield Area(first - more, bottom - reach - more, last + more, bottom + more, colour)


def _placed_caption(item: LabeledObject, place: Box, size: Size, scale: _Scale, taken: list[Box]) -> PlacedPlate | None:
    """The caption of an object where nothing is ``taken``, if need be the heading alone; it is added there."""
    whole = _caption(item, size[0], scale)
    for caption in (whole, whole.shortened(scale)):
        free = _free_place(caption, place, size, scale, taken)
        if free is not None:
            taken.append(free)
            plate = _plate(caption, colour_of(item.predictions[0].label), scale)
            return PlacedPlate(int(free.x_min), int(free.y_min), plate)
    return None


def _plate(caption: _Caption, colour: Colour, scale: _Scale) -> Plate:
    baseline = scale.pad + round(scale.text * 0.86)
    lines = [Words(caption.heading, scale.pad, baseline, scale.text, SEMIBOLD)]
    if caption.detail:
        lines.append(Words(caption.detail, scale.pad, baseline + round(scale.small * 1.3), scale.small, REGULAR))
    return Plate(caption.width, caption.height, colour, _ink_on(colour), tuple(lines))


def _caption(item: LabeledObject, limit: int, scale: _Scale) -> _Caption:
    first, *others = item.predictions
    room = limit - 2 * scale.pad
    confidence = f" {percent(first.confidence)}"
    heading = (
        _fitted(first.label.name, room - text_width(confidence, scale.text, SEMIBOLD), scale.text, SEMIBOLD)
        + confidence
    )
    detail = _fitted(" · ".join(other.label.name for other in others), room, scale.small, REGULAR)
    width = max(text_width(heading, scale.text, SEMIBOLD), text_width(detail, scale.small, REGULAR))
    height = scale.text + (round(scale.small * 1.25) if detail else 0)
    return _Caption(heading, detail, width + 2 * scale.pad, height + 2 * scale.pad)


def _fitted(text: str, room: int, size: int, weight: int) -> str:
    """The text, cut with an ellipsis where it is wider than ``room`` pixels."""
    if not text or text_width(text, size, weight) <= room:
        return text
    kept = text
    while kept and text_width(kept + _ELLIPSIS, size, weight) > room:
        kept = kept[:-1]
    return kept.rstrip(" ·") + _ELLIPSIS if kept else ""


def _free_place(caption: _Caption, place: Box, size: Size, scale: _Scale, taken: Sequence[Box]) -> Box | None:
    """The place of a caption: above the box, else inside, else below it, else nearby; ``None`` if others are there."""
    width, height = size
    left = min(max(place.x_min, 0), max(0, width - caption.width))
    tops = (
        place.y_min - caption.height,
        place.y_min + scale.line,
        place.y_max,
        place.y_max - caption.height - scale.line,
        place.y_min + scale.line + caption.height,
    )
    usual = [(left, top) for top in tops]
    corner = _first_free(usual, caption, size, taken)
    if corner is None and (taken or caption.height <= height):
        corner = _first_free(_nearby(caption, place, usual[0], size, taken), caption, size, taken)
    elif corner is None:
        # Nothing else is in this picture, which is lower than the caption.
        corner = (round(left), 0)
    return None if corner is None else Box(*corner, corner[0] + caption.width, corner[1] + caption.height)


def _nearby(
    caption: _Caption, place: Box, wanted: tuple[float, float], size: Size, taken: Sequence[Box]
) -> list[tuple[float, float]]:
    """The corners beside the box, the edges of the picture and what is taken, near the box; the nearest first."""
    width, height = size
    lefts = {wanted[0], place.x_max - caption.width, place.x_max, place.x_min - caption.width}
    tops = {place.y_min, place.y_max - caption.height, wanted[1], place.y_max}
    for other in (*taken, Box(width, height, 0, 0)):
        lefts |= {other.x_min - caption.width, other.x_max}
        tops |= {other.y_min - caption.height, other.y_max}
    across, down = place.x_min - caption.width - _FAR * caption.height, place.y_min - (1 + _FAR) * caption.height
    near = [
        (left, top)
        for left in lefts
        for top in tops
        if across <= left <= place.x_max + _FAR * caption.height and down <= top <= place.y_max + _FAR * caption.height
    ]
    return sorted(near, key=lambda corner: abs(corner[0] - wanted[0]) + abs(corner[1] - wanted[1]))


def _first_free(
    corners: Sequence[tuple[float, float]], caption: _Caption, size: Size, taken: Sequence[Box]
) -> tuple[int, int] | None:
    """The first upper left corner, in whole pixels, where the caption is in the picture and over nothing taken."""
    width, height = size
    lefts, tops = np.rint(np.array(corners, dtype=np.float64).reshape(-1, 2)).astype(int).T
    rights, bottoms = lefts + caption.width, tops + caption.height
    is_free = (lefts >= 0) & (tops >= 0) & (rights <= max(width, caption.width)) & (bottoms <= height)
    for other in taken:
        is_free &= (rights <= other.x_min) | (lefts >= other.x_max) | (bottoms <= other.y_min) | (tops >= other.y_max)
    free = np.flatnonzero(is_free)
    return None if len(free) == 0 else (int(lefts[free[0]]), int(tops[free[0]]))


def _placed_figures(figures: Figures, size: Size, scale: _Scale, taken: list[Box]) -> PlacedPlate | None:
    """The figures in the upper right corner, or as near to it as nothing is ``taken``; they are added there."""
    text = f"{figures.rate:.1f} fps"
    if figures.label_age_s is not None:
        text += f" · labels {figures.label_age_s * 1000:.0f} ms"
    text = _fitted(text, size[0] - 2 * scale.pad, scale.small, SEMIBOLD)
    width = text_width(text, scale.small, SEMIBOLD) + 2 * scale.pad
    height = scale.small + 2 * scale.pad
    corner = size[0] - width
    beside = [(other.x_min - width, 0.0) for other in taken]
    below = [(float(corner), other.y_max) for other in taken]
    corners = [(float(corner), 0.0), *sorted(below, key=lambda each: each[1]), *beside]
    found = _first_free(corners, _Caption(text, "", width, height), size, taken)
    if found is None:
        return None
    left, top = found
    taken.append(Box(left, top, left + width, top + height))
    line = Words(text, scale.pad, scale.pad + round(scale.small * 0.86), scale.small, SEMIBOLD)
    return PlacedPlate(left, top, Plate(width, height, _DARK, _LIGHT, (line,)))


def _ink_on(colour: Colour) -> Colour:
    """Black or white, whichever contrasts more (relative luminance of ITU-R BT.709)."""
    blue, green, red = ((part / 255) ** 2.2 for part in colour)
    return _DARK if 0.0722 * blue + 0.7152 * green + 0.2126 * red > 0.18 else _LIGHT
