"""Overlays besides labels: the invitation, the cover while nothing is live, and small notes."""

from PyQt6.QtCore import QPointF, QRectF, QSize, Qt
from PyQt6.QtGui import QColor, QImage, QPainter, QPen

from video_labeler.window.kiosk import inks, texts
from video_labeler.window.kiosk.easing import breath
from video_labeler.window.kiosk.hero_caption import shade_below
from video_labeler.window.kiosk.layout import CAPTION, COVER, INVITATION
from video_labeler.window.kiosk.lettering import (
    BOLD,
    SEMIBOLD,
    broken,
    lines_place,
    plate,
    width_of,
    write,
    write_lines,
)

_BREATH_S = 3.2
_TAG_ROOM = 16.0
_INVITATION_RING = 3.4
_INVITATION_GAP = 3.2 * _INVITATION_RING
_SMALL = 28
"""The width in pixels that the cover is blurred from: nothing in it can be mistaken for the live picture."""


def paint_invitation(painter: QPainter, stage: QRectF, unit: float, text: str, now_s: float) -> None:
    """The exhibitor's invitation, pulsing, beside a ring that fills as the visitor's will."""
    if not text:
        return
    shade_below(painter, stage, 30 * unit)
    ring, words = _INVITATION_RING * unit, _invitation_words(stage, unit, text)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setOpacity(0.72 + 0.28 * breath(now_s, _BREATH_S))
    written = write_lines(painter, text, words, INVITATION * unit, inks.TEXT, weight=BOLD, shadow=True)
    centre = QPointF(words.left() - _INVITATION_GAP * unit + ring, written.center().y())
    _paint_ring(painter, centre, ring, unit, (now_s % _BREATH_S) / _BREATH_S)
    painter.restore()


def invitation_place(stage: QRectF, unit: float, text: str) -> QRectF:
    """The rectangle of the invitation with its ring; empty without one."""
    if not text:
        return QRectF()
    written = lines_place(text, _invitation_words(stage, unit, text), INVITATION * unit, BOLD)
    return written.adjusted(-_INVITATION_GAP * unit, -unit, 0, unit)


def _invitation_words(stage: QRectF, unit: float, text: str) -> QRectF:
    """Where the invitation is written, at the lower edge of this."""
    height, margin, gap = INVITATION * unit, 3.2 * unit, _INVITATION_GAP * unit
    room = stage.width() - 2 * margin - gap
    width = min(max(width_of(line, height, BOLD) for line in broken(text, height, BOLD, room)), room)
    left = stage.center().x() - (width + gap) / 2
    return QRectF(left + gap, stage.top(), width, stage.height() - margin)


def _paint_ring(painter: QPainter, centre: QPointF, radius: float, unit: float, share: float) -> None:
    circle = QRectF(centre.x() - radius, centre.y() - radius, 2 * radius, 2 * radius)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(inks.faint(inks.TEXT, 0.3), unit * 0.8))
    painter.drawEllipse(circle)
    painter.setPen(QPen(inks.ACCENT, unit, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    painter.drawArc(circle, 90 * 16, -round(360 * 16 * min(1.0, share * 1.25)))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(inks.TEXT)
    painter.drawEllipse(centre, radius * 0.2, radius * 0.2)


def blurred(image: QImage, size: QSize) -> QImage:
    """A dark picture of that size in which only the colours are left."""
    smooth = Qt.TransformationMode.SmoothTransformation
    height = max(2, round(_SMALL * image.height() / max(1, image.width())))
    tiny = image.scaled(_SMALL, height, Qt.AspectRatioMode.IgnoreAspectRatio, smooth)
    large = tiny.scaled(size, Qt.AspectRatioMode.IgnoreAspectRatio, smooth)
    painter = QPainter(large)
    painter.fillRect(large.rect(), QColor(inks.SHADE.red(), inks.SHADE.green(), inks.SHADE.blue(), 175))
    painter.end()
    return large


def paint_wait(painter: QPainter, stage: QRectF, unit: float, now_s: float, opacity: float) -> None:
    """The text of the cover, with moving dots that show that the program runs."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setOpacity(opacity)
    height = COVER * unit
    place = QRectF(stage.left() + 4 * unit, stage.top(), stage.width() - 8 * unit, stage.height() / 2 + height / 2)
    write_lines(painter, texts.WAIT, place, height, inks.TEXT, weight=SEMIBOLD, flags=Qt.AlignmentFlag.AlignHCenter)
    painter.setPen(Qt.PenStyle.NoPen)
    for number in (-1, 0, 1):
        painter.setBrush(inks.faint(inks.ACCENT, 0.25 + 0.75 * breath(now_s - number * 0.22, 1.6)))
        painter.drawEllipse(QPointF(stage.center().x() + number * 3 * unit, place.bottom() + 3.4 * unit), unit, unit)
    painter.restore()


def tag_place(corner: QPointF, unit: float, text: str) -> QRectF:
    """The rectangle of a tag with that text and its upper left corner at ``corner``."""
    pixels = CAPTION * unit
    height = pixels * 1.7
    return QRectF(corner.x(), corner.y(), width_of(text, pixels, SEMIBOLD) + height * 1.35, height)


def paint_tag(painter: QPainter, corner: QPointF, unit: float, text: str, colour: QColor) -> None:
    """A small tag with a dot: whether the picture is live or a demo."""
    pixels = CAPTION * unit
    dot = pixels * 0.3
    place = tag_place(corner, unit, text)
    height = place.height()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    plate(painter, place, inks.PLATE)
    painter.setBrush(colour)
    painter.drawEllipse(QPointF(place.left() + height * 0.52, place.center().y()), dot, dot)
    room = place.adjusted(height * 0.88, 0, -height * 0.2, 0)
    write(painter, text, room, pixels, inks.TEXT, weight=SEMIBOLD)


def paint_note(painter: QPainter, stage: QRectF, unit: float, text: str, colour: QColor, row: int = 0) -> None:
    """A sentence in the upper right corner; ``row`` counts those above it."""
    if not text:
        return
    place = note_place(stage, unit, text, row)
    inner = place.height() * 0.45
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    plate(painter, place, inks.PLATE)
    write(painter, text, place.adjusted(inner, 0, -inner, 0), CAPTION * unit, colour)


def note_place(stage: QRectF, unit: float, text: str, row: int = 0) -> QRectF:
    """The rectangle of a note; empty without a text."""
    if not text:
        return QRectF()
    pixels = CAPTION * unit
    height = pixels * 1.7
    margin = 2.2 * unit
    # On upright screens the picture's tag lies lower than the notes.
    beside = _TAG_ROOM * unit if stage.width() > stage.height() else 0.0
    width = min(width_of(text, pixels) + height, stage.width() - 2 * margin - beside)
    return QRectF(stage.right() - margin - width, stage.top() + margin + row * height * 1.2, width, height)
