"""Places the picture in its widget, with the right aspect and at whole device pixels."""

from PyQt6.QtCore import QRectF, QSize

from video_labeler.frames import Box


def fitted_size(width: int, height: int, room: QSize, ratio: float) -> tuple[int, int]:
    """The largest (width, height) of that aspect in ``room``, in device pixels; ``ratio`` is device pixels per unit."""
    scale = min(room.width() * ratio / width, room.height() * ratio / height)
    return max(1, round(width * scale)), max(1, round(height * scale))


def picture_rect(size: tuple[int, int], room: QSize, ratio: float) -> QRectF:
    """The centred rectangle in ``room`` of a picture of that size in device pixels.

    A picture made for this room is only copied; one made for another is scaled until the next arrives.
    """
    width, height = size
    if fitted_size(width, height, room, ratio) != size and not _nearly(size, room, ratio):
        width, height = fitted_size(width, height, room, ratio)
    left = (room.width() * ratio - width) // 2
    top = (room.height() * ratio - height) // 2
    return QRectF(left / ratio, top / ratio, width / ratio, height / ratio)


def _nearly(size: tuple[int, int], room: QSize, ratio: float) -> bool:
    """Whether the picture fills the room in one direction, except for rounding."""
    spare = room.width() * ratio - size[0], room.height() * ratio - size[1]
    return min(spare) > -1 and (abs(spare[0]) <= 1 or abs(spare[1]) <= 1)


def placed_box(box: Box, rect: QRectF, scale: float) -> QRectF:
    """The rectangle of a box in a picture at ``rect``, with ``scale`` units per pixel."""
    return QRectF(rect.x() + box.x_min * scale, rect.y() + box.y_min * scale, box.width * scale, box.height * scale)


def box_in(place: QRectF, rect: QRectF, scale: float) -> Box:
    """The box of a part of a picture at ``rect``, in its pixels, ``scale`` of which are a unit."""
    left, top = (place.x() - rect.x()) * scale, (place.y() - rect.y()) * scale
    return Box(left, top, left + place.width() * scale, top + place.height() * scale)


def around(outer: QRectF, inner: QRectF) -> list[QRectF]:
    """The parts of ``outer`` outside ``inner``: up to four bars."""
    bars = [
        QRectF(outer.left(), outer.top(), outer.width(), inner.top() - outer.top()),
        QRectF(outer.left(), inner.bottom(), outer.width(), outer.bottom() - inner.bottom()),
        QRectF(outer.left(), inner.top(), inner.left() - outer.left(), inner.height()),
        QRectF(inner.right(), inner.top(), outer.right() - inner.right(), inner.height()),
    ]
    return [bar for bar in bars if bar.width() > 0 and bar.height() > 0]
