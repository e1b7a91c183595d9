"""The folder for recordings, replays and snapshots."""

import os
from contextlib import suppress
from pathlib import Path

from video_labeler.errors import SourceFormatError
from video_labeler.settings import WindowSettings
from video_labeler.text.file_address import named_path

_NAME = "Video Labeler"

KIOSK_FOLDER = "Kiosk"
"""Inside the recordings folder: what a kiosk saves, separate from a person's recordings."""


def folder_problem(folder: Path) -> str:
    """Why nothing can be saved in a folder, as a sentence; empty if it can be used or created."""
    try:
        place = next(place for place in (folder, *folder.parents) if place.exists())
        is_fit = place.is_dir() and os.access(place, os.W_OK | os.X_OK)
    except (OSError, ValueError) as error:
        return f"The folder {folder} cannot be used: {getattr(error, 'strerror', None) or error}."
    if is_fit:
        return ""
    reason = "it may not be written" if place.is_dir() else "it is a file"
    return f"Nothing can be saved in {folder}: {reason if place == folder else f'{place} is in the way'}."


def recordings_folder(window: WindowSettings) -> Path:
    """The folder that the settings name, or the program's folder among the user's videos."""
    if window.recordings_folder:
        with suppress(SourceFormatError):
            return named_path(window.recordings_folder)
        return Path(window.recordings_folder)
    from platformdirs import user_videos_path

    return user_videos_path() / _NAME
