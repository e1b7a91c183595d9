"""Keeps the list of cameras up to date as they are plugged in and out."""

import logging
import sys
import threading
from collections.abc import Callable

from video_labeler.sources.camera_list import CameraDevice, list_cameras

_log = logging.getLogger(__name__)

# On Linux listing opens only new devices; elsewhere every listing queries the whole system.
_EVERY_S = 1.0 if sys.platform == "linux" else 2.0
_CLOSE_LIMIT_S = 0.5


class CameraWatch:
    """Lists the cameras every second or two, in a background thread. ``list_them`` makes the list."""

    def __init__(self, list_them: Callable[[], tuple[CameraDevice, ...]] = list_cameras) -> None:
        self._list_them = list_them
        self._cameras: tuple[CameraDevice, ...] = ()
        self._closing = threading.Event()
        self._listed = threading.Event()
        self._thread = threading.Thread(target=self._run, name="camera watch", daemon=True)

    def start(self) -> None:
        """Start watching. Returns at once; the list is empty until the first listing."""
        self._thread.start()

    @property
    def cameras(self) -> tuple[CameraDevice, ...]:
        """The cameras that are connected, by index."""
        return self._cameras

    @property
    def listed(self) -> bool:
        """Whether the list has been made at least once, so that an empty one means that there is no camera."""
        return self._listed.is_set()

    def close(self) -> None:
        """Stop watching, without waiting for a driver that hangs."""
        self._closing.set()
        if self._thread.ident is not None:
            self._thread.join(_CLOSE_LIMIT_S)

    def _run(self) -> None:
        told = ""
        while not self._closing.is_set():
            try:
                self._cameras = self._list_them()
                told = ""
            except Exception as error:  # noqa: BLE001 - whatever a driver answers, the next look may go well
                failure = f"{type(error).__name__}: {error}"
                if failure != told:
                    _log.exception("The cameras could not be listed")
                told = failure
            self._listed.set()
            self._closing.wait(_EVERY_S)
