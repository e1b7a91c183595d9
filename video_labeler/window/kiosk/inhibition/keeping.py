"""Holds all the ways there are, and looks now and then whether they still hold."""

import logging
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from video_labeler.window.kiosk.inhibition.way import Way, WayError

_log = logging.getLogger(__name__)

_LOOK_EVERY_S = 30.0
"""A desktop's service that was started anew has forgotten who asked."""

_END_WITHIN_S = 3.0

Ways = Callable[[], Sequence[Way]]


def ways_here() -> tuple[Way, ...]:
    """All that are to be tried, in order; none of them has been yet."""
    if sys.platform == "win32":
        from video_labeler.window.kiosk.inhibition.windows import ExecutionStateWay, kernel32

        return (ExecutionStateWay(kernel32()),)
    if sys.platform == "darwin":
        from video_labeler.window.kiosk.inhibition.macos import PowerAssertionWay, frameworks

        try:
            return (PowerAssertionWay(*frameworks()),)
        except WayError:
            return ()
    return _linux_ways()


def _linux_ways() -> tuple[Way, ...]:
    from video_labeler.window.kiosk.inhibition import linux_services as services
    from video_labeler.window.kiosk.inhibition.message_bus import session_bus, system_bus
    from video_labeler.window.kiosk.inhibition.x11 import XsetWay

    return (
        services.CookieWay(session_bus(), services.SCREEN_SAVER, screen=True, sleep=False),
        services.GnomeSessionWay(session_bus(), services.GNOME_SESSION, screen=True, sleep=True),
        services.CookieWay(session_bus(), services.POWER_MANAGEMENT, screen=False, sleep=True),
        services.LogindWay(system_bus(), services.LOGIND, screen=False, sleep=True),
        XsetWay(),
    )


@contextmanager
def keep_awake(reason: str, ways: Ways = ways_here, look_every_s: float = _LOOK_EVERY_S) -> Iterator[None]:
    """Hold off screen saver and sleep; ``reason`` is a phrase that the desktop may show to its user.

    All of it is done by a thread of its own, so that no service of the desktop can hold up the caller. Where nothing
    works, the log says so.
    """
    over = threading.Event()
    thread = threading.Thread(target=_keep, args=(reason, ways, look_every_s, over), name="keep awake", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(_END_WITHIN_S)


def which_ways(ways: Ways = ways_here) -> tuple[Way, ...]:
    """Those that work here, tried and released at once."""
    holding = _Holding("Trying what keeps the screen on", ways())
    try:
        holding.hold()
        return holding.held
    finally:
        holding.release()


def _keep(reason: str, ways: Ways, look_every_s: float, over: threading.Event) -> None:
    holding = _Holding(reason, ways())
    try:
        while not over.is_set():
            holding.hold()
            over.wait(look_every_s)
    finally:
        holding.release()


class _Holding:
    """The ways that hold, and the log of what has become of them."""

    def __init__(self, reason: str, ways: Sequence[Way]) -> None:
        self._reason = reason
        self._ways = ways
        self.held: tuple[Way, ...] = ()
        self._told: str | None = None

    def hold(self) -> None:
        held: list[Way] = []
        failures: list[str] = []
        for way in self._ways:
            if way.is_fallback and any(other.keeps_screen for other in held):
                way.release()
                continue
            try:
                way.hold(self._reason)
            except WayError as error:
                failures.append(f"{way.name}: {error}")
            else:
                held.append(way)
        self.held = tuple(held)
        self._tell(failures)

    def release(self) -> None:
        for way in self._ways:
            way.release()

    def _tell(self, failures: list[str]) -> None:
        """Write down what holds when that has changed."""
        names = ", ".join(way.name for way in self.held)
        if names == self._told:
            return
        self._told = names
        if any(way.keeps_screen for way in self.held):
            _log.info("The screen stays on, and the computer awake, by %s", names)
        else:
            _log.warning("Nothing here keeps the screen on (%s)", "; ".join(failures))
