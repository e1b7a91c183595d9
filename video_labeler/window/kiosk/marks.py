"""Boxes around the objects of the picture: the hero's in the accent colour with its ring, the others subtle."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from PyQt6.QtCore import QRectF, Qt
from PyQt6.QtGui import QPainter, QPen

from video_labeler.frames import Box, LabeledFrame, LabeledObject
from video_labeler.window.kiosk import inks
from video_labeler.window.kiosk.layout import CAPTION
from video_labeler.window.kiosk.lettering import SEMIBOLD, plate, width_of, write

_RING = 4.2
_MOST = 12
"""The most objects that are marked; more would be clutter."""


@dataclass(frozen=True, slots=True)
class _Mark:
    item: LabeledObject
    place: QRectF


def paint_marks(
    painter: QPainter,
    labeled: LabeledFrame,
    target: QRectF,
    unit: float,
    hero: int | None,
    taken: Sequence[QRectF],
) -> None:
    """Mark the named objects of ``labeled``, whose picture is at ``target``; ``hero``: the track of the hero.

    No name lies over what is ``taken`` by other words and marks.
    """
    marks = [_Mark(item, _placed(item.box, labeled, target)) for item in labeled.objects[:_MOST] if item.predictions]
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    others = [mark for mark in marks if mark.item.track_id != hero or hero is None]
    for mark in others:
        _outline(painter, mark.place, unit, is_hero=False)
    for mark in marks:
        if mark not in others:
            _outline(painter, mark.place, unit, is_hero=True)
    _paint_captions(painter, others, target, unit, taken)


def paint_ring(painter: QPainter, place: QRectF, unit: float, share: float) -> None:
    """The ring on an object, which fills while it is held steady, at its :func:`ring_place`."""
    radius, centre = _RING * unit, place.center()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(inks.PLATE)
    painter.drawEllipse(centre, radius * 1.28, radius * 1.28)
    circle = QRectF(centre.x() - radius, centre.y() - radius, 2 * radius, 2 * radius)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(inks.faint(inks.TEXT, 0.25), unit * 0.9))
    painter.drawEllipse(circle)
    painter.setPen(QPen(inks.ACCENT, unit * 1.1, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    # Qt counts sixteenths of a degree, anticlockwise from three o'clock.
    painter.drawArc(circle, 90 * 16, -round(360 * 16 * min(1.0, share)))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(inks.TEXT)
    painter.drawEllipse(centre, radius * 0.18, radius * 0.18)


def ring_place(place: QRectF, target: QRectF, unit: float, taken: Sequence[QRectF]) -> QRectF:
    """The rectangle of the ring at the upper right corner of an object, in the picture, and below what is taken."""
    radius = _RING * unit
    room = target.adjusted(radius * 1.4, radius * 1.4, -radius * 1.4, -radius * 1.4)
    x = min(max(place.right(), room.left()), room.right())
    y = min(max(place.top(), room.top()), room.bottom())
    outer = radius * 1.28
    found = QRectF(x - outer, y - outer, 2 * outer, 2 * outer)
    for other in sorted(taken, key=QRectF.top):
        if found.intersects(other):
            found.moveTop(min(other.bottom() + 1, target.bottom() - 2 * outer))
    return found


def place_of(labeled: LabeledFrame, track_id: int, target: QRectF) -> QRectF | None:
    """The rectangle of a track's object on the screen."""
    boxes = (item.box for item in labeled.objects if item.track_id == track_id)
    return next((_placed(box, labeled, target) for box in boxes), None)


def _placed(box: Box, labeled: LabeledFrame, target: QRectF) -> QRectF:
    """The rectangle of a frame's box on the screen; the picture at ``target`` may be stretched, as its pixels are."""
    across, down = target.width() / labeled.frame.width, target.height() / labeled.frame.height
    place = QRectF(box.x_min * across, box.y_min * down, box.width * across, box.height * down)
    return place.translated(target.topLeft()).intersected(target)


def _outline(painter: QPainter, place: QRectF, unit: float, *, is_hero: bool) -> None:
    line = max(1.0, unit * (0.55 if is_hero else 0.24))
    inner = place.adjusted(line / 2, line / 2, -line / 2, -line / 2)
    radius = unit * (1.3 if is_hero else 0.8)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(inks.faint(inks.SHADE, 0.45), line * 1.9))
    painter.drawRoundedRect(inner, radius, radius)
    painter.setPen(QPen(inks.ACCENT if is_hero else inks.faint(inks.TEXT, 0.85), line))
    painter.drawRoundedRect(inner, radius, radius)


def _paint_captions(
    painter: QPainter, marks: Sequence[_Mark], target: QRectF, unit: float, others: Sequence[QRectF]
) -> None:
    taken = list(others)
    pixels, height = CAPTION * unit, CAPTION * unit * 1.5
    for mark in marks:
        name = mark.item.predictions[0].label.name
        width = min(width_of(name, pixels, SEMIBOLD) + height * 0.8, target.width() / 2)
        place = _free_place(mark.place, width, height, target, taken)
        if place is not None:
            taken.append(place)
            plate(painter, place, inks.PLATE)
            room = place.adjusted(height * 0.35, 0, -height * 0.35, 0)
            write(painter, name, room, pixels, inks.TEXT, weight=SEMIBOLD, flags=Qt.AlignmentFlag.AlignHCenter)


def _free_place(box: QRectF, width: float, height: float, target: QRectF, taken: Iterable[QRectF]) -> QRectF | None:
    """Above the box, else inside it, else below it; ``None`` if other captions are everywhere."""
    left = min(max(box.left(), target.left()), target.right() - width)
    gap = height * 0.15
    tops = (box.top() - height - gap, box.top() + gap, box.bottom() + gap, box.bottom() - height - gap)
    for top in tops:
        place = QRectF(left, top, width, height)
        inside = top >= target.top() and place.bottom() <= target.bottom()
        if inside and not any(place.intersects(other) for other in taken):
            return place
    return None
