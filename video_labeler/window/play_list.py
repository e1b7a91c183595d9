"""Several files that were dropped at once: they play one after the other."""

from collections import deque
from collections.abc import Sequence

from video_labeler.session.view import SessionView


class PlayList:
    """The sources that are still to come. :meth:`next_after` is to be asked a few times a second."""

    def __init__(self) -> None:
        self._current: str | None = None
        self._waiting: deque[str] = deque()

    def begin(self, sources: Sequence[str]) -> str:
        """Take these, and return the first, which is to be opened now."""
        self._waiting = deque(sources)
        self._current = self._waiting.popleft()
        return self._current

    def next_after(self, view: SessionView) -> str | None:
        """What is to be opened now, since the one before is over or could not be opened; ``None`` while it plays."""
        if not self._waiting or view.opening is not None:
            return None
        is_open = view.source == self._current and not view.has_failed
        if is_open and (view.playback is None or not view.playback.ended):
            return None
        self._current = self._waiting.popleft()
        return self._current

    def clear(self) -> None:
        """Something else is opened: nothing is to come."""
        self._current = None
        self._waiting.clear()
