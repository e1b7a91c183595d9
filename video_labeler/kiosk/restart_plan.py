"""When the kiosk is restarted after a failure, and when that is paused for a while."""

from collections import deque
from dataclasses import dataclass

_PAUSES_S = (0.0, 0.2, 0.5, 0.8, 1.2)
"""Pauses after consecutive failures; the last one repeats. All leave time for a start within 3 s."""

_HEALTHY_S = 60.0
"""A kiosk that was up for this long was healthy."""

_MOST_FAILURES = 5
_WITHIN_S = 60.0
"""After this many failures within that time, or in a row without coming up, restarting slows down."""

_TRY_EVERY_S = 60.0


@dataclass(frozen=True, slots=True)
class Restart:
    """Restart after ``pause_s``; with ``with_card`` a static card replaces the kiosk until it is up."""

    pause_s: float
    with_card: bool = False


class RestartPlan:
    """Decides from the failures so far. Times are seconds on any steady clock."""

    def __init__(self) -> None:
        self._row = 0
        self._never_up = 0
        self._failures: deque[float] = deque(maxlen=_MOST_FAILURES)
        self._given_up = False

    def failed(self, now_s: float, up_s: float | None) -> Restart:
        """What to do after a failure at ``now_s`` of a kiosk that was up for ``up_s`` (``None``: it never was)."""
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
        """Take the kiosk's uptime: after a minute, earlier failures are forgotten."""
        if up_s is not None and up_s >= _HEALTHY_S:
            self._row = 0
            self._never_up = 0
            self._failures.clear()
            self._given_up = False
