"""Which ways of keeping awake this system may have."""

import sys

from video_labeler.window.kiosk.inhibition.way import Way, WayError


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
