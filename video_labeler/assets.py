"""Where the files that ship with the package are."""

from pathlib import Path

from video_labeler.errors import VideoLabelerError

_PACKAGE = Path(__file__).resolve().parent
_FOLDERS = (_PACKAGE / "_assets", _PACKAGE.parent / "assets")
"""The folder in the wheel, then the one beside the package in a checkout."""


def asset(name: str) -> Path:
    """The path of the shipped file or folder of that name.

    Raises:
        VideoLabelerError: the installation lacks it.
    """
    for folder in _FOLDERS:
        path = folder / name
        if path.exists():
            return path
    raise VideoLabelerError(f"{name} is missing from this installation. Install video-labeler again.")
