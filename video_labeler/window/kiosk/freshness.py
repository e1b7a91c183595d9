"""Keeps the kiosk honest: what may be painted as live, and how old live pictures were on the screen."""

import time
from collections.abc import Callable
from typing import Protocol

from video_labeler.kiosk.scene import FRESH_S, Scene


def what_to_paint(scene: Scene, picture_is_live: bool | None, age_s: float) -> Scene:
    """What may be painted: ``ATTRACT`` or ``LIVE`` with the picture that is there, or the cover (``WAIT``).

    ``picture_is_live``: of the camera, else of the attract video; ``None``: there is no picture. ``age_s``: since its
    capture. Whatever the scene is said to be, a picture of the camera is painted only while it is fresh.
    """
    if scene is Scene.WAIT or picture_is_live is None:
        return Scene.WAIT
    if picture_is_live:
        return Scene.LIVE if 0 <= age_s < FRESH_S else Scene.WAIT
    return Scene.ATTRACT


class FreshnessReport(Protocol):
    """Who is told of every live frame on the screen."""

    def painted(self, age_s: float) -> None:
        """A live frame came onto the screen at that age."""

    def replaced(self, age_s: float) -> None:
        """A live frame left the screen at that age."""


class FreshnessMeter:
    """Tells of the age of each live frame as it comes onto the screen, and as it leaves it."""

    def __init__(self, report: FreshnessReport, clock: Callable[[], float] = time.monotonic) -> None:
        self._report = report
        self._clock = clock
        self._shown_s: float | None = None

    def paint(self, captured_s: float | None) -> None:
        """The screen shows the live frame captured at that time now; ``None``: something that is not live."""
        if captured_s == self._shown_s:
            return
        now_s = self._clock()
        if self._shown_s is not None:
            self._report.replaced(now_s - self._shown_s)
        if captured_s is not None:
            self._report.painted(now_s - captured_s)
        self._shown_s = captured_s

    def hide(self) -> None:
        """Nothing of the window is on any screen, so that no frame grows old there."""
        self._shown_s = None
