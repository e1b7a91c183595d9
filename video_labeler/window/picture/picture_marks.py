"""What the window draws over the finished picture: the pinned object and the reticle of the centre crop."""

from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QPainter, QPen, QPolygonF

from video_labeler.window.picture.placement import around

_DARK, _LIGHT = QColor(0, 0, 0, 170), QColor(255, 255, 255)
_OUTSIDE = QColor(0, 0, 0, 90)

_RING_INSET, _RING_ROOM = 6.0, 40.0


def draw_pin(painter: QPainter, place: QRectF) -> None:
    """A ring inside the box of the pinned object, clear of its caption and seen on any background."""
    inset = _RING_INSET if min(place.width(), place.height()) > _RING_ROOM else -_RING_INSET
    ring = place.adjusted(inset, inset, -inset, -inset)
    for colour, width in ((_DARK, 6.0), (_LIGHT, 2.5)):
        painter.setPen(QPen(colour, width))
        painter.drawRoundedRect(ring, 5, 5)


def draw_reticle(painter: QPainter, picture: QRectF, part: QRectF) -> None:
    """The ``part`` in the middle of a picture that is labelled: the rest darker, its corners marked."""
    for bar in around(picture, part):
        painter.fillRect(bar, _OUTSIDE)
    reach = min(part.width(), part.height()) / 12
    inner = part.adjusted(3, 3, -3, -3)
    for colour, width in ((_DARK, 5.0), (_LIGHT, 2.5)):
        painter.setPen(QPen(colour, width, cap=Qt.PenCapStyle.FlatCap))
        for x, step_x in ((inner.left(), reach), (inner.right(), -reach)):
            for y, step_y in ((inner.top(), reach), (inner.bottom(), -reach)):
                painter.drawPolyline(QPolygonF([QPointF(x + step_x, y), QPointF(x, y), QPointF(x, y + step_y)]))
