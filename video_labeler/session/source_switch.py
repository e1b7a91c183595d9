"""Which source is shown, and which one is to take its place."""

import threading
import time
from collections.abc import Callable
from functools import partial

from video_labeler.session.source_run import SourceRun
from video_labeler.session.view import OpeningView
from video_labeler.sources.base import SourceState, SourceStatus

_STOP_SOURCE_S = 0.6


class SourceSwitch:
    """What is shown goes on until there is a picture of the one that is to come, and stays where that fails.

    ``later`` has something done by the session's own thread, the one that calls :meth:`let_come`. ``on_shown`` is told
    of every source that takes its place there, or that it is empty; ``on_failure`` why one could not be opened.
    """

    def __init__(
        self,
        later: Callable[[Callable[[], None]], None],
        *,
        on_shown: Callable[[SourceRun | None], None],
        on_failure: Callable[[str], None],
    ) -> None:
        self._later = later
        self._on_shown = on_shown
        self._on_failure = on_failure
        self._shown: SourceRun | None = None
        self._coming: SourceRun | None = None
        self._unended: set[SourceRun] = set()
        """Also those that have been replaced, until they were told to stop."""
        self._closed = SourceStatus(SourceState.CLOSED)
        self._lock = threading.Lock()

    @property
    def shown(self) -> SourceRun | None:
        """What is shown, or is to be as soon as it has a picture, since nothing else is."""
        return self._shown

    @property
    def closed(self) -> SourceStatus:
        """Since when nothing is shown, where that is so."""
        return self._closed

    @property
    def opening(self) -> OpeningView | None:
        """What is to take the place of what is shown."""
        coming = self._coming
        if coming is None:
            return None
        status = coming.status
        message = "" if status.state is SourceState.CONNECTING else status.message
        return OpeningView(coming.text, coming.asked_s, message)

    def open(self, run: SourceRun) -> None:
        """Have another one shown, as soon as there is a picture of it; at once where there is nothing to be seen now.

        A camera takes the place of a camera at once, too: they may be one device under two names.
        """
        with self._lock:
            self._unended.add(run)
            given_up, self._coming = self._coming, None
            before = self._shown
            if before is not None and before.has_picture and not (before.is_camera and run.is_camera):
                self._coming, before = run, None
            else:
                self._shown = run
        for each in (given_up, before):
            if each is not None:
                self._later(partial(self._stop, each))
        self._later(partial(self._begin, run))

    def cancel(self) -> None:
        """Wait no longer for what is to come."""
        with self._lock:
            coming, self._coming = self._coming, None
        if coming is not None:
            self._later(partial(self._stop, coming))

    def close(self) -> None:
        """Stop showing a source."""
        self.cancel()
        with self._lock:
            before, self._shown = self._shown, None
            self._closed = SourceStatus(SourceState.CLOSED)
        if before is not None:
            self._later(partial(self._stop, before))
        self._later(partial(self._on_shown, None))

    def let_come(self) -> None:
        """Let the one that is to come take its place, if it has a picture; or tell why it never will."""
        run = self._coming
        if run is None or not (run.has_picture or run.failure):
            return
        failure = None if run.has_picture else run.failure
        with self._lock:
            if self._coming is not run:
                return
            self._coming = None
            over = run
            if failure is None and self._shown is not None:
                over, self._shown = self._shown, run
        if failure is None:
            self._on_shown(run)
        else:
            self._on_failure(failure)
        self._stop(over)

    def end(self, deadline_s: float) -> None:
        """Stop all there are, by that moment of the monotonic clock if they let themselves be stopped."""
        with self._lock:
            # Also those that were replaced and are still to be stopped.
            runs = tuple(self._unended)
            self._shown = self._coming = None
        for run in runs:
            run.stop(min(_STOP_SOURCE_S, max(0.0, deadline_s - time.monotonic())))

    def _begin(self, run: SourceRun) -> None:
        if run is self._coming:
            run.begin(beside_another=True)
        elif run is self._shown:
            run.begin()
            self._on_shown(run)

    def _stop(self, run: SourceRun) -> None:
        run.stop()
        with self._lock:
            self._unended.discard(run)
