"""What has been told since the start, so that nothing is missed that passed while nobody looked."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from video_labeler.session.view import Notice

_MOST = 200


@dataclass(slots=True)
class Told:
    """A notice, when it was told last, how many times in a row, and whether somebody has read it."""

    notice: Notice
    when: datetime
    times: int = 1
    is_read: bool = False


def _now() -> datetime:
    return datetime.now().astimezone()


class NoticeLog:
    """Keeps the last notices; one that repeats the one before it only counts."""

    def __init__(self, clock: Callable[[], datetime] = _now) -> None:
        self._clock = clock
        self._told: deque[Told] = deque(maxlen=_MOST)

    @property
    def newest_first(self) -> list[Told]:
        """All that are kept."""
        return list(reversed(self._told))

    @property
    def unread_problems(self) -> int:
        """How many problems nobody has read."""
        return sum(told.notice.is_problem and not told.is_read for told in self._told)

    def add(self, notice: Notice) -> Told:
        """Take a notice in, or count it to the one before."""
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
        """Somebody has looked at the list."""
        for told in self._told:
            told.is_read = True

    def clear(self) -> None:
        """Forget all."""
        self._told.clear()
