"""The notices since the start, so that none is missed."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from video_labeler.session.view import Notice

_MOST = 200


@dataclass(slots=True)
class Told:
    """A notice, when it was last shown, how often in a row, and whether it has been read."""

    notice: Notice
    when: datetime
    times: int = 1
    is_read: bool = False


def _now() -> datetime:
    return datetime.now().astimezone()


class NoticeLog:
    """Keeps the last notices; a repetition of the previous one is only counted."""

    def __init__(self, clock: Callable[[], datetime] = _now) -> None:
        self._clock = clock
        self._told: deque[Told] = deque(maxlen=_MOST)

    @property
    def newest_first(self) -> list[Told]:
        """The notices, newest first."""
        return list(reversed(self._told))

    @property
    def unread_problems(self) -> int:
        """The number of unread problems."""
        return sum(told.notice.is_problem and not told.is_read for told in self._told)

    def add(self, notice: Notice) -> Told:
        """Add a notice, or count it as a repetition of the previous one."""
        last = self._told[-1] if self._told else None
        if last is not None and last.notice == notice:
            last.times += 1
            last.when = self._clock()
            last.is_read = False
            return last
        told = Told(notice, self._clock())
        self._told.append(told)
        return told

    def read_all(self) -> None:
        """Mark all as read."""
        for told in self._told:
            told.is_read = True

    def clear(self) -> None:
        """Remove all notices."""
        self._told.clear()
