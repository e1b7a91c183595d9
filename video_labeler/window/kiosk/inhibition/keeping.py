"""Holds every inhibitor that works here, and renews those that a desktop has forgotten."""

import logging
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from video_labeler.window.kiosk.inhibition.inhibitor import Inhibitor, InhibitorError

_log = logging.getLogger(__name__)

_LOOK_EVERY_S = 30.0
"""A desktop service that has restarted has forgotten who asked."""

_END_WITHIN_S = 3.0

InhibitorFactory = Callable[[], Sequence[Inhibitor]]


def available_inhibitors() -> tuple[Inhibitor, ...]:
    """The inhibitors to try on this system, in order."""
    if sys.platform == "win32":
        from video_labeler.window.kiosk.inhibition.windows import ExecutionStateInhibitor, kernel32

        return (ExecutionStateInhibitor(kernel32()),)
    if sys.platform == "darwin":
        from video_labeler.window.kiosk.inhibition.macos import PowerAssertionInhibitor, frameworks

        try:
            return (PowerAssertionInhibitor(*frameworks()),)
        except InhibitorError:
            return ()
    return _linux_inhibitors()


def _linux_inhibitors() -> tuple[Inhibitor, ...]:
    from video_labeler.window.kiosk.inhibition import linux_services as services
    from video_labeler.window.kiosk.inhibition.message_bus import session_bus, system_bus
    from video_labeler.window.kiosk.inhibition.x11 import XsetInhibitor

    return (
        services.CookieInhibitor(session_bus(), services.SCREEN_SAVER, screen=True, sleep=False),
        services.GnomeSessionInhibitor(session_bus(), services.GNOME_SESSION, screen=True, sleep=True),
        services.CookieInhibitor(session_bus(), services.POWER_MANAGEMENT, screen=False, sleep=True),
        services.LogindInhibitor(system_bus(), services.LOGIND, screen=False, sleep=True),
        XsetInhibitor(),
    )


@contextmanager
def keep_awake(
    reason: str, inhibitors: InhibitorFactory = available_inhibitors, look_every_s: float = _LOOK_EVERY_S
) -> Iterator[None]:
    """Hold off screen saver and sleep; ``reason`` is a phrase that the desktop may show to its user.

    This is done in a background thread, so that no service of the desktop can block the caller. If nothing
    works, the log says so.
    """
    over = threading.Event()
    thread = threading.Thread(
        target=_keep, args=(reason, inhibitors, look_every_s, over), name="keep awake", daemon=True
    )
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(_END_WITHIN_S)


def working_inhibitors(inhibitors: InhibitorFactory = available_inhibitors) -> tuple[Inhibitor, ...]:
    """The inhibitors that work here, each tried and released at once."""
    holding = _Holding("Trying what keeps the screen on", inhibitors())
    try:
        holding.hold()
        return holding.held
    finally:
        holding.release()


def _keep(reason: str, inhibitors: InhibitorFactory, look_every_s: float, over: threading.Event) -> None:
    holding = _Holding(reason, inhibitors())
    try:
        while not over.is_set():
            holding.hold()
            over.wait(look_every_s)
    finally:
        holding.release()


class _Holding:
    """The inhibitors in force, and the log of which they are."""

    def __init__(self, reason: str, inhibitors: Sequence[Inhibitor]) -> None:
        self._reason = reason
        self._inhibitors = inhibitors
        self.held: tuple[Inhibitor, ...] = ()
        self._logged: str | None = None

    def hold(self) -> None:
        held: list[Inhibitor] = []
        failures: list[str] = []
        for inhibitor in self._inhibitors:
            if inhibitor.is_fallback and any(other.keeps_screen for other in held):
                inhibitor.release()
                continue
            try:
                inhibitor.hold(self._reason)
            except InhibitorError as error:
                failures.append(f"{inhibitor.name}: {error}")
            else:
                held.append(inhibitor)
        self.held = tuple(held)
        self._log_changes(failures)

    def release(self) -> None:
        for inhibitor in self._inhibitors:
            inhibitor.release()

    def _log_changes(self, failures: list[str]) -> None:
        """Log which inhibitors are in force whenever that has changed."""
        names = ", ".join(inhibitor.name for inhibitor in self.held)
        if names == self._logged:
            return
        self._logged = names
        if any(inhibitor.keeps_screen for inhibitor in self.held):
            _log.info("The screen stays on, and the computer awake, by %s", names)
        else:
            _log.warning("Nothing here keeps the screen on (%s)", "; ".join(failures))
