"""The name of the most prominent object, large in the lower left, with its confidence and its broader labels."""

from functools import lru_cache

from PyQt6.QtCore import QRectF, Qt
from PyQt6.QtGui import QColor, QImage, QLinearGradient, QPainter

from video_labeler.kiosk.scene import Hero
from video_labeler.text.percent import percent
from video_labeler.window.kiosk import inks
from video_labeler.window.kiosk.easing import progress, smooth
from video_labeler.window.kiosk.layout import HERO, NAME
from video_labeler.window.kiosk.lettering import BOLD, SEMIBOLD, lines_place, width_of, write, write_lines

_FADE_S = 0.25
_CALM_S = 0.4
"""The confidence is updated no more often than this: running figures cannot be read."""


class HeroCaption:
    """Keeps the caption steady: it fades in and out, and its confidence changes slowly."""

    def __init__(self) -> None:
        self._hero: Hero | None = None
        self._since_s = self._gone_s = self._told_s = 0.0
        self._confidence = ""
        self._leaving = False

    def show(self, hero: Hero | None, now_s: float) -> None:
        """Set the current hero."""
        if hero is None:
            if self._hero is not None and not self._leaving:
                self._leaving, self._gone_s = True, now_s
            return
        renamed = self._hero is None or self._leaving or hero.name != self._hero.name
        if self._hero is None or self._leaving:
            self._since_s = now_s
        if renamed or now_s - self._told_s >= _CALM_S:
            self._confidence, self._told_s = percent(hero.confidence), now_s
        self._hero, self._leaving = hero, False

    def is_moving(self, now_s: float) -> bool:
        """Whether it is changing."""
        return self._hero is not None and now_s - (self._gone_s if self._leaving else self._since_s) < _FADE_S

    def paint(self, painter: QPainter, stage: QRectF, unit: float, now_s: float) -> None:
        """Paint it in the lower left of the stage."""
        hero, opacity = self._hero, self._opacity(now_s)
        if hero is None or opacity <= 0:
            return
        painter.save()
        painter.setOpacity(opacity)
        shade_below(painter, stage, 30 * unit)
        name, detail = _parts(stage, unit)
        write_lines(painter, hero.name, name, HERO * unit, inks.TEXT, weight=BOLD, shadow=True)
        told = write(painter, self._confidence, detail, NAME * unit, inks.ACCENT, weight=BOLD, shadow=True)
        rest = QRectF(detail)
        rest.setLeft(told.right() + 2 * unit)
        write(painter, " · ".join(hero.broader), rest, NAME * unit * 0.9, inks.SOFT, weight=SEMIBOLD, shadow=True)
        painter.restore()

    def place(self, stage: QRectF, unit: float, now_s: float) -> QRectF:
        """The rectangle that it covers; empty while it is not shown."""
        if self._hero is None or self._opacity(now_s) <= 0:
            return QRectF()
        name, detail = _parts(stage, unit)
        written = lines_place(self._hero.name, name, HERO * unit, BOLD)
        told = width_of(self._confidence, NAME * unit, BOLD) + 2 * unit
        broader = width_of(" · ".join(self._hero.broader), NAME * unit * 0.9, SEMIBOLD)
        return written.united(QRectF(detail.left(), detail.top(), min(told + broader, detail.width()), detail.height()))

    def _opacity(self, now_s: float) -> float:
        if self._leaving:
            return 1 - smooth(progress(now_s, self._gone_s, _FADE_S))
        return smooth(progress(now_s, self._since_s, _FADE_S))


def _parts(stage: QRectF, unit: float) -> tuple[QRectF, QRectF]:
    """Where the name is written, at the lower edge of this, and the line below it."""
    margin = 3.2 * unit
    room = stage.width() - 2 * margin
    detail = QRectF(stage.left() + margin, stage.bottom() - margin - NAME * unit * 1.3, room, NAME * unit * 1.3)
    return QRectF(detail.left(), stage.top(), room, detail.top() - stage.top()), detail


def shade_below(painter: QPainter, stage: QRectF, height: float) -> None:
    """Darken the lower edge of the stage, so that text stands out from any picture."""
    device = painter.device()
    ratio = device.devicePixelRatioF() if device is not None else 1.0
    shade = _shade(round(height * ratio))
    place = QRectF(stage.left(), stage.bottom() - height, stage.width(), height)
    painter.drawImage(place, shade, QRectF(0, 0, 1, shade.height()))


@lru_cache(4)
def _shade(height: int) -> QImage:
    """One column of the shade; stretching it sideways is cheaper than a gradient."""
    image = QImage(1, max(1, height), QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    gradient = QLinearGradient(0, 0, 0, height)
    for stop, alpha in ((0.0, 0), (0.35, 70), (0.7, 170), (1.0, 215)):
        gradient.setColorAt(stop, QColor(inks.SHADE.red(), inks.SHADE.green(), inks.SHADE.blue(), alpha))
    painter = QPainter(image)
    painter.fillRect(image.rect(), gradient)
    painter.end()
    return image
