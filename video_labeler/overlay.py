"""Draws boxes, labels and figures over a picture: pixels and a labelled frame in, pixels out."""

import math
import threading
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from video_labeler.frames import Box, Image, Label, LabeledFrame, LabeledObject
from video_labeler.opencv import cv2
from video_labeler.text.percent import percent

Colour = tuple[int, int, int]
"""Blue, green, red, 0..255."""

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

_SEMIBOLD, _REGULAR = 600, 400
_ELLIPSIS = "…"

_per_thread = threading.local()


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
    def of(cls, image: Image) -> "_Scale":
        short = min(image.shape[:2])
        text = round(9 + short / 55)
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
        width = _text_width(self.heading, scale.text, _SEMIBOLD)
        return _Caption(self.heading, "", width + 2 * scale.pad, scale.text + 2 * scale.pad)


def colour_of(label: Label) -> Colour:
    """The colour of a label, the same in every frame and file."""
    return _PALETTE[label.row % len(_PALETTE)]


def draw_overlay(image: Image, labeled: LabeledFrame, figures: Figures | None = None) -> Image:
    """A copy of ``image`` (BGR) with the objects of ``labeled`` drawn on it.

    ``image`` may have another size than the labelled frame: boxes are scaled to it, lines and text stay crisp.
    Objects without a label get inconspicuous corner marks.
    """
    return overlay_with_captions(image, labeled, figures)[0]


def overlay_with_captions(
    image: Image, labeled: LabeledFrame, figures: Figures | None = None, covered: Sequence[Box] = ()
) -> tuple[Image, tuple[Box, ...]]:
    """What :func:`draw_overlay` gives, and where its captions are, for drawing more over it.

    ``covered``: parts of the picture, in its pixels, that something else will cover. Captions and figures keep clear of
    them, and of each other; one that finds no free place near its object is left out.
    """
    canvas = image.copy()
    scale = _Scale.of(canvas)
    to_canvas = (canvas.shape[1] / labeled.frame.width, canvas.shape[0] / labeled.frame.height)
    places = [item.box.scaled(*to_canvas) for item in labeled.objects]
    named = [place for item, place in zip(labeled.objects, places, strict=True) if item.predictions]
    for place in _apart(places, named, canvas):
        _draw_corners(canvas, place, scale)
    # The most prominent object comes first, so it is drawn last and stays on top.
    for item, place in reversed(list(zip(labeled.objects, places, strict=True))):
        if item.predictions:
            _draw_box(canvas, colour_of(item.predictions[0].label), place, scale)
    # Whole pixels, outwards: what is drawn beside it shares none.
    taken = [
        Box(math.floor(part.x_min), math.floor(part.y_min), math.ceil(part.x_max), math.ceil(part.y_max))
        for part in covered
    ]
    if figures is not None:
        _draw_figures(canvas, figures, scale, taken)
    _draw_captions(canvas, labeled.objects, places, scale, taken)
    return canvas, tuple(taken[len(covered) :])


def _apart(places: Sequence[Box], named: Sequence[Box], canvas: Image) -> list[Box]:
    """The unlabelled boxes worth marking: neither the whole picture nor mostly covered by another mark."""
    marked = list(named)
    apart = []
    for place in places:
        whole = place.area >= _WHOLE_PICTURE * canvas.shape[0] * canvas.shape[1]
        if place not in marked and not whole and all(place.overlap(other) < _SHARED for other in marked):
            marked.append(place)
            apart.append(place)
    return apart


def _line_ends(place: Box, scale: _Scale) -> tuple[tuple[int, int], tuple[int, int]]:
    """Top left and bottom right of a line drawn just inside a box."""
    half = scale.line / 2
    first = (round(place.x_min + half), round(place.y_min + half))
    return first, (round(place.x_max - half) - 1, round(place.y_max - half) - 1)


