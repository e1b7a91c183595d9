"""The services of Linux desktops and of systemd that hold off screen saver and sleep."""

import contextlib
import os
from abc import abstractmethod

from video_labeler.window.kiosk.inhibition.inhibitor import Inhibitor, InhibitorError
from video_labeler.window.kiosk.inhibition.message_bus import MessageBus, Target, unsigned

_APPLICATION = "video-labeler"

SCREEN_SAVER = Target("org.freedesktop.ScreenSaver", "/org/freedesktop/ScreenSaver", "org.freedesktop.ScreenSaver")
GNOME_SESSION = Target("org.gnome.SessionManager", "/org/gnome/SessionManager", "org.gnome.SessionManager")
POWER_MANAGEMENT = Target(
    "org.freedesktop.PowerManagement",
    "/org/freedesktop/PowerManagement/Inhibit",
    "org.freedesktop.PowerManagement.Inhibit",
)
LOGIND = Target("org.freedesktop.login1", "/org/freedesktop/login1", "org.freedesktop.login1.Manager")

_GNOME_SUSPEND, _GNOME_IDLE = 4, 8
"""Flags of ``Inhibit`` of GNOME's session manager."""


class _ServiceInhibitor(Inhibitor):
    """Asks a service, and asks again when it has restarted."""

    def __init__(self, bus: MessageBus, target: Target, *, screen: bool, sleep: bool) -> None:
        super().__init__(target.service, screen=screen, sleep=sleep)
        self._bus = bus
        self._target = target
        self._owner: str | None = None

    def hold(self, reason: str) -> None:
        """Ask the service, which the bus may have to start first.

        Raises:
            InhibitorError: there is none, or it refuses.
        """
        if self._owner is not None and self._bus.owner(self._target.service) == self._owner:
            return
        self._owner = None
        self._take(reason)
        self._owner = self._bus.owner(self._target.service)

    def release(self) -> None:
        """Tell the service to stop."""
        if self._owner is not None:
            self._owner = None
            with contextlib.suppress(InhibitorError):
                self._give_back()
        self._bus.close()

    @abstractmethod
    def _take(self, reason: str) -> None: ...

    @abstractmethod
    def _give_back(self) -> None: ...


class CookieInhibitor(_ServiceInhibitor):
    """The screen saver's and the power manager's interface: each request gets a cookie."""

    _uninhibit = "UnInhibit"

    def _take(self, reason: str) -> None:
        (self._cookie,) = self._bus.call(self._target, "Inhibit", _APPLICATION, reason)

    def _give_back(self) -> None:
        self._bus.call(self._target, self._uninhibit, unsigned(self._cookie))


class GnomeSessionInhibitor(CookieInhibitor):
    """GNOME's session manager, and those derived from it (Cinnamon, MATE)."""

    _uninhibit = "Uninhibit"

    def _take(self, reason: str) -> None:
        flags = unsigned(_GNOME_SUSPEND | _GNOME_IDLE)
        (self._cookie,) = self._bus.call(self._target, "Inhibit", _APPLICATION, unsigned(0), reason, flags)


class LogindInhibitor(_ServiceInhibitor):
    """systemd's inhibitor: it lasts as long as the descriptor that it returns is open."""

    _descriptor: int | None = None

    def _take(self, reason: str) -> None:
        (handed_out,) = self._bus.call(self._target, "Inhibit", "idle:sleep", _APPLICATION, reason, "block")
        self._close()
        self._descriptor = os.dup(handed_out.fileDescriptor())

    def _give_back(self) -> None:
        self._close()

    def _close(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
