"""Cameras, read with OpenCV."""

import contextlib
import platform
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from video_labeler.errors import SourceNotFoundError, SourceUnavailableError
from video_labeler.opencv import cv2
from video_labeler.pixels import Image
from video_labeler.settings import CameraSettings
from video_labeler.sources.base import SourceInfo
from video_labeler.sources.camera_list import CameraDevice, Lasting, find_again, find_camera, list_cameras
from video_labeler.sources.camera_trouble import file_mark, is_gone, opening_trouble, permission_trouble
from video_labeler.sources.live import LiveSource
from video_labeler.sources.watchdog import LivenessLimits

_WAITED_S = 1.0
"""A read that fails after at least this long has waited for a picture; a faster failure means the device is gone."""

_FAILURES = 5
_FAILING_S = 0.5
"""A driver that fails this often, for at least this long, has failed for good; less is a damaged picture."""

_AFTER_FAILURE_S = 0.02
_FIRST_TRIES = 5
"""The first pictures of many cameras are damaged."""

_LONGEST_PAUSE_S = 0.5
"""Checking whether a camera is back costs next to nothing, and somebody is waiting for the picture."""

_COMPRESSED_FROM_PIXELS = 640 * 480
"""Above this size, USB 2 carries uncompressed pictures at only a few frames per second."""

Capture = Any
"""The interface of :class:`cv2.VideoCapture`."""


def open_capture(camera: CameraDevice) -> Capture:
    """The system's capture of a camera, through OpenCV."""
    if platform.system() == "Linux":
        return cv2.VideoCapture(camera.path or f"/dev/video{camera.index}", cv2.CAP_V4L2)
    backend = cv2.CAP_AVFOUNDATION if platform.system() == "Darwin" else cv2.CAP_DSHOW
    return cv2.VideoCapture(camera.index, backend)


class CameraConnection:
    """An open camera; it must be closed by the thread that reads."""

    captured_s: float | None = None

    def __init__(self, capture: Capture, camera: CameraDevice, settings: CameraSettings) -> None:
        self._capture = capture
        self._camera = camera
        self._mark = file_mark(camera)
        self._failures = 0
        self._failing_since_s = 0.0
        _request(capture, settings)
        first = self._first_picture()
        self._pending: Image | None = first
        height, width = first.shape[:2]
        rate = float(capture.get(cv2.CAP_PROP_FPS))
        self.info = SourceInfo(camera.name, width, height, rate if rate > 0 else None)

    def read(self) -> Image | None:
        """The next picture; ``None`` if none arrived in time, or a damaged one.

        Raises:
            SourceUnavailableError: the camera is gone, or its driver returns only errors.
        """
        image, self._pending = self._pending, None
        if image is not None:
            return image
        started_s = time.monotonic()
        image = self._grab()
        now_s = time.monotonic()
        if image is not None or now_s - started_s >= _WAITED_S:
            self._failures = 0
            return image
        if self._failures == 0:
            self._failing_since_s = started_s
        self._failures += 1
        self._judge_failure(now_s)
        return None

    def _judge_failure(self, now_s: float) -> None:
        if is_gone(self._camera, self._mark):
            raise SourceUnavailableError(f"{self._camera.name} has been disconnected.")
        if self._failures >= _FAILURES and now_s - self._failing_since_s >= _FAILING_S:
            raise SourceUnavailableError(
                f"{self._camera.name} is still connected, but its driver has stopped giving pictures."
            )
        time.sleep(_AFTER_FAILURE_S)

    def _first_picture(self) -> Image:
        for _ in range(_FIRST_TRIES):
            started_s = time.monotonic()
            image = self._grab()
            if image is not None:
                return image
            if time.monotonic() - started_s >= _WAITED_S or is_gone(self._camera, self._mark):
                break
        if is_gone(self._camera, self._mark):
            raise SourceUnavailableError(f"{self._camera.name} has been disconnected.")
        raise SourceUnavailableError(
            f"{self._camera.name} opens, but sends no picture. Unplug it and plug it in again, or choose another size."
        )

    def _grab(self) -> Image | None:
        try:
            good, image = self._capture.read()
        except cv2.error:
            return None
        if not good or image is None or image.ndim != 3:
            return None
        return np.asarray(image, dtype=np.uint8)

    def close(self) -> None:
        """Release the camera."""
        self._capture.release()


def _request(capture: Capture, settings: CameraSettings) -> None:
    """Request size and rate; a camera uses the nearest it has."""
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
    """A camera as a device that can be reopened, even if it has got another index in the meantime.

    The text that named it decides which camera is meant at first; from then on it is that same camera.
    """

    def __init__(
        self,
        device: str | int,
        settings: CameraSettings,
        cameras: Callable[[], tuple[CameraDevice, ...]],
        capture: Callable[[CameraDevice], Capture],
    ) -> None:
        self.name = f"Camera {device}"
        self._device = device
        self._settings = settings
        self._cameras = cameras
        self._capture = capture
        self._last: CameraDevice | None = None
        self._others: frozenset[str | None] | None = None

    def open(self) -> CameraConnection:
        """Find the camera and open it.

        Raises:
            SourceNotFoundError: it is not connected.
            SourceUnavailableError: in use, forbidden, or silent.
        """
        camera = self._find()
        forbidden = permission_trouble(camera)
        if forbidden is not None:
            raise forbidden
        capture = self._capture(camera)
        try:
            connection = self._connected(capture, camera)
        except BaseException:
            capture.release()
            raise
        self._last, self._others = camera, None
        self.name = camera.name
        return connection

    def _connected(self, capture: Capture, camera: CameraDevice) -> CameraConnection:
        if not capture.isOpened():
            raise opening_trouble(camera)
        connection = CameraConnection(capture, camera, self._settings)
        self._check_still_is(camera)
        return connection

    def _find(self) -> CameraDevice:
        cameras = self._cameras()
        if self._last is None:
            return find_camera(self._device, cameras)
        here = frozenset(camera.path for camera in cameras if camera.path != self._last.path)
        # The first listing after a loss shows which others are there; one that comes later may be the lost camera.
        self._others = here if self._others is None else self._others & here
        camera = find_again(self._last, cameras, self._others)
        if camera is None:
            raise SourceNotFoundError(f"{self.name} is no longer connected. {self._advice(cameras)}")
        return camera

    def _advice(self, cameras: tuple[CameraDevice, ...]) -> str:
        same_place = self._last is not None and self._last.lasting is Lasting.PORT
        where = " where it was" if same_place else ""
        with contextlib.suppress(SourceNotFoundError):
            other = find_camera(self._device, cameras)
            return f"{self._device} is another camera now ({other.name}). Plug {self.name} in again{where}."
        return f"Plug it in again{where}."

    def _check_still_is(self, camera: CameraDevice) -> None:
        """Check that the index has not gone to another camera since the listing."""
        at_path = [other for other in self._cameras() if other.path == camera.path and camera.path is not None]
        if any((other.name, other.stable_id) != (camera.name, camera.stable_id) for other in at_path):
            raise SourceUnavailableError(f"{camera.name} has just got another number.")


class Camera(LiveSource):
    """A camera of this computer.

    ``device`` is an index, a name as :func:`list_cameras` gives it (or its beginning), or a path such as one
    under ``/dev/v4l/by-id``. After a failure it is looked for by its stable name. ``cameras`` and ``capture``
    provide the list of cameras and an open capture.
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
        pause_s = min(settings.longest_pause_s, _LONGEST_PAUSE_S)
        super().__init__(port, must_answer, longest_pause_s=pause_s, limits=LivenessLimits.of(settings))
