"""The card that replaces a kiosk that cannot run, with the reason and the exhibitor's strip."""

from typing import TYPE_CHECKING

from PyQt6.QtCore import QRectF, QSizeF, Qt
from PyQt6.QtGui import QPainter, QPaintEvent
from PyQt6.QtWidgets import QApplication, QWidget

from video_labeler.kiosk.day_book import kiosk_folder
from video_labeler.kiosk.exit_pin import TRIES_NAME
from video_labeler.settings import KioskSettings
from video_labeler.window.kiosk import inks, texts
from video_labeler.window.kiosk.exhibitor_strip import ExhibitorStrip
from video_labeler.window.kiosk.guarded_window import GuardedWindow
from video_labeler.window.kiosk.layout import COVER, LINE, Layout
from video_labeler.window.kiosk.lettering import SEMIBOLD, font, write_lines
from video_labeler.window.kiosk.qt_parts import Relay, delete_now, timer
from video_labeler.window.qt_application import ends_on_signals

if TYPE_CHECKING:
    from video_labeler.window.kiosk.application import KioskPulse

_WAKE_MS = 200
"""Python handles signals only while Python code runs."""


class CardView(QWidget):
    """Paints the card."""

    def __init__(self, settings: KioskSettings, reason: str) -> None:
        super().__init__()
        self.setMouseTracking(True)
        self._strip = ExhibitorStrip(settings)
        self._reason = reason

    def paintEvent(self, event: QPaintEvent | None) -> None:  # noqa: N802 - Qt's name
        """Paint all of it; it never moves."""
        layout = Layout.of(QSizeF(self.size()), self._strip.width_units)
        unit, stage = layout.unit, layout.stage
        painter = QPainter(self)
        painter.fillRect(self.rect(), inks.STAGE)
        if not self._strip.is_empty:
            painter.fillRect(layout.strip.united(layout.gallery) if not layout.upright else layout.strip, inks.BAR)
            self._strip.paint(painter, layout.strip, unit)
        title = QRectF(stage.left() + 5 * unit, stage.top(), stage.width() - 10 * unit, stage.height() / 2 - 4 * unit)
        centre = Qt.AlignmentFlag.AlignHCenter
        write_lines(painter, texts.CARD_TITLE, title, COVER * unit, inks.TEXT, weight=SEMIBOLD, flags=centre)
        painter.fillRect(
            QRectF(stage.center().x() - 5 * unit, title.bottom() + unit, 10 * unit, 0.4 * unit), inks.ACCENT
        )
        painter.setFont(font(LINE * unit))
        painter.setPen(inks.SOFT)
        place = QRectF(title.left(), title.bottom() + 4 * unit, title.width(), 20 * unit)
        flags = Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(place, int(flags), f"{self._reason.strip()}\n{texts.CARD_RETRY}")
        painter.end()


class Card:
    """One run of the card."""

    def __init__(self, settings: KioskSettings, reason: str, pulse: "KioskPulse | None") -> None:
        self._pulse = pulse
        self._app: QApplication | None = None
        self._ending = False
        self.window = GuardedWindow(settings, CardView(settings, reason), kiosk_folder() / TRIES_NAME)
        self.window.exit_granted.connect(self._leave)
        self._orphaned = Relay()
        self._orphaned.called.connect(self.end)
        if pulse is not None:
            pulse.on_orphaned(self._orphaned.call)

    def until_it_ends(self, app: QApplication) -> int:
        """Show the card, and return the exit code."""
        self._app = app
        waking = timer(_WAKE_MS, lambda: None, self.window)
        with ends_on_signals(self.end):
            self.window.open()
            if not self._ending:
                app.exec()
        waking.stop()
        self.window.end()
        delete_now(self.window)
        return 0

    def end(self) -> None:
        """End gracefully."""
        self._ending = True
        if self._app is not None:
            self._app.exit(0)

    def _leave(self) -> None:
        if self._pulse is not None:
            self._pulse.leave()
        self.end()
