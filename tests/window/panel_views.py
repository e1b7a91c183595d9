"""Views made by hand for the tests of panels and controls."""

from dataclasses import replace
from typing import Any

import numpy as np
from PyQt6.QtCore import QPoint, QPointF, Qt
from PyQt6.QtGui import QWheelEvent
from PyQt6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.window.fake_session import running_view
from video_labeler.frames import Box, Frame, Label, LabeledFrame, LabeledObject, Prediction, StageTimes
from video_labeler.session.view import SessionView

BOTTLE, CONTAINER, CHAIR, FURNITURE = (
    Label(row, f"/m/{row}", name) for row, name in enumerate(("Bottle", "Container", "Chair", "Furniture"))
)


def an_object(track: int, *predictions: tuple[Label, float], left: float = 10) -> LabeledObject:
    box = Box(left, 20, left + 60, 140)
    return LabeledObject(box, tuple(Prediction(label, confidence) for label, confidence in predictions), track)


def view_of(*objects: LabeledObject, time_s: float = 0.0, index: int | None = None, **changes: Any) -> SessionView:
    """A running source whose newest labelled frame holds these objects."""
    number = round(time_s * 30) if index is None else index
    frame = Frame(number, time_s, np.full((180, 320, 3), 90, dtype=np.uint8), 0.0)
    view = running_view(playing=changes.pop("playing", False))
    return replace(view, labeled=LabeledFrame(frame, objects, StageTimes(0.0)), newest=frame, **changes)


def keep(qtbot: QtBot, widget: QWidget) -> None:
    """Have the widget closed after the test, and keep it until then.

    One that only a cycle of references holds may be collected in the middle of its own painting.
    """
    widget.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(widget, before_close_func=lambda _, kept=widget: None)


def turn_wheel(widget: QWidget, angle: int, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """Turn the mouse's wheel over a widget by ``angle`` eighths of a degree; a notch is 120."""
    place, no_buttons = QPointF(widget.rect().center()), Qt.MouseButton.NoButton
    wheel = QWheelEvent(place, place, QPoint(), QPoint(0, angle), no_buttons, keys, Qt.ScrollPhase.NoScrollPhase, False)
    QApplication.sendEvent(widget, wheel)
