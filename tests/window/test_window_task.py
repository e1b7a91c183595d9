"""Work beside the interface: its outcome comes in the interface's thread, or not at all."""

import threading

import pytest
from PyQt6 import sip
from PyQt6.QtCore import QObject
from pytestqt.qtbot import QtBot

from video_labeler.errors import ModelNotFoundError
from video_labeler.system.background_task import StopSignal
from video_labeler.window.window_task import WindowTask

FAILING = "The model cannot be used"


class Owner(QObject):
    """Has work done, and remembers what it is told, and by which thread."""

    def __init__(self) -> None:
        super().__init__()
        self.task = WindowTask(self)
        self.told: list[tuple[object, threading.Thread]] = []
        self.stopped: list[str] = []

    def begin(self, word: str, *, fails: Exception | None = None, waits: bool = False) -> None:
        stopped = self.stopped

        def work(stop: StopSignal) -> str:
            if waits and stop.wait(60):
                stopped.append(word)
            if fails is not None:
                raise fails
            return word

        self.task.start("work", work, failing=FAILING, on_success=self.take, on_failure=self.take)

    def take(self, outcome: object) -> None:
        self.told.append((outcome, threading.current_thread()))


@pytest.mark.parametrize(
    ("fails", "told"),
    [
        (None, "done"),
        (ModelNotFoundError("There is no such model."), "There is no such model."),
        pytest.param(
            ZeroDivisionError("odd"),
            f"{FAILING} (ZeroDivisionError: odd). The log file says more.",
            marks=pytest.mark.logs_error(FAILING),
        ),
    ],
)
def test_an_outcome_comes_in_the_interface_s_thread(qtbot: QtBot, fails: Exception | None, told: str) -> None:
    owner = Owner()
    owner.begin("done", fails=fails)
    assert owner.task.is_busy
    qtbot.waitUntil(lambda: bool(owner.told), timeout=60_000)
    assert owner.told == [(told, threading.main_thread())]
    assert not owner.task.is_busy


def test_the_newest_work_wins_and_the_one_before_is_told_to_stop(qtbot: QtBot) -> None:
    owner = Owner()
    owner.begin("first", waits=True)
    owner.begin("second")
    qtbot.waitUntil(lambda: bool(owner.told) and bool(owner.stopped), timeout=60_000)
    assert owner.stopped == ["first"]
    assert [word for word, _ in owner.told] == ["second"]


def test_an_outcome_may_begin_the_next_work(qtbot: QtBot) -> None:
    owner = Owner()
    owner.task.start("work", lambda _: 1, failing=FAILING, on_success=lambda _: owner.begin("next"))
    qtbot.waitUntil(lambda: bool(owner.told), timeout=60_000)
    assert [word for word, _ in owner.told] == ["next"]


def test_after_a_cancel_nothing_comes_although_it_is_done_already(qtbot: QtBot) -> None:
    owner = Owner()
    done = threading.Event()
    owner.task.start("work", lambda _: done.set(), failing=FAILING, on_success=owner.take)
    assert done.wait(60)
    owner.task.cancel()
    assert not owner.task.is_busy
    qtbot.wait(100)
    assert owner.told == []


def test_work_that_outlives_its_window_is_told_to_stop_and_reaches_nobody(qtbot: QtBot) -> None:
    owner = Owner()
    owner.begin("late", waits=True)
    stopped, told = owner.stopped, owner.told
    sip.delete(owner)
    qtbot.waitUntil(lambda: stopped == ["late"], timeout=60_000)
    qtbot.wait(100)
    assert told == []


def test_the_thread_never_lets_go_the_last_of_a_window(qtbot: QtBot) -> None:
    """What a thread is the last to hold would be destroyed by it, which crashes."""
    destroyed_by: list[threading.Thread] = []
    may_end, ended = threading.Event(), threading.Event()

    def work(_: StopSignal) -> None:
        ended.set()
        may_end.wait(60)

    owner = Owner()
    owner.destroyed.connect(lambda: destroyed_by.append(threading.current_thread()))
    owner.task.start("work", work, failing=FAILING, on_success=owner.take, on_failure=owner.take)
    assert ended.wait(60)
    owner.task.cancel()
    del owner
    assert destroyed_by == [threading.main_thread()]
    may_end.set()
