"""What goes wrong in a soak, and when: a script that a seed makes anew, the same every time."""

import math
import random
from dataclasses import dataclass
from enum import StrEnum

PER_HOUR = 44
"""Faults in a simulated hour: 1,056 in 24."""

BLOCK_HOURS = 6.0
"""Kills and hangs come at the end of each block of so many hours, so that the lives before are long enough to weigh."""

_KILLS = 3
_FAULTS_A_KILL = 10
"""A short block has fewer kills, and no hang unless it lasts a simulated hour."""

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
class Block:
    """A stretch of the show: its length in real seconds, and its faults in order."""

    seconds: float
    faults: tuple[Fault, ...]


def plan(hours: float, speed: float, seed: int) -> tuple[Block, ...]:
    """The blocks of ``hours`` simulated hours, ``speed`` of which pass in a real one."""
    chance = random.Random(seed)
    count = max(1, math.ceil(hours / BLOCK_HOURS))
    return tuple(_block(hours / count, speed, chance, may_hang=index % 2 == 0) for index in range(count))


def _block(hours: float, speed: float, chance: random.Random, *, may_hang: bool) -> Block:
    seconds = hours * 3600 / speed
    count = max(1, math.ceil(hours * PER_HOUR))
    kills = min(_KILLS, max(1, count // _FAULTS_A_KILL))
    hangs = int(may_hang and count >= PER_HOUR)
    causes = chance.choices(tuple(_SHARES), tuple(_SHARES.values()), k=max(0, count - kills - hangs))
    # However short the block is, every cause comes at least once where there is room.
    causes[: len(_SHARES)] = list(_SHARES)[: len(causes)]
    chance.shuffle(causes)
    step_s = seconds / count
    faults = [
        Fault(cause, (index + chance.uniform(0.0, 0.3)) * step_s, _lasts(cause, chance))
        for index, cause in enumerate(causes)
    ]
    ends = [Cause.KILL] * kills + [Cause.HANG] * hangs
    faults += [Fault(cause, (len(causes) + index) * step_s, 0.0) for index, cause in enumerate(ends)]
    return Block(seconds, tuple(faults + _disk_faults(seconds, count, chance)))


def _disk_faults(seconds: float, count: int, chance: random.Random) -> list[Fault]:
    """The disk has trouble beside all that, in the first nine tenths of the block."""
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
