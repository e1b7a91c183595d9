"""The number pad over the window, on which the staff types the PIN that ends the kiosk."""

import math
import time
from dataclasses import dataclass
from pathlib import Path

from PyQt6.QtCore import QPointF, QRectF, Qt, QTimer, pyqtSignal
from PyQt6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PyQt6.QtWidgets import QWidget

from video_labeler.kiosk.exit_pin import ExitPin
from video_labeler.window.kiosk import inks, texts
from video_labeler.window.kiosk.lettering import SEMIBOLD, write

SHOWN_MS = 15_000
"""The pad closes by itself after this long without a key."""

ENTER, DELETE, CLOSE = "enter", "delete", "close"
_KEYS = ("1", "2", "3", "4", "5", "6", "7", "8", "9", DELETE, "0", ENTER)
_MOST_DIGITS = 12
_SHAKE_S = 0.4
_LOCKED_INK = 0.3

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
    """Draw the symbol of that name into a square."""
    width = max(1.0, place.width() / 18)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(ink, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    for stroke in _STROKES[name]:
        points = [QPointF(place.x() + x * place.width(), place.y() + y * place.height()) for x, y in stroke]
        painter.drawPolyline(QPolygonF(points))


@dataclass(frozen=True, slots=True)
class _Plan:
    """The layout of the pad; ``key`` is the side of one key."""

    panel: QRectF
    keys: tuple[tuple[str, QRectF], ...]
    close: QRectF
    key: float


class ExitPad(QWidget):
    """Covers its parent while it is open.

    ``granted``: the right PIN was typed. ``closed``: it closed without one.
    """

    granted = pyqtSignal()
    closed = pyqtSignal()

    def __init__(self, pin: str, tries: Path | None, parent: QWidget) -> None:
        super().__init__(parent)
        self._pin = ExitPin(pin, notes=tries)
        self._typed = ""
        self._wrong = False
        self._shaken_s = -_SHAKE_S
        self._timeout = QTimer(self)
        self._timeout.setSingleShot(True)
        self._timeout.setInterval(SHOWN_MS)
        self._timeout.timeout.connect(self.leave)
        self._moving = QTimer(self)
        self._moving.setInterval(25)
        self._moving.timeout.connect(self._move)
        self.setMouseTracking(True)
        self.hide()

    def open(self) -> None:
        """Ask for the PIN."""
        parent = self.parentWidget()
        assert parent is not None
        self._typed, self._wrong = "", False
        self.setGeometry(parent.rect())
        self.show()
        self.raise_()
        self._timeout.start()
        self._moving.start()

    def leave(self) -> None:
        """Close without a PIN."""
        self._timeout.stop()
        self._moving.stop()
        self._typed = ""
        self.hide()
        self.closed.emit()

    def press(self, key: Qt.Key | int, text: str) -> None:
        """Handle a key of the keyboard."""
        if key == Qt.Key.Key_Escape:
            self.leave()
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._take(ENTER)
        elif key in {Qt.Key.Key_Backspace, Qt.Key.Key_Delete}:
            self._take(DELETE)
        elif len(text) == 1 and text in "0123456789":
            self._take(text)

    def _take(self, key: str) -> None:
        self._timeout.start()
        if self._pin.locked_s:
            self._typed = ""
        elif key == ENTER:
            self._answer()
        elif key == DELETE:
            self._typed = self._typed[:-1]
        elif len(self._typed) < _MOST_DIGITS:
            self._typed += key
            self._wrong = False
        self.update()

    def _answer(self) -> None:
        if self._pin.fits(self._typed):
            self._timeout.stop()
            self._moving.stop()
            self.hide()
            self.granted.emit()
            return
        self._typed, self._wrong = "", True
        self._shaken_s = time.monotonic()
        self._moving.start()

    def _move(self) -> None:
        """Shake the pad, and count down the seconds while it is locked."""
        if time.monotonic() - self._shaken_s > _SHAKE_S and not self._pin.locked_s:
            self._moving.stop()
        self.update()

    def _plan(self) -> _Plan:
        key = min(self.height() / 9, self.width() / 7)
        gap = key * 0.16
        width, height = 3 * key + 4 * gap, 6 * key + 6 * gap
        panel = QRectF((self.width() - width) / 2, (self.height() - height) / 2, width, height)
        top = panel.top() + 2 * key + 2 * gap
        keys = tuple(
            (name, QRectF(panel.left() + gap + (index % 3) * (key + gap), top + (index // 3) * (key + gap), key, key))
            for index, name in enumerate(_KEYS)
        )
        close = QRectF(panel.right() - key * 0.75, panel.top() + key * 0.12, key * 0.6, key * 0.6)
        return _Plan(panel, keys, close, key)

    def mousePressEvent(self, event: QMouseEvent | None) -> None:  # noqa: N802 - Qt's name
        """Handle a key that is touched or clicked."""
        if event is None:
            return
        plan = self._plan()
        if plan.close.contains(event.position()):
            self.leave()
        for name, place in plan.keys:
            if place.contains(event.position()):
                self._take(name)
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent | None) -> None:  # noqa: N802 - Qt's name
        """Treat the second of two quick touches as a touch, too."""
        self.mousePressEvent(event)

    def paintEvent(self, event: QPaintEvent | None) -> None:  # noqa: N802 - Qt's name
        """Paint the pad over the darkened stage."""
        plan = self._plan()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), QColor(0, 0, 0, 140))
        age_s = time.monotonic() - self._shaken_s
        if age_s < _SHAKE_S:
            # Four quick swings that fade out.
            painter.translate(plan.key * 0.25 * (1 - age_s / _SHAKE_S) * (1 if int(age_s * 20) % 2 else -1), 0)
        painter.setPen(QPen(inks.EDGE, max(1.0, plan.key / 60)))
        painter.setBrush(inks.BAR)
        painter.drawRoundedRect(plan.panel, plan.key * 0.25, plan.key * 0.25)
        self._paint_prompt(painter, plan)
        # Keys that are locked look disabled.
        strength = _LOCKED_INK if self._pin.locked_s else 1.0
        for name, place in plan.keys:
            painter.setPen(Qt.PenStyle.NoPen)
            is_enter = name == ENTER and strength == 1.0
            painter.setBrush(inks.ACCENT if is_enter else inks.faint(inks.EDGE, strength))
            painter.drawRoundedRect(place, plan.key * 0.18, plan.key * 0.18)
            ink = inks.ON_ACCENT if is_enter else inks.faint(inks.TEXT, strength)
            if name in {ENTER, DELETE}:
                paint_sign(painter, name, place, ink)
            else:
                write(painter, name, place, plan.key * 0.42, ink, weight=SEMIBOLD, flags=Qt.AlignmentFlag.AlignHCenter)
        painter.end()

    def _prompt(self) -> tuple[str, QColor]:
        if self._pin.locked_s:
            return texts.PIN_LOCKED.format(seconds=math.ceil(self._pin.locked_s)), inks.LIVE
        return (texts.PIN_WRONG, inks.LIVE) if self._wrong else (texts.PIN_PROMPT, inks.SOFT)

    def _paint_prompt(self, painter: QPainter, plan: _Plan) -> None:
        panel, key = plan.panel, plan.key
        centre = Qt.AlignmentFlag.AlignHCenter
        line = QRectF(panel.left() + key * 0.2, panel.top() + key * 0.7, panel.width() - key * 0.4, key * 0.5)
        text, ink = self._prompt()
        write(painter, text, line, key * 0.27, ink, weight=SEMIBOLD, flags=centre)
        paint_sign(painter, CLOSE, plan.close, inks.SOFT)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(inks.TEXT)
        step = min(key * 0.34, panel.width() * 0.9 / _MOST_DIGITS)
        left = panel.center().x() - step * (len(self._typed) - 1) / 2
        for index in range(len(self._typed)):
            painter.drawEllipse(QPointF(left + index * step, panel.top() + key * 1.62), key * 0.09, key * 0.09)
