"""A window that closes while something is being saved waits for it, and says so."""

import os
import signal
import time
from dataclasses import replace
from pathlib import Path

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from tests.window.fake_session import FakeSession, running_view
from tests.window.windows import open_window
from video_labeler.session.view import Notice, NoticeKind, SavingView
from video_labeler.window import texts
from video_labeler.window.actions import Act
from video_labeler.window.main.main_window import MainWindow
from video_labeler.window.qt_application import ends_on_signals

SAVING = SavingView(("Video 2026-11-22 14.03.12.mp4",), time.monotonic() - 5)


@pytest.fixture
def session() -> FakeSession:
    session = FakeSession(view=running_view(recording=True))
    session.has_slow_disk = True
    return session


@pytest.fixture
def window(qtbot: QtBot, session: FakeSession, tmp_path: Path) -> MainWindow:
    window = open_window(session, tmp_path)
    qtbot.addWidget(window, before_close_func=lambda _: setattr(session, "view", running_view()))
    window.show()
    return window


def finishes(session: FakeSession) -> None:
    session.view = running_view()


def test_without_anything_to_save_it_closes_at_once(window: MainWindow, session: FakeSession) -> None:
    session.view = running_view()
    assert window.close()
    assert session.asked("close") == [()]
    assert session.asked("finish") == []


def test_it_waits_visibly_and_closes_by_itself(qtbot: QtBot, window: MainWindow, session: FakeSession) -> None:
    assert not window.close()
    assert session.asked("finish") == [()]
    session.view = running_view(saving=SAVING)
    window._show_state()
    card = window.parts.stage._card
    assert card.isVisible()
    assert card._title.text() == texts.FINISHING
    assert card._detail.text() == SAVING.names[0]
    assert window.isVisible()
    enabled = [act for act, action in window.actions_by_name.items() if action.isEnabled()]
    assert enabled == [Act.QUIT]
    qtbot.wait(150)
    assert session.asked("close") == []
    with qtbot.waitSignal(window.closed):
        finishes(session)
    assert session.asked("close") == [()]
    assert window.close(), "closing twice is nothing"
    assert session.asked("close") == [()]


def test_a_second_close_asks_and_waits_unless_told_otherwise(
    qtbot: QtBot, window: MainWindow, session: FakeSession
) -> None:
    window.close()
    session.view = running_view(saving=SAVING)
    assert not window.close()
    (box,) = window.findChildren(QMessageBox)
    keep, leave = (next(b for b in box.buttons() if b.text() == words) for words in ("Keep waiting", "Close now"))
    assert box.defaultButton() is keep
    assert box.escapeButton() is keep
    window.close()
    assert len(window.findChildren(QMessageBox)) == 1
    keep.click()
    assert window.isVisible()
    assert session.asked("leave_files") == []
    window.close()
    box = next(box for box in window.findChildren(QMessageBox) if box.isVisible())
    leave = next(button for button in box.buttons() if button.text() == "Close now")
    leave.click()
    assert session.asked("leave_files") == [()]
    assert session.asked("close") == [()]
    assert not window.isVisible()


def test_what_did_not_work_at_the_end_is_reported_before_the_window_goes(
    qtbot: QtBot, window: MainWindow, session: FakeSession
) -> None:
    window.close()
    session.notices = [Notice(NoticeKind.PROBLEM, "The disk is full. <b>\u202e", Path("a"))]
    finishes(session)
    qtbot.waitUntil(lambda: bool(window.findChildren(QMessageBox)))
    (box,) = window.findChildren(QMessageBox)
    assert box.text() == "The disk is full. <b>\\u202e"
    assert box.textFormat() is Qt.TextFormat.PlainText
    assert window.isVisible()
    with qtbot.waitSignal(window.closed):
        box.buttons()[0].click()


def test_the_system_is_asked_nothing(
    qtbot: QtBot, window: MainWindow, session: FakeSession, capsys: pytest.CaptureFixture[str]
) -> None:
    window.close_by_signal()
    assert "Press Ctrl-C again" in capsys.readouterr().err
    window.close_by_signal()
    assert not window.findChildren(QMessageBox)
    session.notices = [Notice(NoticeKind.PROBLEM, "The disk is full.")]
    with qtbot.waitSignal(window.closed):
        finishes(session)


def test_a_second_ctrl_c_closes_at_once(window: MainWindow, session: FakeSession) -> None:
    window.close_by_signal()
    window.close_at_once()
    assert session.asked("leave_files") == [()]
    assert not window.isVisible()


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_only_a_second_ctrl_c_is_more_than_a_polite_request() -> None:
    asked: list[str] = []
    with ends_on_signals(lambda: asked.append("end"), lambda: asked.append("at once")):
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGINT, signal.SIGTERM, signal.SIGINT):
            signal.raise_signal(number)
    assert asked == ["end", "end", "at once", "end", "at once"]


def test_a_slow_end_of_a_recording_is_told_while_the_picture_continues(
    window: MainWindow, session: FakeSession
) -> None:
    session.view = running_view(saving=SAVING)
    window._show_state()
    assert window.parts.stage._chip.isVisible()
    assert window.parts.stage._chip._title.text() == texts.FINISHING
    session.view = running_view(saving=replace(SAVING, since_s=time.monotonic()))
    window._show_state()
    assert not window.parts.stage._chip.isVisible(), "too short to be news"
