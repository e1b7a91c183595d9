"""For people who hear the window, or work it with keys alone: in every state of it, and in every dialog.

PyQt has no binding for Qt's own tree of accessible objects, so the widgets that it is made of are walked.
"""

from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
from PyQt6.QtCore import QSize, Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollBar,
    QWidget,
)
from pytestqt.qtbot import QtBot

from tests.screens.states import DIALOG_STATES, WINDOW_STATES, DialogState, WindowState
from video_labeler.window.main.main_window import MainWindow

_OFTEN = {"start", "live", "playing", "frozen", "reconnecting", "error", "recording", "saved", "cut off", "download"}
"""The other states are made of the same parts."""

_CONTROLS = (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
)
"""What Qt tells the role of, such as a button's, and the state."""

_SMALL = QSize(480, 330)
_USUAL = QSize(1000, 640)


def _is_inside_another(widget: QWidget) -> bool:
    """Whether it is a part of a control that stands for it."""
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, _CONTROLS):
            return True
        parent = parent.parentWidget()
    return False


def controls_of(window: QWidget) -> list[QWidget]:
    """What shows in a window and can be worked."""
    return [
        widget
        for widget in window.findChildren(QWidget)
        if widget.window() is window
        and widget.isVisible()
        and isinstance(widget, _CONTROLS)
        and not isinstance(widget, QScrollBar)
        and not _is_inside_another(widget)
    ]


def name_of(widget: QWidget) -> str:
    """What a screen reader says."""
    if widget.accessibleName():
        return widget.accessibleName()
    if isinstance(widget, QAbstractButton) and widget.text():
        return widget.text().replace("&", "")
    labels = [label for label in widget.window().findChildren(QLabel) if label.buddy() is widget]
    return labels[0].text().replace("&", "") if labels else ""


def reached_by_tab(window: QWidget) -> list[QWidget]:
    """What gets the focus one after the other, as Tab is pressed, until it begins anew."""
    reached: list[QWidget] = []
    for _ in range(120):
        QTest.keyClick(window.focusWidget() or window, Qt.Key.Key_Tab)
        focused = window.focusWidget()
        if focused is None or focused in reached:
            break
        reached.append(focused)
    return reached


def _described(widget: QWidget) -> str:
    return f"{type(widget).__name__} {name_of(widget)!r} {widget.objectName()}"


def _check(window: QWidget) -> None:
    controls = controls_of(window)
    assert controls
    assert [_described(control) for control in controls if not name_of(control)] == [], "without a name"
    twice = [name for name, count in Counter(map(name_of, controls)).items() if count > 1]
    assert twice == [], "not told apart"
    usable = [control for control in controls if control.isEnabled()]
    reached = reached_by_tab(window)
    stands_for = {reached_one.focusProxy() or reached_one for reached_one in reached} | set(reached)
    unreached = [control for control in usable if control not in stands_for and control.focusProxy() not in stands_for]
    assert [_described(control) for control in unreached] == [], "not reached by Tab"
    lowest = [
        (_described(one), _described(other))
        for one, other in pairwise(reached)
        if one.parentWidget() is other.parentWidget()
        and isinstance(one, _CONTROLS)
        and isinstance(other, _CONTROLS)
        and other.geometry().bottom() < one.geometry().top()
    ]
    assert lowest == [], "Tab goes up"


def _check_that_nothing_is_cut(window: QWidget) -> None:
    for button in window.findChildren(QPushButton):
        if button.window() is window and button.isVisible() and button.objectName() != "sectionHeader":
            assert button.width() >= button.minimumSizeHint().width(), f"{button.text()} is cut"
    for label in window.findChildren(QLabel):
        if label.window() is window and label.isVisible() and label.wordWrap() and label.text():
            assert label.height() >= label.heightForWidth(label.width()), f"{label.text()} is cut"


@pytest.mark.parametrize(
    "state",
    [
        pytest.param(state, id=state.name, marks=() if state.name in _OFTEN else pytest.mark.long)
        for state in WINDOW_STATES
    ],
)
def test_every_control_of_the_window_is_named_and_reached(qtbot: QtBot, tmp_path: Path, state: WindowState) -> None:
    with state.shown(tmp_path, _USUAL) as window:
        assert isinstance(window, MainWindow)
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        _check(window)
        _check_that_nothing_is_cut(window)
        window.resize(_SMALL)
        qtbot.wait(60)
        _check_that_nothing_is_cut(window)


@pytest.mark.parametrize("state", DIALOG_STATES, ids=lambda state: state.name)
def test_every_control_of_a_dialog_is_named_and_reached_and_escape_leaves(
    qtbot: QtBot, tmp_path: Path, state: DialogState
) -> None:
    with state.shown(tmp_path, _USUAL) as dialog:
        assert isinstance(dialog, QDialog)
        dialog.activateWindow()
        qtbot.waitUntil(dialog.isActiveWindow)
        _check(dialog)
        _check_that_nothing_is_cut(dialog)
        assert any(isinstance(control, QPushButton) and control.isEnabled() for control in controls_of(dialog))
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
        QApplication.processEvents()
        questions = [widget for widget in dialog.findChildren(QDialog) if widget.isVisible()]
        assert not dialog.isVisible() or questions
        for question in questions:
            question.hide()
