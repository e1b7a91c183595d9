"""The window as people start and use it: a process of its own, on a real X server, with keyboard and mouse."""

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.clips import moving_square, write_clip
from tests.window.real_screen import (
    HEIGHT,
    WIDTH,
    RealWindow,
    labeler_command,
    require_screen_tools,
    wait_for,
    x_server,
)
from video_labeler.settings import Settings, WindowSettings
from video_labeler.settings_file import save_settings

Started = Callable[..., RealWindow]

_DRAG_SOURCE = """
import sys
from PyQt6.QtCore import QMimeData, Qt, QUrl
from PyQt6.QtGui import QDrag
from PyQt6.QtWidgets import QApplication, QLabel

class Source(QLabel):
    def mousePressEvent(self, event):
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(sys.argv[1])])
        drag = QDrag(self)
        drag.setMimeData(data)
        drag.exec(Qt.DropAction.CopyAction)

app = QApplication(sys.argv)
label = Source("drag me")
label.setWindowTitle("drag source")
label.setWindowFlag(Qt.WindowType.X11BypassWindowManagerHint)
label.setGeometry(1180, 700, 90, 90)
label.show()
app.exec()
"""


@pytest.fixture(scope="module")
def display() -> Iterator[str]:
    require_screen_tools()
    with x_server() as display:
        yield display


@pytest.fixture
def started(display: str, tmp_path: Path) -> Iterator[Started]:
    windows = []

    def start(command: list[str]) -> RealWindow:
        windows.append(RealWindow(display, command, tmp_path))
        return windows[-1]

    yield start
    for window in windows:
        window.kill()


@pytest.fixture
def settings_path(tmp_path: Path) -> Path:
    path = tmp_path / "settings.toml"
    save_settings(Settings(window=WindowSettings(recordings_folder=str(tmp_path / "recordings"))), path)
    return path


def test_it_starts_shows_its_source_and_ends_on_ctrl_c(started: Started, settings_path: Path) -> None:
    window = started(labeler_command("synthetic:320x240@15", settings_path))
    window.titled("^Test picture .* Video Labeler$")
    begun_s = time.monotonic()
    assert window.interrupt() == 0
    assert time.monotonic() - begun_s < 5
    assert "Traceback" not in window.errors.read_text()


def test_a_key_fills_the_screen_and_escape_gives_it_back(started: Started, settings_path: Path) -> None:
    window = started(labeler_command("synthetic:320x240@15", settings_path))
    number = window.titled("Test picture")
    before = window.size(number)
    window.focus(number)
    window.keys("f")
    wait_for(lambda: window.size(number) == (WIDTH, HEIGHT))
    time.sleep(0.3)
    window.keys("Escape")
    wait_for(lambda: window.size(number) == before)


def test_record_with_keys_then_find_and_play_what_was_recorded(
    started: Started, settings_path: Path, tmp_path: Path
) -> None:
    window = started(labeler_command("synthetic:320x240@15", settings_path))
    number = window.titled("Test picture")
    window.focus(number)
    folder = tmp_path / "recordings"

    def recording() -> list[Path]:
        window.keys("r")
        begun_s = time.monotonic()
        while not (files := list(folder.glob("*"))) and time.monotonic() - begun_s < 4.0:
            time.sleep(0.05)
        return files

    # The key means nothing before the first picture.
    wait_for(recording)
    time.sleep(1.5)
    window.keys("r")
    recorded = wait_for(lambda: next((path for path in folder.glob("*.mp4") if ".partial" not in path.name), None))
    assert isinstance(recorded, Path)
    window.keys("ctrl+o")
    dialog = window.titled("Open a video or a picture")
    window.focus(dialog)
    window.tool("type", "--delay", "15", str(recorded))
    # The first may only take what the dialog proposes.
    wait_for(lambda: window.keys("Return") or dialog not in window.tool("search", "--onlyvisible", "--name", "Open a"))
    played = window.titled("^Video.*Video Labeler$")
    window.focus(played)
    window.keys("k", "period", "j")
    assert window.interrupt() == 0
    assert "Traceback" not in window.errors.read_text()


def test_a_video_dropped_from_another_program_is_opened(started: Started, settings_path: Path, tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "dropped.mp4", moving_square(60))
    window = started(labeler_command("synthetic:320x240@15", settings_path))
    number = window.titled("Test picture")
    window.tool("windowmove", "--sync", number, "0", "0")
    source = started([sys.executable, "-c", _DRAG_SOURCE, str(clip)])
    source.titled("drag source")
    source.tool("mousemove", "--sync", "1220", "740", "mousedown", "1")
    for step in range(1, 9):
        source.tool("mousemove", str(1220 - step * 100), str(740 - step * 50))
        time.sleep(0.1)
    source.tool("mouseup", "1")
    window.titled("^dropped.mp4 .* Video Labeler$")


def test_a_toggle_in_a_settings_file_with_mistakes_loses_nothing(started: Started, tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    text = "# Ask Ada\n[kiosk]\nexit_pin = '2580' # secret\nlien = 'x'\n\n[labels]\nhide = ['Person']\n"
    path.write_text(text)
    window = started(labeler_command("synthetic:320x240@15", path))
    window.focus(window.titled("Test picture"))

    def toggled() -> bool:
        window.keys("m")
        time.sleep(1.2)
        return path.read_text() != text

    wait_for(toggled)
    assert window.interrupt() == 0
    assert path.read_text().startswith(text)
    assert path.with_name("settings.toml.bak-1").read_text() == text
    assert "settings.toml, line 4: 'lien' is not a setting of [kiosk]" in window.errors.read_text()
