"""What came out of one part of a soak, and what of that must not be."""

import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.soak.causes import CAMERA_CAUSES, PROCESS_CAUSES, Cause
from tests.soak.measuring import Life, grows, slope_mb_s
from video_labeler.kiosk.day import Day
from video_labeler.kiosk.scene import LIVE_LIMIT_S

LIMIT_S = 2.0
"""95 of 100 pictures must be back so soon after the cause has gone."""

KILL_LIMIT_S = 3.0
HANG_LIMIT_S = 13.0
"""A hang is noticed after 10 s."""

DISK_LIMIT_S = 30.0
"""The recorder waits longer and longer between its tries."""

SLOPE_LIMIT_MB = 1.0
"""Megabytes a simulated hour."""

_SOME_VISITS = 20

PICTURE_CAUSES = (*CAMERA_CAUSES, Cause.LABELER, Cause.CAPTURE)


@dataclass(frozen=True, slots=True)
class Outcome:
    """One fault: how long its cause lasted, and after how many seconds all was well (``None``: never).

    For kills and hangs the recovery runs from the kill or stop to the first picture on the screen, and ``live_s`` to
    the first live one.
    """

    cause: Cause
    lasted_s: float
    recovery_s: float | None
    live_s: float | None = None


@dataclass(slots=True)
class PartResult:
    """One kiosk's run on one camera."""

    camera: str
    hours: float
    speed: float
    patience: float = 1.0
    """By so much the limits of time are stretched, where the computer has other things to do."""
    outcomes: list[Outcome] = field(default_factory=list)
    lives: list[Life] = field(default_factory=list)
    supervisor: Life | None = None
    old: list[tuple[float, float]] = field(default_factory=list)
    """Live frames that grew older on the screen than they may: their ages, and how old their child was."""
    visits: int = 0
    celebrated: Counter[str] = field(default_factory=Counter)
    doubtful: Counter[str] = field(default_factory=Counter)
    """Celebrated in the last 5 s before a kill or hang: they may be lost."""
    day: Day | None = None
    recordings: int = 0
    recorded_frames: int = 0
    recordings_bytes: int = 0
    quota_bytes: int = 0
    unfinished: int = 0
    real_s: float = 0.0
    problems: list[str] = field(default_factory=list)

    @property
    def slope_mb_h(self) -> float | None:
        """Megabytes a real hour, over all lives of the child."""
        slope = slope_mb_s(life.samples for life in self.lives)
        return None if slope is None else slope * 3600


def quantile(values: Sequence[float], share: float) -> float:
    """The value below which a share (0..1) of them lies (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)]


def recoveries(outcomes: Sequence[Outcome], causes: Sequence[Cause]) -> list[float]:
    """Of those faults, for those that were recovered from."""
    return [o.recovery_s for o in outcomes if o.cause in causes and o.recovery_s is not None]


def lost(part: PartResult) -> list[str]:
    """Everything that should not be, in sentences."""
    return [
        *part.problems,
        *_unrecovered(part.outcomes),
        *_too_slow(part.outcomes, part.patience),
        *_restarts(part),
        *_growing(part),
        *_miscounted(part),
        *_old(part),
        *_quota(part),
    ]


def _unrecovered(outcomes: Sequence[Outcome]) -> list[str]:
    never = Counter(outcome.cause for outcome in outcomes if outcome.recovery_s is None)
    return [f"After {count} times '{cause}' nothing came back." for cause, count in never.items()]


def _too_slow(outcomes: Sequence[Outcome], patience: float) -> list[str]:
    said = []
    pictures = recoveries(outcomes, PICTURE_CAUSES)
    limit_s = patience * LIMIT_S
    if pictures and quantile(pictures, 0.95) > limit_s:
        said.append(f"95 of 100 pictures were back within {quantile(pictures, 0.95):.2f} s, not {limit_s:g} s.")
    for cause, usual_s in ((Cause.KILL, KILL_LIMIT_S), (Cause.HANG, HANG_LIMIT_S), (Cause.DISK, DISK_LIMIT_S)):
        limit_s = patience * usual_s
        times = recoveries(outcomes, (cause,))
        if times and max(times) > limit_s:
            said.append(f"'{cause}' once took {max(times):.2f} s to recover from, not {limit_s:g} s.")
    return said


def _restarts(part: PartResult) -> list[str]:
    ended = sum(outcome.cause in PROCESS_CAUSES for outcome in part.outcomes)
    started = max(0, len(part.lives) - 1)
    return [] if started == ended else [f"The child was started again {started} times, and ended from outside {ended}."]


def _growing(part: PartResult) -> list[str]:
    said = []
    slope = part.slope_mb_h
    if slope is not None and slope / part.speed > SLOPE_LIMIT_MB:
        said.append(f"The memory grows by {slope / part.speed:.2f} MB a simulated hour.")
    for life in [*part.lives, *([part.supervisor] if part.supervisor else [])]:
        name = "supervisor" if life is part.supervisor else "child"
        if grows(life.samples, lambda sample: sample.threads):
            said.append(f"The threads of the {name} become more and more.")
        if grows(life.samples, lambda sample: sample.descriptors):
            said.append(f"The descriptors of the {name} become more and more.")
    return said


def _miscounted(part: PartResult) -> list[str]:
    kept = part.day.tally.labels if part.day is not None else {}
    said = []
    if part.visits >= _SOME_VISITS and not kept:
        said.append(f"Of {part.visits} visits none was celebrated.")
    for name in sorted({*kept, *part.celebrated}):
        seen, count = part.celebrated[name], kept.get(name, 0)
        if not seen - part.doubtful[name] <= count <= seen:
            said.append(f"{name} was celebrated {seen} times, and the day holds {count}.")
    return said


def _old(part: PartResult) -> list[str]:
    said = [
        f"A frame was live on the screen at {age:.2f} s, {life:.0f} s after its child's start"
        for age, life in part.old
        if age > part.patience * LIVE_LIMIT_S
    ]
    return [f"{said[0]}, and there were {len(said)} such frames."] if said else []


def _quota(part: PartResult) -> list[str]:
    # It is enforced every 10 s, and what is being written comes on top.
    if part.recordings_bytes > 1.2 * part.quota_bytes:
        return [f"The recordings took {part.recordings_bytes / 1e6:.1f} MB, more than the quota."]
    return []


def median(values: Sequence[float]) -> float:
    """The middle one."""
    return statistics.median(values)
