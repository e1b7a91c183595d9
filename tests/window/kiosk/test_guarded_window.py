import pytest
from PyQt6.QtCore import QEvent, QPoint, QPointF, Qt
from PyQt6.QtGui import QColor, QContextMenuEvent, QGuiApplication, QMouseEvent
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.window.kiosk.kiosk_windows import guarded
from video_labeler.kiosk import exit_pin
from video_labeler.settings import KioskSettings
from video_labeler.window.kiosk import exit_pad, guarded_window, texts
from video_labeler.window.kiosk.exit_pad import ExitPad
from video_labeler.window.kiosk.guarded_window import GuardedWindow

CHORD = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
PIN = KioskSettings(exit_pin="2580")


def exits_of(window: GuardedWindow) -> list[bool]:
    exits: list[bool] = []
    window.exit_granted.connect(lambda: exits.append(True))
    return exits


def type_pin(window: GuardedWindow, digits: str) -> None:
    QTest.keyClicks(window, digits)
    QTest.keyClick(window, Qt.Key.Key_Return)


def enter_key(pad: ExitPad) -> QColor:
    """The colour of the key that tries the PIN, near its edge."""
    place = dict(pad._plan().keys)[exit_pad.ENTER]
    return pad.grab().toImage().pixelColor(round(place.left() + place.width() / 10), round(place.center().y()))


def touch(pad: ExitPad, name: str) -> None:
    plan = pad._plan()
    place = plan.close if name == "close" else dict(plan.keys)[name]
    QTest.mouseClick(pad, Qt.MouseButton.LeftButton, pos=place.center().toPoint())


def pad_of(window: GuardedWindow) -> ExitPad:
    return window._pad


def test_it_fills_its_screen_without_a_frame(qtbot: QtBot) -> None:
    with guarded() as window:
        assert window.isFullScreen()
        assert window.windowFlags() & Qt.WindowType.FramelessWindowHint
        assert window.windowFlags() & Qt.WindowType.WindowStaysOnTopHint
        screen = QGuiApplication.primaryScreen()
        assert screen is not None
        assert window.size() == screen.size()


def test_keys_do_nothing(qtbot: QtBot) -> None:
    with guarded() as window:
        exits, replays = exits_of(window), []
        window.replay_wanted.connect(lambda: replays.append(True))
        for key in (Qt.Key.Key_Escape, Qt.Key.Key_Q, Qt.Key.Key_H, Qt.Key.Key_F11, Qt.Key.Key_Tab, Qt.Key.Key_Return):
            QTest.keyClick(window, key)
            QTest.keyClick(window, key, Qt.KeyboardModifier.ControlModifier)
            QTest.keyClick(window, key, Qt.KeyboardModifier.AltModifier)
        QTest.keyClick(window, Qt.Key.Key_F4, Qt.KeyboardModifier.AltModifier)
        assert (exits, replays) == ([], [])
        assert window.isFullScreen()
        assert not window.pad_is_open


def test_closing_is_refused_unless_the_program_wants_it(qtbot: QtBot) -> None:
    with guarded() as window:
        assert not window.close()
        assert window.isVisible()
        window.end()
        assert not window.isVisible()


def test_a_window_that_was_made_small_comes_back(qtbot: QtBot) -> None:
    with guarded() as window:
        window.showNormal()
        qtbot.waitUntil(window.isFullScreen, timeout=5000)
        window.showMinimized()
        qtbot.waitUntil(window.isFullScreen, timeout=5000)


def test_the_exit_keys_end_it(qtbot: QtBot) -> None:
    with guarded() as window:
        exits = exits_of(window)
        QTest.keyClick(window, Qt.Key.Key_Q, CHORD)
        assert exits == [True]


def test_the_replay_keys_save_what_just_happened(qtbot: QtBot) -> None:
    with guarded(PIN) as window:
        wanted: list[bool] = []
        window.replay_wanted.connect(lambda: wanted.append(True))
        QTest.keyClick(window, Qt.Key.Key_S, CHORD)
        QTest.keyClick(window, Qt.Key.Key_Q, CHORD)
        assert window.pad_is_open
        QTest.keyClick(window, Qt.Key.Key_S, CHORD)
        assert wanted == [True], "whoever types a PIN saves nothing"


def test_the_right_pin_ends_it(qtbot: QtBot) -> None:
    with guarded(PIN) as window:
        exits = exits_of(window)
        QTest.keyClick(window, Qt.Key.Key_Q, CHORD)
        assert window.pad_is_open
        assert exits == []
        type_pin(window, "2580")
        assert exits == [True]


def test_a_wrong_pin_is_said_to_be_wrong_and_can_be_tried_again(qtbot: QtBot) -> None:
    with guarded(PIN) as window:
        exits = exits_of(window)
        QTest.keyClick(window, Qt.Key.Key_Q, CHORD)
        for wrong in ("", "258", "25800", "1234"):
            type_pin(window, wrong)
            assert window.pad_is_open
            assert pad_of(window)._wrong
        window.grab()
        type_pin(window, "258")
        QTest.keyClicks(window, "2581")
        QTest.keyClick(window, Qt.Key.Key_Backspace)
        type_pin(window, "0")
        assert exits == [True]


