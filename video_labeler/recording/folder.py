"""Where recordings, replays and snapshots go."""

from pathlib import Path

from video_labeler.settings import WindowSettings

_NAME = "Video Labeler"

KIOSK_FOLDER = "Kiosk"
"""Inside the recordings folder: what a kiosk saves, apart from what a person has recorded."""


def recordings_folder(window: WindowSettings) -> Path:
    """The folder that the settings name, or one of the program's own among the user's videos."""
    if window.recordings_folder:
        return Path(window.recordings_folder).expanduser()
    from platformdirs import user_videos_path

    return user_videos_path() / _NAME
