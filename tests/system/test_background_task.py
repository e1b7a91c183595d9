"""Work in a thread of its own: success, failure, and an end that was asked for."""

import threading
from collections.abc import Callable

import pytest

from video_labeler.errors import OutputError
from video_labeler.system.background_task import BackgroundTask, StopSignal

FAILING = "The picture could not be saved"


class Told:
    """What a task says, in order."""

    def __init__(self) -> None:
        self.words: list[object] = []

    def task(self, work: Callable[[StopSignal], object]) -> BackgroundTask[object]:
        return BackgroundTask(
            "work",
            work,
            failing=FAILING,
            on_success=lambda result: self.words.append(("success", result)),
            on_failure=lambda sentence: self.words.append(("failure", sentence)),
            on_unused=lambda result: self.words.append(("unused", result)),
            on_end=lambda: self.words.append("end"),
        )

    def of(self, work: Callable[[StopSignal], object]) -> list[object]:
        assert self.task(work).start().wait(60)
        return self.words


def raising(error: Exception) -> Callable[[StopSignal], object]:
    def work(_: StopSignal) -> object:
        raise error

    return work


def test_what_the_work_returns_is_reported_and_then_its_end() -> None:
    assert Told().of(lambda _: 42) == [("success", 42), "end"]


def test_it_works_in_a_daemon_thread_of_that_name_and_says_whether_it_runs() -> None:
    may_end, threads = threading.Event(), []

    def work(_: StopSignal) -> None:
        threads.append(threading.current_thread())
        may_end.wait(60)

    task = Told().task(work)
    assert not task.is_running
    assert task.wait(0), "what has not begun need not be waited for"
    task.start()
    assert task.is_running
    assert not task.wait(0)
    may_end.set()
    assert task.wait(60)
    assert not task.is_running
    assert [(thread.name, thread.daemon) for thread in threads] == [("work", True)]


def test_a_known_error_is_reported_as_its_sentence(caplog: pytest.LogCaptureFixture) -> None:
    told = Told().of(raising(OutputError("The disk is full.")))
    assert told == [("failure", "The disk is full."), "end"]
    assert [(record.levelname, record.message) for record in caplog.records] == [("WARNING", FAILING)]


@pytest.mark.logs_error(FAILING)
def test_any_other_error_is_logged_in_full_and_told_in_one_standing_sentence(caplog: pytest.LogCaptureFixture) -> None:
    told = Told().of(raising(ValueError("rtsp://me:secret@host/ is odd")))
    sentence = f"{FAILING} (ValueError: rtsp://host/ is odd). The log file says more."
    assert told == [("failure", sentence), "end"]
    (record,) = caplog.records
    assert (record.levelname, record.message) == ("ERROR", FAILING)
    assert record.exc_info is not None


@pytest.mark.parametrize("fails", [False, True])
def test_after_a_cancel_there_is_no_outcome_but_an_end(fails: bool, caplog: pytest.LogCaptureFixture) -> None:
    told = Told()

    def work(stop: StopSignal) -> str:
        assert stop.wait(60)
        if fails:
            raise OSError("It was closed under the work")
        return "late"

    task = told.task(work).start()
    assert not task.is_cancelled
    task.cancel()
    assert task.is_cancelled
    assert task.wait(60)
    assert told.words == (["end"] if fails else [("unused", "late"), "end"])
    assert not caplog.records


def test_a_cancel_before_the_start_lets_the_work_look_at_it() -> None:
    told = Told()
    task = told.task(lambda stop: stop.is_set())
    task.cancel()
    assert task.start().wait(60)
    assert told.words == [("unused", True), "end"]


def test_the_end_is_told_although_an_outcome_cannot_be_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    ends, uncaught = [], []
    monkeypatch.setattr(threading, "excepthook", lambda arguments: uncaught.append(arguments.exc_type))

    def refuse(_: object) -> None:
        raise RuntimeError("Nobody is there any more")

    task = BackgroundTask("work", lambda _: 1, failing=FAILING, on_success=refuse, on_end=lambda: ends.append(1))
    assert task.start().wait(60)
    assert ends == [1]
    assert uncaught == [RuntimeError]


def test_a_signal_calls_what_ends_the_work_once_and_only_meanwhile() -> None:
    calls: list[str] = []
    stop = StopSignal()
    with stop.calling(lambda: calls.append("before")):
        pass
    with stop.calling(lambda: calls.append("meanwhile")):
        stop.set()
        stop.set()
    with stop.calling(lambda: calls.append("too late")):
        assert calls == ["meanwhile", "too late"]
    assert stop.is_set()
