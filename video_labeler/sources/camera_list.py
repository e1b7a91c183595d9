"""Lists cameras, and finds the one that a name means, even after it was plugged in again."""

import platform
from collections.abc import Set
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from video_labeler.errors import SourceNotFoundError


class Lasting(Enum):
    """How reliable the stable name of a camera is."""

    ITSELF = "itself"
    """It stays with the camera, wherever that is plugged in."""
    PORT = "port"
    """It stays with the port: nothing tells the camera from others of its model."""
    NAME = "name"
    """It is the camera's name, which is unique at the moment."""
    NUMBER = "number"
    """It is only the device's number, which may go to another camera after a restart."""


@dataclass(frozen=True, slots=True)
class CameraDevice:
    """A camera: ``index`` may change after a restart; :attr:`lasting` says how reliable ``stable_id`` is.

    ``sizes`` are (width, height) in pixels, smallest first; empty if unknown. ``port`` is the
    USB port that it is plugged into, if known. ``has_serial`` is false if all cameras of its model look the same.
    """

    index: int
    name: str
    stable_id: str
    path: str | None = None
    sizes: tuple[tuple[int, int], ...] = ()
    port: str | None = None
    has_serial: bool = True

    @property
    def lasting(self) -> Lasting:
        """How far ``stable_id`` can be relied on."""
        if self.stable_id == self.path:
            return Lasting.NUMBER
        if self.stable_id == self.port:
            return Lasting.PORT
        return Lasting.NAME if self.stable_id == self.name else Lasting.ITSELF


def list_cameras() -> tuple[CameraDevice, ...]:
    """The cameras of this computer, by index; empty if there are none. On Linux, only new devices are opened."""
    if platform.system() == "Linux":
        from video_labeler.sources.linux_cameras import linux_cameras

        return linux_cameras()
    return _named_by_ffmpeg("avfoundation" if platform.system() == "Darwin" else "dshow")


def find_camera(device: str | int, cameras: tuple[CameraDevice, ...]) -> CameraDevice:
    """The camera meant by an index, a name, the beginning of a name, a stable name or a path.

    Raises:
        SourceNotFoundError: there is none; the message lists the cameras that exist.
    """
    wanted = str(device).strip()
    if wanted.startswith("/"):
        # Any link leads to the device file itself: by-id, by-path, or one of a rule of the user's own.
        wanted = str(Path(wanted).resolve()) if Path(wanted).exists() else wanted
    for camera in cameras:
        exact = (
            str(camera.index),
            camera.path,
            camera.stable_id,
            Path(camera.stable_id).name,
            camera.port,
            camera.name,
        )
        if wanted in exact:
            return camera
    for camera in cameras:
        if not wanted.isdecimal() and wanted and camera.name.casefold().startswith(wanted.casefold()):
            return camera
    there_are = "; ".join(f"{camera.index} ({camera.name})" for camera in cameras)
    hint = f"There are: {there_are}." if there_are else "The system finds no camera."
    raise SourceNotFoundError(f"There is no camera {device}. {hint}")


def find_again(
    lost: CameraDevice, cameras: tuple[CameraDevice, ...], others: Set[str | None] = frozenset()
) -> CameraDevice | None:
    """The camera that was lost, whatever its number is now; ``None`` if it is missing, or cannot be identified.

    ``others``: the paths of other cameras that have been present all along.
    """
    named = [camera for camera in cameras if camera.name == lost.name]
    if lost.port is not None:
        for camera in named:
            if camera.port == lost.port and not _has_another_serial(camera, lost):
                return camera
    elsewhere = [camera for camera in named if camera.path not in others]
    if lost.lasting is Lasting.ITSELF:
        moved = named if lost.has_serial else elsewhere
        return next((camera for camera in moved if camera.stable_id == lost.stable_id), None)
    if lost.port is not None:
        return None
    # Nothing but the name tells: only one may have it, and with nothing that the lost one did not have.
    alike = [camera for camera in elsewhere if camera.port is None and camera.lasting is not Lasting.ITSELF]
    return alike[0] if len(alike) == 1 else None


def _has_another_serial(camera: CameraDevice, lost: CameraDevice) -> bool:
    each_alone = camera.lasting is Lasting.ITSELF and lost.lasting is Lasting.ITSELF
    return each_alone and camera.stable_id != lost.stable_id


def _named_by_ffmpeg(system: str) -> tuple[CameraDevice, ...]:
    """The cameras as FFmpeg's device list names them; OpenCV counts them in the same order."""
    import av

    try:
        found = av.enumerate_input_devices(system)
    except (av.FFmpegError, OSError, ValueError):
        return ()
    cameras = [device for device in found if "video" in device.media_types]
    return tuple(CameraDevice(i, camera.description, camera.name) for i, camera in enumerate(cameras))
