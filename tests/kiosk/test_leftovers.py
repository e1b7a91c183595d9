"""Recordings that a killed kiosk has left are saved, and the one that is being made is left alone."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from video_labeler.kiosk.leftovers import Leftovers


class Recovery:
    """Stands in for the command, and remembers what it was told."""

    def __init__(self, program: str = "print('Saved.')") -> None:
        self.calls: list[list[str]] = []
        self._program = program

    def start(self, words: Sequence[str]) -> "subprocess.Popen[bytes]":
        self.calls.append(list(words))
        return subprocess.Popen([sys.executable, "-c", self._program], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def make(path: Path, age_s: float = 10.0) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    os.utime(path, (time.time() - age_s, time.time() - age_s))
    return path


def finish(leftovers: Leftovers) -> None:
    deadline = time.monotonic() + 20
    while any(thread.name == "leftovers" for thread in threading.enumerate()) and time.monotonic() < deadline:
        time.sleep(0.02)
    leftovers.close()


def test_only_what_was_there_before_the_kiosk_is_touched(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    old = make(tmp_path / "Kiosk" / "Video 1.partial.mp4")
    older = make(tmp_path / "Kiosk" / "Video 0.partial-2.mkv", age_s=100)
    make(tmp_path / "Kiosk" / "Video 2.partial.mp4", age_s=0)
    make(tmp_path / "Kiosk" / "Video 1.mp4")
    make(tmp_path / "Kiosk" / "Video 1.partial.vtt")
    recovery = Recovery()
    leftovers = Leftovers(tmp_path / "Kiosk", recovery.start)
    leftovers.save(before=time.time() - 5)
    finish(leftovers)
    assert recovery.calls == [["recover", str(older), str(old)]]
    assert "recover: Saved." in caplog.text


def test_where_nothing_is_left_nothing_is_started(tmp_path: Path) -> None:
    recovery = Recovery()
    for folder in (tmp_path, tmp_path / "not there"):
        leftovers = Leftovers(folder, recovery.start)
        leftovers.save(time.time())
        finish(leftovers)
    assert recovery.calls == []


def test_one_recovery_at_a_time_which_ends_with_the_kiosk(tmp_path: Path) -> None:
    make(tmp_path / "Video 1.partial.mp4")
    recovery = Recovery("import time; time.sleep(60)")
    leftovers = Leftovers(tmp_path, recovery.start)
    leftovers.save(time.time())
    deadline = time.monotonic() + 10
    while not recovery.calls and time.monotonic() < deadline:
        time.sleep(0.02)
    leftovers.save(time.time())
    began_s = time.monotonic()
    leftovers.close()
    assert time.monotonic() - began_s < 10
    assert len(recovery.calls) == 1


def test_a_recovery_that_cannot_be_started_is_not_a_failure(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    def refuse(words: Sequence[str]) -> "subprocess.Popen[bytes]":
        raise OSError(11, "Resource temporarily unavailable")

    make(tmp_path / "Video 1.partial.mp4")
    leftovers = Leftovers(tmp_path, refuse)
    leftovers.save(time.time())
    finish(leftovers)
    assert "Resource temporarily unavailable" in caplog.text
