"""The day's gallery: how many kinds of objects were seen, and the last of them."""

from collections.abc import Sequence

from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QPainter

from video_labeler.kiosk.scene import Kind
from video_labeler.window.kiosk import inks, texts
from video_labeler.window.kiosk.layout import CAPTION, COUNT, Layout
from video_labeler.window.kiosk.lettering import BOLD, SEMIBOLD, width_of, write
from video_labeler.window.kiosk.round_pictures import RoundPictures

_THUMB, _THUMB_UPRIGHT = 7.4, 9.0
_CELL = 15.0
_NAME = CAPTION * 1.25
_WORDS = 3.0
_MARGIN = 2.4
_LEAST = 0.93
"""Names are elided rather than shrunk, since their font is the smallest already."""


class GalleryStrip:
    """Paints the kinds of today, the newest first."""

    def __init__(self, pictures: RoundPictures) -> None:
        self._pictures = pictures

    def paint(self, painter: QPainter, layout: Layout, kinds: Sequence[Kind]) -> None:
        """The count, then as many small pictures as there is room for."""
        count, row = _parts(layout, len(kinds))
        self._paint_count(painter, count, layout.unit, len(kinds))
        for kind, cell in zip(kinds, _cells(row, layout.unit), strict=False):
            self._paint_kind(painter, cell, layout, kind)

    @staticmethod
    def landing(layout: Layout, kinds: int) -> QPointF:
        """The position of the newest picture, given the number of kinds."""
        row = _parts(layout, kinds)[1]
        return _thumb(_cells(row, layout.unit)[0], layout).center()

    @staticmethod
    def _paint_count(painter: QPainter, place: QRectF, unit: float, count: int) -> None:
        number, lines = _count_words(count)
        left = place.left()
        if number:
            told = write(painter, number, place, COUNT * unit, inks.ACCENT, weight=BOLD)
            left = told.right() + 1.4 * unit
        height = _WORDS * unit * 1.25
        top = place.center().y() - height * len(lines) / 2
        for index, line in enumerate(lines):
            write(painter, line, QRectF(left, top + index * height, place.right() - left, height),
                  _WORDS * unit, inks.SOFT if number else inks.TEXT, weight=SEMIBOLD)  # fmt: skip

    def _paint_kind(self, painter: QPainter, cell: QRectF, layout: Layout, kind: Kind) -> None:
        unit, thumb = layout.unit, _thumb(cell, layout)
        self._pictures.paint(painter, thumb, kind.picture, kind.name)
        place = QRectF(cell.left() + 0.4 * unit, thumb.bottom() + 0.2 * unit, cell.width() - 0.8 * unit, _NAME * unit)
        centre = Qt.AlignmentFlag.AlignHCenter
        write(painter, kind.name, place, CAPTION * unit, inks.SOFT, flags=centre, least=_LEAST)


def _parts(layout: Layout, kinds: int) -> tuple[QRectF, QRectF]:
    """The rectangles of the count and of the pictures."""
    unit, place = layout.unit, layout.gallery
    if layout.upright:
        split = place.top() + 11 * unit
        count = QRectF(place.left() + _MARGIN * unit, place.top() + unit, place.width(), split - place.top() - unit)
        return count, QRectF(place.left() + unit, split, place.width() - 2 * unit, place.bottom() - split)
    left = place.left() + _MARGIN * unit
    end = left + _count_width(kinds, unit) + 1.5 * unit
    return QRectF(left, place.top(), end - left, place.height()), QRectF(
        end, place.top(), place.right() - unit - end, place.height()
    )


def _thumb(cell: QRectF, layout: Layout) -> QRectF:
    """The rectangle of a kind's picture in its cell, with the name below it."""
    size = (_THUMB_UPRIGHT if layout.upright else _THUMB) * layout.unit
    top = cell.center().y() - (size + _NAME * layout.unit) / 2
    return QRectF(cell.center().x() - size / 2, top, size, size)


def _cells(row: QRectF, unit: float) -> list[QRectF]:
    count = max(1, int(row.width() // (_CELL * unit)))
    width = row.width() / count
    return [QRectF(row.left() + index * width, row.top(), width, row.height()) for index in range(count)]


def _count_words(count: int) -> tuple[str, list[str]]:
    """The number, empty if there is none, and the lines after it."""
    text = texts.kinds_seen(count)
    if "{count}" in text:
        return str(count), text.replace("{count}", "").strip().split("\n")
    return "", text.split("\n")


def _count_width(count: int, unit: float) -> float:
    number, lines = _count_words(count)
    words = max(width_of(line, _WORDS * unit, SEMIBOLD) for line in lines)
    return words + (width_of(number, COUNT * unit, BOLD) + 1.4 * unit if number else 0.0)
