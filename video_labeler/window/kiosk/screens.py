"""Keeps a window on its screen while screens are unplugged, come back, and change their size."""

import logging

from PyQt6.QtCore import QObject, QTimer
from PyQt6.QtGui import QGuiApplication, QScreen
from PyQt6.QtWidgets import QWidget

_log = logging.getLogger(__name__)

_SETTLE_MS = 150
"""Desktops report one plug with several events."""


class ScreenKeeper(QObject):
    """Fills screen ``number`` (1: the first; 0: the main one) with a window; while it is missing, the main one.

    The first screen with this number is recognised by its name, whatever its number when it comes back.
    """

    def __init__(self, window: QWidget, number: int) -> None:
        super().__init__(window)
        self._window = window
        self._number = number
        self._name: str | None = None
        self._missed = False
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(_SETTLE_MS)
        self._settle.timeout.connect(self.place)
        app = QGuiApplication.instance()
        assert isinstance(app, QGuiApplication)
        app.screenAdded.connect(self._follow)
        app.screenRemoved.connect(self._later)
        app.primaryScreenChanged.connect(self._later)
        for screen in QGuiApplication.screens():
            screen.geometryChanged.connect(self._later)

    def place(self) -> None:
        """Fill the right screen."""
        screen = self._wanted() or QGuiApplication.primaryScreen()
        if screen is None:
            return
        window = self._window
        if window.screen() is screen and window.isVisible() and window.geometry() == screen.geometry():
            return
        _log.info("The kiosk is on the screen %s", screen.name() or "(without a name)")
        window.setScreen(screen)
        window.setGeometry(screen.geometry())
        window.showFullScreen()

    def _wanted(self) -> QScreen | None:
        """The chosen screen, ``None`` for the main one."""
        if self._number == 0:
            return None
        screens = QGuiApplication.screens()
        numbered = screens[self._number - 1] if self._number <= len(screens) else None
        if self._name is None and numbered is not None:
            self._name = numbered.name()
        named = [screen for screen in screens if screen.name() == self._name]
        # Two screens of one make may have the same name; then only the number distinguishes them.
        known = numbered if numbered in named else next(iter(named), None)
        if known is None and not self._missed:
            _log.warning("Screen %d is missing, so the kiosk is on the main one until it is back", self._number)
        self._missed = known is None
        return known

    def _follow(self, screen: QScreen) -> None:
        screen.geometryChanged.connect(self._later)
        self._later()

    def _later(self) -> None:
        self._settle.start()
