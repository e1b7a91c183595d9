"""Which cameras there are, with names that stay the same when they are plugged in elsewhere."""

import platform
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from video_labeler.errors import SourceNotFoundError

_SYS_CLASS = Path("/sys/class/video4linux")
_DEV = Path("/dev")
_USUAL_WIDTHS = (320, 640, 800, 1024, 1280, 1920, 2560, 3840)


@dataclass(frozen=True, slots=True)
class CameraDevice:
    """A camera: ``index`` may change at the next start, ``stable_id`` does not.

    ``sizes`` are (width, height) in pixels, smallest first; empty where the system does not tell.
    """

    index: int
    name: str
    stable_id: str
    path: str | None = None
    sizes: tuple[tuple[int, int], ...] = ()


def list_cameras() -> tuple[CameraDevice, ...]:
    """The cameras of this computer, by index; empty where there is none."""
    if platform.system() == "Linux":
        return linux_cameras()
    return _named_by_ffmpeg("avfoundation" if platform.system() == "Darwin" else "dshow")


def find_camera(device: str | int, cameras: tuple[CameraDevice, ...]) -> CameraDevice:
    """The camera meant by an index, a name, the beginning of a name, a stable name or a path.

    Raises:
        SourceNotFoundError: there is none; the message lists those there are.
    """
    wanted = str(device).strip()
    if wanted.startswith("/"):
        # Any link leads to the device file itself: by-id, by-path, or one of a rule of the user's own.
        wanted = str(Path(wanted).resolve()) if Path(wanted).exists() else wanted
    for camera in cameras:
        if wanted in (str(camera.index), camera.path, camera.stable_id, Path(camera.stable_id).name, camera.name):
            return camera
    for camera in cameras:
        if not wanted.isdecimal() and wanted and camera.name.casefold().startswith(wanted.casefold()):
            return camera
    there_are = "; ".join(f"{camera.index} ({camera.name})" for camera in cameras)
    hint = f"There are: {there_are}." if there_are else "No camera is connected, as far as the system can see."
    raise SourceNotFoundError(f"There is no camera {device}. {hint}")


def linux_cameras(sys_class: Path = _SYS_CLASS, dev: Path = _DEV) -> tuple[CameraDevice, ...]:
    """The capture devices that the kernel lists under ``sys_class``; ``dev`` holds their device files."""
    stable = _stable_ids(dev)
    nodes = sorted(sys_class.glob("video*"), key=lambda node: (len(node.name), node.name))
    return tuple(camera for node in nodes for camera in _linux_camera(node, dev, stable))


def _linux_camera(node: Path, dev: Path, stable: dict[str, str]) -> Iterator[CameraDevice]:
    digits = node.name.removeprefix("video")
    path = dev / node.name
    if not digits.isdecimal() or not path.exists():
        return
    sizes = _linux_sizes(path)
    if sizes is None:
        return
    try:
        name = (node / "name").read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        name = ""
    yield CameraDevice(int(digits), name or node.name, stable.get(node.name, str(path)), str(path), sizes)


def _stable_ids(dev: Path) -> dict[str, str]:
    """The links that udev names by maker and serial number, by the name of the device they lead to."""
    try:
        links = sorted((dev / "v4l" / "by-id").iterdir())
    except OSError:
        return {}
    return {link.resolve().name: str(link) for link in links}


def _linux_sizes(path: Path) -> tuple[tuple[int, int], ...] | None:
    """The sizes a device offers: empty where it does not tell, ``None`` where it is no camera (metadata, output)."""
    from linuxpy.video import device as v4l2  # type: ignore[import-untyped]

    try:
        with v4l2.Device(path) as camera:
            if v4l2.Capability.VIDEO_CAPTURE not in camera.info.device_capabilities:
                return None
            sizes = {size for entry in camera.info.frame_sizes() for size in _offered(entry)}
    except (OSError, ValueError, AttributeError):
        # Busy, forbidden, or a driver with answers of its own: opening it says more.
        return ()
    return tuple(sorted(sizes))


def _offered(entry: Any) -> Iterator[tuple[int, int]]:
    limits = entry.info
    if hasattr(limits, "min_width"):
        for width in _USUAL_WIDTHS:
            height = width * 9 // 16
            if limits.min_width <= width <= limits.max_width and limits.min_height <= height <= limits.max_height:
                yield width, height
    elif hasattr(limits, "width"):
        yield limits.width, limits.height


def _named_by_ffmpeg(system: str) -> tuple[CameraDevice, ...]:
    """The cameras as FFmpeg's device list names them; OpenCV counts them in the same order."""
    import av

    try:
        found = av.enumerate_input_devices(system)
    except (av.FFmpegError, OSError, ValueError):
        return ()
    cameras = [device for device in found if "video" in device.media_types]
    return tuple(CameraDevice(i, camera.description, camera.name) for i, camera in enumerate(cameras))
