"""When the kiosk is started again after a failure, and when that is given up for a while."""

from collections import deque
from dataclasses import dataclass

_PAUSES_S = (0.0, 0.2, 0.5, 0.8, 1.2)
"""Pauses after failures that follow each other; the last one stays. All leave time for a start within 3 s."""

_HEALTHY_S = 60.0
"""A kiosk that was up for so long was well."""

_MOST_FAILURES = 5
_WITHIN_S = 60.0
"""So many failures within that time, or so many in a row that never came up, and it is given up for a while."""

_TRY_EVERY_S = 60.0


@dataclass(frozen=True, slots=True)
class Restart:
    """Start again after ``pause_s``; with ``with_card`` a static card stands in for the kiosk until it is up."""

    pause_s: float
    with_card: bool = False


class RestartPlan:
    """Decides from the failures so far. Times are seconds of any clock that goes on evenly."""

    def __init__(self) -> None:
        self._row = 0
        self._never_up = 0
        self._failures: deque[float] = deque(maxlen=_MOST_FAILURES)
        self._given_up = False

    def failed(self, now_s: float, up_s: float | None) -> Restart:
        """What to do after a failure at ``now_s`` of a kiosk that was up for ``up_s`` (``None``: never)."""
        self.note_uptime(up_s)
        self._row += 1
        self._never_up = self._never_up + 1 if up_s is None else 0
        self._failures.append(now_s)
        is_often = len(self._failures) == _MOST_FAILURES and now_s - self._failures[0] <= _WITHIN_S
        if is_often or self._never_up >= _MOST_FAILURES:
            self._given_up = True
        if self._given_up:
            return Restart(_TRY_EVERY_S, with_card=True)
        return Restart(_PAUSES_S[min(self._row, len(_PAUSES_S)) - 1])

    def note_uptime(self, up_s: float | None) -> None:
        """Note for how long the kiosk is up now: after a minute, what was before is forgotten."""
        if up_s is not None and up_s >= _HEALTHY_S:
            self._row = 0
            self._never_up = 0
            self._failures.clear()
            self._given_up = False
