"""The entry in the desktop's menu."""

import configparser
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from video_labeler.commands import install_desktop
from video_labeler.system.desktop_entry import exec_words

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux desktops only")


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "da ta"
    monkeypatch.setenv("XDG_DATA_HOME", str(folder))
    return folder


def run(*arguments: str) -> str:
    done = CliRunner().invoke(install_desktop.command, arguments, standalone_mode=False)
    if done.exception is not None:
        raise done.exception
    return done.output


def entry_of(data: Path) -> configparser.SectionProxy:
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read(data / "applications" / "video-labeler.desktop")
    return parser["Desktop Entry"]


def test_the_entry_starts_this_installation_and_goes_again(data: Path) -> None:
    said = run()
    assert str(data / "applications" / "video-labeler.desktop") in said
    entry = entry_of(data)
    *command, placeholder = shlex.split(entry["Exec"])
    assert placeholder == "%u"
    done = subprocess.run([*command, "--help"], capture_output=True, text=True, timeout=60, check=True)
    assert "Open a window" in done.stdout
    icon = data / "icons/hicolor/scalable/apps/video-labeler.svg"
    assert entry["Icon"] == icon.stem
    assert "<svg" in icon.read_text()
    assert entry["Terminal"] == "false"
    assert "video/mp4" in entry["MimeType"].split(";")
    assert "now" in run(), "a second time is no harm"
    assert "no longer" in run("--remove")
    assert not list(data.rglob("*video-labeler*"))
    assert "was not" in run("--remove")


@pytest.mark.parametrize(
    ("word", "written"),
    [("/a b/c", '"/a b/c"'), ('a"b', r'"a\\"b"'), ("a$b", r'"a\\$b"'), ("50%", '"50%%"'), ("a\\b", r'"a\\\\b"')],
)
def test_every_path_can_be_written_into_an_entry(word: str, written: str) -> None:
    assert exec_words([word]) == written


def test_the_entry_is_valid(data: Path) -> None:
    run()
    path = data / "applications" / "video-labeler.desktop"
    try:
        checked = subprocess.run(["desktop-file-validate", str(path)], capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.skip("desktop-file-validate is not installed")
    assert checked.returncode == 0, checked.stdout


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="the administrator may write anywhere")
def test_a_closed_folder_is_one_sentence(data: Path) -> None:
    data.mkdir(mode=0o500)
    with pytest.raises(Exception, match="Cannot change"):
        run()


def test_elsewhere_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    with pytest.raises(Exception, match="Only Linux"):
        run()
