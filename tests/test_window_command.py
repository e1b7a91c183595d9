"""What the command line makes of `video-labeler [SOURCE]`: the window's part begins where `run` is called."""

import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.annotate.test_annotate import run
from video_labeler import cli
from video_labeler.commands.window import names_source
from video_labeler.settings import (
    CameraSettings,
    Effort,
    LabelingSettings,
    LabelListSettings,
    ModelSettings,
    RegionMode,
    Settings,
)
from video_labeler.settings_file import default_settings_path, save_settings


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[tuple[Settings, str | None, Path]]:
    """Each start of the window, in place of a window."""
    starts: list[tuple[Settings, str | None, Path]] = []
    application = ModuleType("video_labeler.window.application")

    def start(settings: Settings, source: str | None, settings_path: Path, notices: tuple[str, ...]) -> int:
        starts.append((settings, source, settings_path))
        return 0

    application.run = start  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "video_labeler.window.application", application)
    monkeypatch.setattr("video_labeler.system.log_file.start_log_file", lambda: None)
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return starts


def typed(*words: str) -> int:
    return cli._run(list(words))


@pytest.mark.parametrize(
    ("words", "source"),
    [
        ([], None),
        (["--debug"], None),
        (["window"], None),
        (["demo"], "demo"),
        (["0"], "0"),
        (["rtsp://192.168.1.20/stream"], "rtsp://192.168.1.20/stream"),
        (["missing clip.mp4"], "missing clip.mp4"),
        (["--threshold", "0.5", "demo"], "demo"),
        (["demo", "--threshold", "0.5"], "demo"),
        (["window", "label"], "label"),
    ],
)
def test_no_command_is_the_window(started: list[Any], words: list[str], source: str | None) -> None:
    assert typed(*words) == 0
    assert [start[1] for start in started] == [source]


def test_a_folder_without_any_mark_is_a_source(
    started: list[Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "holiday").mkdir()
    monkeypatch.chdir(tmp_path)
    assert typed("holiday") == 0
    assert started[0][1] == "holiday"


@pytest.mark.parametrize("words", [["nonsense"], ["annotat", "x.mp4"], ["--nonsense"], ["demo", "extra"]])
def test_what_is_neither_is_wrong_usage(
    started: list[Any], words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert typed(*words) == 2
    assert started == []
    assert "Error: " in capsys.readouterr().err


def test_other_commands_are_as_they_were(started: list[Any], capsys: pytest.CaptureFixture[str]) -> None:
    for words in (["--help"], ["--version"], ["annotate", "--help"], ["models", "--json"]):
        assert typed(*words) == 0
    assert started == []
    assert "install-desktop" in capsys.readouterr().out


def test_options_go_before_the_settings_file(started: list[Any], tmp_path: Path) -> None:
    path = tmp_path / "booth.toml"
    saved = Settings(
        ModelSettings(model="builtin", threads=2), LabelingSettings(threshold=0.6, top_k=1), CameraSettings(width=640)
    )
    save_settings(saved, path)
    assert typed("--settings", str(path), "--threshold", "0.35", "--regions", "center", "--height", "480",
                 "--effort", "light") == 0  # fmt: skip
    ((settings, _, settings_path),) = started
    assert settings_path == path
    assert settings.models == saved.models
    assert settings.labeling == LabelingSettings(
        threshold=0.35, top_k=1, regions=RegionMode.CENTER, effort=Effort.LIGHT
    )
    assert settings.camera == CameraSettings(width=640, height=480)


def test_label_lists_come_from_the_settings_or_the_command_line(started: list[Any], tmp_path: Path) -> None:
    path = tmp_path / "booth.toml"
    path.write_text('[labels]\nhide = ["Person"]\nonly = ["Bottle"]\n')
    assert typed("--settings", str(path), "--only", "Mug", "--only", "Tableware") == 0
    ((settings, _, _),) = started
    assert settings.labels == LabelListSettings(only=("Mug", "Tableware"), hide=("Person",))


def test_the_users_own_settings_are_taken_and_a_damaged_file_stops_nobody(
    started: list[Any], capsys: pytest.CaptureFixture[str]
) -> None:
    assert typed() == 0
    own = default_settings_path()
    assert started[-1][0] == Settings()
    assert started[-1][2] == own
    save_settings(Settings(labeling=LabelingSettings(top_k=7)), own)
    assert typed() == 0
    assert started[-1][0].labeling.top_k == 7
    own.write_text("threshold = 7\n[labels]\nhide = ['Person']\n")
    assert typed() == 0
    assert started[-1][0] == Settings(labels=LabelListSettings(hide=("Person",)))
    assert "settings.toml, line 1: 'threshold' is not a setting outside of a section" in capsys.readouterr().err


def test_of_a_settings_file_that_was_asked_for_all_holds_that_can_be_read(
    started: list[Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "booth.toml"
    path.write_text("[labeling]\nthreshold = 7\ntop_k = 7\n")
    assert typed("--settings", str(path)) == 0
    assert started.pop()[0] == Settings(labeling=LabelingSettings(top_k=7))
    assert "booth.toml, line 2: threshold must be from 0.01 to 1, not 7; 0.35 is used." in capsys.readouterr().err
    assert typed("--settings", str(tmp_path / "none.toml")) == 2
    assert "none.toml" in capsys.readouterr().err
    assert typed("--threshold", "7") == 2
    assert started == []


def test_a_word_that_looks_like_a_file_is_a_source_though_it_is_missing() -> None:
    assert names_source("missing.mp4")
    assert names_source("somewhere/missing")
    assert not names_source("nonsense")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems always have a screen")
def test_without_a_screen_it_says_what_works(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    done = run()
    assert done.returncode == 1
    assert done.stderr.startswith("Error: There is no display")
    assert len(done.stderr.splitlines()) == 1
