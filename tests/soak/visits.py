"""Visitors who come, hold something up for a moment, and go."""

import random

_HELD_S = (1.0, 4.0)
_AWAY_S = (0.5, 9.0)
"""Now and then longer than the 3 s after which the soak's stand plays the attract video."""


class Visits:
    """What is held up at each moment: a place among ``things``, 0 being nothing."""

    def __init__(self, things: int, seed: int) -> None:
        self._chance = random.Random(seed)
        self._things = things
        self._until_s = 0.0
        self._thing = 0
        self.count = 0

    def thing_at(self, now_s: float) -> int:
        """To be asked with times that rise."""
        if now_s >= self._until_s:
            visited = self._thing != 0
            self._thing = 0 if visited else self._chance.randrange(1, self._things)
            self._until_s = now_s + self._chance.uniform(*(_AWAY_S if visited else _HELD_S))
            self.count += not visited
        return self._thing
