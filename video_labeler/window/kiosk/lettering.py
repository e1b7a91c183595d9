"""Large text: fitted to its room, and rendered once however often it is shown.

Qt draws large text as outlines, which takes milliseconds each time; as images it costs next to nothing.
"""

from functools import lru_cache

from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter

REGULAR, SEMIBOLD, BOLD = QFont.Weight.Normal, QFont.Weight.DemiBold, QFont.Weight.Bold

_LEAST = 0.6
"""Text shrinks to this share of its size before it is elided."""

_BREAK_BELOW = 0.8
"""Rather than shrink to less than this share of its size, text continues in a second line."""

_LINE_HEIGHT = 1.18
_SPRITES = 48


def font(pixels: float, weight: QFont.Weight = REGULAR) -> QFont:
    """The application's font in that size."""
    made = QFont()
    made.setPixelSize(max(1, round(pixels)))
    made.setWeight(weight)
    return made


def fitted(text: str, pixels: float, weight: QFont.Weight, room: float, least: float = _LEAST) -> tuple[str, float]:
    """The text and its size in pixels so that it is at most ``room`` wide: shrunk first, then elided."""
    wide = width_of(text, pixels, weight)
    if wide <= room:
        return text, pixels
    size = float(int(pixels * room / wide))
    # Glyph widths are rounded to pixels, so a size may still be slightly too large.
    while size > pixels * least and width_of(text, size, weight) > room:
        size -= 1
    size = max(size, pixels * least)
    metrics = QFontMetricsF(font(size, weight))
    return metrics.elidedText(text, Qt.TextElideMode.ElideRight, max(1.0, room)), size


def broken(text: str, pixels: float, weight: QFont.Weight, room: float) -> list[str]:
    """The text in two lines of similar width if one line would have to shrink much, else in one."""
    words = text.split()
    if len(words) < 2 or width_of(text, pixels, weight) <= room / _BREAK_BELOW:
        return [text]
    breaks = ((" ".join(words[:count]), " ".join(words[count:])) for count in range(1, len(words)))
    return list(min(breaks, key=lambda lines: max(width_of(line, pixels, weight) for line in lines)))


def width_of(text: str, pixels: float, weight: QFont.Weight = REGULAR) -> float:
    """How wide a line is."""
    return QFontMetricsF(font(pixels, weight)).horizontalAdvance(text)


@lru_cache(_SPRITES)
def _sprite(text: str, pixels: int, weight: QFont.Weight, colour: int, ratio: float, shadow: bool) -> QImage:
    face = font(pixels, weight)
    metrics = QFontMetricsF(face)
    drop = max(1.0, pixels / 28) if shadow else 0.0
    width, height = metrics.horizontalAdvance(text) + pixels * 0.2 + drop, metrics.height() + drop
    image = QImage(
        max(1, round(width * ratio)), max(1, round(height * ratio)), QImage.Format.Format_ARGB32_Premultiplied
    )
    image.setDevicePixelRatio(ratio)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setFont(face)
    if shadow:
        painter.setPen(QColor(0, 0, 0, 120))
        painter.drawText(QPointF(drop, metrics.ascent() + drop), text)
    painter.setPen(QColor.fromRgba(colour))
    painter.drawText(QPointF(0, metrics.ascent()), text)
    painter.end()
    return image


def write(
    painter: QPainter,
    text: str,
    place: QRectF,
    pixels: float,
    colour: QColor,
    *,
    weight: QFont.Weight = REGULAR,
    flags: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
    shadow: bool = False,
    least: float = _LEAST,
) -> QRectF:
    """Write one line into ``place``, vertically centred and fitted, and return its rectangle."""
    if not text or place.width() <= 0:
        return QRectF(place.topLeft(), place.topLeft())
    text, size = fitted(text, pixels, weight, place.width(), least)
    device = painter.device()
    ratio = device.devicePixelRatioF() if device is not None else 1.0
    image = _sprite(text, round(size), weight, colour.rgba(), ratio, shadow)
    width, height = width_of(text, round(size), weight), image.height() / ratio
    left = place.left()
    if flags & Qt.AlignmentFlag.AlignRight:
        left = place.right() - width
    elif flags & Qt.AlignmentFlag.AlignHCenter:
        left = place.center().x() - width / 2
    top = place.center().y() - height / 2
    # Whole device pixels keep the text crisp.
    corner = QPointF(round(left * ratio) / ratio, round(top * ratio) / ratio)
    painter.drawImage(corner, image)
    return QRectF(corner.x(), corner.y(), width, height)


def plate(painter: QPainter, place: QRectF, colour: QColor) -> None:
    """A rounded background for text."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    radius = place.height() / 2
    painter.drawRoundedRect(place, radius, radius)


def lines_place(text: str, place: QRectF, pixels: float, weight: QFont.Weight) -> QRectF:
    """The room that :func:`write_lines` takes of ``place``, at its left."""
    lines = broken(text, pixels, weight, place.width())
    width = min(max(width_of(line, pixels, weight) for line in lines), place.width())
    height = pixels * _LINE_HEIGHT * len(lines)
    return QRectF(place.left(), place.bottom() - height, width, height)


def write_lines(
    painter: QPainter,
    text: str,
    place: QRectF,
    pixels: float,
    colour: QColor,
    *,
    weight: QFont.Weight = REGULAR,
    flags: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
    shadow: bool = False,
) -> QRectF:
    """Write a text in one or two lines at the lower edge of ``place``, and return their rectangle."""
    lines = broken(text, pixels, weight, place.width())
    height = pixels * _LINE_HEIGHT
    top = place.bottom() - height * len(lines)
    written = QRectF()
    for index, line in enumerate(lines):
        row = QRectF(place.left(), top + index * height, place.width(), height)
        written |= write(painter, line, row, pixels, colour, weight=weight, flags=flags, shadow=shadow)
    return written
