"""Small round pictures of objects, each made once for every size in which it is shown."""

from PyQt6.QtCore import QRectF, Qt
from PyQt6.QtGui import QBrush, QImage, QPainter, QPen

from video_labeler.pixels import Image
from video_labeler.window.kiosk import inks

_KEPT = 64


class RoundPictures:
    """Makes round pictures, and caches the last ones."""

    def __init__(self) -> None:
        self._made: dict[tuple[int, int], tuple[Image, QImage]] = {}

    def paint(self, painter: QPainter, place: QRectF, picture: Image | None, name: str) -> None:
        """Paint ``picture`` (RGB) round into ``place``; without one, the first letter of the name."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if picture is None:
            self._paint_letter(painter, place, name)
            return
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        device = painter.device()
        ratio = device.devicePixelRatioF() if device is not None else 1.0
        painter.drawImage(place, self._round(picture, round(place.width() * ratio)))

    def _round(self, picture: Image, pixels: int) -> QImage:
        key = id(picture), pixels
        # The source picture is kept as well, so that its id is not reused.
        if key not in self._made:
            while len(self._made) >= _KEPT:
                self._made.pop(next(iter(self._made)))
            self._made[key] = picture, _cut_round(picture, pixels)
        return self._made[key][1]

    @staticmethod
    def _paint_letter(painter: QPainter, place: QRectF, name: str) -> None:
        from video_labeler.window.kiosk.lettering import BOLD, write

        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(inks.EDGE)
        painter.drawEllipse(place)
        centre = Qt.AlignmentFlag.AlignHCenter
        write(painter, name[:1].upper(), place, place.height() * 0.5, inks.SOFT, weight=BOLD, flags=centre)


def _cut_round(picture: Image, pixels: int) -> QImage:
    height, width = picture.shape[:2]
    rgb = QImage(picture.tobytes(), width, height, width * 3, QImage.Format.Format_RGB888)
    made = QImage(pixels, pixels, QImage.Format.Format_ARGB32_Premultiplied)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    scaled = rgb.scaled(
        pixels, pixels, Qt.AspectRatioMode.KeepAspectRatioByExpanding, Qt.TransformationMode.SmoothTransformation
    )
    edge = max(1.0, pixels / 40)
    painter.setBrush(QBrush(scaled))
    painter.setPen(QPen(inks.faint(inks.TEXT, 0.85), edge))
    painter.drawEllipse(QRectF(edge / 2, edge / 2, pixels - edge, pixels - edge))
    painter.end()
    return made
