"""The record button: what it asks for and what it tells."""

from dataclasses import replace
from pathlib import Path

from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtWidgets import QHBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from tests.window.fake_session import IDLE, running_view
from tests.window.panel_views import keep
from video_labeler.session.view import PlaybackView, RecordingView
from video_labeler.window import panel_texts as texts
from video_labeler.window.controls.record_button import RecordButton

RUNNING = RecordingView(Path("/videos/Video 1.mp4"), 65.4, 12_400_000, 81_000_000_000)


def shown_button(qtbot: QtBot) -> RecordButton:
    button = RecordButton()
    keep(qtbot, button)
    button.show()
    return button


def test_it_starts_and_stops(qtbot: QtBot) -> None:
    button = shown_button(qtbot)
    button.show_view(running_view())
    with qtbot.waitSignal(button.record_requested) as signal:
        qtbot.mouseClick(button.button, Qt.MouseButton.LeftButton)
    assert signal.args == [True]
    button.show_view(running_view(recording=True))
    with qtbot.waitSignal(button.record_requested) as signal:
        qtbot.keyClick(button.button, Qt.Key.Key_Space)
    assert signal.args == [False]


def test_the_button_stays_under_the_pointer_that_clicked_it(qtbot: QtBot) -> None:
    """In a row whose other end is what gives way, as in the tool bar."""
    row = QWidget()
    line = QHBoxLayout(row)
    button = RecordButton()
    line.addStretch(1)
    line.addWidget(button)
    keep(qtbot, row)
    row.resize(600, 60)
    row.show()
    places = []
    for view in (running_view(), running_view(recording=True), running_view()):
        button.show_view(view)
        qtbot.wait(20)
        places.append((button.button.mapTo(row, QPoint()).x(), button.button.width()))
    assert places == places[:1] * 3


def test_nothing_can_be_recorded_without_a_source_but_what_runs_can_be_stopped(qtbot: QtBot) -> None:
    button = shown_button(qtbot)
    with qtbot.assertNotEmitted(button.record_requested):
        button.toggle()
    button.show_view(IDLE)
    assert not button.button.isEnabled()
    button.show_view(replace(IDLE, recording=RUNNING))
    assert button.button.isEnabled()
    still = PlaybackView(0.0, 1.0, paused=False, speed=1.0, ended=True, is_still=True)
    button.show_view(running_view(playback=still))
    assert not button.button.isEnabled(), "one picture makes no video"


def test_it_tells_time_size_room_and_where(qtbot: QtBot) -> None:
    button = shown_button(qtbot)
    button.set_folder(Path("/videos"))
    button.show_view(running_view())
    assert button.figures == ""
    assert "/videos" in button.button.toolTip()
    button.show_view(running_view(recording=False, playing=False))
    button.show_view(replace(running_view(), recording=RUNNING))
    figures = button.figures.replace("\N{NO-BREAK SPACE}", " ")
    assert figures == "1:05 12 MB · 81 GB left"
    assert button.button.text() == texts.STOP_RECORDING
    assert str(RUNNING.path) in button.button.toolTip()
    assert "1:05" in button.button.accessibleDescription()
    button.show_view(running_view())
    assert button.figures == ""
    assert button.button.text() == texts.RECORD


def test_little_room_and_skipped_frames_are_reported(qtbot: QtBot) -> None:
    button = shown_button(qtbot)
    button.show_view(replace(running_view(), recording=RUNNING))
    calm = button._amounts.styleSheet()
    button.show_view(replace(running_view(), recording=replace(RUNNING, free=900_000_000, skipped=12)))
    assert button._amounts.styleSheet() != calm
    assert "12 frames" in button.button.toolTip()
