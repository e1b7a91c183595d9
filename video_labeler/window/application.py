"""Starts the window: the session, Qt, and the handling of uncaught errors."""

import logging
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from PyQt6.QtCore import QObject, QSettings, QTimer, pyqtSignal

from video_labeler.files.durability import keep_copy
from video_labeler.session.camera_watch import CameraWatch
from video_labeler.session.session import Session
from video_labeler.settings import Settings
from video_labeler.sources.source_list import list_named
from video_labeler.system.logs import UncaughtErrors
from video_labeler.window.qt_application import application, ends_on_signals

_log = logging.getLogger(__name__)

_LEFTOVERS_AFTER_MS = 2000


class _ErrorRelay(QObject):
    """Passes errors of any thread to the interface's thread."""

    told = pyqtSignal(str)


def run(settings: Settings, source: str | None, settings_path: Path, problems: Sequence[str] = ()) -> int:
    """Show the window until it is closed, and return the exit code.

    ``source`` is any text that names one, ``None`` the first camera; ``settings_path`` is where changed settings are
    saved, ``problems`` are sentences about its invalid parts.
    """
    # Models and source start loading before Qt, so that neither waits for the other.
    session = Session(settings, waits_for_cameras=False)
    session.start()
    # What is played through as a list is opened by the window.
    several = source if source is not None and list_named(source) is not None else None
    if source is not None and several is None:
        session.open(source)
    watch = CameraWatch()
    watch.start()
    try:
        return _show(session, watch, settings, settings_path, problems, several, wants_camera=source is None)
    finally:
        session.close()
        watch.close()


def _show(
    session: Session,
    watch: CameraWatch,
    settings: Settings,
    settings_path: Path,
    problems: Sequence[str],
    several: str | None,
    *,
    wants_camera: bool,
) -> int:
    app = application()
    # The texts are translated when these modules are imported, so only once the application exists.
    from video_labeler.window import texts
    from video_labeler.window.look.icons import application_icon
    from video_labeler.window.look.theme import ThemeFollower
    from video_labeler.window.main.camera_follower import CameraFollower
    from video_labeler.window.main.main_window import MainWindow
    from video_labeler.window.main.settings_keeper import SettingsKeeper

    app.setApplicationDisplayName(texts.APPLICATION)
    app.setWindowIcon(application_icon())
    keeper = SettingsKeeper(settings, settings_path)
    theme = ThemeFollower(app, settings.window.theme)
    cameras = CameraFollower(watch, wanted=wants_camera)
    window = MainWindow(session, keeper, cameras, window_memory(settings_path))
    keeper.changed.connect(lambda changed: theme.choose(changed.window.theme))
    theme.changed.connect(window.refresh_icons)
    if several is not None:
        window.open_source(several)
    if problems:
        window.report_settings(problems, settings_path)
    # Not before the first picture, which has priority at the start.
    QTimer.singleShot(_LEFTOVERS_AFTER_MS, window.offer_leftovers)
    relay = _ErrorRelay()
    relay.told.connect(window.report_error)
    with UncaughtErrors(relay.told.emit), ends_on_signals(window.close_by_signal, window.close_at_once):
        window.show()
        code = app.exec()
    window.deleteLater()
    return code


def window_memory(settings_path: Path) -> QSettings:
    """The storage of the window's position and size, and of recent sources: beside the settings.

    A damaged file is copied before it is overwritten.
    """
    path = settings_path.with_suffix(".window.ini")
    memory = QSettings(str(path), QSettings.Format.IniFormat)
    if memory.status() is not QSettings.Status.NoError:
        _log.warning("%s is damaged, and is replaced", path)
        with suppress(OSError):
            content = path.read_bytes()
            keep_copy(path, content.__eq__)
    return memory
