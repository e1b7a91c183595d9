"""`video-labeler kiosk` as a person starts it: the real supervisor, the real kiosk, without a screen."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from click.testing import CliRunner

from video_labeler.commands import kiosk
from video_labeler.errors import SettingsError
from video_labeler.kiosk.day import Day

BOOTH = """
[models]
model = "builtin"
localizer = "builtin"
[window]
recordings_folder = "RECORDINGS"
[kiosk]
exhibitor = "Example Ltd"
idle_s = 1
surprise = true
"""

LIGHT = """
import sys
import video_labeler.cli
from video_labeler.commands import kiosk
from video_labeler.kiosk import day_book, leftovers, only_one, processes, supervisor
from video_labeler.recording import folder
from video_labeler.settings_file import load_tolerantly
import platformdirs
heavy = {"numpy", "cv2", "PyQt6", "av", "ai_edge_litert", "tensorflow", "psutil"} & set(sys.modules)
print(sorted(heavy))
"""


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No command of these tests sees the user's own settings and counts, or opens a window."""
    for name in ("STATE", "CONFIG", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    monkeypatch.delenv("VIDEO_LABELER_MODELS", raising=False)
    (tmp_path / "booth.toml").write_text(BOOTH.replace("RECORDINGS", str(tmp_path / "recordings")))
    return tmp_path


@pytest.fixture
def start(home: Path) -> Iterator[Callable[..., "subprocess.Popen[str]"]]:
    started: list[subprocess.Popen[str]] = []

    def start(*words: str) -> "subprocess.Popen[str]":
        with (home / "stderr.txt").open("a") as errors:
            command = [sys.executable, "-m", "video_labeler", "kiosk", *words]
            started.append(subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True))
        return started[-1]

    yield start
    for process in started:
        if process.poll() is None:
            process.terminate()
        assert process.stdout is not None
        process.stdout.close()
        process.wait(20)


def wait_until(condition: Callable[[], Any], within_s: float = 40) -> None:
    deadline = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


def today(home: Path) -> Day | None:
    path = next((home / "state/video-labeler/kiosk").glob("day-*.json"), None)
    return Day.from_json(json.loads(path.read_text())) if path is not None else None


def child_of(process: "subprocess.Popen[str]") -> list[psutil.Process]:
    return [one for one in psutil.Process(process.pid).children() if "--child" in one.cmdline()]


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_a_stand_from_its_start_to_its_end(home: Path, start: Callable[..., "subprocess.Popen[str]"]) -> None:
    words = ("synthetic", "--settings", str(home / "booth.toml"))
    show = start(*words)
    wait_until(lambda: (day := today(home)) and day.tally.shown)
    (child,) = child_of(show)

    second = start(*words)
    assert second.wait(30) == 1
    assert f"A kiosk is running already (process {show.pid})." in (home / "stderr.txt").read_text()

    child.kill()
    wait_until(lambda: (day := today(home)) and day.restarts and child_of(show))
    wait_until(lambda: "is back after" in (home / "state/video-labeler/kiosk.log").read_text())
    (child,) = child_of(show)
    show.send_signal(signal.SIGTERM)
    assert show.wait(20) == 0
    wait_until(lambda: not child.is_running())

    day = today(home)
    assert day is not None
    assert day.reasons == {"crashed": 1}
    assert day.tally.shown > 0
    assert day.tally.scenes["live"] > 0
    assert (
        "Restarts           1 (crashed 1)"
        in next((home / "state/video-labeler/kiosk").glob("summary-*.txt")).read_text()
    )
    for place in (home / "stderr.txt", home / "state/video-labeler/kiosk.log"):
        text = place.read_text()
        assert "'surprise' is not a setting" in text
        assert "idle_s must be from 3 to 3600" in text
    assert show.stdout is not None
    assert show.stdout.read() == ""


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_a_killed_supervisor_leaves_no_kiosk_behind(home: Path, start: Callable[..., "subprocess.Popen[str]"]) -> None:
    show = start("synthetic", "--settings", str(home / "booth.toml"))
    wait_until(lambda: today(home))
    (child,) = child_of(show)
    show.kill()
    wait_until(lambda: not child.is_running() or child.status() == psutil.STATUS_ZOMBIE)
    assert today(home) is not None


def test_the_supervisor_is_light() -> None:
    done = subprocess.run([sys.executable, "-c", LIGHT], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == "[]"


def run(*arguments: str) -> str:
    done = CliRunner().invoke(kiosk.command, arguments, standalone_mode=False)
    if done.exception is not None:
        raise done.exception
    return done.output


def test_settings_that_were_asked_for_must_be_there(home: Path) -> None:
    with pytest.raises(SettingsError, match=r"nowhere\.toml"):
        run("--settings", str(home / "nowhere.toml"))


def test_the_kiosk_itself_comes_up_without_its_settings_file_too(home: Path) -> None:
    settings, notices = kiosk.saved_settings(home / "nowhere.toml", may_be_missing=True)
    assert settings.kiosk.exhibitor == ""
    assert len(notices) == 1
    assert "The defaults are used." in notices[0]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["1", "--settings", "booth.toml"], ["kiosk", "--child", "1", "--settings", "booth.toml"]),
        (["--hide", "Person", "--", "-odd-"], ["kiosk", "--child", "--hide", "Person", "--", "-odd-"]),
        ([], ["kiosk", "--child"]),
    ],
)
def test_the_parts_are_started_with_the_same_words(words: list[str], expected: list[str]) -> None:
    context = kiosk.command.make_context("kiosk", list(words))
    assert kiosk._part(context, "--child") == expected
    again = kiosk.command.make_context("kiosk", expected[1:])
    assert again.params == {**context.params, "child": True}


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux desktops only")
def test_autostart_starts_what_was_typed_and_can_be_taken_back(home: Path) -> None:
    entry = home / "config/autostart/video-labeler-kiosk.desktop"
    run("--install-autostart", "rtsp://camera/1", "--screen", "2")
    text = entry.read_text()
    assert all(word in text for word in ('"kiosk"', '"rtsp://camera/1"', '"--screen"', '"2"'))
    assert "install-autostart" not in text
    run("--remove-autostart")
    assert not entry.exists()


def test_hidden_options_are_not_in_the_help() -> None:
    text = run("--help")
    assert "--check" in text
    assert "--child" not in text
    assert "--card" not in text


def test_without_a_screen_it_says_so_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    if sys.platform.startswith("linux"):
        done = subprocess.run(
            [sys.executable, "-m", "video_labeler", "kiosk"], capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == 1
        assert "no display" in done.stderr
        assert not (Path(os.environ["XDG_STATE_HOME"]) / "video-labeler").exists()
