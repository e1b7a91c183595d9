"""What people do with the window, from its start to its end, with real keys and a real mouse; one journey a fault.

Every journey leaves screenshots in ``build/journeys``. Those that need another start of the program are for
``make test-long``; the same faults have quick tests beside the parts that they are of.
"""

import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageChops

from tests.sources.mjpeg_server import MjpegServer, Mode
from tests.window.real_screen import RealWindow, labeler_command, require_screen_tools, wait_for, x_server
from video_labeler.settings import Settings, WindowSettings
from video_labeler.settings_file import save_settings

_KEPT = Path(__file__).parents[2] / "build" / "journeys"
_WAIT_S = 60.0


def until(what: Callable[[], object]) -> object:
    return wait_for(what, _WAIT_S)


class Journey:
    """A window on a screen of its own that is used, step by step."""

    def __init__(self, display: str, source: str, folder: Path, name: str) -> None:
        self.folder = folder
        self.settings = folder / "settings.toml"
        self.recordings = folder / "recordings"
        self._display, self._source, self._name, self._shots = display, source, name, 0
        save_settings(Settings(window=WindowSettings(recordings_folder=str(self.recordings))), self.settings)
        self.start()

    def start(self) -> None:
        """Start the program, and wait until it plays."""
        self.window = RealWindow(self._display, labeler_command(self._source, self.settings), self.folder)
        self.number = self._found("^..* Video Labeler$")
        self.window.focus(self.number)
        # All that is not black is the window with its frame.
        self._box = until(lambda: self.window.picture().getbbox())
        until(self.moves)

    def _found(self, pattern: str) -> str:
        return str(until(lambda: self._all(pattern))[0])  # type: ignore[index]

    def _all(self, pattern: str) -> list[str]:
        return self.window.tool("search", "--onlyvisible", "--name", pattern).split()

    @property
    def title(self) -> str:
        return self.window.tool("getwindowname", self.number).strip()

    def keys(self, *names: str) -> None:
        self.window.keys(*names)

    def type(self, text: str) -> None:
        self.window.tool("type", "--delay", "10", text)

    def dialog(self, pattern: str) -> str:
        """The dialog of that title, with the keyboard."""
        number = self._found(pattern)
        self.window.focus(number)
        return number

    def has_dialog(self, pattern: str) -> bool:
        return bool(self._all(pattern))

    def part(self, left: float, top: float, right: float, bottom: float) -> Image.Image:
        """A part of the window, in shares of its width and height."""
        x, y, x_end, y_end = self._box
        width, height = x_end - x, y_end - y
        place = x + width * left, y + height * top, x + width * right, y + height * bottom
        return self.window.picture().crop(tuple(map(round, place)))

    def stage(self) -> Image.Image:
        """The middle of the picture, without cards at its edges."""
        return self.part(0.1, 0.35, 0.6, 0.7)

    def moves(self) -> bool:
        """Whether the picture changes."""
        before = self.stage()
        return any(differ(before, self.stage()) for _ in range(8))

    def stands(self) -> bool:
        """Whether the picture is the same for a while."""
        return not self.moves()

    def freeze(self) -> None:
        """Freeze the picture, as soon as that means something."""

        def frozen() -> bool:
            if self.moves():
                self.keys("z")
            return self.stands()

        until(frozen)

    def keep(self, step: str) -> None:
        """Keep a screenshot."""
        _KEPT.mkdir(parents=True, exist_ok=True)
        self._shots += 1
        self.window.picture().save(_KEPT / f"{self._name}-{self._shots:02}-{step}.png")

    def read_settings(self) -> dict[str, Any]:
        return tomllib.loads(self.settings.read_text())

    def pictures(self) -> list[Path]:
        return [path for path in sorted(self.recordings.glob("*.png")) if path.stat().st_size]

    def end(self) -> None:
        self.window.kill()
        assert "Traceback" not in self.window.errors.read_text()


