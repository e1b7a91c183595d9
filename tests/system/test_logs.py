"""The log file, and what happens to errors that nobody caught."""

import logging
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from video_labeler.system import log_file
from video_labeler.system.log_file import start_log_file
from video_labeler.system.logs import UncaughtErrors


@pytest.fixture(autouse=True)
def _root_as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    levels = [handler.level for handler in handlers]
    yield
    for handler in root.handlers:
        if handler not in handlers:
            handler.close()
    root.handlers[:] = handlers
    root.setLevel(level)
    for handler, its_level in zip(handlers, levels, strict=True):
        handler.setLevel(its_level)


def test_what_is_logged_lies_in_a_file_that_is_kept_small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_file, "_LARGEST", 2000)
    path = start_log_file(tmp_path / "state")
    assert path == tmp_path / "state" / "video-labeler.log"
    for number in range(100):
        logging.getLogger("video_labeler.test").info("line %d", number)
    assert "line 99" in path.read_text()
    files = sorted(file.name for file in path.parent.iterdir())
    assert files == ["video-labeler.log", *(f"video-labeler.log.{number}" for number in (1, 2, 3))]
    assert all(file.stat().st_size <= 2000 for file in path.parent.iterdir())


@pytest.mark.logs_error("a loud line")
def test_the_terminal_says_no_more_than_before(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = logging.getLogger()
    root.handlers[:] = [logging.StreamHandler(sys.stderr)]
    root.setLevel(logging.ERROR)
    start_log_file(tmp_path)
    logging.getLogger("video_labeler.test").info("a quiet line")
    logging.getLogger("video_labeler.test").error("a loud line")
    assert capsys.readouterr().err == "a loud line\n"


def test_a_folder_that_cannot_be_written_is_no_reason_to_stop(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert start_log_file(tmp_path / "file") is None


@pytest.mark.logs_error("Uncaught exception")
def test_an_error_in_any_thread_is_logged_each_time_and_told_once(tmp_path: Path) -> None:
    path = start_log_file(tmp_path)
    assert path is not None
    told: list[str] = []

    def fails() -> None:
        raise ZeroDivisionError("division by zero")

    with UncaughtErrors(told.append):
        for _ in range(3):
            thread = threading.Thread(target=fails)
            thread.start()
            thread.join()
        try:
            fails()
        except ZeroDivisionError:
            sys.excepthook(*sys.exc_info())  # type: ignore[arg-type]
        try:
            int("something else")
        except ValueError:
            sys.excepthook(*sys.exc_info())  # type: ignore[arg-type]
    assert len(told) == 2
    assert "division by zero" in told[0]
    assert "something else" in told[1]
    written = path.read_text()
    assert written.count("ZeroDivisionError: division by zero") == 4
    assert "in fails" in written, "with where it came from"


def test_the_hooks_are_given_back() -> None:
    before = sys.excepthook, threading.excepthook
    with UncaughtErrors(lambda text: None):
        assert sys.excepthook is not before[0]
    assert (sys.excepthook, threading.excepthook) == before


def test_ctrl_c_is_not_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    told: list[str] = []
    with UncaughtErrors(told.append):
        sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert told == []
    assert "KeyboardInterrupt" in capsys.readouterr().err
