"""In full screen the controls come with the pointer or a key, and go again."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PyQt6.QtCore import QEvent, QPoint, QPointF, Qt
from PyQt6.QtGui import QCursor, QMouseEvent
from PyQt6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.window.fake_session import FakeSession, running_view
from tests.window.windows import open_window
from video_labeler.window.actions import Act
from video_labeler.window.main.main_window import MainWindow
from video_labeler.window.stage import full_screen_bar


@pytest.fixture
def full(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[MainWindow, FakeSession]]:
    monkeypatch.setattr(full_screen_bar, "_SHOWN_MS", 700)
    monkeypatch.setattr(full_screen_bar, "_SHOWN_WITH_FOCUS_MS", 900)
    # The pointer is where the test before left it.
    QCursor.setPos(0, 0)
    session = FakeSession(view=running_view(playing=True))
    window = open_window(session, tmp_path)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.actions_by_name[Act.FULL_SCREEN].isEnabled)
    window.actions_by_name[Act.FULL_SCREEN].trigger()
    yield window, session
    window.close()
    window.deleteLater()


def test_they_come_and_go(qtbot: QtBot, full: tuple[MainWindow, FakeSession]) -> None:
    window, _ = full
    bar, video = window.parts.full_screen_bar, window.parts.stage.video
    assert bar.isVisible()
    assert window.parts.playback_bar.isVisible()
    qtbot.waitUntil(bar.isHidden)
    assert video.cursor().shape() is Qt.CursorShape.BlankCursor
    qtbot.keyClick(video, Qt.Key.Key_Shift)
    assert bar.isVisible()
    assert video.cursor().shape() is not Qt.CursorShape.BlankCursor
    assert bar.geometry().bottom() <= window.parts.stage.height()
    qtbot.waitUntil(bar.isHidden)
    bar._pointer = QCursor.pos() + QPoint(500, 0)
    place = QPointF(40, 40)
    none = Qt.MouseButton.NoButton
    move = QMouseEvent(
        QEvent.Type.MouseMove, place, video.mapToGlobal(place), none, none, Qt.KeyboardModifier.NoModifier
    )
    QApplication.sendEvent(video, move)
    assert bar.isVisible()


def test_they_are_worked_by_keyboard_and_stay_meanwhile(qtbot: QtBot, full: tuple[MainWindow, FakeSession]) -> None:
    window, session = full
    bar = window.parts.full_screen_bar
    reached = set()
    for _ in range(12):
        qtbot.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_Tab)
        reached.add(QApplication.focusWidget())
        assert bar.isVisible()
    assert {bar.menu_button, bar.leave_button, window.parts.playback_bar.play_button} <= reached
    window.parts.playback_bar.play_button.click()
    assert session.asked("pause")
    menu = bar.menu_button.menu()
    assert menu is not None
    assert [action.text() for action in menu.actions()] == [action.text() for action in window.menuBar().actions()]
    qtbot.waitUntil(window.actions_by_name[Act.ESCAPE].isEnabled)
    bar.leave_button.click()
    assert not window.parts.is_full_screen
    assert bar.isHidden()
    assert not bar.isAncestorOf(window.parts.playback_bar)
    qtbot.waitUntil(window.parts.playback_bar.isVisible)
    qtbot.keyClick(window.parts.stage.video, Qt.Key.Key_Shift)
    assert bar.isHidden()


def test_a_live_source_is_named_and_can_be_frozen(qtbot: QtBot, full: tuple[MainWindow, FakeSession]) -> None:
    window, session = full
    bar = window.parts.full_screen_bar
    session.view = running_view(1)
    qtbot.waitUntil(lambda: bar._name.text() == "Test camera")
    assert not bar.pause_button.isHidden()
    qtbot.waitUntil(window.actions_by_name[Act.FREEZE].isEnabled)
    bar.pause_button.click()
    assert window.parts.stage.video.frozen
