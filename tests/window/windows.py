"""Main windows over a session made by hand, for the tests."""

from pathlib import Path

from PyQt6.QtCore import QSettings

from tests.window.fake_session import FakeSession
from video_labeler.settings import Settings
from video_labeler.sources.camera_list import CameraDevice
from video_labeler.window.main.camera_follower import CameraFollower
from video_labeler.window.main.main_window import MainWindow
from video_labeler.window.main.settings_keeper import SettingsKeeper

WEBCAM = CameraDevice(0, "Webcam", "usb-webcam-0")
BRIO = CameraDevice(2, "Logitech BRIO", "usb-brio-0")


class FakeWatch:
    """A camera watch whose list is set by hand."""

    def __init__(self, *cameras: CameraDevice) -> None:
        self.cameras = cameras
        self.listed = True
        self.closed = False

    def close(self) -> None:
        self.closed = True


def open_window(
    session: FakeSession,
    folder: Path,
    *,
    settings: Settings | None = None,
    watch: FakeWatch | None = None,
    wanted: bool = False,
) -> MainWindow:
    """A main window that keeps its settings and places in ``folder``."""
    keeper = SettingsKeeper(settings or Settings(), folder / "settings.toml")
    memory = QSettings(str(folder / "window.ini"), QSettings.Format.IniFormat)
    cameras = CameraFollower(watch or FakeWatch(WEBCAM, BRIO), wanted=wanted)
    return MainWindow(session, keeper, cameras, memory)
