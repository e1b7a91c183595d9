"""The start at login: a file that each system starts programs from, and its removal, exactly."""

import configparser
import os
import plistlib
import re
import shlex
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from video_labeler.errors import OutputError
from video_labeler.kiosk.autostart import install, remove

_SOURCE = "rtsp://192.168.1.20/stream?a=1&b=50%"
_ARGUMENTS = ("kiosk", _SOURCE, "--settings", "my booth.toml")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder of our own, with a neighbour wherever programs are started from, and the folder of the stand."""
    for name in ("XDG_CONFIG_HOME", "APPDATA", "VIDEO_LABELER_MODELS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    stand = tmp_path / "the 100% stand"
    stand.mkdir()
    monkeypatch.chdir(stand)
    return tmp_path


def the_file(home: Path) -> Path:
    (path,) = (path for path in home.rglob("*kiosk*") if path.is_file())
    return path


def entry_of(path: Path) -> configparser.SectionProxy:
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read(path, encoding="utf-8")
    return parser["Desktop Entry"]


def words_of(exec_line: str) -> list[str]:
    return [word.replace("%%", "%") for word in shlex.split(exec_line)]


@pytest.mark.parametrize("platform", ["linux", "win32", "darwin"])
def test_what_is_installed_can_be_removed_and_nothing_else_is(
    home: Path, monkeypatch: pytest.MonkeyPatch, platform: str
) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    before = {path for path in home.rglob("*") if path.is_file()}
    assert "nothing to remove" in remove()
    said = install(["kiosk"])
    assert str(the_file(home)) in said
    assert "--remove-autostart" in said
    neighbour = the_file(home).with_name("video-labeler-kiosk-of-mine")
    neighbour.touch()
    said = remove()
    assert "no longer" in said
    assert {path for path in home.rglob("*") if path.is_file()} == before | {neighbour}
    assert "nothing to remove" in remove()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux desktops only")
def test_linux_starts_this_installation_in_this_folder(home: Path) -> None:
    install(["kiosk"])
    the_file(home).chmod(0o644)
    install(_ARGUMENTS)
    path = the_file(home)
    assert path == home / ".config/autostart/video-labeler-kiosk.desktop"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600, "an address may hold a password"
    entry = entry_of(path)
    *command, kiosk, source, option, settings = words_of(entry["Exec"])
    assert (kiosk, source, option, settings) == _ARGUMENTS
    assert entry["Path"] == str(home / "the 100% stand")
    assert entry["Terminal"] == "false"
    done = subprocess.run([*command, "kiosk", "--help"], capture_output=True, text=True, timeout=60, check=True)
    assert "--install-autostart" in done.stdout


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux desktops only")
@pytest.mark.parametrize("name", ["a\nExec=calc", "a\r\nHidden=true", "a\tb\\nc", "\n[Desktop Entry]\nName=x"])
def test_linux_no_word_adds_a_line(home: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    (home / name).mkdir()
    monkeypatch.chdir(home / name)
    install(["kiosk", f"rtsp://host/{name}"])
    text = the_file(home).read_bytes().decode()
    assert len(text.split("\n")) == 10
    assert "\r" not in text
    letters = {"\\": "\\", "n": "\n", "r": "\r", "t": "\t"}
    values = {key: re.sub(r"\\(.)", lambda m: letters[m[1]], value) for key, value in entry_of(the_file(home)).items()}
    assert words_of(values["Exec"])[-1] == f"rtsp://host/{name}"
    assert values["Path"] == str(home / name)


@pytest.mark.parametrize(("system", "word"), [("linux", "a\udce9"), ("win32", "a\nb"), ("darwin", "a\x01b")])
def test_a_word_that_cannot_be_written_is_one_sentence(
    home: Path, monkeypatch: pytest.MonkeyPatch, system: str, word: str
) -> None:
    monkeypatch.setattr(sys, "platform", system)
    with pytest.raises(OutputError, match="letters that cannot be written"):
        install(["kiosk", word])
    assert not [path for path in home.rglob("*kiosk*") if path.is_file()]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux desktops only")
def test_linux_the_models_brought_along_are_found_at_login_too(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home / "settings"))
    monkeypatch.setenv("VIDEO_LABELER_MODELS", "mo dels")
    install(["kiosk"])
    path = home / "settings/autostart/video-labeler-kiosk.desktop"
    words = words_of(entry_of(path)["Exec"])
    assert words[:2] == ["env", f"VIDEO_LABELER_MODELS={home}/the 100% stand/mo dels"]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux desktops only")
def test_linux_the_entry_is_valid(home: Path) -> None:
    install(_ARGUMENTS)
    try:
        checked = subprocess.run(
            ["desktop-file-validate", str(the_file(home))], capture_output=True, text=True, check=False
        )
    except FileNotFoundError:
        pytest.skip("desktop-file-validate is not installed")
    assert checked.returncode == 0, checked.stdout


def test_windows_has_a_script_in_the_startup_folder(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(sys, "executable", r"C:\Program Files\Python\python.exe")
    monkeypatch.setenv("APPDATA", str(home / "Roaming"))
    monkeypatch.setenv("VIDEO_LABELER_MODELS", str(home / "models"))
    install([*_ARGUMENTS, 'a "b" \\'])
    path = the_file(home)
    assert path == home / "Roaming/Microsoft/Windows/Start Menu/Programs/Startup/video-labeler-kiosk.cmd"
    *_, folder, models, start, end = path.read_bytes().decode().split("\r\n")
    assert folder == f'cd /d "{home}/the 100%% stand"'.replace("/", os.sep)
    assert models == f'set "VIDEO_LABELER_MODELS={home / "models"}"'
    assert start == (
        r'start "" /min "C:\Program Files\Python\python.exe" "-P" "-m" "video_labeler" "kiosk" '
        r'"rtsp://192.168.1.20/stream?a=1&b=50%%" "--settings" "my booth.toml" "a \"b\" \\"'
    )
    assert not end


def test_macos_has_a_launch_agent(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setenv("VIDEO_LABELER_MODELS", str(home / "models"))
    install(_ARGUMENTS)
    path = the_file(home)
    assert path == home / "Library/LaunchAgents/org.video-labeler.kiosk.plist"
    agent = plistlib.loads(path.read_bytes())
    assert agent["Label"] == path.stem
    assert tuple(agent["ProgramArguments"][-4:]) == _ARGUMENTS
    assert Path(agent["ProgramArguments"][0]).is_absolute()
    assert agent["WorkingDirectory"] == str(home / "the 100% stand")
    assert agent["EnvironmentVariables"] == {"VIDEO_LABELER_MODELS": str(home / "models")}
    assert agent["RunAtLoad"] is True


def test_a_place_that_cannot_be_written_to_is_one_sentence(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    (home / ".config").touch()
    with pytest.raises(OutputError, match=r"^Cannot write .*\.config.*: "):
        install(["kiosk"])
    with pytest.raises(OutputError, match=r"^Cannot remove "):
        remove()
