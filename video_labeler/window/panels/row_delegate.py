"""Paints the rows of the side panel's lists."""

from PyQt6.QtCore import QModelIndex, QRect, QSize, Qt
from PyQt6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPainterPath, QPixmap
from PyQt6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from video_labeler.window.look.theme import current_colours
from video_labeler.window.panels.rows import ROW_ROLE, Row

PAD = 6
_PICTURE = 32
_BETWEEN = 4
_SWATCH = 10


def row_height(metrics: QFontMetrics) -> int:
    """The height of a row in pixels."""
    return max(_PICTURE, 2 * metrics.height()) + _BETWEEN


class RowDelegate(QStyledItemDelegate):
    """Paints a row in the colours of the palette, for light and dark."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:  # noqa: N802 - Qt's name
        """As high as a picture or two lines; as wide as the list."""
        return QSize(0, row_height(QFontMetrics(option.font)))

    def paint(self, painter: QPainter | None, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        """Paint background, picture, colour and text."""
        row = index.data(ROW_ROLE)
        if painter is None or not isinstance(row, Row):
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        self._paint_ground(painter, option, row)
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        place = option.rect.adjusted(PAD, _BETWEEN // 2, -PAD, -_BETWEEN // 2)
        if row.picture is not None:
            self._paint_picture(painter, option, place, row.picture)
            place.setLeft(place.left() + _PICTURE + PAD + 2)
        if row.colour is not None:
            self._paint_swatch(painter, option, place, row)
            place.setLeft(place.left() + _SWATCH + PAD)
        self._paint_words(painter, option, place, row)
        painter.restore()

    @staticmethod
    def _paint_ground(painter: QPainter, option: QStyleOptionViewItem, row: Row) -> None:
        colours = current_colours()
        under_mouse = bool(option.state & QStyle.StateFlag.State_MouseOver)
        ground = colours.accent_soft if row.marked else colours.raised if under_mouse else None
        painter.setBrush(Qt.BrushStyle.NoBrush if ground is None else QColor(ground))
        focused = bool(option.state & QStyle.StateFlag.State_HasFocus)
        painter.setPen(QColor(colours.accent) if focused or row.marked else Qt.PenStyle.NoPen)
        painter.drawRoundedRect(option.rect.toRectF().adjusted(0.5, 1.5, -0.5, -1.5), 5, 5)

    @staticmethod
    def _paint_picture(painter: QPainter, option: QStyleOptionViewItem, place: QRect, picture: QPixmap) -> None:
        target = QRect(place.left(), place.center().y() - (_PICTURE - 1) // 2, _PICTURE, _PICTURE)
        target = _visual(option, target)
        outline = QPainterPath()
        outline.addRoundedRect(target.toRectF(), 4, 4)
        painter.save()
        painter.setClipPath(outline)
        painter.drawPixmap(target, picture)
        painter.restore()

    @staticmethod
    def _paint_swatch(painter: QPainter, option: QStyleOptionViewItem, place: QRect, row: Row) -> None:
        assert row.colour is not None
        outline = QColor(current_colours().text)
        outline.setAlphaF(0.55)
        painter.setPen(outline)
        painter.setBrush(QColor(*row.colour))
        swatch = QRect(place.left(), place.center().y() - _SWATCH // 2, _SWATCH, _SWATCH)
        painter.drawRoundedRect(_visual(option, swatch), 2, 2)

    @staticmethod
    def _paint_words(painter: QPainter, option: QStyleOptionViewItem, place: QRect, row: Row) -> None:
        ink = QColor(current_colours().text)
        quiet = QColor(current_colours().muted)
        bold = QFont(option.font)
        bold.setWeight(QFont.Weight.Medium)
        metrics = QFontMetrics(bold)
        lines = metrics.height() + (QFontMetrics(option.font).height() if row.detail else 0)
        top = QRect(place.left(), place.center().y() - (lines - 1) // 2, place.width(), metrics.height())
        painter.setFont(bold)
        painter.setPen(ink)
        is_mirrored = option.direction is Qt.LayoutDirection.RightToLeft
        start, end = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
        start, end = (end, start) if is_mirrored else (start, end)
        if row.trailing:
            painter.drawText(_visual(option, top), end | Qt.AlignmentFlag.AlignVCenter, row.trailing)
            top.setRight(top.right() - metrics.horizontalAdvance(row.trailing) - PAD)
        painter.setPen(quiet if row.quiet else ink)
        heading = metrics.elidedText(row.heading, Qt.TextElideMode.ElideRight, top.width())
        painter.drawText(_visual(option, top), start | Qt.AlignmentFlag.AlignVCenter, heading)
        if row.detail:
            below = QRect(place.left(), top.bottom() + 1, place.width(), QFontMetrics(option.font).height())
            painter.setFont(option.font)
            painter.setPen(quiet)
            detail = QFontMetrics(option.font).elidedText(row.detail, Qt.TextElideMode.ElideRight, below.width())
            painter.drawText(_visual(option, below), start | Qt.AlignmentFlag.AlignVCenter, detail)


def _visual(option: QStyleOptionViewItem, place: QRect) -> QRect:
    """A rectangle of the layout from left to right, where it is in the row's own."""
    return QStyle.visualRect(option.direction, option.rect, place)
