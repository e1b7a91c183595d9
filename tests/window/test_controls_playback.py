"""Playing a file."""

from dataclasses import replace

import pytest
from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from tests.window.fake_session import running_view
from tests.window.panel_views import keep, turn_wheel
from video_labeler.session.view import PlaybackView, SessionView
from video_labeler.window import panel_texts as texts
from video_labeler.window.controls.playback_bar import PlaybackBar

PLAYING = PlaybackView(12.0, 40.0, paused=False, speed=1.0)


class Clock:
    def __init__(self) -> None:
        self.now_s = 50.0

    def __call__(self) -> float:
        return self.now_s


def at(playback: PlaybackView | None) -> SessionView:
    return replace(running_view(), playback=playback)


def shown_bar(qtbot: QtBot, clock: Clock | None = None) -> PlaybackBar:
    bar = PlaybackBar(clock or Clock())
    keep(qtbot, bar)
    bar.resize(600, 44)
    bar.show_view(at(PLAYING))
    return bar


def test_it_shows_only_where_something_plays(qtbot: QtBot) -> None:
    bar = shown_bar(qtbot)
    assert bar.isVisible()
    bar.show_view(at(None))
    assert not bar.isVisible()


def test_play_and_pause(qtbot: QtBot) -> None:
    bar = shown_bar(qtbot)
    assert bar.play_button.accessibleName() == texts.PAUSE
    with qtbot.waitSignal(bar.pause_requested):
        bar.play_button.click()
    bar.show_view(at(replace(PLAYING, paused=True)))
    assert bar.play_button.accessibleName() == texts.PLAY
    with qtbot.waitSignal(bar.play_requested):
        bar.play_button.click()
    bar.show_view(at(replace(PLAYING, ended=True)))
    assert bar.play_button.accessibleName() == texts.PLAY_AGAIN
    with qtbot.waitSignal(bar.play_requested):
        bar.play_button.click()


def test_step_and_speed(qtbot: QtBot) -> None:
    bar = shown_bar(qtbot)
    with qtbot.waitSignal(bar.step_requested):
        bar.step_button.click()
    menu = bar.speed_button.menu()
    assert menu is not None
    with qtbot.waitSignal(bar.speed_requested) as signal:
        menu.actions()[0].trigger()
    assert signal.args == [0.25]
    bar.show_view(at(replace(PLAYING, speed=0.25)))
    assert bar.speed_button.text().startswith("0.25")
    assert [action.isChecked() for action in menu.actions()][:2] == [True, False]


def test_times_are_reported(qtbot: QtBot) -> None:
    bar = shown_bar(qtbot)
    assert bar.times == "0:12 / 0:40"
    bar.show_view(at(PlaybackView(12.37, 4000.0, paused=True, speed=1.0)))
    assert bar.times == "0:12.3 / 1:06:40"
    bar.show_view(at(PlaybackView(12.0, None, paused=False, speed=1.0)))
    assert bar.times == "0:12"
    assert not bar.position.isEnabled()


def test_a_click_seeks_there_and_the_slider_waits_for_the_picture(qtbot: QtBot) -> None:
    clock = Clock()
    bar = shown_bar(qtbot, clock)
    middle = QPoint(bar.position.width() // 2, bar.position.height() // 2)
    with qtbot.waitSignal(bar.seek_requested) as signal:
        qtbot.mouseClick(bar.position, Qt.MouseButton.LeftButton, pos=middle)
    assert signal.args is not None
    (target_s,) = signal.args
    assert abs(target_s - 20.0) < 1.0
    bar.show_view(at(replace(PLAYING, time_s=12.1)))
    assert abs(bar.position.time_s - target_s) < 0.1, "the old time does not pull it back"
    bar.show_view(at(replace(PLAYING, time_s=target_s + 0.05)))
    bar.show_view(at(replace(PLAYING, time_s=target_s + 0.5)))
    assert abs(bar.position.time_s - target_s - 0.5) < 0.1


def test_a_seek_that_never_comes_true_is_given_up(qtbot: QtBot) -> None:
    clock = Clock()
    bar = shown_bar(qtbot, clock)
    with qtbot.waitSignal(bar.seek_requested):
        qtbot.keyClick(bar.position, Qt.Key.Key_Right)
    clock.now_s += 5
    bar.show_view(at(PLAYING))
    assert bar.position.time_s == 12.0


def test_dragging_seeks_now_and_then(qtbot: QtBot) -> None:
    bar = shown_bar(qtbot)
    asked: list[float] = []
    bar.seek_requested.connect(asked.append)
    y = bar.position.height() // 2
    qtbot.mousePress(bar.position, Qt.MouseButton.LeftButton, pos=QPoint(20, y))
    for x in range(20, 200, 2):
        qtbot.mouseMove(bar.position, QPoint(x, y))
    qtbot.mouseRelease(bar.position, Qt.MouseButton.LeftButton, pos=QPoint(200, y))
    qtbot.waitUntil(lambda: bool(asked) and abs(asked[-1] - bar.position.time_s) < 0.1)
    assert len(asked) < 30


def test_arrow_keys_go_five_seconds(qtbot: QtBot) -> None:
    bar = shown_bar(qtbot)
    with qtbot.waitSignal(bar.seek_requested) as signal:
        qtbot.keyClick(bar.position, Qt.Key.Key_Left)
    assert signal.args == [7.0]


def test_a_notch_of_the_wheel_goes_a_second_also_in_parts_and_far_with_a_key(qtbot: QtBot) -> None:
    bar = shown_bar(qtbot)
    for angle, keys, time_s in (
        (120, Qt.KeyboardModifier.NoModifier, 13.0),
        (-240, Qt.KeyboardModifier.NoModifier, 11.0),
        (40, Qt.KeyboardModifier.NoModifier, 11.35),
        (80, Qt.KeyboardModifier.NoModifier, 12.0),
        (120, Qt.KeyboardModifier.ControlModifier, 27.0),
    ):
        turn_wheel(bar.position, angle, keys)
        assert bar.position.time_s == pytest.approx(time_s)
    with qtbot.waitSignal(bar.seek_requested) as signal:
        turn_wheel(bar.position, -120)
    assert signal.args == [26.0]


def test_showing_a_view_asks_for_nothing(qtbot: QtBot) -> None:
    bar = shown_bar(qtbot)
    with qtbot.assertNotEmitted(bar.seek_requested, wait=250):
        for time_s in (1.0, 30.0, 39.9):
            bar.show_view(at(replace(PLAYING, time_s=time_s)))


def test_time_goes_from_left_to_right_in_a_mirrored_window(qtbot: QtBot) -> None:
    window = QWidget()
    keep(qtbot, window)
    window.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    bar = PlaybackBar(Clock())
    QVBoxLayout(window).addWidget(bar)
    window.resize(700, 60)
    window.show()
    bar.show_view(at(PLAYING))
    assert bar.position.layoutDirection() is Qt.LayoutDirection.LeftToRight
    qtbot.waitUntil(lambda: bar.position.x() > bar.play_button.x() > 0)
    place = QPoint(bar.position.width() * 3 // 4, bar.position.height() // 2)
    with qtbot.waitSignal(bar.seek_requested) as signal:
        qtbot.mouseClick(bar.position, Qt.MouseButton.LeftButton, pos=place)
    assert signal.args is not None
    assert abs(signal.args[0] - 30.0) < 1.0
