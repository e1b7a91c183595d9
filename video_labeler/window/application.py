"""Starts the window: the session behind it, Qt, and what happens when something fails."""

from pathlib import Path

from PyQt6.QtCore import QObject, QSettings, pyqtSignal

from video_labeler.logs import UncaughtErrors
from video_labeler.session.camera_watch import CameraWatch
from video_labeler.session.session import Session
from video_labeler.settings import Settings
from video_labeler.window.qt_application import NAME, application, ends_on_signals


class _ErrorRelay(QObject):
    """Brings what failed in any thread to the interface's own."""

    told = pyqtSignal(str)


def run(settings: Settings, source: str | None, settings_path: Path | None) -> int:
    """Show the window until it is closed, and return the exit code.

    ``source`` is any text that names one, ``None`` the first camera; ``settings_path`` is where changed settings are
    kept, ``None`` nowhere.
    """
    # Models and source begin to load before Qt does, so that neither waits for the other.
    session = Session(settings)
    session.start()
    if source is not None:
        session.open(source)
    watch = CameraWatch()
    watch.start()
    try:
        return _show(session, watch, settings, settings_path, wants_camera=source is None)
    finally:
        session.close()
        watch.close()


def _show(
    session: Session, watch: CameraWatch, settings: Settings, settings_path: Path | None, *, wants_camera: bool
) -> int:
    app = application()
    # The words are translated as these modules are imported, so not before the application is there.
    from video_labeler.window import texts
    from video_labeler.window.camera_follower import CameraFollower
    from video_labeler.window.icons import application_icon
    from video_labeler.window.main_window import MainWindow
    from video_labeler.window.settings_keeper import SettingsKeeper
    from video_labeler.window.theme import ThemeFollower

    app.setApplicationDisplayName(texts.APPLICATION)
    app.setWindowIcon(application_icon())
    keeper = SettingsKeeper(settings, settings_path)
    theme = ThemeFollower(app, settings.window.theme)
    cameras = CameraFollower(watch, wanted=wants_camera)
    window = MainWindow(session, keeper, cameras, _memory(settings_path))
    keeper.changed.connect(lambda changed: theme.choose(changed.window.theme))
    theme.changed.connect(window.refresh_icons)
    relay = _ErrorRelay()
    relay.told.connect(window.report_error)
    with UncaughtErrors(relay.told.emit), ends_on_signals(window.close):
        window.show()
        code = app.exec()
    window.deleteLater()
    return code


def _memory(settings_path: Path | None) -> QSettings:
    """Where the window's place and size are remembered: beside the settings."""
    if settings_path is None:
        return QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, NAME, "window")
    return QSettings(str(settings_path.with_suffix(".window.ini")), QSettings.Format.IniFormat)
