"""`video-labeler install-desktop`: the program in the desktop's menu (Linux)."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import click

from video_labeler.assets import asset
from video_labeler.commands.telling import say
from video_labeler.errors import OutputError, VideoLabelerError
from video_labeler.files.durability import write_atomically
from video_labeler.system.desktop_entry import exec_words, start_command

_NAME = "video-labeler"
_VIDEO_TYPES = ("video/mp4", "video/x-matroska", "video/quicktime", "video/webm", "video/x-msvideo", "video/mpeg")


@click.command("install-desktop", short_help="Add the program to the desktop's menu (Linux).")
@click.option("--remove", is_flag=True, help="Take it out of the menu again.")
def command(*, remove: bool) -> int:
    """Add Video Labeler with its icon to the desktop's menu and to the programs that open videos, for this user."""
    if not sys.platform.startswith("linux"):
        raise VideoLabelerError("Only Linux desktops need this. Start `video-labeler-window` by a double click.")
    entry, icon = _places()
    try:
        if remove:
            found = entry.exists() or icon.exists()
            entry.unlink(missing_ok=True)
            icon.unlink(missing_ok=True)
            said = "Video Labeler is no longer in the menu." if found else "Video Labeler was not in the menu."
        else:
            _install(entry, icon)
            said = f"Video Labeler is in the menu now ({entry})."
    except OSError as error:
        raise OutputError(f"Cannot change {error.filename or entry}: {error.strerror}.") from error
    _refresh(entry.parent)
    say(said)
    return 0


def _places() -> tuple[Path, Path]:
    """The desktop entry's path and the icon's, after the XDG base directory and icon theme specifications."""
    data = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    return data / "applications" / f"{_NAME}.desktop", data / "icons/hicolor/scalable/apps" / f"{_NAME}.svg"


def _install(entry: Path, icon: Path) -> None:
    drawing = asset(f"icons/{_NAME}.svg")
    for path in (icon, entry):
        path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(icon, drawing.read_bytes())
    write_atomically(entry, _entry_text(start_command("window")))


def _entry_text(words: list[str]) -> str:
    lines = (
        "[Desktop Entry]",
        "Type=Application",
        "Version=1.4",
        "Name=Video Labeler",
        "GenericName=Camera with labels",
        "Comment=Label what a camera or a video shows, offline",
        f"Exec={exec_words(words)} %u",
        f"Icon={_NAME}",
        "Terminal=false",
        "Categories=AudioVideo;Video;Recorder;",
        "Keywords=webcam;camera;label;recognition;",
        f"MimeType={';'.join(_VIDEO_TYPES)};",
        f"StartupWMClass={_NAME}",
    )
    return "\n".join(lines) + "\n"


def _refresh(applications: Path) -> None:
    """Let the desktop read its menu again; without the tool it does so by itself in time."""
    tool = shutil.which("update-desktop-database")
    if tool is not None and applications.is_dir():
        subprocess.run([tool, "-q", str(applications)], check=False, capture_output=True, timeout=30)