def test_after_many_wrong_pins_not_even_the_right_one_is_taken_for_a_while(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exit_pin, "_LOCKED_S", 1.0)
    with guarded(PIN) as window:
        exits = exits_of(window)
        QTest.keyClick(window, Qt.Key.Key_Q, CHORD)
        for number in range(5):
            type_pin(window, str(number))
        # Closing the pad does not help.
        QTest.keyClick(window, Qt.Key.Key_Escape)
        QTest.keyClick(window, Qt.Key.Key_Q, CHORD)
        type_pin(window, "2580")
        assert exits == []
        assert pad_of(window)._prompt()[0] == texts.PIN_LOCKED.format(seconds=1)
        touch(pad_of(window), "7")
        assert pad_of(window)._typed == ""
        locked = enter_key(pad_of(window))
        qtbot.waitUntil(lambda: pad_of(window)._prompt()[0] != texts.PIN_LOCKED.format(seconds=1), timeout=5000)
        assert enter_key(pad_of(window)) != locked
        type_pin(window, "2580")
        assert exits == [True]


def test_the_pad_goes_away_by_escape_and_by_itself(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exit_pad, "SHOWN_MS", 200)
    with guarded(PIN) as window:
        exits = exits_of(window)
        QTest.keyClick(window, Qt.Key.Key_Q, CHORD)
        QTest.keyClicks(window, "25")
        QTest.keyClick(window, Qt.Key.Key_Escape)
        assert not window.pad_is_open
        QTest.keyClick(window, Qt.Key.Key_Q, CHORD)
        qtbot.waitUntil(lambda: not window.pad_is_open, timeout=5000)
        # What was typed before is forgotten.
        QTest.keyClick(window, Qt.Key.Key_Q, CHORD)
        type_pin(window, "80")
        assert exits == []


def test_the_pin_can_be_touched(qtbot: QtBot) -> None:
    with guarded(PIN) as window:
        exits = exits_of(window)
        QTest.keyClick(window, Qt.Key.Key_Q, CHORD)
        pad = pad_of(window)
        for name in ("2", "5", "9", exit_pad.DELETE, "8", "0"):
            touch(pad, name)
        assert exits == []
        touch(pad, exit_pad.ENTER)
        assert exits == [True]


def test_the_pad_can_be_closed_by_touch(qtbot: QtBot) -> None:
    with guarded(PIN) as window:
        QTest.keyClick(window, Qt.Key.Key_Q, CHORD)
        touch(pad_of(window), "close")
        assert not window.pad_is_open


@pytest.mark.parametrize("size", [(640, 360), (1080, 1920), (1920, 1080)])
def test_the_pad_fits_on_every_screen(qtbot: QtBot, size: tuple[int, int]) -> None:
    with guarded(PIN) as window:
        pad = pad_of(window)
        pad.open()
        pad.resize(*size)
        plan = pad._plan()
        assert pad.rect().toRectF().contains(plan.panel)
        assert all(plan.panel.contains(place) for _, place in plan.keys)
        places = [place for _, place in plan.keys]
        assert not any(a.intersects(b) for i, a in enumerate(places) for b in places[:i])


def test_holding_the_corner_opens_the_pad_where_there_is_a_pin(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guarded_window, "CORNER_HOLD_MS", 150)
    with guarded(PIN) as window:
        QTest.mousePress(window, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
        qtbot.waitUntil(lambda: window.pad_is_open, timeout=5000)
    with guarded(PIN) as window:
        QTest.mouseClick(window, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
        QTest.mousePress(window, Qt.MouseButton.LeftButton, pos=QPoint(300, 300))
        qtbot.wait(300)
        assert not window.pad_is_open
    with guarded() as window:
        QTest.mousePress(window, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
        qtbot.wait(300)
        assert not window.pad_is_open


def test_a_finger_that_leaves_the_corner_does_not_open_the_pad(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guarded_window, "CORNER_HOLD_MS", 150)
    with guarded(PIN) as window:
        QTest.mousePress(window, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
        _move(window, 400, 300)
        qtbot.wait(300)
        assert not window.pad_is_open


def test_the_pointer_hides_and_comes_back_with_a_move(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    assert guarded_window.HIDDEN_AFTER_MS == 3000
    monkeypatch.setattr(guarded_window, "HIDDEN_AFTER_MS", 150)
    with guarded() as window:

        def is_hidden() -> bool:
            return window.cursor().shape() is Qt.CursorShape.BlankCursor

        qtbot.waitUntil(is_hidden, timeout=5000)
        _move(window, 20, 30)
        assert not is_hidden()
        qtbot.waitUntil(is_hidden, timeout=5000)


def test_there_is_no_context_menu(qtbot: QtBot) -> None:
    with guarded() as window:
        event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, QPoint(10, 10), QPoint(10, 10))
        QApplication.sendEvent(window, event)
        assert event.isAccepted()
        assert QApplication.activePopupWidget() is None


def _move(window: GuardedWindow, x: int, y: int) -> None:
    button = Qt.MouseButton.NoButton
    place = QPointF(x, y)
    QApplication.sendEvent(
        window, QMouseEvent(QEvent.Type.MouseMove, place, place, button, button, Qt.KeyboardModifier.NoModifier)
    )
