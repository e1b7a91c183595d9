"""How busy this process keeps the processor."""

import time

_LEAST_S = 0.5
"""Over less than this the figure would jump about."""


class CpuMeter:
    """The share of one core that the process used since about a second ago: 2.0 is two cores."""

    def __init__(self) -> None:
        self._wall_s = time.monotonic()
        self._used_s = time.process_time()
        self.share = 0.0

    def measure(self) -> None:
        """Bring :attr:`share` up to date; to be called a few times a second by one thread."""
        wall_s = time.monotonic()
        if wall_s - self._wall_s < _LEAST_S:
            return
        used_s = time.process_time()
        self.share = (used_s - self._used_s) / (wall_s - self._wall_s)
        self._wall_s, self._used_s = wall_s, used_s