def _draw_box(canvas: Image, colour: Colour, place: Box, scale: _Scale) -> None:
    first, last = _line_ends(place, scale)
    cv2.rectangle(canvas, first, last, _DARK, scale.line + 2)
    cv2.rectangle(canvas, first, last, colour, scale.line)


def _draw_corners(canvas: Image, place: Box, scale: _Scale) -> None:
    first, last = _line_ends(place, scale)
    reach = max(3, min(last[0] - first[0], last[1] - first[1]) // 8)
    for x, step_x in ((first[0], reach), (last[0], -reach)):
        for y, step_y in ((first[1], reach), (last[1], -reach)):
            for colour, thickness in ((_DARK, scale.line + 2), (_UNSURE, scale.line)):
                cv2.line(canvas, (x, y), (x + step_x, y), colour, thickness)
                cv2.line(canvas, (x, y), (x, y + step_y), colour, thickness)


def _draw_captions(
    canvas: Image, objects: Sequence[LabeledObject], places: Sequence[Box], scale: _Scale, taken: list[Box]
) -> None:
    for item, place in zip(objects, places, strict=True):
        if not item.predictions:
            continue
        caption = _caption(item, canvas.shape[1], scale)
        for each in (caption, caption.shortened(scale)):
            plate = _free_place(each, place, canvas, scale, taken)
            if plate is not None:
                taken.append(plate)
                _draw_caption(canvas, each, plate, colour_of(item.predictions[0].label), scale)
                break


def _caption(item: LabeledObject, limit: int, scale: _Scale) -> _Caption:
    first, *others = item.predictions
    room = limit - 2 * scale.pad
    confidence = f" {percent(first.confidence)}"
    heading = (
        _fitted(first.label.name, room - _text_width(confidence, scale.text, _SEMIBOLD), scale.text, _SEMIBOLD)
        + confidence
    )
    detail = _fitted(" · ".join(other.label.name for other in others), room, scale.small, _REGULAR)
    width = max(_text_width(heading, scale.text, _SEMIBOLD), _text_width(detail, scale.small, _REGULAR))
    height = scale.text + (round(scale.small * 1.25) if detail else 0)
    return _Caption(heading, detail, width + 2 * scale.pad, height + 2 * scale.pad)


def _fitted(text: str, room: int, size: int, weight: int) -> str:
    """The text, cut with an ellipsis where it is wider than ``room`` pixels."""
    if not text or _text_width(text, size, weight) <= room:
        return text
    kept = text
    while kept and _text_width(kept + _ELLIPSIS, size, weight) > room:
        kept = kept[:-1]
    return kept.rstrip(" ·") + _ELLIPSIS if kept else ""


def _free_place(caption: _Caption, place: Box, canvas: Image, scale: _Scale, taken: Sequence[Box]) -> Box | None:
    """The place of a caption: above the box, else inside, else below it, else nearby; ``None`` if others are there."""
    height, width = canvas.shape[:2]
    left = min(max(place.x_min, 0), max(0, width - caption.width))
    tops = (
        place.y_min - caption.height,
        place.y_min + scale.line,
        place.y_max,
        place.y_max - caption.height - scale.line,
        place.y_min + scale.line + caption.height,
    )
    usual = [(left, top) for top in tops]
    corner = _first_free(usual, caption, canvas, taken)
    if corner is None and (taken or caption.height <= height):
        corner = _first_free(_nearby(caption, place, usual[0], canvas, taken), caption, canvas, taken)
    elif corner is None:
        # Nothing else is in this picture, which is lower than the caption.
        corner = (round(left), 0)
    return None if corner is None else Box(*corner, corner[0] + caption.width, corner[1] + caption.height)


def _nearby(
    caption: _Caption, place: Box, wanted: tuple[float, float], canvas: Image, taken: Sequence[Box]
) -> list[tuple[float, float]]:
    """The corners beside the box, the edges of the picture and what is taken, near the box; the nearest first."""
    height, width = canvas.shape[:2]
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
    corners: Sequence[tuple[float, float]], caption: _Caption, canvas: Image, taken: Sequence[Box]
) -> tuple[int, int] | None:
    """The first upper left corner, in whole pixels, where the caption is in the picture and over nothing taken."""
    height, width = canvas.shape[:2]
    lefts, tops = np.rint(np.array(corners, dtype=np.float64).reshape(-1, 2)).astype(int).T
    rights, bottoms = lefts + caption.width, tops + caption.height
    is_free = (lefts >= 0) & (tops >= 0) & (rights <= max(width, caption.width)) & (bottoms <= height)
    for other in taken:
        is_free &= (rights <= other.x_min) | (lefts >= other.x_max) | (bottoms <= other.y_min) | (tops >= other.y_max)
    free = np.flatnonzero(is_free)
    return None if len(free) == 0 else (int(lefts[free[0]]), int(tops[free[0]]))


