"""The signs on the number pad that are no digits: drawn as lines, since not every system has letters for them."""

from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QPainter, QPen, QPolygonF

ENTER, DELETE, CLOSE = "enter", "delete", "close"

# Strokes in a square of side 1.
_STROKES = {
    ENTER: (((0.3, 0.52), (0.44, 0.66), (0.71, 0.36)),),
    DELETE: (
        ((0.24, 0.5), (0.39, 0.33), (0.76, 0.33), (0.76, 0.67), (0.39, 0.67), (0.24, 0.5)),
        ((0.5, 0.43), (0.64, 0.57)),
        ((0.64, 0.43), (0.5, 0.57)),
    ),
    CLOSE: (((0.32, 0.32), (0.68, 0.68)), ((0.68, 0.32), (0.32, 0.68))),
}


def paint_sign(painter: QPainter, name: str, place: QRectF, ink: QColor) -> None:
    """Draw the sign of that name into a square."""
    width = max(1.0, place.width() / 18)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(ink, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    for stroke in _STROKES[name]:
        points = [QPointF(place.x() + x * place.width(), place.y() + y * place.height()) for x, y in stroke]
        painter.drawPolyline(QPolygonF(points))
