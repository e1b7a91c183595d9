"""One run of the kiosk: polls the stand, shows it, and sends heartbeats to the supervisor."""

import logging
from typing import TYPE_CHECKING

from PyQt6.QtWidgets import QApplication

from video_labeler.kiosk.day_book import kiosk_folder
from video_labeler.kiosk.exit_pin import TRIES_NAME
from video_labeler.kiosk.failure import STUCK_CODE
from video_labeler.kiosk.scene import Scene
from video_labeler.settings import Settings
from video_labeler.window.kiosk.guarded_window import GuardedWindow
from video_labeler.window.kiosk.qt_parts import Relay, delete_now, timer
from video_labeler.window.kiosk.stage_view import StageView
from video_labeler.window.look.icons import application_icon
from video_labeler.window.qt_application import ends_on_signals

if TYPE_CHECKING:
    from video_labeler.window.kiosk.application import KioskPulse, KioskStand

_log = logging.getLogger(__name__)

_LOOK_MS, _BEAT_MS = 25, 1000


class KioskRun:
    """Holds the window and the timers of a running kiosk."""

    def __init__(self, settings: Settings, stand: "KioskStand", pulse: "KioskPulse") -> None:
        self._stand = stand
        self._pulse = pulse
        self._app: QApplication | None = None
        self._code = 0
        self._ending = False
        self._scene = Scene.WAIT
        self._looked = False
        self._failing = False
        self.stage = StageView(settings.kiosk, stand)
        self.window = GuardedWindow(settings.kiosk, self.stage, kiosk_folder() / TRIES_NAME)
        self.window.setWindowIcon(application_icon())
        self.stage.first_paint.connect(pulse.ready)
        self.window.exit_granted.connect(self._leave)
        self.window.replay_wanted.connect(stand.save_replay)
        self._orphaned = Relay()
        self._orphaned.called.connect(self.end)
        pulse.on_orphaned(self._orphaned.call)

    def until_it_ends(self, app: QApplication) -> int:
        """Show the window, and return the exit code."""
        self._app = app
        timers = (timer(_LOOK_MS, self.look, self.window), timer(_BEAT_MS, self.beat, self.window))
        try:
            with ends_on_signals(self.end):
                self.window.open()
                if not self._ending:
                    app.exec()
        finally:
            for each in timers:
                each.stop()
            self.stage.close_painter()
            self.window.end()
            delete_now(self.window)
        return self._code

    def look(self) -> None:
        """Show the stand's current view; never shows an old picture as live, even if the stand fails."""
        self.stage.keep_fresh()
        try:
            view = self._stand.look()
        except Exception:  # noqa: BLE001 - without a look there is no heartbeat, so the supervisor helps
            if not self._failing:
                _log.exception("The stand cannot be polled")
            self._failing = True
            return
        self._failing = False
        self._scene = view.scene
        self.stage.show_view(view)
        self._looked = True

    def beat(self) -> None:
        """Send a heartbeat if the stand was polled and painted since the last time."""
        if self._stand.is_stuck and not self._ending:
            _log.error("A device hangs, so the kiosk must restart")
            self.end(STUCK_CODE)
        if self._looked and self.stage.is_sound:
            self._looked = False
            self._pulse.beat(self._scene, self._stand.take_tally())

    def end(self, code: int = 0) -> None:
        """End gracefully."""
        self._ending = True
        self._code = code
        if self._app is not None:
            self._app.exit(code)

    def _leave(self) -> None:
        self._pulse.beat(self._scene, self._stand.take_tally())
        self._pulse.leave()
        self.end()
