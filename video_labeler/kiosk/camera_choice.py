"""Chooses the camera of a stand, and reopens it after every failure."""

import logging
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from video_labeler.session.session import Session
from video_labeler.session.view import SessionView
from video_labeler.sources.base import SourceState

if TYPE_CHECKING:
    from video_labeler.session.camera_watch import CameraWatch

_log = logging.getLogger(__name__)

_AGAIN_AFTER_S = 1.0
"""A source that has failed for good is reopened after this."""

_STUCK_AFTER_S = 20.0
"""A stall of this length without a try to reconnect means a driver that never returns."""

_TROUBLE_AFTER_S = 1.0


class CameraChoice:
    """Keeps a session's source open: the one that was named, or else the first connected camera.

    ``watch`` lists the cameras where none was named. ``hold_s``: the seconds for which the
    demo clip, in place of a camera, holds some objects still. Call :meth:`look` often; it returns at once.
    """

    def __init__(
        self,
        session: Session,
        source: str | None,
        watch: "CameraWatch | None",
        clock: Callable[[], float] = time.monotonic,
        *,
        hold_s: float = 0.0,
    ) -> None:
        self._session = session
        self._source = source
        self._watch = watch
        self._clock = clock
        self._hold_s = hold_s
        self._opened_s = float("-inf")
        self._well_s = clock()
        self._is_first_try = True

    def look(self, view: SessionView) -> None:
        """Open the source that should be open, and check its state."""
        wanted = self._wanted(view)
        now_s = self._clock()
        self._judge(view, now_s)
        if wanted is None or now_s - self._opened_s < _AGAIN_AFTER_S:
            return
        failed = view.status.state is SourceState.CLOSED and bool(view.status.message)
        if view.source != wanted or failed:
            if failed:
                _log.warning("Opening %s again: %s", wanted, view.status.message)
            self._opened_s = now_s
            self._session.open(wanted, loop=True, hold_s=self._hold_s)

    @property
    def is_lost(self) -> bool:
        """Whether the source has given no picture for more than a moment."""
        return self._clock() - self._well_s >= _TROUBLE_AFTER_S

    def is_stuck(self, view: SessionView) -> bool:
        """Whether the device hangs so that only ending the process can release it."""
        return view.status.state is SourceState.STALLED and self._clock() - view.status.since_s >= _STUCK_AFTER_S

    def trouble(self, view: SessionView) -> str:
        """What is wrong with the picture, as a sentence for the staff; empty if nothing is."""
        if view.source is None:
            return "No camera was found. Plug one in." if self._has_looked else ""
        return view.status.message if self.is_lost else ""

    def _judge(self, view: SessionView, now_s: float) -> None:
        # The first try to connect is not a problem yet; later ones are, whatever the state in between.
        begins = view.status.state is SourceState.CONNECTING or (view.source is None and not self._has_looked)
        running = view.status.state is SourceState.RUNNING
        self._is_first_try = self._is_first_try and (begins or view.source is None)
        if running or (begins and self._is_first_try):
            self._well_s = now_s

    @property
    def _has_looked(self) -> bool:
        return self._watch is not None and self._watch.listed

    def _wanted(self, view: SessionView) -> str | None:
        if self._source is not None or self._watch is None:
            return self._source
        there = [camera.stable_id for camera in self._watch.cameras]
        if view.source in there or not there:
            return view.source
        # The current camera is not in the list, but is present while it delivers.
        return view.source if view.status.state is SourceState.RUNNING else there[0]
