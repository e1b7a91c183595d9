"""The strip that says whose stand it is: logo, name, and one line."""

from PyQt6.QtCore import QPointF, QRectF, QSize
from PyQt6.QtGui import QPainter

from video_labeler.settings import KioskSettings
from video_labeler.window.kiosk import inks
from video_labeler.window.kiosk.layout import LINE, NAME
from video_labeler.window.kiosk.lettering import BOLD, REGULAR, width_of, write
from video_labeler.window.kiosk.logo import Logo

_LOGO_HEIGHT, _LOGO_WIDTH = 9.2, 28.0
_MARGIN, _GAP = 2.4, 2.2
_PROBE = 10


class ExhibitorStrip:
    """Paints the exhibitor's logo, name and line from the settings."""

    def __init__(self, settings: KioskSettings) -> None:
        self._name, self._line = settings.exhibitor.strip(), settings.line.strip()
        self._logo = Logo(settings.logo)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to show."""
        return not (self._name or self._line or self._logo.exists)

    @property
    def width_units(self) -> float:
        """Its preferred width, in hundredths of the screen's height; 0 if there is nothing to show."""
        if self.is_empty:
            return 0.0
        # Text width is proportional enough to height to be measured at one size.
        words = max(width_of(self._name, NAME * _PROBE, BOLD), width_of(self._line, LINE * _PROBE, REGULAR)) / _PROBE
        logo = self._logo.shape
        picture = 0.0 if logo is None else min(_LOGO_WIDTH, _LOGO_HEIGHT * logo) + _GAP
        return 2 * _MARGIN + picture + words * 1.02

    def paint(self, painter: QPainter, place: QRectF, unit: float) -> None:
        """Logo at the left, the name above the line beside it."""
        if self.is_empty or place.isEmpty():
            return
        left = place.left() + _MARGIN * unit
        left += self._paint_logo(painter, QPointF(left, place.center().y()), unit)
        room = place.right() - left - _MARGIN * unit / 2
        name, line = NAME * unit * 1.3, LINE * unit * 1.3
        if not (self._name and self._line):
            name, line = (name, 0.0) if self._name else (0.0, line)
        top = place.center().y() - (name + line) / 2
        write(painter, self._name, QRectF(left, top, room, name), NAME * unit, inks.TEXT, weight=BOLD)
        write(painter, self._line, QRectF(left, top + name, room, line), LINE * unit, inks.SOFT, weight=REGULAR)

    def _paint_logo(self, painter: QPainter, middle: QPointF, unit: float) -> float:
        """Paint the logo, and return how much of the width it took."""
        device = painter.device()
        ratio = device.devicePixelRatioF() if device is not None else 1.0
        room = QSize(round(_LOGO_WIDTH * unit * ratio), round(_LOGO_HEIGHT * unit * ratio))
        image = self._logo.image(room)
        if image is None:
            return 0.0
        size = image.size().toSizeF() / ratio
        painter.drawImage(QRectF(QPointF(middle.x(), middle.y() - size.height() / 2), size), image)
        return size.width() + _GAP * unit
