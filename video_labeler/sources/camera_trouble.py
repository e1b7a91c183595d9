"""Why a camera does not work, as far as it can be proven."""

import errno
import getpass
import os
import stat
from pathlib import Path

from video_labeler.errors import SourceUnavailableError
from video_labeler.sources.camera_list import CameraDevice
from video_labeler.text.shown import shown

_GONE = (errno.ENODEV, errno.ENXIO, errno.ENOENT)


def permission_trouble(camera: CameraDevice) -> SourceUnavailableError | None:
    """What to do if this user may not use the camera; ``None`` if that is allowed, or unknown."""
    if camera.path is None or os.access(camera.path, os.R_OK | os.W_OK):
        return None
    try:
        way_in = _way_in(camera.path)
    except FileNotFoundError:
        return None
    return SourceUnavailableError(f"You have no permission to use {camera.name}. {way_in}")


def file_mark(camera: CameraDevice) -> tuple[int, int] | None:
    """Identifies the camera's device file among later ones of the same name; ``None`` if there is none."""
    try:
        status = os.stat(camera.path or "")  # noqa: PTH116 - an empty path is no current folder here
    except OSError:
        return None
    return status.st_ino, status.st_rdev


def is_gone(camera: CameraDevice, mark: tuple[int, int] | None) -> bool:
    """Whether the camera behind the device file with that mark is gone; false if unknown."""
    if camera.path is None or mark is None:
        return False
    if file_mark(camera) != mark:
        return True
    try:
        os.close(os.open(camera.path, os.O_RDWR | os.O_NONBLOCK))
    except OSError as error:
        return error.errno in _GONE
    return False


def opening_trouble(camera: CameraDevice) -> SourceUnavailableError:
    """Why a camera that is connected could not be opened."""
    if camera.path is None:
        return SourceUnavailableError(
            f"{camera.name} cannot be opened. Close other programs that may use it, or unplug it and plug it in again."
        )
    from video_labeler.sources.v4l2_node import why_not_started

    error = why_not_started(camera.path)
    holder = _holder(camera.path)
    if error is not None and error.errno in _GONE:
        return SourceUnavailableError(f"{camera.name} has been disconnected.")
    if holder or (error is not None and error.errno == errno.EBUSY):
        by = holder or "another program"
        return SourceUnavailableError(f"{camera.name} is in use by {by}. Close that program and try again.")
    said = f" ({error.strerror})" if error is not None and error.strerror else ""
    return SourceUnavailableError(
        f"{camera.name} is connected, but its driver does not start it{said}. Unplug it and plug it in again."
    )


def _way_in(path: str) -> str:
    """What to do without permission for the device file.

    Raises:
        FileNotFoundError: it no longer exists.
    """
    open_to_group, group = True, "video"
    try:
        mode, group = Path(path).stat().st_mode, Path(path).group()
        open_to_group = bool(mode & stat.S_IRGRP and mode & stat.S_IWGRP) and group != "root"
    except FileNotFoundError:
        raise
    except (OSError, KeyError, NotImplementedError):
        # The owner is unknown, or the group has no name here: the usual one is the best guess.
        pass
    if not open_to_group:
        return (
            f"Only the owner of {path} may open it. Give it to the group video and join that: "
            f"sudo chgrp video {path} && sudo chmod g+rw {path} && sudo usermod -aG video $USER, "
            "then log out and in again."
        )
    if _is_member(group):
        return f"You are in the group {group}, but this login does not know it yet: log out and in again."
    return f"Add yourself to the group {group} (sudo usermod -aG {group} $USER), then log out and in again."


def _is_member(group: str) -> bool:
    """Whether the user is in the group, even if this login does not know it yet."""
    try:
        import grp

        return getpass.getuser() in grp.getgrnam(group).gr_mem
    except (ImportError, KeyError, OSError):
        return False


def _holder(path: str) -> str | None:
    """The name of another program that has this device file open, as far as this user may see (Linux)."""
    wanted = str(Path(path).resolve())
    for process in _listed("/proc"):
        if not process.isdecimal() or process == str(os.getpid()):
            continue
        for number in _listed(f"/proc/{process}/fd"):
            try:
                if os.readlink(f"/proc/{process}/fd/{number}") == wanted:  # noqa: PTH115 - ten times slower
                    name = Path(f"/proc/{process}/comm").read_text(encoding="utf-8", errors="replace")
                    return shown(name.strip()) or None
            except OSError:
                continue
    return None


def _listed(folder: str) -> list[str]:
    try:
        return os.listdir(folder)  # noqa: PTH208 - ten times slower
    except OSError:
        return []
