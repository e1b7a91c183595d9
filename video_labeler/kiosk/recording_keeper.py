"""Records the live picture of a stand in successive files."""

import time
from collections.abc import Callable
from pathlib import Path

from video_labeler.session.session import Session
from video_labeler.session.view import SessionView
from video_labeler.settings import KioskSettings

_FIRST_PAUSE_S = 2.0
_LONGEST_PAUSE_S = 60.0
"""A recording that ends by itself (disk full, disk gone) is restarted after pauses that grow up to this."""

_RUNS_WELL_S = 5.0


class RecordingKeeper:
    """Keeps a recording going while there is a picture. Call :meth:`look` often; it returns at once."""

    def __init__(
        self, session: Session, settings: KioskSettings, folder: Path, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._session = session
        self._folder = folder
        self._length_s = 60 * settings.record_minutes
        self._clock = clock
        self._try_s = 0.0
        self._pause_s = _FIRST_PAUSE_S

    def look(self, view: SessionView) -> None:
        """Start recording, continue in the next file, or retry, depending on the session."""
        now_s = self._clock()
        recording = view.recording
        if recording is not None and recording.elapsed_s > _RUNS_WELL_S:
            self._pause_s = _FIRST_PAUSE_S
        if now_s < self._try_s or view.newest is None:
            return
        if recording is None:
            self._begin(now_s)
        elif recording.elapsed_s >= self._length_s:
            self._session.stop_recording()
            self._begin(now_s)

    def _begin(self, now_s: float) -> None:
        self._try_s = now_s + self._pause_s
        self._pause_s = min(2 * self._pause_s, _LONGEST_PAUSE_S)
        self._session.start_recording(self._folder)
