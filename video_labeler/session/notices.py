"""Notices to be shown once: added by any thread, taken by the window."""

from collections import deque
from pathlib import Path

from video_labeler.session.view import Notice, NoticeKind

_MOST = 50
"""The most notices kept; the oldest are dropped."""


class NoticeBox:
    """Notices in order, each handed out once."""

    def __init__(self) -> None:
        self._notices: deque[Notice] = deque(maxlen=_MOST)

    def add(self, kind: NoticeKind, text: str, path: Path | None = None) -> None:
        """Add a notice."""
        self._notices.append(Notice(kind, text, path))

    def problem(self, text: str) -> None:
        """Add a notice about a problem."""
        self.add(NoticeKind.PROBLEM, text)

    def take(self) -> list[Notice]:
        """All that have not been taken yet, oldest first."""
        taken = []
        while self._notices:
            taken.append(self._notices.popleft())
        return taken
