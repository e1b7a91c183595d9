"""The morning check: what it says of each thing, and that it ends whatever hangs."""

import logging
import os
import re
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import psutil
import pytest

from tests.clips import moving_square, write_clip
from tests.sources.mjpeg_server import MjpegServer, Mode
from video_labeler.diagnosis import Finding, Health
from video_labeler.kiosk.check import camera_trial, computer_trial, run_check
from video_labeler.kiosk.check.camera_trial import try_camera
from video_labeler.kiosk.check.computer_trial import try_clock, try_disk, try_power, try_state
from video_labeler.kiosk.check.labels_trial import is_basic, try_models, try_video
from video_labeler.kiosk.check.run import try_all, verdict
from video_labeler.kiosk.check.trial import Trial
from video_labeler.kiosk.check.trials import trials
from video_labeler.opencv import cv2
from video_labeler.settings import CameraSettings, KioskSettings, LabelListSettings, ModelSettings, Settings
from video_labeler.settings_file import save_settings

_ROOT = Path(__file__).parents[2]
_PROGRAM = "tests.kiosk.trial_program"
_QT = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}


def told(*words: str, limit_s: float = 60.0, subjects: tuple[str, ...] = ("One", "Two")) -> list[Finding]:
    trial = Trial(subjects, _PROGRAM, words, limit_s, Health.BROKEN, "Do something.", "it crashed.")
    return list(try_all([trial]))


@pytest.fixture(autouse=True)
def _own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(_ROOT))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")


def test_what_a_trial_finds_is_reported_in_order() -> None:
    one, two = (Finding(subject, Health.WORKS, "grün.") for subject in ("One", "Two"))
    assert told("chat", "One", "chat", "Two") == [one, two]


def test_of_a_trial_that_crashes_what_it_had_found_counts() -> None:
    one, two = told("One", "crash")
    assert one.health is Health.WORKS
    assert two == Finding("Two", Health.BROKEN, "it crashed.", "Do something.")


def test_a_trial_that_hangs_is_ended() -> None:
    began_s = time.monotonic()
    _, two = told("One", "hang", limit_s=3.0)
    assert two == Finding("Two", Health.BROKEN, "no answer within 3 s.", "Do something.")
    assert time.monotonic() - began_s < 30.0
    assert not [child for child in psutil.Process().children() if _PROGRAM in " ".join(child.cmdline())]


def test_trials_run_side_by_side_and_none_is_left_when_somebody_stops() -> None:
    slow = Trial(("One",), _PROGRAM, ("hang",), 60.0, Health.BROKEN, "")
    quick = replace(slow, module="tests.kiosk.trial_program", arguments=("One",))
    findings = try_all([quick, replace(slow, subjects=("Two",))])
    assert next(findings).subject == "One"
    findings.close()
    assert not [child for child in psutil.Process().children() if _PROGRAM in " ".join(child.cmdline())]


def test_all_trials_together_end_within_ten_seconds() -> None:
    assert max(trial.limit_s for trial in trials(Path("settings.toml"), None)) <= 8.0, "two are for starting"


