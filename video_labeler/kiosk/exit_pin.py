"""The PIN that ends the kiosk, and how often it may be tried."""

import time
from collections.abc import Callable

_TRIES = 5
_LOCKED_S = 30.0
"""After so many wrong tries the next one must wait: ten thousand PINs would take a visitor most of a day."""


class ExitPin:
    """Compares what is typed with the PIN."""

    def __init__(self, pin: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._pin = pin
        self._clock = clock
        self._wrong = 0
        self._free_s = float("-inf")

    @property
    def locked_s(self) -> float:
        """Seconds until it may be tried again; 0: now."""
        return max(0.0, self._free_s - self._clock())

    def fits(self, typed: str) -> bool:
        """Whether that is the PIN; while it is locked nothing is. Neither that nor an empty one counts as a try."""
        if self.locked_s or not typed:
            return False
        if typed == self._pin:
            self._wrong = 0
            return True
        self._wrong += 1
        if self._wrong >= _TRIES:
            self._wrong = 0
            self._free_s = self._clock() + _LOCKED_S
        return False
