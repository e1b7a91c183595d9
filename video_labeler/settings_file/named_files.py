"""The files that the kiosk's settings name: resolved from the settings file, and left out where they are missing."""

from dataclasses import replace
from pathlib import Path

from video_labeler.errors import SourceFormatError
from video_labeler.settings import Settings
from video_labeler.text.file_address import local_path

_FILES = {
    "logo": ("logo", "none is shown"),
    "attract_video": ("attract video", "the demo clip plays"),
}


def resolve_files(settings: Settings, folder: Path) -> Settings:
    """Make paths that start from ``folder`` or the home folder absolute; an empty one becomes ``None``."""
    return _with_files(settings, {name: _resolved(getattr(settings.kiosk, name), folder) for name in _FILES})


def check_files(settings: Settings) -> tuple[Settings, tuple[str, ...]]:
    """Leave out the kiosk's logo and attract video where they cannot be read, with a sentence for each."""
    notices: list[str] = []
    changes: dict[str, str | None] = {}
    for name, (title, instead) in _FILES.items():
        path = getattr(settings.kiosk, name)
        reason = None if path is None else _why_not(Path(path))
        if reason is not None:
            notices.append(f"The {title} {path} {reason}; {instead}.")
            changes[name] = None
    return _with_files(settings, changes), tuple(notices)


def _with_files(settings: Settings, changes: dict[str, str | None]) -> Settings:
    logo = changes.get("logo", settings.kiosk.logo)
    attract_video = changes.get("attract_video", settings.kiosk.attract_video)
    return replace(settings, kiosk=replace(settings.kiosk, logo=logo, attract_video=attract_video))


def _resolved(path: str | None, folder: Path) -> str | None:
    if path is None or not path.strip():
        return None
    try:
        return str(folder.absolute() / local_path(path).expanduser())
    except (RuntimeError, SourceFormatError):  # "~" of a user without a home here, or a file on another computer
        return path


def _why_not(path: Path) -> str | None:
    """Why a file cannot be read; ``None``: it can."""
    try:
        if not path.exists():
            return "does not exist"
        if not path.is_file():
            return "is not a file"
        with path.open("rb"):
            return None
    except (OSError, ValueError) as error:
        return f"cannot be read ({getattr(error, 'strerror', None) or error})"
