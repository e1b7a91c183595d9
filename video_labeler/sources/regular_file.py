"""Checks, before opening a file, that it is a readable regular file with content."""

import stat
from pathlib import Path

from video_labeler.errors import SourceFormatError, SourceNotFoundError, SourceUnavailableError


def check_regular_file(path: Path, kind: str) -> None:
    """Check that ``path`` is a readable regular file.

    ``kind`` is what it should be: "a video", "a picture". Opening a pipe without a
    writer would block for ever, so it is checked first.

    Raises:
        SourceNotFoundError: there is nothing under that name.
        SourceFormatError: a folder, a pipe or device, or an empty file.
        SourceUnavailableError: it may not be read.
    """
    try:
        found = path.stat()
        if stat.S_ISDIR(found.st_mode):
            raise SourceFormatError(f"{path} is a folder, not {kind} file.")
        if not stat.S_ISREG(found.st_mode):
            raise SourceFormatError(
                f"{path} is a pipe or a device, not {kind} file. Save what it carries to a file first."
            )
        if found.st_size == 0:
            raise SourceFormatError(f"{path} is empty. Check that it was copied or downloaded to the end.")
        with path.open("rb") as file:
            file.read(1)
    except PermissionError as error:
        raise SourceUnavailableError(
            f"You have no permission to read {path}. Change its permissions, or copy it to your own folder."
        ) from error
    except (FileNotFoundError, NotADirectoryError) as error:
        raise SourceNotFoundError(f"There is no file {path}. Check its name and folder.") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise SourceUnavailableError(f"{path} cannot be read: {reason}.") from error
