"""Cameras, read with OpenCV."""

import os
import platform
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from video_labeler.errors import SourceError, SourceNotFoundError, SourceUnavailableError
from video_labeler.frames import Image
from video_labeler.opencv import cv2
from video_labeler.settings import CameraSettings
from video_labeler.sources.base import SourceInfo
from video_labeler.sources.camera_list import CameraDevice, find_camera, list_cameras
from video_labeler.sources.live import LiveSource

_WAITED_S = 1.0
"""A read that fails after at least this long has waited for a picture; a faster failure means the device is gone."""

_COMPRESSED_FROM_PIXELS = 640 * 480
"""Above this size, USB 2 carries uncompressed pictures at a few frames a second only."""

Capture = Any
"""What :class:`cv2.VideoCapture` offers."""


def open_capture(camera: CameraDevice) -> Capture:
    """The system's own capture of a camera, through OpenCV."""
    if platform.system() == "Linux":
        return cv2.VideoCapture(camera.path or f"/dev/video{camera.index}", cv2.CAP_V4L2)
    backend = cv2.CAP_AVFOUNDATION if platform.system() == "Darwin" else cv2.CAP_DSHOW
    return cv2.VideoCapture(camera.index, backend)


class CameraConnection:
    """An open camera; it must be closed by the thread that reads."""

    captured_s: float | None = None

    def __init__(self, capture: Capture, name: str, settings: CameraSettings) -> None:
        self._capture = capture
        self._name = name
        _request(capture, settings)
        self._pending = self._grab()
        if self._pending is None:
            raise SourceUnavailableError(
                f"{name} opens, but sends no picture. Unplug it and plug it in again, or ask for another size."
            )
        height, width = self._pending.shape[:2]
        rate = float(capture.get(cv2.CAP_PROP_FPS))
        self.info = SourceInfo(name, width, height, rate if rate > 0 else None)

    def read(self) -> Image | None:
        """The next picture; ``None`` where the system waited for one in vain.

        Raises:
            SourceUnavailableError: the camera is gone.
        """
        image, self._pending = self._pending, None
        if image is not None:
            return image
        started_s = time.monotonic()
        image = self._grab()
        if image is None and time.monotonic() - started_s < _WAITED_S:
            raise SourceUnavailableError(f"{self._name} has been disconnected.")
        return image

    def _grab(self) -> Image | None:
        try:
            good, image = self._capture.read()
        except cv2.error:
            return None
        if not good or image is None or image.ndim != 3:
            return None
        return np.asarray(image, dtype=np.uint8)

    def close(self) -> None:
        """Let the camera go."""
        self._capture.release()


def _request(capture: Capture, settings: CameraSettings) -> None:
    """Ask for size and rate; a camera takes what is nearest."""
    pixels = (settings.width or 0) * (settings.height or 0)
    if pixels > _COMPRESSED_FROM_PIXELS:
        capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
    for setting, value in (
        (cv2.CAP_PROP_FRAME_WIDTH, settings.width),
        (cv2.CAP_PROP_FRAME_HEIGHT, settings.height),
        (cv2.CAP_PROP_FPS, settings.rate),
    ):
        if value is not None:
            capture.set(setting, value)


class CameraPort:
    """A camera as a device that can be opened again, also when it has got another index meanwhile."""

    def __init__(
        self,
        device: str | int,
        settings: CameraSettings,
        cameras: Callable[[], tuple[CameraDevice, ...]],
        capture: Callable[[CameraDevice], Capture],
    ) -> None:
        self.name = f"Camera {device}"
        self._device = device
        self._was_there = False
        self._settings = settings
        self._cameras = cameras
        self._capture = capture

    def open(self) -> CameraConnection:
        """Find the camera and open it.

        Raises:
            SourceNotFoundError: it is not connected.
            SourceUnavailableError: in use, forbidden, or silent.
        """
        camera = self._find()
        _check_access(camera)
        capture = self._capture(camera)
        try:
            connection = _connected(capture, camera, self._settings)
        except BaseException:
            capture.release()
            raise
        # From now on it is this very camera that is meant, wherever it is plugged in.
        self._device = camera.stable_id
        self._was_there = True
        self.name = camera.name
        return connection

    def _find(self) -> CameraDevice:
        try:
            return find_camera(self._device, self._cameras())
        except SourceNotFoundError as error:
            if not self._was_there:
                raise
            raise SourceNotFoundError(f"{self.name} is no longer connected. Plug it in again.") from error


def _connected(capture: Capture, camera: CameraDevice, settings: CameraSettings) -> CameraConnection:
    if not capture.isOpened():
        raise _in_use(camera)
    return CameraConnection(capture, camera.name, settings)


def _check_access(camera: CameraDevice) -> None:
    if camera.path is None or os.access(camera.path, os.R_OK | os.W_OK):
        return
    group = _group_of(camera.path)
    raise SourceUnavailableError(
        f"You have no permission to use {camera.name}. Add yourself to the group {group} "
        f"(sudo usermod -aG {group} $USER), then log out and in again."
    )


def _group_of(path: str) -> str:
    try:
        return Path(path).group()
    except (OSError, KeyError, NotImplementedError):
        return "video"


def _in_use(camera: CameraDevice) -> SourceError:
    holder = _holder(camera.path) if camera.path else None
    by = f"by {holder}" if holder else "by another program"
    return SourceUnavailableError(f"{camera.name} is in use {by}, it seems. Close that program and try again.")


def _holder(path: str) -> str | None:
    """The name of a program that has this device file open, as far as this user may see (Linux)."""
    wanted = str(Path(path).resolve())
    for link in Path("/proc").glob("[0-9]*/fd/*"):
        try:
            if os.readlink(link) == wanted and link.parts[2] != str(os.getpid()):  # noqa: PTH115 - ten times slower
                return (Path("/proc") / link.parts[2] / "comm").read_text(encoding="utf-8").strip()
        except OSError:
            continue
    return None


class Camera(LiveSource):
    """A camera of this computer.

    ``device`` is an index, a name as :func:`list_cameras` gives it (or its beginning), or a path such as one
    under ``/dev/v4l/by-id``. After a failure it is looked for by its stable name. ``cameras`` and ``capture``
    are what it asks for the list and for an open capture.
    """

    def __init__(
        self,
        device: str | int,
        settings: CameraSettings | None = None,
        must_answer: bool = True,
        *,
        cameras: Callable[[], tuple[CameraDevice, ...]] = list_cameras,
        capture: Callable[[CameraDevice], Capture] = open_capture,
    ) -> None:
        settings = settings or CameraSettings()
        port = CameraPort(device, settings, cameras, capture)
        super().__init__(port, must_answer, longest_pause_s=settings.longest_pause_s)