def differ(one: Image.Image, other: Image.Image) -> bool:
    return ImageChops.difference(one, other).getbbox() is not None


@contextmanager
def journey(source: str, folder: Path, name: str, size: tuple[int, int] = (1280, 800)) -> Iterator[Journey]:
    require_screen_tools()
    with x_server(*size) as display:
        made = Journey(display, source, folder, name)
        try:
            yield made
        finally:
            made.end()


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Journey]:
    with journey("demo", tmp_path_factory.mktemp("file"), "file") as made:
        yield made


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Journey]:
    with journey("synthetic:640x360@15", tmp_path_factory.mktemp("live"), "live") as made:
        yield made


def test_9_space_plays_and_pauses_whatever_was_clicked_before(file: Journey) -> None:
    file.keys("ctrl+d")
    until(file.moves)
    file.keys("space")
    until(file.stands)
    file.keep("paused")
    file.keys("space")
    until(file.moves)


def test_5_the_side_panel_stays_as_it_is_while_objects_come_and_go(file: Journey) -> None:
    until(file.moves)

    def heads() -> np.ndarray:
        # The signs of the sections are the only blue at the panel's left edge that is wider than high.
        return np.asarray(file.part(0.757, 0.1, 0.774, 1.0).convert("L")) < 160

    first = heads()
    for _ in range(5):
        until(file.moves)
        changed = (heads() != first).any(axis=1).mean()
        # Rows of lists come and go beside them; heads that moved would change far more.
        assert changed < 0.3
    file.keep("panel")


def test_7_what_is_not_an_address_is_reported_and_what_plays_continues(file: Journey) -> None:
    file.keys("ctrl+l")
    file.dialog("^Open an address")
    file.type("foo")
    file.keys("Return")
    file.keep("foo")
    assert file.has_dialog("^Open an address")
    file.keys("ctrl+a")
    file.type(str(file.folder / "missing.mp4"))
    file.keys("Return", "Escape")
    until(lambda: not file.has_dialog("^Open an address"))
    until(file.moves)
    assert file.title.startswith("Demo")


@pytest.mark.long
def test_7_an_address_that_does_not_answer_is_reported_and_what_plays_continues(file: Journey) -> None:
    with MjpegServer() as server:
        for mode in (Mode.SILENT, Mode.MISSING):
            server.mode, asked = mode, server.connections
            file.keys("ctrl+l")
            file.dialog("^Open an address")
            file.type(server.url)
            file.keys("Return")
            until(lambda asked=asked: server.connections > asked)
            until(lambda: not file.has_dialog("^Open an address"))
            file.window.focus(file.number)
            until(file.moves)
            if mode is Mode.SILENT:
                file.keep("waiting")
                # Stay with what plays.
                file.keys("Escape")
            else:
                # The message is white, at the lower edge of the picture.
                until(lambda: np.asarray(file.part(0.35, 0.8, 0.5, 0.83).convert("L")).mean() > 200)
            until(file.moves)
            file.keep("goes-on")
            assert file.title.startswith("Demo")


def test_2_enter_saves_in_the_preferences_and_escape_asks(file: Journey) -> None:
    file.keys("ctrl+comma")
    file.dialog("^Preferences")
    file.keys("Tab", "ctrl+a")
    file.type("55")
    file.keys("Escape")
    file.keep("asked")
    assert file.has_dialog("^Preferences"), "changes are not lost without a question"
    # The question's own way back; then on past Cancel, and Enter in a field.
    file.keys("Escape", "Tab", "Tab", "Tab", "Tab", "Tab", "Tab", "Tab", "Tab", "Tab", "Tab", "Return")
    file.keep("after")
    until(lambda: not file.has_dialog("^Preferences"))
    until(lambda: file.read_settings().get("labeling", {}).get("threshold") == 0.55)


