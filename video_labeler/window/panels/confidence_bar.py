"""A label with its confidence as a bar, and a trace of its history if known."""

from dataclasses import dataclass

from PyQt6.QtCore import QPointF, QRectF, QSize, Qt
from PyQt6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPaintEvent, QPalette, QPen
from PyQt6.QtWidgets import QSizePolicy, QWidget

from video_labeler.window import panel_texts as texts
from video_labeler.window.look.theme import current_colours
from video_labeler.window.panel_formats import percent
from video_labeler.window.panels.confidence_history import Trace, stretches
from video_labeler.window.plain_text import plain_tip

_TRACE_WIDTH = 64.0
_LARGE_TRACE_HEIGHT = 22.0
_GAP = 8.0


@dataclass(frozen=True, slots=True)
class BarContent:
    """What a bar shows; without ``confidence`` only the text, muted."""

    words: str = ""
    confidence: float | None = None
    trace: Trace = ()


class ConfidenceBar(QWidget):
    """One line of the predictions; ``headline`` makes it large, with the trace below it (``set_tall``)."""

    def __init__(self, span_s: float, *, headline: bool = False) -> None:
        super().__init__()
        self._span_s = span_s
        self._headline = headline
        self._is_tall = False
        self._content = BarContent()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    @property
    def content(self) -> BarContent:
        """The current content."""
        return self._content

    def show_content(self, content: BarContent) -> None:
        """Set the content; repaints only if it has changed."""
        if content == self._content:
            return
        self._content = content
        self.setAccessibleName(
            content.words
            if content.confidence is None
            else texts.PREDICTION_SPOKEN.format(label=content.words, percent=percent(content.confidence))
        )
        self.setToolTip(plain_tip(content.words))
        self.update()

    def set_tall(self, tall: bool) -> None:
        """Reserve room for the trace of a headline, or not."""
        if tall != self._is_tall:
            self._is_tall = tall
            self.updateGeometry()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """As high as its text and its bar."""
        below = _LARGE_TRACE_HEIGHT + 6 if self._is_tall else 0
        return QSize(200, round(self._text_height() + self._bar_height() + below + (12 if self._headline else 9)))

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Any width."""
        return QSize(0, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent | None) -> None:  # noqa: N802 - Qt's name
        """Paint the text, trace, percentage and bar."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._font())
        # Mirrored by hand, rectangle by rectangle; the trace runs from left to right in every script.
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        content, palette = self._content, self.palette()
        line = QRectF(0, 0, self.width(), self._text_height())
        if content.confidence is None:
            self._write(painter, line, content.words, QColor(current_colours().muted))
            return
        ink = palette.color(QPalette.ColorRole.WindowText)
        figure = percent(content.confidence)
        figure_width = QFontMetricsF(painter.font()).horizontalAdvance(figure)
        painter.setPen(ink)
        painter.drawText(self._visual(line), self._end | Qt.AlignmentFlag.AlignVCenter, figure)
        line.setRight(line.right() - figure_width - _GAP)
        if self._headline and self._is_tall:
            top = self._text_height() + self._bar_height() + 8
            self._paint_trace(painter, QRectF(0, top, self.width(), _LARGE_TRACE_HEIGHT))
        elif content.trace:
            place = QRectF(line.right() - _TRACE_WIDTH, line.top() + 3, _TRACE_WIDTH, line.height() - 6)
            self._paint_trace(painter, self._visual(place))
            line.setRight(place.left() - _GAP)
        self._write(painter, line, content.words, ink)
        self._paint_bar(painter, content.confidence)

    def _write(self, painter: QPainter, line: QRectF, words: str, ink: QColor) -> None:
        metrics = QFontMetricsF(painter.font())
        painter.setPen(ink)
        fitted = metrics.elidedText(words, Qt.TextElideMode.ElideRight, max(0.0, line.width()))
        painter.drawText(self._visual(line), self._start | Qt.AlignmentFlag.AlignVCenter, fitted)

    def _paint_bar(self, painter: QPainter, confidence: float) -> None:
        height = self._bar_height()
        track = QRectF(0, self._text_height() + 2, self.width(), height)
        ink = self.palette().color(QPalette.ColorRole.WindowText)
        ink.setAlphaF(0.14)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink)
        painter.drawRoundedRect(track, height / 2, height / 2)
        track.setWidth(max(height, track.width() * min(max(confidence, 0.0), 1.0)))
        painter.setBrush(self.palette().color(QPalette.ColorRole.Highlight))
        painter.drawRoundedRect(self._visual(track), height / 2, height / 2)

    def _paint_trace(self, painter: QPainter, place: QRectF) -> None:
        accent = self.palette().color(QPalette.ColorRole.Highlight)
        ground = QColor(accent)
        ground.setAlphaF(0.14)
        base = QColor(self.palette().color(QPalette.ColorRole.WindowText))
        base.setAlphaF(0.18)
        painter.setPen(QPen(base, 1))
        painter.drawLine(place.bottomLeft(), place.bottomRight())
        pen = QPen(accent, 1.5)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for part in stretches(self._content.trace):
            path = QPainterPath()
            for i, (age_s, confidence) in enumerate(part):
                point = QPointF(
                    place.right() + place.width() * age_s / self._span_s, place.bottom() - place.height() * confidence
                )
                if i == 0:
                    path.moveTo(point)
                else:
                    path.lineTo(point)
            painter.drawPath(path)
            if self._headline:
                path.lineTo(path.currentPosition().x(), place.bottom())
                path.lineTo(place.right() + place.width() * part[0][0] / self._span_s, place.bottom())
                path.closeSubpath()
                painter.fillPath(path, ground)

    @property
    def _is_mirrored(self) -> bool:
        return self.layoutDirection() is Qt.LayoutDirection.RightToLeft

    @property
    def _start(self) -> Qt.AlignmentFlag:
        return Qt.AlignmentFlag.AlignRight if self._is_mirrored else Qt.AlignmentFlag.AlignLeft

    @property
    def _end(self) -> Qt.AlignmentFlag:
        return Qt.AlignmentFlag.AlignLeft if self._is_mirrored else Qt.AlignmentFlag.AlignRight

    def _visual(self, place: QRectF) -> QRectF:
        """A rectangle of the layout from left to right, where it is in this one."""
        return place.translated(self.width() - place.left() - place.right(), 0) if self._is_mirrored else place

    def _font(self) -> QFont:
        font = QFont(self.font())
        if self._headline:
            font.setPointSizeF(max(1.0, font.pointSizeF()) * 1.5)
            font.setWeight(QFont.Weight.DemiBold)
        return font

    def _text_height(self) -> float:
        return QFontMetricsF(self._font()).height() + 2

    def _bar_height(self) -> float:
        return 6.0 if self._headline else 4.0
