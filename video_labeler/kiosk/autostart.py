"""Starts the kiosk when its user logs in, by each system's own means."""

import os
import plistlib
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from video_labeler.errors import OutputError
from video_labeler.files.durability import write_atomically
from video_labeler.models.store import FOLDER_VARIABLE
from video_labeler.system.desktop_entry import escaped, exec_words, start_command

_NAME = "video-labeler-kiosk"
_LABEL = "org.video-labeler.kiosk"
_STARTUP = "Microsoft/Windows/Start Menu/Programs/Startup"


def install(arguments: Sequence[str]) -> str:
    """Start the program with these arguments whenever this user logs in, replacing an earlier entry; returns a
    sentence.

    It runs in the current folder, with the same folder of models, so that relative paths stay valid.

    Raises:
        OutputError: the file for it cannot be written.
    """
    path = _place()
    models = os.environ.get(FOLDER_VARIABLE)
    variables = {FOLDER_VARIABLE: str(Path(models).expanduser().absolute())} if models else {}
    try:
        content = _content(start_command(*arguments), Path.cwd(), variables)
        path.parent.mkdir(parents=True, exist_ok=True)
        # The address of a camera may contain a password.
        write_atomically(path, content, private=True)
    except OSError as error:
        raise OutputError(f"Cannot write {error.filename or path}: {error.strerror}.") from error
    except ValueError as error:
        raise OutputError(
            f"A word of this command, or the name of the folder {Path.cwd()}, has letters that cannot be written into "
            f"{path}. Start it from another folder, or give files other names."
        ) from error
    return f"The kiosk starts when this user logs in ({path}). Undo that with --remove-autostart."


def remove() -> str:
    """Stop starting the program when this user logs in; returns a sentence.

    Raises:
        OutputError: the file for it cannot be removed.
    """
    path = _place()
    try:
        path.unlink()
    except FileNotFoundError:
        return "The kiosk was not set to start by itself: there was nothing to remove."
    except OSError as error:
        raise OutputError(f"Cannot remove {path}: {error.strerror}.") from error
    return f"The kiosk no longer starts when this user logs in ({path} is gone)."


def _place() -> Path:
    """The file from which this user's desktop starts programs."""
    if sys.platform == "win32":
        return Path(os.environ.get("APPDATA") or Path.home() / "AppData/Roaming") / _STARTUP / f"{_NAME}.cmd"
    if sys.platform == "darwin":
        return Path.home() / "Library/LaunchAgents" / f"{_LABEL}.plist"
    configuration = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    return configuration / "autostart" / f"{_NAME}.desktop"


def _content(words: Sequence[str], folder: Path, variables: Mapping[str, str]) -> bytes:
    if sys.platform == "win32":
        return _windows_script(words, folder, variables).encode("utf-8")
    if sys.platform == "darwin":
        return _launch_agent(words, folder, variables)
    return _desktop_entry(words, folder, variables).encode("utf-8")


def _desktop_entry(words: Sequence[str], folder: Path, variables: Mapping[str, str]) -> str:
    """After the Desktop Application Autostart Specification."""
    if variables:
        words = ["env", *(f"{name}={value}" for name, value in variables.items()), *words]
    lines = (
        "[Desktop Entry]",
        "Type=Application",
        "Version=1.4",
        "Name=Video Labeler kiosk",
        "Comment=The stand, started at login",
        f"Exec={exec_words(words)}",
        f"Path={escaped(str(folder))}",
        "Terminal=false",
        "X-GNOME-Autostart-enabled=true",
    )
    return "\n".join(lines) + "\n"


def _windows_script(words: Sequence[str], folder: Path, variables: Mapping[str, str]) -> str:
    """A script for the Startup folder; ``start`` lets its black window close at once.

    Raises:
        ValueError: there is a line feed, which no script can hold.
    """
    if any(set(text) & {"\n", "\r", "\0"} for text in (*words, str(folder), *variables.values())):
        raise ValueError("a line feed")
    lines = (
        "@echo off",
        "chcp 65001 >nul",
        f'cd /d "{_for_batch(str(folder))}"',
        *(f'set "{name}={_for_batch(value)}"' for name, value in variables.items()),
        f'start "" /min {_for_batch(" ".join(map(_windows_word, words)))}',
    )
    return "\r\n".join(lines) + "\r\n"


def _windows_word(word: str) -> str:
    """Quote an argument, since ``&`` and other characters are special outside quotation marks."""
    doubled = re.sub(r'(\\*)(?="|$)', r"\1\1", word)
    return '"' + doubled.replace('"', '\\"') + '"'


def _for_batch(text: str) -> str:
    return text.replace("%", "%%")


def _launch_agent(words: Sequence[str], folder: Path, variables: Mapping[str, str]) -> bytes:
    return plistlib.dumps(
        {
            "Label": _LABEL,
            "ProgramArguments": list(words),
            "WorkingDirectory": str(folder),
            "EnvironmentVariables": dict(variables),
            "RunAtLoad": True,
            "LimitLoadToSessionType": "Aqua",
        }
    )