def test_8_the_settings_file_may_be_changed_meanwhile(file: Journey) -> None:
    text = file.settings.read_text()
    assert "hide" not in text or "hide = []" in text
    changed = text.replace("hide = []", "hide = ['Person']")
    file.settings.write_text(changed if changed != text else f"{text}\n[labels]\nhide = ['Person']\n")
    file.window.focus(file.number)
    file.keys("m")
    until(lambda: "mirror = true" in file.settings.read_text())
    assert file.read_settings()["labels"]["hide"] == ["Person"]


def test_10_a_minimised_window_plays_on_and_shows_that_moment_when_it_is_back(file: Journey) -> None:
    file.window.tool("windowminimize", "--sync", file.number)
    until(lambda: not file.window.tool("search", "--onlyvisible", "--name", "Video Labeler$").split())
    file.window.tool("windowmap", "--sync", file.number)
    file.window.focus(file.number)
    until(file.moves)
    file.keep("back")


@pytest.mark.long
def test_1_what_is_frozen_is_what_is_saved(live: Journey) -> None:
    live.freeze()
    live.keep("frozen")
    before = live.stage()
    live.keys("s")
    (saved,) = until(live.pictures)  # type: ignore[misc]
    assert not differ(before, live.stage())
    shown = _edges(live.part(0.0, 0.21, 0.742, 0.9))
    live.keys("z")
    until(live.moves)
    live.keys("s")
    until(lambda: len(live.pictures()) > 1)
    later = next(path for path in live.pictures() if path != saved)
    with Image.open(saved) as frozen, Image.open(later) as moved:
        assert np.abs(_edges(frozen) - shown).mean() < np.abs(_edges(moved) - shown).mean()


def _edges(image: Image.Image) -> np.ndarray:
    """A picture in small, cut to what is not black around it."""
    whole = image.convert("RGB")
    return np.asarray(whole.crop(whole.point(lambda value: value if value > 40 else 0).getbbox()).resize((64, 36)), int)


def _shows_message(live: Journey) -> bool:
    """Whether there is a white plate at the lower edge of the picture, in front of the table or of what is black."""
    rows = np.asarray(live.part(0.3, 0.8, 0.4, 0.98).convert("L")).mean(axis=1)
    return (rows > 200).sum() > 20


@pytest.mark.long
def test_4_every_key_is_answered_at_once_and_the_like_is_merged(live: Journey) -> None:
    count = len(live.pictures())
    live.freeze()
    live.keys("s", "s", "s")
    until(lambda: len(live.pictures()) == count + 3)
    until(lambda: _shows_message(live))
    live.keep("three-saved")
    live.keys("z")
    until(live.moves)


@pytest.mark.long
def test_6_what_a_crash_left_is_offered_to_be_finished(live: Journey) -> None:
    live.keys("r")
    until(lambda: [path for path in live.recordings.glob("*.partial*") if path.stat().st_size > 30_000])
    live.window.kill()
    live.start()
    # The question pushes the picture down: what is below the tool bar is white.
    until(lambda: np.asarray(live.part(0.1, 0.145, 0.3, 0.16).convert("L")).mean() > 200)
    live.keep("cut-off")


@pytest.mark.long
@pytest.mark.parametrize("size", [(1024, 600), (480, 360)], ids=str)
def test_3_the_first_window_and_its_dialogs_fit_a_small_screen(tmp_path: Path, size: tuple[int, int]) -> None:
    with journey("synthetic:320x240@10", tmp_path, f"small-{size[0]}", size) as small:
        for keys, title in (("", ""), ("F1", "^Keyboard shortcuts"), ("ctrl+comma", "^Preferences")):
            if keys:
                small.keys(keys)
                small.dialog(title)
            small.keep(keys or "window")
            # Below it and at its right the empty screen is seen.
            _, _, right, bottom = small.window.picture().getbbox() or (0, 0, *size)
            assert right < size[0]
            assert bottom < size[1]
            if keys:
                small.keys("Escape")
                until(lambda title=title: not small.has_dialog(title))
                small.window.focus(small.number)