def test_every_trial_is_a_program_that_tells_what_it_is_to_tell(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    save_settings(Settings(), path)
    for trial in trials(path, "demo"):
        done = subprocess.run(
            [sys.executable, "-m", trial.module, *trial.arguments], env=_QT, capture_output=True, timeout=60, check=True
        )
        for subject in trial.subjects:
            assert f'"subject": "{subject}"' in done.stdout.decode()


def _camera(mode: Mode) -> Finding:
    with MjpegServer() as server:
        server.mode = mode
        return try_camera(server.url, CameraSettings())


def test_what_is_wrong_with_a_camera_is_reported() -> None:
    modes = (Mode.OK, Mode.FREEZE, Mode.BLACK, Mode.DROP, Mode.MISSING)
    with ThreadPoolExecutor(len(modes)) as pool:
        well, frozen, black, dropped, missing = pool.map(_camera, modes)
    assert (well.health, well.advice) == (Health.WORKS, "")
    assert re.search(r", 160x120, [12]\d pictures per second\.$", well.found), well.found
    assert [finding.health for finding in (frozen, black, missing)] == [Health.BROKEN] * 3
    assert frozen.found.endswith("keeps sending the same picture.")
    assert black.found.endswith("sends only black pictures.")
    assert black.advice == "Is its lens covered?"
    assert missing.found.startswith("none answers. ")
    assert dropped.health is not Health.WORKS


def test_no_camera_and_what_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("video_labeler.kiosk.check.camera_trial.list_cameras", lambda: ())
    assert try_camera(None, CameraSettings()) == Finding(
        "Camera", Health.BROKEN, "none is connected.", "Plug it in, or give another as SOURCE."
    )
    assert try_camera("the other one", CameraSettings()).health is Health.BROKEN
    assert "a file, not a camera" in try_camera("demo", CameraSettings()).found


def test_a_slow_and_a_dark_camera_are_warned_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(camera_trial, "_WATCHED_S", 1.0)
    assert "That is slow" in try_camera("synthetic:320x240@5", CameraSettings()).advice
    monkeypatch.setattr(
        "video_labeler.sources.moving_picture.MovingPicture.draw",
        lambda _self, index: np.full((240, 320, 3), 30 + index % 2, np.uint8),
    )
    assert "very dark" in try_camera("synthetic:320x240", CameraSettings()).found


def test_models_that_work_and_the_basic_ones(
    models_folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    _, image = try_video(None)
    assert image is not None
    published = try_models(Settings(), image)
    assert "mobile_object_labeler_v1" in published.found
    assert not is_basic(ModelSettings(localizer="none"))
    assert is_basic(ModelSettings(localizer="builtin"))
    monkeypatch.setenv("VIDEO_LABELER_MODELS", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    basic = try_models(Settings(), image)
    assert basic.health is Health.LIMITED
    assert "basic model" in basic.found
    assert "models fetch" in basic.advice


def test_labels_and_models_that_do_not_exist_are_named(tmp_path: Path) -> None:
    image = np.zeros((90, 160, 3), np.uint8)
    hidden = try_models(Settings(ModelSettings(model="builtin"), labels=LabelListSettings(hide=("Persn",))), image)
    assert hidden.health is Health.LIMITED
    assert "Persn" in hidden.found
    missing = try_models(Settings(ModelSettings(model=str(tmp_path / "none.tflite"))), image)
    assert missing.health is Health.BROKEN
    assert "none.tflite" in missing.found


def test_the_attract_video_is_opened(tmp_path: Path) -> None:
    assert try_video(None)[0] == Finding("Attract video", Health.WORKS, "the demo clip, 1280x720, 20 s.")
    clip = write_clip(tmp_path / "clip.mp4", moving_square(30))
    assert try_video(str(clip))[0].found == "clip.mp4, 320x240, 1 s."
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"no video")
    for path in (broken, tmp_path / "none.mp4"):
        finding, image = try_video(str(path))
        assert finding.health is Health.LIMITED, "the demo clip plays in its place"
        assert path.name in finding.found
        assert image is None


@pytest.mark.parametrize(
    ("free", "kiosk", "health", "words"),
    [
        (30e9, KioskSettings(record=True), Health.WORKS, "30.0 GB free"),
        (8e9, KioskSettings(), Health.WORKS, "8.0 GB free"),
        (8e9, KioskSettings(record=True), Health.LIMITED, "20.0 GB: free some space, or lower record_quota_gb."),
        (
            1e9,
            KioskSettings(keep_pictures=True),
            Health.LIMITED,
            "2.0 GB: free some space, or lower picture_quota_gb.",
        ),
        (1e8, KioskSettings(), Health.LIMITED, "Free some space"),
    ],
)
def test_room_on_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: float, kiosk: KioskSettings, health: Health, words: str
) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=free))
    finding = try_disk(tmp_path / "not" / "there yet", kiosk)
    assert finding.health is health
    assert words in f"{finding.found} {finding.advice}"
    assert not (tmp_path / "not").exists()


def test_what_a_kiosk_has_recorded_before_may_be_written_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "Kiosk").mkdir()
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=600_000_000))
    kiosk = KioskSettings(record=True, record_quota_gb=0.601)
    assert try_disk(tmp_path, kiosk).health is Health.LIMITED
    (tmp_path / "Kiosk" / "Video 2026-11-22 09.00.00.mp4").write_bytes(bytes(2_000_000))
    assert try_disk(tmp_path, kiosk).health is Health.WORKS


def test_a_folder_that_cannot_be_written_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    assert try_state(tmp_path / "file" / "state").health is Health.LIMITED
    assert try_state(tmp_path / "state").health is Health.WORKS
    monkeypatch.setattr(computer_trial, "_writeable", lambda _: False)
    assert "cannot be written to" in try_state(tmp_path / "state").found
    assert "cannot be written to" in try_disk(tmp_path, KioskSettings()).found


@pytest.mark.parametrize(
    ("battery", "health", "words"),
    [
        (None, Health.WORKS, "there is no battery"),
        (SimpleNamespace(percent=63.4, power_plugged=True), Health.WORKS, "plugged in, battery 63 %."),
        (SimpleNamespace(percent=63.4, power_plugged=None), Health.WORKS, "battery 63 %."),
        (SimpleNamespace(percent=9.0, power_plugged=False), Health.LIMITED, "on battery, 9 % left."),
    ],
)
def test_power(monkeypatch: pytest.MonkeyPatch, battery: object, health: Health, words: str) -> None:
    monkeypatch.setattr("psutil.sensors_battery", lambda: battery, raising=False)
    finding = try_power()
    assert finding.health is health
    assert words in finding.found


