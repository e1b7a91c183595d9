"""What the tests of the kiosk's window share: stages and windows that are taken down again."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from PyQt6.QtCore import QPoint
from PyQt6.QtGui import QColor
from PyQt6.QtWidgets import QApplication, QWidget

from tests.window.kiosk.fake_stand import FakeStand
from video_labeler.kiosk.scene import StandView
from video_labeler.settings import KioskSettings
from video_labeler.window.kiosk import freshness
from video_labeler.window.kiosk.guarded_window import GuardedWindow
from video_labeler.window.kiosk.qt_parts import delete_now
from video_labeler.window.kiosk.stage_view import StageView

SIZE = (960, 540)


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Frames stay fresh for longer than a busy machine takes for a test."""
    monkeypatch.setattr(freshness, "FRESH_S", 10.0)


@contextmanager
def stage_of(
    settings: KioskSettings | None = None, stand: FakeStand | None = None, size: tuple[int, int] = SIZE
) -> Iterator[StageView]:
    """A stage on the screen."""
    stage = StageView(settings or KioskSettings(), stand or FakeStand())
    stage.resize(*size)
    stage.show()
    try:
        yield stage
    finally:
        stage.close_painter()
        stage.close()
        delete_now(stage)


@contextmanager
def guarded(settings: KioskSettings | None = None) -> Iterator[GuardedWindow]:
    """A guarded window on the screen, with nothing in it."""
    window = GuardedWindow(settings or KioskSettings(), QWidget())
    window.open()
    QApplication.processEvents()
    try:
        yield window
    finally:
        window.end()
        delete_now(window)


def show_for(stage: StageView, view: StandView, seconds: float = 0.15) -> None:
    """Show a view at the display's rate for so long."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        stage.show_view(view)
        QApplication.processEvents()
        time.sleep(0.01)


def brightness(widget: QWidget, across: float = 0.6, down: float = 0.3) -> int:
    """How bright (0..255) the widget is at that share of its width and height."""
    image = widget.grab().toImage()
    point = QPoint(round(image.width() * across), round(image.height() * down))
    return QColor(image.pixel(point)).lightness()
