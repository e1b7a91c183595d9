"""Looks at the running kiosk all the time: what its child has seen, what its processes cost, what it has recorded."""

import time
from collections import Counter

import psutil

from tests.soak.kiosk_run import KioskRun
from tests.soak.measuring import Life
from tests.soak.recordings_check import RecordingsCheck
from tests.soak.recovery import Recovery
from tests.soak.shared_memory import Sighting, Sightings, What

_SAMPLE_EVERY_S = 5.0
_FILES_EVERY_S = 2.0
_FAMILY_EVERY_S = 0.5
_MAY_BE_LOST_S = 5.0
_ZOMBIE_AFTER = 6
"""A process that has ended is waited for soon; one that is seen so often is forgotten."""


class Watch:
    """Keeps what there is to know. :meth:`look` is to be called often."""

    def __init__(self, kiosk: KioskRun, sightings: Sightings) -> None:
        self._kiosk = kiosk
        self._sightings = sightings
        self.recordings = RecordingsCheck(kiosk.recordings)
        self.lives: list[Life] = []
        self.supervisor = Life(kiosk.supervisor, time.monotonic())
        self.scene = ""
        self.pictures: list[float] = []
        """When the first picture of each child was on the screen."""
        self.waiting: list[Recovery] = []
        self.celebrations: list[Sighting] = []
        self.old: list[tuple[float, float]] = []
        """Ages of frames that were on the screen for too long, and how long their child had lived."""
        self._zombies: Counter[int] = Counter()
        self.problems: list[str] = []
        self._sampled_s = self._filed_s = self._counted_s = 0.0

    @property
    def child(self) -> psutil.Process | None:
        """The child that lives now."""
        return self.lives[-1].process if self.lives else None

    def look(self) -> None:
        """Take what is new."""
        for sighting in self._sightings.news():
            self._see(sighting)
        now_s = time.monotonic()
        if now_s - self._counted_s >= _FAMILY_EVERY_S:
            self._counted_s = now_s
            self._count_zombies()
        if now_s - self._filed_s >= _FILES_EVERY_S:
            self._filed_s = now_s
            self.recordings.look(limit=1)

    def sample(self) -> None:
        """Measure the two processes, now and then; to be called while nothing is wrong."""
        now_s = time.monotonic()
        if now_s - self._sampled_s < _SAMPLE_EVERY_S or not self.lives:
            return
        self._sampled_s = now_s
        self.lives[-1].look(now_s)
        self.supervisor.look(now_s)

    def doubtful(self, ends_s: list[float]) -> Counter[str]:
        """What was celebrated shortly before a child was killed or stopped."""
        return Counter(
            sighting.text
            for sighting in self.celebrations
            if any(0 <= end_s - sighting.at_s <= _MAY_BE_LOST_S for end_s in ends_s)
        )

    def _see(self, sighting: Sighting) -> None:
        if sighting.what is What.STARTED:
            self.scene = ""
            self._begin_life(sighting)
        elif sighting.what is What.SCENE:
            self.scene = sighting.text
        elif sighting.what is What.PICTURE:
            self.pictures.append(sighting.at_s)
        elif sighting.what is What.OLD:
            self.old.append((sighting.number, sighting.at_s - self.lives[-1].begun_s))
        elif sighting.what is What.CELEBRATED:
            self.celebrations.append(sighting)
        for recovery in self.waiting:
            recovery.see(sighting)

    def _begin_life(self, sighting: Sighting) -> None:
        try:
            self.lives.append(Life(psutil.Process(int(sighting.number)), sighting.at_s))
        except psutil.NoSuchProcess:
            self.problems.append("A child ended as soon as it had started.")

    def _count_zombies(self) -> None:
        now = {process.pid for process in self._kiosk.look()}
        for pid in list(self._zombies):
            if pid not in now:
                del self._zombies[pid]
        self._zombies.update(now)
        for pid, times in self._zombies.items():
            if times == _ZOMBIE_AFTER:
                self.problems.append(f"Process {pid} has ended, and nobody has waited for it.")
