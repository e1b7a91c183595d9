"""Easing curves: progress (0..1) over time (0..1)."""

import math


def progress(now_s: float, begun_s: float, lasts_s: float) -> float:
    """How much of a time span has passed, 0..1."""
    return 1.0 if lasts_s <= 0 else max(0.0, min(1.0, (now_s - begun_s) / lasts_s))


def smooth(share: float) -> float:
    """Ease in and out."""
    return share * share * (3 - 2 * share)


def settling(share: float) -> float:
    """Ease out with a slight overshoot."""
    past = share - 1
    return 1 + 2.2 * past**3 + 1.2 * past**2


def breath(now_s: float, period_s: float) -> float:
    """A periodic pulse, 0..1."""
    return 0.5 - 0.5 * math.cos(2 * math.pi * now_s / period_s)
