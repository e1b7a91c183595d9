"""A kiosk that crashes, hangs, grows and ends is started again: real processes, a fake kiosk inside."""

import io
import json
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.kiosk.fake_supervisor import start_fake
from video_labeler.kiosk import supervisor
from video_labeler.kiosk.day import Day
from video_labeler.kiosk.day_book import DayBook
from video_labeler.kiosk.running_child import _lines
from video_labeler.kiosk.supervisor import Process, Supervisor
from video_labeler.kiosk.vital_signs import Limits

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="the fake kiosk ends itself by POSIX signals"),
    pytest.mark.logs_error("The kiosk ", "The card ", "cannot be ended"),
]

LIMITS = Limits(memory_mb=250, silence_s=2.0, start_s=20, polite_s=0.5, stop_s=1.0)

FAST = 60
FAST_LIMITS = Limits(memory_mb=250, silence_s=120, start_s=1200, polite_s=60, stop_s=60, late_s=10_000)
"""With a clock that is so many times as fast, these last as long as above, and a minute is over in a second."""

LIVE = ["ready", "beat:0.3"]
END = ["ready", "beat:0.3", "leave", "hang"]


class Show:
    """A supervisor in a thread, whose kiosk does other things in each of its lives."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.limits = LIMITS
        self.speed = 1.0
        self.lives: list[list[str]] = []
        self.card = ["ready", f"note:{folder / 'card'}", "hang"]
        self.reasons: list[str] = []
        self.started: list[Process] = []
        self.ups: list[float] = []
        self.start: Callable[..., Process] = start_fake
        self.supervisor: Supervisor | None = None
        self._thread: threading.Thread | None = None
        self._code: int | None = None

    def begin(self, *lives: list[str]) -> None:
        self.lives = list(lives)
        self.supervisor = Supervisor(
            self._start_child,
            self._start_card,
            DayBook(self.folder),
            self.limits,
            clock=lambda: time.monotonic() * self.speed,
            on_up=self.ups.append,
        )
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def run(self, *lives: list[str]) -> Day:
        self.begin(*lives)
        return self.wait()

    def wait(self) -> Day:
        assert self._thread is not None
        self._thread.join(40)
        assert self._code == 0
        assert all(process.poll() is not None for process in self.started)
        (path,) = self.folder.glob("day-*.json")
        return Day.from_json(json.loads(path.read_text()))

    def close(self) -> None:
        if self.supervisor is not None and self._thread is not None:
            self.supervisor.stop()
            self._thread.join(20)
        for process in self.started:
            process.kill()

    def _run(self) -> None:
        assert self.supervisor is not None
        self._code = self.supervisor.run()

    def _start_child(self) -> Process:
        deeds = self.lives.pop(0) if len(self.lives) > 1 else self.lives[0]
        return self._started(self.start(*deeds))

    def _start_card(self, reason: str) -> Process:
        self.reasons.append(reason)
        return self._started(start_fake(*self.card))

    def _started(self, process: Process) -> Process:
        self.started.append(process)
        return process


@pytest.fixture
def show(tmp_path: Path) -> Iterator[Show]:
    the_show = Show(tmp_path)
    yield the_show
    the_show.close()


def wait_until(condition: Callable[[], Any], within_s: float = 15) -> None:
    deadline = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


@pytest.mark.parametrize(
    ("end", "reason", "kind", "allowed_s"),
    [
        (["crash"], "crashed (signal 9, SIGKILL)", "crashed", 0),
        (["exit:0"], "ended with code 0", "ended by itself", 0),
        (["exit:1"], "ended with code 1", "ended by itself", 0),
        (["exit:3"], "ended because a device hung", "a device hung", 0),
        (["hang"], "gave no sign of life for 2 s", "no sign of life", 2),
        (["stop"], "gave no sign of life for 2 s", "no sign of life", 2),
        (["deaf", "hang"], "gave no sign of life for 2 s", "no sign of life", 2),
        (["grow:400", "beat:5"], "MB, more than the 250 MB allowed", "too much memory", 0),
        (["deaf", "grow:400", "beat:5"], "MB, more than the 250 MB allowed", "too much memory", 0.5),
    ],
)
def test_whatever_ends_it_it_is_back_in_three_seconds(
    end: list[str], reason: str, kind: str, allowed_s: float, show: Show
) -> None:
    day = show.run([*LIVE, *end], END)
    assert len(show.started) == 2
    assert day.reasons == {kind: 1}
    (note,) = day.restarts
    assert reason in note.reason
    assert note.back_after_s is not None
    assert note.back_after_s < 3 + allowed_s
    assert len(show.ups) == 2
    assert show.reasons == []


def test_nothing_that_was_told_is_lost_with_the_child(show: Show) -> None:
    day = show.run(["ready", "count:Mug", "count:Mug", "crash"], ["ready", "count:Mug", "exit:1"], END)
    assert day.tally.labels == {"Mug": 3}
    assert day.up_s > 0
    assert day.down_s >= sum(note.back_after_s or 0 for note in day.restarts) - 0.01


def test_a_child_that_says_nothing_from_the_start_is_killed(show: Show) -> None:
    show.limits = Limits(memory_mb=250, silence_s=1, start_s=0.5, stop_s=1)
    show.begin(["deaf", "hang"], ["deaf", "hang"], ["ready", "beat:30"])
    wait_until(lambda: len(show.started) >= 3)
    show.close()
    day = show.wait()
    assert day.reasons["did not start"] >= 2
    assert day.restarts[0].reason == "did not start within 0.5 s"


def test_the_staffs_leave_taking_ends_it_all(show: Show) -> None:
    day = show.run(["ready", "beat:0.3", "count:Mug", "leave", "exit:0"])
    assert len(show.started) == 1
    assert day.restarts == []
    assert day.tally.labels == {"Mug": 1}
    assert list(show.folder.glob("summary-*.txt"))


def test_a_polite_end_is_tried_first(show: Show) -> None:
    show.begin([f"farewell:{show.folder / 'farewell'}", "ready", "beat:30"])
    wait_until(lambda: show.ups)
    assert show.supervisor is not None
    show.supervisor.stop()
    assert show.wait().restarts == []
    assert (show.folder / "farewell").exists()


def test_a_child_that_does_not_listen_is_killed_at_the_end(show: Show) -> None:
    show.begin(["deaf", "ready", "beat:30"])
    wait_until(lambda: show.ups)
    assert show.supervisor is not None
    show.supervisor.stop()
    show.wait()
    assert show.started[0].returncode == -signal.SIGKILL


def test_a_system_that_refuses_to_start_it_is_asked_again(show: Show) -> None:
    def refuse(*deeds: str) -> Process:
        show.start = start_fake
        raise OSError(12, "Cannot allocate memory")

    show.start = refuse
    day = show.run(END, END)
    assert [note.reason for note in day.restarts] == ["could not be started (Cannot allocate memory)"]


@pytest.mark.logs_error("The supervisor ")
def test_a_mistake_of_its_own_does_not_end_the_supervisor(
    show: Show, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(book: DayBook, failure: object, silent_s: float) -> None:
        raise RuntimeError("a mistake")

    monkeypatch.setattr(DayBook, "failed", fail)
    show.run([*LIVE, "crash"], END)
    assert len(show.ups) == 2
    assert "a mistake" in caplog.text


def test_after_five_failures_a_card_stands_until_a_try_has_come_up(show: Show) -> None:
    show.speed, show.limits = FAST, FAST_LIMITS
    show.begin(*[["complain:Error: The screen is on fire.", "exit:1"]] * 6, ["ready", "beat:30"])
    wait_until(lambda: show.ups)
    # Five lives, the card, a try in vain, and one that lives.
    assert len(show.started) == 8
    assert show.reasons == ["It ended with code 1. Error: The screen is on fire."]
    wait_until(lambda: show.started[5].poll() is not None)
    assert show.started[-1].poll() is None
    show.close()
    assert show.wait().reasons == {"ended by itself": 6}


def test_a_card_comes_up_whatever_the_last_error_holds(show: Show) -> None:
    show.card = ["ready", "leave", "hang"]
    show.run(["complain:Error: aNULb \x1b[2J rtsp://anna:geheim@host/", "exit:1"])
    assert show.reasons == [r"It ended with code 1. Error: a\x00b \x1b[2J rtsp://host/"]


def test_a_child_that_never_stops_talking_is_heard_piece_by_piece(show: Show) -> None:
    labels = {f"{'thing ' * 9}{number}": 1 for number in range(500)}
    message = {"kind": "beat", "scene": "live", "memory_mb": 1, "tally": {"labels": labels}}
    program = f"import sys\nwhile True: sys.stdout.write({json.dumps(message)!r} + chr(10))"

    def start(*_: str) -> Process:
        pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
        return subprocess.Popen([sys.executable, "-c", program], start_new_session=True, **pipes)

    show.start = start
    show.begin(["flood"])
    most, end = 0, time.monotonic() + 2
    while time.monotonic() < end:
        most = max(most, show.supervisor._events.qsize() if show.supervisor is not None else 0)
        time.sleep(0.01)
    show.close()
    assert 0 < most <= supervisor._MOST_WAITING + 2
    assert show.wait().tally.labels


def test_the_card_can_be_left_with_the_exit_keys(show: Show) -> None:
    show.card = ["ready", "leave", "hang"]
    show.run(["exit:1"])
    assert len(show.reasons) == 1


def test_a_card_that_cannot_be_shown_stops_nothing(show: Show, caplog: pytest.LogCaptureFixture) -> None:
    show.speed, show.limits = FAST, FAST_LIMITS
    show.card = ["exit:1"]
    show.run(*[["exit:1"]] * 6, END)
    assert len(show.reasons) == 2
    assert "The card ended with code 1." in caplog.text


def test_a_process_that_cannot_be_killed_is_left_behind(show: Show, caplog: pytest.LogCaptureFixture) -> None:
    def unkillable(*deeds: str) -> Process:
        show.start = start_fake
        process = start_fake(*deeds)
        process.kill = lambda: None  # type: ignore[method-assign]
        return process

    show.speed, show.limits = FAST, FAST_LIMITS
    show.start = unkillable
    show.begin([*LIVE, "stop"], END)
    wait_until(lambda: len(show.ups) == 2)
    assert "is left behind" in caplog.text
    psutil.Process(show.started[0].pid).kill()
    assert show.wait().reasons == {"no sign of life": 1}


@pytest.mark.skipif(sys.platform != "linux", reason="only there groups are ended")
def test_what_the_child_had_started_ends_with_it(show: Show) -> None:
    path = show.folder / "pid"
    show.run([f"spawn:{path}", *LIVE, "crash"], END)
    wait_until(lambda: not psutil.pid_exists(int(path.read_text())))


def test_what_the_child_prints_goes_to_the_log_within_bounds(show: Show, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    show.run(["print:hello", "ready", "beat:0.2", "flood:1000", "crash"], END)
    assert "kiosk: hello" in caplog.text
    assert "kiosk: hello again" in caplog.text
    noise = [message for message in caplog.messages if "noise" in message]
    assert 150 < len(noise) <= 200
    assert max(map(len, noise)) < 600


def test_a_line_without_end_comes_in_pieces() -> None:
    pieces = list(_lines(io.BytesIO(b"x" * 200_000 + b"\nnext\n")))
    assert max(map(len, pieces)) <= 64 * 1024
    assert pieces[-1] == b"next\n"
    assert b"".join(pieces) == b"x" * 200_000 + b"\nnext\n"


@pytest.fixture
def apart(tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """Starts a supervisor in a process of its own, whose children note their ids in ``tmp_path / "pids"``."""
    started = []

    def start(*deeds: str) -> subprocess.Popen[bytes]:
        words = [sys.executable, "-m", "tests.kiosk.fake_supervisor", str(tmp_path / "days"), *deeds]
        started.append(subprocess.Popen([*words[:4], f"note:{tmp_path / 'pids'}", *words[4:]]))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()


def children(tmp_path: Path) -> list[int]:
    path = tmp_path / "pids"
    return [int(line) for line in path.read_text().split()] if path.exists() else []


def counted(tmp_path: Path) -> Day | None:
    path = next((tmp_path / "days").glob("day-*.json"), None)
    return Day.from_json(json.loads(path.read_text())) if path is not None else None


def test_a_killed_supervisor_takes_its_child_along_and_loses_no_labels(
    apart: Callable[..., subprocess.Popen[bytes]], tmp_path: Path
) -> None:
    supervisor = apart("ready", "beat:1", "count:Mug", "beat:30")
    wait_until(lambda: (day := counted(tmp_path)) and day.tally.labels)
    supervisor.kill()
    (child,) = children(tmp_path)
    wait_until(lambda: not psutil.pid_exists(child))
    day = counted(tmp_path)
    assert day is not None
    assert day.tally.labels == {"Mug": 1}
    # A second's beats at least came before the label, and went to the disk with it.
    assert day.tally.captured > 2


@pytest.mark.parametrize("both", [False, True])
def test_time_in_which_the_supervisor_slept_is_not_a_silence(
    both: bool, apart: Callable[..., subprocess.Popen[bytes]], tmp_path: Path
) -> None:
    supervisor = apart("ready", "count:Mug", "beat:30")
    wait_until(lambda: counted(tmp_path))
    (child,) = children(tmp_path)
    sleepers = [supervisor.pid, child] if both else [supervisor.pid]
    for pid in sleepers:
        os.kill(pid, signal.SIGSTOP)
    time.sleep(2)
    for pid in sleepers:
        os.kill(pid, signal.SIGCONT)
    time.sleep(1)
    assert children(tmp_path) == [child]
    assert supervisor.poll() is None
