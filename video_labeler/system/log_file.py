"""The log file: private, and kept small."""

import logging
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path

from video_labeler.files.opening import growing_file, make_private, private_folder
from video_labeler.system.logs import MaskingFormatter

_log = logging.getLogger(__name__)

_FILE_NAME = "video-labeler.log"
_LARGEST = 1_000_000
_KEPT = 3
"""The size of a log file in bytes, and the number of older ones that are kept."""


def log_folder() -> Path:
    """The folder of the log: the user's folder for the state of programs."""
    from platformdirs import user_state_path

    return user_state_path("video-labeler", appauthor=False)


def start_log_file(folder: Path | None = None, name: str = _FILE_NAME) -> Path | None:
    """Also write the log to a file that is kept small; ``None`` if none can be written.

    The terminal shows the same as without it.
    """
    folder = folder or log_folder()
    path = folder / name
    try:
        private_folder(folder)
        for older in folder.glob(f"{name}*"):
            make_private(older)
        handler = _PrivateFileHandler(
            path, maxBytes=_LARGEST, backupCount=_KEPT, encoding="utf-8", errors="backslashreplace"
        )
    except OSError as error:
        _log.warning("There is no log file, because %s cannot be written: %s", path, error.strerror)
        return None
    handler.setFormatter(MaskingFormatter("%(asctime)s %(levelname)s %(threadName)s %(name)s: %(message)s"))
    handler.setLevel(logging.INFO)
    root = logging.getLogger()
    for other in root.handlers:
        if other.level == logging.NOTSET:
            other.setLevel(root.level)
    root.addHandler(handler)
    root.setLevel(min(root.level, logging.INFO))
    return path


class _PrivateFileHandler(RotatingFileHandler):
    """Logs names of files, labels and cameras to a file that only its owner can read."""

    def _open(self) -> TextIOWrapper:
        descriptor = growing_file(Path(self.baseFilename))
        return open(descriptor, "a", encoding=self.encoding, errors=self.errors)  # noqa: PTH123 - a descriptor
