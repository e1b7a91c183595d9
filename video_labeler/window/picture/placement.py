"""Where the picture lies in its widget: right aspect, whole pixels of the screen."""

from PyQt6.QtCore import QRectF, QSize

from video_labeler.frames import Box


def fitted_size(width: int, height: int, room: QSize, ratio: float) -> tuple[int, int]:
    """The largest (width, height) of that aspect in ``room``, in the screen's pixels; ``ratio`` of them a unit."""
    scale = min(room.width() * ratio / width, room.height() * ratio / height)
    return max(1, round(width * scale)), max(1, round(height * scale))


def picture_rect(size: tuple[int, int], room: QSize, ratio: float) -> QRectF:
    """Where a picture of that size in the screen's pixels lies in ``room``, in the middle.

    One that was made for this room is only copied; one made for another is scaled until its successor is there.
    """
    width, height = size
    if fitted_size(width, height, room, ratio) != size and not _nearly(size, room, ratio):
        width, height = fitted_size(width, height, room, ratio)
    left = (room.width() * ratio - width) // 2
    top = (room.height() * ratio - height) // 2
    return QRectF(left / ratio, top / ratio, width / ratio, height / ratio)


def _nearly(size: tuple[int, int], room: QSize, ratio: float) -> bool:
    """Whether the picture fills the room in one direction, but for the rounding."""
    spare = room.width() * ratio - size[0], room.height() * ratio - size[1]
    return min(spare) > -1 and (abs(spare[0]) <= 1 or abs(spare[1]) <= 1)


def placed_box(box: Box, rect: QRectF, scale: float) -> QRectF:
    """A box of a picture that lies at ``rect``, ``scale`` units a pixel."""
    return QRectF(rect.x() + box.x_min * scale, rect.y() + box.y_min * scale, box.width * scale, box.height * scale)


def around(outer: QRectF, inner: QRectF) -> list[QRectF]:
    """What of ``outer`` is beside ``inner``: up to four bars."""
    bars = [
        QRectF(outer.left(), outer.top(), outer.width(), inner.top() - outer.top()),
        QRectF(outer.left(), inner.bottom(), outer.width(), outer.bottom() - inner.bottom()),
        QRectF(outer.left(), inner.top(), inner.left() - outer.left(), inner.height()),
        QRectF(inner.right(), inner.top(), outer.right() - inner.right(), inner.height()),
    ]
    return [bar for bar in bars if bar.width() > 0 and bar.height() > 0]
