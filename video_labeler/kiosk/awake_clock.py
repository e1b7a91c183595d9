"""A clock for waiting on others: time in which nobody could have answered does not count."""

import time
from collections.abc import Callable


def clock_through_sleep() -> float:
    """Seconds that go on also while the computer is suspended, where the system can tell; never set by anybody."""
    for name in ("CLOCK_BOOTTIME", "CLOCK_MONOTONIC"):
        if hasattr(time, name):
            return time.clock_gettime(getattr(time, name))
    return time.monotonic()


class AwakeClock:
    """Seconds in which this process was awake. It is to be read several times a second, by one thread.

    A reading that comes more than ``late_s`` after the one before was late because the computer was suspended, or had
    no time for this process: all of that time is left out, and :attr:`naps` counts it.
    """

    def __init__(self, late_s: float, clock: Callable[[], float] = clock_through_sleep) -> None:
        self.naps = 0
        self._late_s = late_s
        self._clock = clock
        self._read_s = clock()
        self._left_out_s = self._read_s

    def read(self) -> float:
        """Seconds since the clock was made."""
        now_s = self._clock()
        gap_s, self._read_s = now_s - self._read_s, now_s
        if gap_s > self._late_s:
            self._left_out_s += gap_s
            self.naps += 1
        return now_s - self._left_out_s
