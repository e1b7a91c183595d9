"""Starts the kiosk's window, or the card that replaces it; imports what either needs only then."""

import logging
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Protocol

from video_labeler.settings import Settings
from video_labeler.system.logs import UncaughtErrors

if TYPE_CHECKING:
    from video_labeler.kiosk.scene import Scene, StandView
    from video_labeler.kiosk.tally import Tally

_log = logging.getLogger(__name__)


class KioskStand(Protocol):
    """The interface of a stand for the window."""

    def start(self) -> None:
        """Begin."""

    def look(self) -> "StandView":
        """What to show now."""

    def painted(self, age_s: float) -> None:
        """A live frame of that age appeared on the screen."""

    def replaced(self, age_s: float) -> None:
        """A live frame of that age left the screen."""

    def take_tally(self) -> "Tally":
        """The counts since the last call."""

    def save_replay(self) -> None:
        """Save a replay."""

    def close(self) -> None:
        """Stop everything."""

    @property
    def is_stuck(self) -> bool:
        """Whether only a new process can help."""


class KioskPulse(Protocol):
    """The window's messages to its supervisor."""

    def ready(self) -> None:
        """The first picture is on the screen."""

    def beat(self, scene: "Scene", tally: "Tally") -> None:
        """The interface is alive."""

    def leave(self) -> None:
        """The staff has ended the kiosk."""

    def on_orphaned(self, callback: Callable[[], None]) -> None:
        """Call ``callback`` from any thread when the supervisor is gone."""


MakeStand = Callable[[str | None, Settings, Mapping[str, int]], KioskStand]


def run_kiosk(
    settings: Settings,
    source: str | None,
    pulse: KioskPulse,
    kinds: Mapping[str, int] | None = None,
    *,
    make_stand: MakeStand | None = None,
) -> int:
    """Show the kiosk until the staff or the supervisor ends it, and return the exit code.

    ``source`` names the camera, ``None`` the first one; ``kinds``: what was celebrated today before a restart. The
    exit code is 0 unless a device hangs so that only a new process can help.
    """
    if make_stand is None:
        from video_labeler.kiosk.stand import Stand

        make_stand = Stand
    # Models and camera begin to load before Qt does, so that neither waits for the other.
    stand = make_stand(source, settings, kinds or {})
    try:
        stand.start()
        from video_labeler.window.kiosk.qt_parts import kiosk_application

        app = kiosk_application()
        # The texts are translated when these modules are imported, so only once the application exists.
        from video_labeler.window.kiosk import texts
        from video_labeler.window.kiosk.inhibition import keep_awake
        from video_labeler.window.kiosk.kiosk_run import KioskRun

        with UncaughtErrors(_log.error), keep_awake(texts.KEEP_AWAKE):
            return KioskRun(settings, stand, pulse).until_it_ends(app)
    finally:
        stand.close()


def run_card(settings: Settings | None, reason: str, pulse: KioskPulse | None = None) -> int:
    """Show a static card with the reason, without camera and models, until it is ended from outside or by the exit
    keys.

    Without ``pulse`` the supervisor's end is not noticed, and it is not told of the exit keys.
    """
    from video_labeler.window.kiosk.qt_parts import kiosk_application

    app = kiosk_application()
    from video_labeler.window.kiosk import texts
    from video_labeler.window.kiosk.card import Card
    from video_labeler.window.kiosk.inhibition import keep_awake

    with UncaughtErrors(_log.error), keep_awake(texts.KEEP_AWAKE):
        return Card((settings or Settings()).kiosk, reason, pulse).until_it_ends(app)
