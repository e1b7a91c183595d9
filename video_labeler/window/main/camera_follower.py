"""Follows the cameras as they come and go, and finds the one to start with."""

from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, pyqtSignal

from video_labeler.sources.camera_list import CameraDevice

if TYPE_CHECKING:
    from video_labeler.session.camera_watch import CameraWatch


class CameraFollower(QObject):
    """Polls a :class:`CameraWatch` on request."""

    changed = pyqtSignal(tuple)
    first_found = pyqtSignal(str)

    def __init__(self, watch: "CameraWatch", *, wanted: bool, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._watch = watch
        self._cameras: tuple[CameraDevice, ...] | None = None
        self._wanted = wanted

    @property
    def is_looking(self) -> bool:
        """Whether the camera to start with may still be found; later ones are only offered."""
        return self._wanted

    def stop_looking(self) -> None:
        """Stop, because a source was chosen."""
        self._wanted = False

    def look(self) -> None:
        """Check which cameras are connected."""
        listed, cameras = self._watch.listed, self._watch.cameras
        if listed and cameras != self._cameras:
            self._cameras = cameras
            self.changed.emit(cameras)
        if listed and self._wanted:
            self._wanted = False
            if cameras:
                self.first_found.emit(cameras[0].stable_id)

    def close(self) -> None:
        """Stop polling."""
        self._watch.close()
