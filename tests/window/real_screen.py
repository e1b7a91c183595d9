"""A real X server without a screen, and windows on it that are used with a keyboard and a mouse."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PIL import Image, ImageGrab

WIDTH, HEIGHT = 1280, 800
_WAIT_S = 60.0


def require_screen_tools() -> None:
    """Skip, saying so, where the tools are missing."""
    missing = [name for name in ("Xvfb", "xdotool", "openbox") if shutil.which(name) is None]
    if missing:
        pytest.skip(f"{' and '.join(missing)} not found: apt-get install xvfb xdotool openbox")


def wait_for(what: Callable[[], object], timeout_s: float = _WAIT_S) -> object:
    """Whatever ``what`` returns, once it is something."""
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        if result := what():
            return result
        time.sleep(0.05)
    raise AssertionError(f"waited {timeout_s:g} s in vain for {what}")


@contextmanager
def x_server(width: int = WIDTH, height: int = HEIGHT) -> Iterator[str]:
    """A display of Xvfb's, as ``:N``, with a window manager, which full screen and the keyboard's focus need."""
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", f"{width}x{height}x24", "-nolisten", "tcp", "-noreset"],
        pass_fds=[writing],
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    try:
        with os.fdopen(reading) as numbers:
            display = f":{numbers.readline().strip()}"
        manager = subprocess.Popen(
            ["openbox"],
            env={**os.environ, "DISPLAY": display},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            yield display
        finally:
            manager.terminate()
            manager.wait()
    finally:
        server.terminate()
        server.wait()


class RealWindow:
    """A program with a window, as a process of its own, used through the X server."""

    def __init__(self, display: str, command: list[str], folder: Path) -> None:
        self.display = display
        self._environment = {
            **os.environ,
            "DISPLAY": display,
            "QT_QPA_PLATFORM": "xcb",
            "XDG_CONFIG_HOME": str(folder / "config"),
            "XDG_STATE_HOME": str(folder / "state"),
            "DBUS_SESSION_BUS_ADDRESS": "disabled:",
        }
        self.errors = folder / "errors.txt"
        with self.errors.open("w") as errors:
            self.process = subprocess.Popen(command, env=self._environment, stderr=errors)

    def titled(self, pattern: str) -> str:
        """The number of the window with a title like that, once it is there."""
        return str(wait_for(lambda: self.tool("search", "--onlyvisible", "--name", pattern).split()[:1])[0])

    def tool(self, *words: str) -> str:
        """What xdotool answers."""
        assert self.process.poll() is None, self.errors.read_text()
        return subprocess.run(
            ["xdotool", *words], check=False, env=self._environment, capture_output=True, text=True, timeout=10
        ).stdout

    def focus(self, window: str) -> None:
        """Give a window the keyboard."""
        self.tool("windowactivate", "--sync", window)

    def keys(self, *names: str) -> None:
        """Press keys, one after the other."""
        self.tool("key", "--delay", "60", *names)

    def size(self, window: str) -> tuple[int, int]:
        """Width and height of a window."""
        lines = dict(
            line.split("=") for line in self.tool("getwindowgeometry", "--shell", window).split() if "=" in line
        )
        return int(lines["WIDTH"]), int(lines["HEIGHT"])

    def picture(self) -> Image.Image:
        """What the whole screen shows now."""
        return ImageGrab.grab(xdisplay=self.display).convert("RGB")

    def interrupt(self) -> int:
        """Press Ctrl-C in its terminal, and wait for its end."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(_WAIT_S)

    def kill(self) -> None:
        """End it in any case."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()


def labeler_command(source: str, settings: Path) -> list[str]:
    """The command of the window itself."""
    return [sys.executable, "-m", "video_labeler", "window", source, "--settings", str(settings), "--model", "builtin",
            "--localizer", "builtin"]  # fmt: skip
