"""What goes wrong in a soak, and when: a script that a seed makes anew, the same every time."""

import math
import random
from dataclasses import dataclass
from enum import StrEnum

PER_HOUR = 44
"""Faults in a simulated hour: 1,056 in 24."""

_HOURS_A_KILL = 2.0
_HOURS_A_HANG = 8.0
_LEAST_KILLS = 3
_FAULTS_A_KILL = 10
"""A short script has fewer kills, and no hang unless it lasts a simulated hour."""

_LONGEST_S = 4.0


class Cause(StrEnum):
    """What goes wrong."""

    UNPLUG = "unplugged"
    DROP = "connection broken"
    STALL = "line kept, nothing sent"
    FREEZE = "frozen picture"
    BLACK = "black picture"
    SLOW = "2 pictures a second"
    DAMAGED = "damaged pictures"
    LABELER = "the labeler raises"
    CAPTURE = "reading the camera raises"
    DISK = "disk nearly full"
    KILL = "child killed"
    HANG = "child hangs"


CAMERA_CAUSES = (Cause.UNPLUG, Cause.DROP, Cause.STALL, Cause.FREEZE, Cause.BLACK, Cause.SLOW, Cause.DAMAGED)
"""What the camera itself does wrong."""

PROCESS_CAUSES = (Cause.KILL, Cause.HANG)
"""After these a new child must come up."""

_SHARES = {
    Cause.UNPLUG: 14,
    Cause.DROP: 18,
    Cause.STALL: 12,
    Cause.FREEZE: 12,
    Cause.BLACK: 12,
    Cause.SLOW: 8,
    Cause.DAMAGED: 10,
    Cause.LABELER: 10,
    Cause.CAPTURE: 3,
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that goes wrong, from ``start_s`` (real seconds since the start of its block) for ``lasts_s``.

    ``lasts_s`` is 0 where the cause is gone at once (a broken connection, a kill).
    """

    cause: Cause
    start_s: float
    lasts_s: float


@dataclass(frozen=True, slots=True)
class Script:
    """What goes wrong in a show: its length in real seconds, and its faults in order."""

    seconds: float
    faults: tuple[Fault, ...]


def plan(hours: float, speed: float, seed: int) -> Script:
    """The script of ``hours`` simulated hours, ``speed`` of which pass in a real one.

    Kills and hangs come at the end: the first child's life is as long as it can be, so that what grows is seen.
    """
    chance = random.Random(seed)
    seconds = hours * 3600 / speed
    count = max(1, math.ceil(hours * PER_HOUR))
    kills = max(1, min(count // _FAULTS_A_KILL, max(_LEAST_KILLS, round(hours / _HOURS_A_KILL))))
    hangs = max(1, round(hours / _HOURS_A_HANG)) if count >= PER_HOUR else 0
    causes = chance.choices(tuple(_SHARES), tuple(_SHARES.values()), k=max(0, count - kills - hangs))
    # However short the script is, every cause comes at least once where there is room.
    causes[: len(_SHARES)] = list(_SHARES)[: len(causes)]
    chance.shuffle(causes)
    ends = [Cause.KILL] * kills + [Cause.HANG] * hangs
    chance.shuffle(ends)
    step_s = seconds / count
    faults = [
        Fault(cause, (index + chance.uniform(0.0, 0.3)) * step_s, _lasts(cause, chance))
        for index, cause in enumerate(causes)
    ]
    faults += [Fault(cause, (len(causes) + index) * step_s, 0.0) for index, cause in enumerate(ends)]
    return Script(seconds, tuple(faults + _disk_faults(seconds, count, chance)))


def _disk_faults(seconds: float, count: int, chance: random.Random) -> list[Fault]:
    """The disk has trouble beside all that, in the first nine tenths of the show."""
    wanted = max(1, round(count * 0.03))
    step_s = 0.9 * seconds / wanted
    return [
        Fault(Cause.DISK, (index + chance.uniform(0.2, 0.5)) * step_s, min(chance.uniform(4.0, 8.0), 0.3 * step_s))
        for index in range(wanted)
    ]


def _lasts(cause: Cause, chance: random.Random) -> float:
    """How long a cause lasts: too short to be noticed now and then, and longer than the watchdogs wait otherwise."""
    if cause in (Cause.DROP, Cause.CAPTURE):
        return 0.0
    if cause is Cause.FREEZE:
        return chance.choice((chance.uniform(0.2, 1.0), chance.uniform(0.2, 1.0), chance.uniform(3.2, _LONGEST_S)))
    if cause is Cause.BLACK:
        return chance.choice((chance.uniform(0.2, 1.0), chance.uniform(2.2, _LONGEST_S)))
    if cause in (Cause.LABELER, Cause.DAMAGED, Cause.SLOW):
        return math.exp(chance.uniform(math.log(0.2), math.log(2.0)))
    return math.exp(chance.uniform(math.log(0.2), math.log(_LONGEST_S)))
