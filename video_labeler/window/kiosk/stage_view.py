"""The widget that visitors see: shows nothing old as live, and repaints only when it has changed."""

import logging
import time

from PyQt6.QtCore import QRectF, QSizeF, Qt, pyqtSignal
from PyQt6.QtGui import QHideEvent, QPainter, QPaintEvent, QResizeEvent
from PyQt6.QtWidgets import QWidget

from video_labeler.kiosk.scene import Scene, StandView
from video_labeler.settings import KioskSettings
from video_labeler.window.kiosk import inks
from video_labeler.window.kiosk.freshness import FreshnessMeter, FreshnessReport, what_to_paint
from video_labeler.window.kiosk.layout import Layout
from video_labeler.window.kiosk.picture_feed import PictureFeed
from video_labeler.window.kiosk.stage_painter import StagePainter

_log = logging.getLogger(__name__)

_MOVE_S = 0.025
"""How often moving parts are repainted without a new picture."""


class StageView(QWidget):
    """Shows each :class:`StandView` that it is given, and never an old picture as live.

    ``first_paint``: something is on the screen for the first time.
    """

    first_paint = pyqtSignal()

    def __init__(self, settings: KioskSettings, report: FreshnessReport, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMouseTracking(True)
        self._parts = StagePainter(settings)
        self._feed = PictureFeed(self)
        self._feed.changed.connect(self._repaint_stage)
        self._meter = FreshnessMeter(report)
        self._layout = self._laid_out()
        self._view: StandView | None = None
        self._painted: Scene | None = None
        self._painted_s = 0.0
        self._is_sound = True

    @property
    def painted_scene(self) -> Scene | None:
        """The scene on the screen; ``None`` before the first."""
        return self._painted

    @property
    def is_sound(self) -> bool:
        """Whether the last painting succeeded."""
        return self._is_sound

    def show_view(self, view: StandView) -> None:
        """Take the stand's view. Call it at the display's rate, even if nothing has changed."""
        self._view = view
        self._feed.show_view(view, self._layout.stage.size().toSize(), self.devicePixelRatioF())
        if self._parts.take(view, time.monotonic()):
            self.update()
        self.keep_fresh()

    def keep_fresh(self) -> None:
        """Cover a live picture that has become old, and continue animations."""
        now_s = time.monotonic()
        scene = self._scene(now_s)
        if scene is not self._painted:
            self._repaint_stage()
        elif now_s - self._painted_s < _MOVE_S:
            return
        elif self._parts.is_flying(now_s):
            self.update()
        elif scene is not Scene.LIVE or self._parts.is_moving(now_s):
            self._repaint_stage()

    def close_painter(self) -> None:
        """End the painting thread; no new picture can be shown after that."""
        self._feed.close()

    def _scene(self, now_s: float) -> Scene:
        """What may be painted now."""
        shot = self._feed.shot
        wanted = Scene.WAIT if self._view is None else self._view.scene
        if shot is None:
            return what_to_paint(wanted, None, 0.0)
        return what_to_paint(wanted, shot.live, shot.age_s(now_s))

    def _laid_out(self) -> Layout:
        return Layout.of(QSizeF(self.size()), self._parts.strip.width_units)

    def _repaint_stage(self) -> None:
        self.update(self._layout.stage.toAlignedRect())

    def resizeEvent(self, event: QResizeEvent | None) -> None:  # noqa: N802 - Qt's name
        """Update the layout."""
        super().resizeEvent(event)
        self._layout = self._laid_out()
        self._parts.forget_cover()

    def hideEvent(self, event: QHideEvent | None) -> None:  # noqa: N802 - Qt's name
        """Stop counting frames as shown."""
        self._meter.hide()
        super().hideEvent(event)

    def paintEvent(self, event: QPaintEvent | None) -> None:  # noqa: N802 - Qt's name
        """Paint the requested part; if that fails, leave nothing that could be mistaken for a live picture."""
        assert event is not None
        painter = QPainter(self)
        try:
            self._paint(painter, QRectF(event.rect()))
            self._is_sound = True
        except Exception:  # noqa: BLE001 - whatever it was, no old picture may stay as if live
            painter.fillRect(self.rect(), inks.STAGE)
            self._meter.paint(None)
            if self._is_sound:
                _log.exception("The stage could not be painted")
            self._is_sound = False
        finally:
            painter.end()
        if self._painted_s == 0.0:
            self.first_paint.emit()
        self._painted_s = time.monotonic()

    def _paint(self, painter: QPainter, dirty: QRectF) -> None:
        now_s = time.monotonic()
        scene, shot = self._scene(now_s), self._feed.shot
        self._parts.paint(painter, dirty, self._layout, shot, scene, now_s)
        self._painted = scene
        self._meter.paint(shot.frame.captured_s if scene is Scene.LIVE and shot is not None else None)