def _draw_caption(canvas: Image, caption: _Caption, plate: Box, colour: Colour, scale: _Scale) -> None:
    left, top = int(plate.x_min), int(plate.y_min)
    corner = (left + caption.width - 1, top + caption.height - 1)
    cv2.rectangle(canvas, (left, top), corner, colour, cv2.FILLED)
    ink = _ink_on(colour)
    baseline = top + scale.pad + round(scale.text * 0.86)
    _write(canvas, caption.heading, (left + scale.pad, baseline), ink, scale.text, _SEMIBOLD)
    if caption.detail:
        below = baseline + round(scale.small * 1.3)
        _write(canvas, caption.detail, (left + scale.pad, below), ink, scale.small, _REGULAR)


def _draw_figures(canvas: Image, figures: Figures, scale: _Scale, taken: list[Box]) -> None:
    """Draw the figures in the upper right corner, or as near to it as nothing is ``taken``; they are added there."""
    text = f"{figures.rate:.1f} fps"
    if figures.label_age_s is not None:
        text += f" · labels {figures.label_age_s * 1000:.0f} ms"
    text = _fitted(text, canvas.shape[1] - 2 * scale.pad, scale.small, _SEMIBOLD)
    width = _text_width(text, scale.small, _SEMIBOLD) + 2 * scale.pad
    height = scale.small + 2 * scale.pad
    corner = canvas.shape[1] - width
    beside = [(other.x_min - width, 0.0) for other in taken]
    below = [(float(corner), other.y_max) for other in taken]
    plate = _Caption(text, "", width, height)
    found = _first_free([(float(corner), 0.0), *sorted(below, key=lambda each: each[1]), *beside], plate, canvas, taken)
    if found is None:
        return
    left, top = found
    cv2.rectangle(canvas, (left, top), (left + width - 1, top + height - 1), _DARK, cv2.FILLED)
    baseline = top + scale.pad + round(scale.small * 0.86)
    _write(canvas, text, (left + scale.pad, baseline), _LIGHT, scale.small, _SEMIBOLD)
    taken.append(Box(left, top, left + width, top + height))


def _ink_on(colour: Colour) -> Colour:
    """Black or white, whichever contrasts more (relative luminance of ITU-R BT.709)."""
    blue, green, red = ((part / 255) ** 2.2 for part in colour)
    return _DARK if 0.0722 * blue + 0.7152 * green + 0.2126 * red > 0.18 else _LIGHT


def _font() -> cv2.FontFace:
    """OpenCV's sans-serif font; one object per thread, since drawing changes its weight."""
    if not hasattr(_per_thread, "font"):
        _per_thread.font = cv2.FontFace("sans")
    font: cv2.FontFace = _per_thread.font
    return font


def _text_width(text: str, size: int, weight: int) -> int:
    return int(cv2.getTextSize((0, 0), text, (0, 0), _font(), size, weight)[2]) if text else 0


def _write(canvas: Image, text: str, origin: tuple[int, int], ink: Colour, size: int, weight: int) -> None:
    cv2.putText(canvas, text, origin, ink, _font(), size, weight)
