"""Celebrates an object: its name large in the middle, rings around it, then it flies into the gallery."""

import math

from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QPainter, QPen

from video_labeler.kiosk.scene import Celebration
from video_labeler.window.kiosk import inks, texts
from video_labeler.window.kiosk.easing import progress, settling, smooth
from video_labeler.window.kiosk.layout import CELEBRATED, LINE, NAME
from video_labeler.window.kiosk.lettering import BOLD, SEMIBOLD, broken, write, write_lines
from video_labeler.window.kiosk.round_pictures import RoundPictures

_COME_S, _GO_S = 0.35, 0.6
_RINGS_S = 1.3
_THUMB = 24.0
_DIM = 0.62


class CelebrationShow:
    """Paints celebrations; ``lasts_s`` is the duration of each."""

    def __init__(self, pictures: RoundPictures, lasts_s: float) -> None:
        self._pictures = pictures
        self._lasts_s = lasts_s
        self._come_s, self._go_s = min(_COME_S, lasts_s * 0.3), min(_GO_S, lasts_s * 0.3)
        self._shown: Celebration | None = None

    def show(self, celebration: Celebration | None) -> None:
        """Set the current celebration."""
        self._shown = celebration

    def is_on(self, now_s: float) -> bool:
        """Whether there is anything to paint."""
        return self._shown is not None and now_s - self._shown.since_s < self._lasts_s

    def is_flying(self, now_s: float) -> bool:
        """Whether the picture is flying outside the stage."""
        return self._shown is not None and self.is_on(now_s) and self._leaving(self._shown, now_s) > 0

    def paint(self, painter: QPainter, stage: QRectF, unit: float, landing: QPointF, now_s: float) -> None:
        """Paint the current state; the picture of the object flies to ``landing`` at the end."""
        if self._shown is None or not self.is_on(now_s):
            return
        coming = progress(now_s, self._shown.since_s, self._come_s)
        leaving = smooth(self._leaving(self._shown, now_s))
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(stage, inks.faint(inks.SHADE, _DIM * smooth(coming) * (1 - leaving)))
        middle = QPointF(stage.center().x(), stage.center().y() - 11 * unit)
        if self._shown.is_new:
            _paint_rings(painter, middle, unit, now_s - self._shown.since_s, 1 - leaving)
        self._paint_words(painter, self._shown, stage, unit, smooth(coming) * max(0.0, 1 - 2 * leaving))
        size = _THUMB * unit * settling(coming)
        at = middle + (landing - middle) * leaving
        size *= 1 - 0.7 * leaving
        painter.setOpacity(smooth(coming))
        place = QRectF(at.x() - size / 2, at.y() - size / 2, size, size)
        self._paint_picture(painter, place, unit, self._shown, still=coming >= 1 and leaving <= 0)
        painter.restore()

    def _leaving(self, shown: Celebration, now_s: float) -> float:
        return progress(now_s, shown.since_s + self._lasts_s - self._go_s, self._go_s)

    def _paint_picture(self, painter: QPainter, place: QRectF, unit: float, shown: Celebration, *, still: bool) -> None:
        name = shown.prediction.label.name
        if still:
            self._pictures.paint(painter, place, shown.picture, name)
            return
        # While it grows or flies, the full-size picture is scaled: no intermediate size is worth caching.
        full = _THUMB * unit
        painter.save()
        painter.translate(place.center())
        scale = place.width() / full
        painter.scale(scale, scale)
        self._pictures.paint(painter, QRectF(-full / 2, -full / 2, full, full), shown.picture, name)
        painter.restore()

    @staticmethod
    def _paint_words(painter: QPainter, shown: Celebration, stage: QRectF, unit: float, opacity: float) -> None:
        painter.setOpacity(opacity)
        centre = Qt.AlignmentFlag.AlignHCenter
        room = stage.adjusted(4 * unit, 0, -4 * unit, 0)
        name = shown.prediction.label.name
        lines = len(broken(name, CELEBRATED * unit, BOLD, room.width()))
        bottom = stage.center().y() + (5 + 1.2 * CELEBRATED * (lines + 1) / 2) * unit
        place = QRectF(room.left(), stage.top(), room.width(), bottom - stage.top())
        write_lines(painter, name, place, CELEBRATED * unit, inks.TEXT, weight=BOLD, flags=centre, shadow=True)
        below = QRectF(room.left(), bottom, room.width(), NAME * unit * 1.4)
        text = texts.NEW_KIND.format(number=shown.kinds) if shown.is_new else texts.SEEN_AGAIN
        colour = inks.ACCENT if shown.is_new else inks.SOFT
        pixels = (NAME if shown.is_new else LINE) * unit
        write(painter, text, below, pixels, colour, weight=SEMIBOLD, flags=centre, shadow=True)


def _paint_rings(painter: QPainter, middle: QPointF, unit: float, age_s: float, opacity: float) -> None:
    """Rings that widen and fade, and sparks that fly out."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for index, colour in enumerate(inks.PARTY[:2]):
        share = progress(age_s, index * 0.2, _RINGS_S)
        if 0 < share < 1:
            painter.setPen(QPen(inks.faint(colour, opacity * (1 - share)), unit * (1.3 - share)))
            radius = unit * (_THUMB / 2 + 20 * (1 - (1 - share) ** 2))
            painter.drawEllipse(middle, radius, radius)
    share = progress(age_s, 0.05, _RINGS_S)
    if not 0 < share < 1:
        return
    painter.setPen(Qt.PenStyle.NoPen)
    way = 1 - (1 - share) ** 3
    for index in range(20):
        colour = inks.PARTY[index % len(inks.PARTY)]
        painter.setBrush(inks.faint(colour, opacity * (1 - share) ** 0.6))
        angle = index * math.tau / 20 + 0.4 * math.sin(index * 7)
        reach = unit * (_THUMB / 2 + way * (16 + 12 * ((index * 5) % 7) / 7))
        at = QPointF(
            middle.x() + reach * math.cos(angle), middle.y() + reach * math.sin(angle) + 6 * unit * share * share
        )
        size = unit * (0.55 + 0.35 * (index % 3)) * (1 - 0.5 * share)
        painter.drawEllipse(at, size, size)
