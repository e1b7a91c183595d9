"""The kiosk's window on a real X server: pressed, closed and unplugged as visitors and staff do it."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.window.real_screen import HEIGHT, WIDTH, RealWindow, require_screen_tools, wait_for, x_server

_KIOSK = """
import sys
from tests.window.kiosk.fake_stand import FakePulse, FakeStand
from video_labeler.settings import KioskSettings, Settings
from video_labeler.window.kiosk.application import run_kiosk

settings = Settings(kiosk=KioskSettings(screen=int(sys.argv[1]), exit_pin=sys.argv[2]))
sys.exit(run_kiosk(settings, None, FakePulse(), make_stand=lambda *arguments: FakeStand()))
"""
_TITLE = "Video Labeler: kiosk"

Started = Callable[..., tuple[RealWindow, str]]


@pytest.fixture(scope="module")
def display() -> Iterator[str]:
    require_screen_tools()
    with x_server() as display:
        yield display


@pytest.fixture
def started(display: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Started]:
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", "disabled:")
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[3]))
    windows = []

    def start(screen: int = 0, pin: str = "") -> tuple[RealWindow, str]:
        window = RealWindow(display, [sys.executable, "-c", _KIOSK, str(screen), pin], tmp_path)
        windows.append(window)
        number = window.titled(_TITLE)
        window.focus(number)
        return window, number

    yield start
    for window in windows:
        window.kill()


def ended(window: RealWindow) -> int:
    return window.process.wait(20)


def place(window: RealWindow, number: str) -> tuple[int, int, int, int]:
    """Where the window is: left, top, width, height."""
    lines = window.tool("getwindowgeometry", "--shell", number).split()
    values = dict(line.split("=") for line in lines if "=" in line)
    return int(values["X"]), int(values["Y"]), int(values["WIDTH"]), int(values["HEIGHT"])


def test_visitors_cannot_end_it_and_the_exit_keys_can(started: Started) -> None:
    window, number = started()
    assert place(window, number) == (0, 0, WIDTH, HEIGHT)
    window.keys("alt+F4", "Escape", "ctrl+q", "ctrl+c", "ctrl+w", "alt+Tab", "F11", "f", "h", "space", "Return", "Menu")
    window.tool("type", "--delay", "15", "hello 123")
    window.tool("windowquit", number)
    window.tool("mousemove", "5", "5", "click", "1", "click", "3", "click", "--repeat", "2", "1")
    window.tool("mousemove", "5", "5", "mousedown", "1", "mousemove", "600", "400", "mouseup", "1")
    time.sleep(0.5)
    assert window.process.poll() is None
    assert window.titled(_TITLE) == number
    assert place(window, number) == (0, 0, WIDTH, HEIGHT)
    window.focus(number)
    window.keys("ctrl+shift+q")
    assert ended(window) == 0
    assert "Traceback" not in window.errors.read_text()


def test_with_a_pin_the_exit_keys_ask_for_it(started: Started) -> None:
    window, number = started(0, "2580")
    window.keys("ctrl+shift+q")
    window.tool("type", "--delay", "40", "1111")
    window.keys("Return", "Escape")
    time.sleep(0.3)
    assert window.process.poll() is None
    window.focus(number)
    window.keys("ctrl+shift+q")
    window.tool("type", "--delay", "40", "2580")
    window.keys("Return")
    assert ended(window) == 0


def test_a_polite_signal_ends_it(started: Started) -> None:
    window, _ = started()
    window.process.send_signal(signal.SIGTERM)
    assert ended(window) == 0


def test_it_leaves_a_screen_that_is_unplugged_and_comes_back_to_it(started: Started, display: str) -> None:
    if shutil.which("xrandr") is None:
        pytest.skip("xrandr not found: apt-get install x11-xserver-utils")
    half = WIDTH // 2
    left, right = (0, 0, half, HEIGHT), (half, 0, half, HEIGHT)

    def xrandr(*words: str) -> None:
        subprocess.run(["xrandr", *words], env={**os.environ, "DISPLAY": display}, check=True, capture_output=True)

    output = "screen"
    xrandr("--setmonitor", "Left", f"{half}/300x{HEIGHT}/200+0+0", output)
    xrandr("--setmonitor", "Right", f"{half}/300x{HEIGHT}/200+{half}+0", "none")
    try:
        window, number = started(2)
        wait_for(lambda: place(window, number) == right)
        xrandr("--delmonitor", "Right")
        wait_for(lambda: place(window, number) == left)
        xrandr("--setmonitor", "Right", f"{half}/300x{HEIGHT}/200+{half}+0", "none")
        wait_for(lambda: place(window, number) == right)
        # No screen at all, as while the only one is switched over; xrandr itself dislikes that.
        subprocess.run(["xrandr", "--output", output, "--off"], env={**os.environ, "DISPLAY": display}, check=False,
                       capture_output=True)  # fmt: skip
        time.sleep(0.5)
        xrandr("--output", output, "--auto")
        wait_for(lambda: place(window, number) == right)
        window.keys("ctrl+shift+q")
        assert ended(window) == 0
        assert "Traceback" not in window.errors.read_text()
    finally:
        for name in ("Left", "Right"):
            subprocess.run(["xrandr", "--delmonitor", name], env={**os.environ, "DISPLAY": display}, check=False,
                           capture_output=True)  # fmt: skip
