"""One contact sheet: every state at the size, scale and theme of this process.

Run: QT_QPA_PLATFORM=offscreen python -m tests.screens.sheet FILE light|dark
"""

import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from PyQt6.QtCore import QPoint, QRect, QSize, Qt
from PyQt6.QtGui import QColor, QFont, QImage, QPainter
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication, QDialog, QWidget

from video_labeler.settings import Theme
from video_labeler.window.look.theme import ThemeFollower
from video_labeler.window.qt_application import application

_FRAME = 30
"""What a window manager takes for a title, in pixels of the screen."""

_CELL = 640
_HEADING = 22
_GAP = 12
_COLUMNS = 4


def pictures(folder: Path, screen: QSize) -> Iterator[tuple[str, QImage]]:
    """The name of every state, and what it looks like."""
    from tests.screens import kiosk_states
    from tests.screens.states import DIALOG_STATES, MENU_STATES, WINDOW_STATES
    from tests.window.kiosk.kiosk_windows import show_for, stage_of

    size = QSize(screen.width(), screen.height() - _FRAME)
    for i, state in enumerate((*WINDOW_STATES, *DIALOG_STATES, *MENU_STATES)):
        inside = folder / str(i)
        inside.mkdir()
        with state.shown(inside, size) as widget:
            questions = [box for box in widget.findChildren(QDialog) if box.isVisible()]
            yield state.name, (questions[0] if questions else widget).grab().toImage()
    for name, make in kiosk_states.STAGE_STATES.items():
        with stage_of(kiosk_states.BOOTH, size=(screen.width(), screen.height())) as stage:
            view = make()
            # What is being celebrated joins the gallery when it lands there: what was in it is from before.
            show_for(stage, replace(view, celebration=None), 0.1)
            show_for(stage, view, 0.3)
            yield name, stage.grab().toImage()
    for name, widget in (
        ("pad", kiosk_states.pad()),
        ("wrong PIN", kiosk_states.pad(1)),
        ("locked pad", kiosk_states.pad(5)),
        ("card", kiosk_states.card()),
    ):
        yield name, _grabbed(widget, screen)


def _grabbed(widget: QWidget, size: QSize) -> QImage:
    widget.resize(size)
    for child in widget.findChildren(QWidget):
        child.setGeometry(widget.rect())
    widget.show()
    QTest.qWait(30)
    image = widget.grab().toImage()
    widget.close()
    return image


def laid_out(named: list[tuple[str, QImage]]) -> QImage:
    """The pictures in rows, each under its name."""
    cells = [(name, _fitted(image)) for name, image in named]
    rows = [cells[i : i + _COLUMNS] for i in range(0, len(cells), _COLUMNS)]
    heights = [max(image.height() for _, image in row) + _HEADING + _GAP for row in rows]
    sheet = QImage(_COLUMNS * (_CELL + _GAP), sum(heights), QImage.Format.Format_RGB32)
    sheet.fill(QColor("#777777"))
    painter = QPainter(sheet)
    painter.setFont(QFont("sans-serif", 10))
    top = 0
    for row, height in zip(rows, heights, strict=True):
        for column, (name, image) in enumerate(row):
            left = column * (_CELL + _GAP)
            painter.setPen(QColor("#ffffff"))
            painter.drawText(QRect(left + 4, top, _CELL, _HEADING), Qt.AlignmentFlag.AlignVCenter, name)
            painter.drawImage(QPoint(left, top + _HEADING), image)
        top += height
    painter.end()
    return sheet


def _fitted(image: QImage) -> QImage:
    image.setDevicePixelRatio(1.0)
    if image.width() <= _CELL:
        return image
    return image.scaledToWidth(_CELL, Qt.TransformationMode.SmoothTransformation)


def main(path: Path, theme: Theme) -> None:
    """Paint the sheet."""
    app = application()
    follower = ThemeFollower(app, theme)
    screen = QApplication.primaryScreen()
    assert screen is not None
    from video_labeler.window.kiosk import freshness

    # A busy computer may take a while to paint.
    freshness.FRESH_S = 10.0
    with tempfile.TemporaryDirectory() as folder:
        sheet = laid_out(list(pictures(Path(folder), screen.size())))
    assert sheet.save(str(path)), path
    assert follower.parent() is app


if __name__ == "__main__":
    main(Path(sys.argv[1]), Theme(sys.argv[2]))