@pytest.mark.parametrize("error", [FileNotFoundError("power_supply"), psutil.Error(), ValueError("nonsense")])
def test_power_where_the_system_does_not_tell(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def fails() -> None:
        raise error

    monkeypatch.setattr("psutil.sensors_battery", fails, raising=False)
    finding = try_power()
    assert finding.health is Health.WORKS
    assert "unknown" in finding.found


def test_a_folder_that_cannot_be_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_: object) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr("shutil.disk_usage", fails)
    assert "cannot be used (Input/output error)" in try_disk(tmp_path, KioskSettings()).found


def test_a_clock_before_the_program_was_installed_is_wrong() -> None:
    installed = date(2026, 11, 1)
    assert try_clock(datetime(2026, 11, 1, 8, 30).astimezone(), installed).found == "2026-11-01 08:30."
    for wrong in (datetime(1970, 1, 1, 12), datetime(2106, 2, 7)):
        assert try_clock(wrong.astimezone(), installed).health is Health.LIMITED


def _screen(tmp_path: Path, kiosk: KioskSettings, module: str, **environment: str) -> subprocess.CompletedProcess[str]:
    path = tmp_path / "settings.toml"
    save_settings(Settings(kiosk=kiosk), path)
    command = [sys.executable, "-m", f"video_labeler.window.kiosk.{module}", str(path)]
    return subprocess.run(command, env={**_QT, **environment}, capture_output=True, text=True, timeout=60, check=False)


def test_the_screen_that_would_be_filled(tmp_path: Path) -> None:
    assert "the main one, a screen 800x800." in _screen(tmp_path, KioskSettings(), "screen_trial").stdout
    assert '"works"' in _screen(tmp_path, KioskSettings(screen=1), "screen_trial").stdout
    missing = _screen(tmp_path, KioskSettings(screen=3), "screen_trial").stdout
    assert "there is no screen 3, so the kiosk uses the main one" in missing
    assert '"limited"' in missing


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere there is always a screen")
def test_without_a_screen_the_check_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    path = tmp_path / "settings.toml"
    save_settings(Settings(), path)
    (screen,) = [trial for trial in trials(path, None) if "Screen" in trial.subjects]
    assert list(try_all([screen])) == [
        Finding("Screen", Health.BROKEN, "none can be opened from here.", "Start this check on the stand's own screen.")
    ]


def test_the_logo(tmp_path: Path) -> None:
    svg = tmp_path / "logo.svg"
    svg.write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><text y="15" font-size="9">Ümläut</text></svg>'
    )
    png = tmp_path / "logo.png"
    cv2.imwrite(str(png), np.zeros((20, 40, 3), np.uint8))
    for path in (svg, png):
        assert f"{path}, 40x20." in _screen(tmp_path, KioskSettings(logo=str(path)), "logo_trial").stdout
    png.write_bytes(b"no picture")
    assert "cannot be shown" in _screen(tmp_path, KioskSettings(logo=str(png)), "logo_trial").stdout
    png.unlink()
    missing = _screen(tmp_path, KioskSettings(logo=str(png)), "logo_trial").stdout
    assert f"{png} is not there." in missing
    assert "SVG" not in missing
    assert "none is set" in _screen(tmp_path, KioskSettings(), "logo_trial", DISPLAY="").stdout


def test_a_verdict_counts_the_lines() -> None:
    works, limited, broken = (Finding("One", health, "so") for health in Health)
    assert verdict([works]) == "Everything is ready."
    assert verdict([works, limited]).startswith("The stand can run. Check the line marked")
    assert verdict([limited, broken, broken]) == "The stand cannot run: see the 2 lines marked X."


def test_the_whole_check_tells_everything_in_a_line_each(
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "video_labeler.kiosk.check")
    code = run_check(Settings(), "synthetic", ("booth.toml, line 3: something is wrong.",))
    lines = capsys.readouterr().out.splitlines()
    assert " !  Settings: booth.toml, line 3: something is wrong." in lines
    assert [line[4:].partition(":")[0] for line in lines[:-2]] == [
        "Settings", "Camera", "Models", "Attract video", "Screen", "Logo", "Screen saver and sleep", "Disk",
        "Counts and log", "Power", "Clock",
    ]  # fmt: skip
    assert not [line for line in lines if line.startswith(" X")], caplog.messages
    assert code == 0


def test_a_camera_that_hangs_does_not_hang_the_check(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        began_s = time.monotonic()
        code = run_check(Settings(), f"http://127.0.0.1:{deaf.getsockname()[1]}/stream", ())
        assert time.monotonic() - began_s < 20.0
    assert code == 1
    assert " X  Camera: no" in capsys.readouterr().out
