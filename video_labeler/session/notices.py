"""What is to be shown once: put in by any thread, taken by the window."""

from collections import deque
from pathlib import Path

from video_labeler.session.view import Notice, NoticeKind

_MOST = 50
"""More than this nobody reads; the oldest go."""


class NoticeBox:
    """Notices in their order, each handed out once."""

    def __init__(self) -> None:
        self._notices: deque[Notice] = deque(maxlen=_MOST)

    def add(self, kind: NoticeKind, text: str, path: Path | None = None) -> None:
        """Put in a notice."""
        self._notices.append(Notice(kind, text, path))

    def problem(self, text: str) -> None:
        """Put in something that went wrong."""
        self.add(NoticeKind.PROBLEM, text)

    def take(self) -> list[Notice]:
        """All that have not been taken yet, oldest first."""
        taken = []
        while self._notices:
            taken.append(self._notices.popleft())
        return taken
