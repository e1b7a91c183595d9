"""Decides what may be painted as live, and measures how old live pictures were on the screen."""

import time
from collections.abc import Callable
from typing import Protocol

from video_labeler.kiosk.scene import FRESH_S, Scene


def what_to_paint(scene: Scene, picture_is_live: bool | None, age_s: float) -> Scene:
    """What may be painted: ``ATTRACT`` or ``LIVE`` with the current picture, or the cover (``WAIT``).

    ``picture_is_live``: it is the camera's, else the attract video's; ``None``: there is none. ``age_s``: since its
    capture. Whatever the scene, a picture of the camera is painted only while it is fresh.
    """
    if scene is Scene.WAIT or picture_is_live is None:
        return Scene.WAIT
    if picture_is_live:
        return Scene.LIVE if 0 <= age_s < FRESH_S else Scene.WAIT
    return Scene.ATTRACT


class FreshnessReport(Protocol):
    """Receives the age of every live frame on the screen."""

    def painted(self, age_s: float) -> None:
        """A live frame of that age appeared on the screen."""

    def replaced(self, age_s: float) -> None:
        """A live frame of that age left the screen."""


class FreshnessMeter:
    """Reports the age of each live frame when it appears on the screen, and when it leaves it."""

    def __init__(self, report: FreshnessReport, clock: Callable[[], float] = time.monotonic) -> None:
        self._report = report
        self._clock = clock
        self._shown_s: float | None = None

    def paint(self, captured_s: float | None) -> None:
        """Record that the screen now shows the live frame captured at that time; ``None``: something not live."""
        if captured_s == self._shown_s:
            return
        now_s = self._clock()
        if self._shown_s is not None:
            self._report.replaced(now_s - self._shown_s)
        if captured_s is not None:
            self._report.painted(now_s - captured_s)
        self._shown_s = captured_s

    def hide(self) -> None:
        """Record that the window is hidden, so that no frame ages on the screen."""
        self._shown_s = None
