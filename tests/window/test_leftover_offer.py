"""A recording that a kill has cut off is offered at the next start, and finished when asked."""

import re
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.processes import running
from tests.window.fake_session import FakeSession
from tests.window.windows import open_window
from video_labeler.errors import VideoLabelerError
from video_labeler.movie.remux import content_of
from video_labeler.session.view import NoticeKind
from video_labeler.settings import Settings, WindowSettings
from video_labeler.window.main.main_window import MainWindow


def killed_recording(target: Path) -> Path:
    """What a program that records leaves when it is killed with SIGKILL, over a second long."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with running(
        [sys.executable, "-m", "tests.recording.recording_child", target, 20], stdout=subprocess.PIPE
    ) as child:
        assert child.stdout is not None
        for line in child.stdout:
            # Each line begins with the number of a frame, 20 of them in a second.
            if int(line.split()[0]) % 20 == 19 and _holds_a_second(target):
                break
    (left,) = target.parent.glob(f"{target.stem}.partial*")
    return left


def _holds_a_second(target: Path) -> bool:
    with suppress(VideoLabelerError):
        return any(content_of(part).seconds > 1 for part in target.parent.glob(f"{target.stem}.partial*"))
    return False


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "recordings"


@pytest.fixture
def window(qtbot: QtBot, folder: Path, tmp_path: Path) -> MainWindow:
    settings = Settings(window=WindowSettings(recordings_folder=str(folder)))
    window = open_window(FakeSession(), tmp_path, settings=settings)
    qtbot.addWidget(window)
    window.show()
    return window


def offered(qtbot: QtBot, window: MainWindow) -> str:
    window.offer_leftovers()
    qtbot.waitUntil(lambda: window.parts.info_bar.message is not None, timeout=60_000)
    message = window.parts.info_bar.message
    assert message is not None
    return message.text


def press(window: MainWindow, words: str) -> None:
    next(button for button in window.parts.info_bar.buttons if button.text() == words).click()


def test_one_that_was_killed_is_finished(qtbot: QtBot, window: MainWindow, folder: Path) -> None:
    left = killed_recording(folder / "Video 1.mp4")
    text = offered(qtbot, window)
    assert re.fullmatch(
        r"The recording Video 1\.mp4 was cut off \(0:0\d\.\d, begun 20\d\d-\d\d-\d\d\s\d\d:\d\d\)\. Finish it\?", text
    )
    assert [button.text() for button in window.parts.info_bar.buttons] == ["Finish", "Later", "Show in folder"]
    press(window, "Finish")
    message = window.parts.info_bar.message
    assert message is not None
    assert message.busy
    toast = window.parts.stage.toast
    qtbot.waitUntil(lambda: toast.notice is not None, timeout=60_000)
    assert toast.notice is not None
    assert toast.notice.kind is NoticeKind.RECORDING_SAVED
    assert toast.notice.path == folder / "Video 1.recovered.mp4"
    assert content_of(folder / "Video 1.recovered.mp4").seconds > 1
    assert not left.exists()
    assert window.parts.info_bar.message is None


def test_later_leaves_everything_as_it_is(qtbot: QtBot, window: MainWindow, folder: Path) -> None:
    left = [killed_recording(folder / "Video 1.mp4"), killed_recording(folder / "Kiosk" / "Video 2.mkv")]
    assert offered(qtbot, window).startswith("2 recordings were cut off (0:0")
    press(window, "Later")
    assert window.parts.info_bar.isHidden()
    assert all(path.exists() for path in left)
    assert not list(folder.rglob("*recovered*"))


def test_one_that_is_being_made_or_is_empty_is_not_offered(qtbot: QtBot, window: MainWindow, folder: Path) -> None:
    folder.mkdir()
    (folder / "Video 1.partial.mp4").touch()
    command = [sys.executable, "-m", "tests.recording.recording_child", str(folder / "Video 2.mp4"), "20"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        child.stdout.readline()
        time.sleep(1.5)
        window.offer_leftovers()
        leftovers = window._leftovers
        assert leftovers is not None
        qtbot.waitUntil(lambda: leftovers._process is not None)
        qtbot.waitUntil(lambda: leftovers._process is None, timeout=60_000)
        child.kill()
    assert window.parts.info_bar.message is None


def test_where_nothing_is_left_nothing_is_started(qtbot: QtBot, window: MainWindow, folder: Path) -> None:
    window.offer_leftovers()
    qtbot.wait(200)
    assert window._leftovers is not None
    assert window._leftovers._process is None


def test_closing_ends_the_finishing_and_keeps_the_file(qtbot: QtBot, window: MainWindow, folder: Path) -> None:
    left = killed_recording(folder / "Video 1.mp4")
    offered(qtbot, window)
    press(window, "Finish")
    window.close()
    assert left.exists() or list(folder.glob("*.recovered.mp4"))


def test_what_cannot_be_finished_is_reported(qtbot: QtBot, window: MainWindow, folder: Path) -> None:
    left = killed_recording(folder / "Video 1.mp4")
    offered(qtbot, window)
    left.unlink()
    press(window, "Finish")
    toast = window.parts.stage.toast
    qtbot.waitUntil(lambda: toast.notice is not None, timeout=60_000)
    assert toast.notice is not None
    assert toast.notice.is_problem
    assert window.parts.info_bar.message is None
