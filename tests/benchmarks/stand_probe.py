"""A kiosk on a virtual screen with a camera whose pictures bear numbers, seen from outside."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.benchmarks.screen_memory import Screen, virtual_screen
from tests.benchmarks.show_camera import HEIGHT, NUMBERS, WIDTH, Show, ShowCamera, code_points, number_of

_SIZE = 1920, 1080
_THINGS = ("coffee_mug", "strawberry", "goldfish", "violin", "backpack", "stopwatch", "zebra", "toaster")
_SETTINGS = """[kiosk]
exhibitor = "Hall 4, stand 12"
line = "What do you have with you today?"
{more}
[window]
recordings_folder = "{folder}"
"""


@dataclass(frozen=True)
class StandProbe:
    """What can be known of a running kiosk without asking it. ``folder`` takes its state and its recordings."""

    folder: Path
    screen: Screen
    camera: ShowCamera
    supervisor: psutil.Process
    places: tuple[tuple[float, float], ...]

    @property
    def age_s(self) -> float | None:
        """How long ago the picture on the screen was sent; ``None`` where it is none of the camera's in full light."""
        number = number_of([self.screen.brightness(x, y) for x, y in self.places])
        # A number comes again after two seconds, so no age between half a second and that can be missed.
        return None if number is None else time.monotonic() - self.camera.sent_s[number % NUMBERS]

    @property
    def state(self) -> Path:
        """Where the day's files are."""
        return self.folder / "state/video-labeler/kiosk"


def photographs() -> list[Path] | None:
    """The things to be held up; ``None`` where there are no photographs, which is said."""
    if "VIDEO_LABELER_PHOTOS" not in os.environ:
        print("skipped: set VIDEO_LABELER_PHOTOS to a folder with photographs of things to hold up")
        return None
    return [Path(os.environ["VIDEO_LABELER_PHOTOS"]) / f"{name}.jpg" for name in _THINGS]


@contextmanager
def running_kiosk(show: Show, more: str = "") -> Iterator[StandProbe]:
    """The real command with ``more`` lines in its settings; ended politely. What it left is there until then."""
    with (
        tempfile.TemporaryDirectory() as name,
        virtual_screen(Path(name), *_SIZE) as screen,
        ShowCamera(show) as camera,
    ):
        folder = Path(name)
        settings = folder / "booth.toml"
        settings.write_text(_SETTINGS.format(more=more, folder=folder))
        homes = {f"XDG_{kind}_HOME": str(folder / kind.lower()) for kind in ("STATE", "CONFIG")}
        kiosk = subprocess.Popen(
            [sys.executable, "-m", "video_labeler", "kiosk", camera.url, "--settings", str(settings)],
            env={**os.environ, **homes, "DISPLAY": screen.display},
            stdout=subprocess.DEVNULL,
        )
        try:
            yield StandProbe(folder, screen, camera, psutil.Process(kiosk.pid), _places_on_screen())
        finally:
            end(kiosk.pid)
            kiosk.wait(20)


def end(pid: int) -> None:
    """Ask a kiosk to end, and wait for it."""
    try:
        process = psutil.Process(pid)
        process.send_signal(signal.SIGTERM)
        process.wait(20)
    except psutil.NoSuchProcess:
        return


def _places_on_screen() -> tuple[tuple[float, float], ...]:
    """Where the blocks of the code are, when the camera's picture is shown."""
    from PyQt6.QtCore import QSizeF

    from video_labeler.window.kiosk.layout import Layout

    stage = Layout.of(QSizeF(*_SIZE), strip_units=0).stage
    scale = min(stage.width() / WIDTH, stage.height() / HEIGHT)
    left = stage.x() + (stage.width() - scale * WIDTH) / 2
    top = stage.y() + (stage.height() - scale * HEIGHT) / 2
    return tuple((left + scale * x, top + scale * y) for x, y in code_points())
