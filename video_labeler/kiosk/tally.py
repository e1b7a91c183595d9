"""What a kiosk has done since the last heartbeat; tallies add up to a day, whatever happens to the kiosk."""

import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

LATENCY_STEPS_S = (0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 1.0)
"""Upper ends of the ranges in which latencies are counted; one more range is for longer ones."""

OTHERS = "(others)"
_MOST_NAMES = 5_000
_LONGEST_NAME = 300
"""Limits on names and their characters, so that the file of a day can still be read."""


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts over a span of time; tallies add up.

    ``shown``: live frames painted. ``dropped``: frames that were captured and not used, by cause. ``latencies``: live
    frames by the age at which they were painted, in the ranges of :data:`LATENCY_STEPS_S`. ``oldest_live_s``: the
    greatest age that a frame reached while it was on the screen as live. ``labels``: how often each label was
    celebrated. ``scenes``: seconds in each scene. ``camera_losses``: how often the live picture went away.
    ``reconnects``: how often the camera was opened again. ``replays``: how often a replay was asked for.
    """

    captured: int = 0
    labelled: int = 0
    shown: int = 0
    dropped: Mapping[str, int] = field(default_factory=dict)
    latencies: tuple[int, ...] = (0,) * (len(LATENCY_STEPS_S) + 1)
    oldest_live_s: float = 0.0
    labels: Mapping[str, int] = field(default_factory=dict)
    scenes: Mapping[str, float] = field(default_factory=dict)
    camera_losses: int = 0
    reconnects: int = 0
    replays: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        """The sum of both."""
        return Tally(
            captured=self.captured + other.captured,
            labelled=self.labelled + other.labelled,
            shown=self.shown + other.shown,
            dropped=_sum(self.dropped, other.dropped),
            latencies=tuple(a + b for a, b in zip(self.latencies, other.latencies, strict=True)),
            oldest_live_s=max(self.oldest_live_s, other.oldest_live_s),
            labels=_sum(self.labels, other.labels),
            scenes=_sum(self.scenes, other.scenes),
            camera_losses=self.camera_losses + other.camera_losses,
            reconnects=self.reconnects + other.reconnects,
            replays=self.replays + other.replays,
        )

    def to_json(self) -> dict[str, Any]:
        """Plain values for a JSON object."""
        return {item.name: getattr(self, item.name) for item in fields(self)}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> "Tally":
        """Create from the result of :meth:`to_json`; unknown names are left out.

        Raises:
            ValueError: a value is of the wrong kind.
        """
        known = {item.name for item in fields(cls)}
        content = {name: value for name, value in values.items() if name in known}
        try:
            if "latencies" in content:
                content["latencies"] = tuple(map(int, content["latencies"]))
                if len(content["latencies"]) != len(LATENCY_STEPS_S) + 1:
                    raise ValueError(f"latencies must have {len(LATENCY_STEPS_S) + 1} counts")
            _check_amounts(content.values())
            # Adding an empty tally checks the types of all values.
            return cls() + cls(**content)
        except (TypeError, AttributeError, OverflowError) as error:
            raise ValueError(f"This is not a tally: {json.dumps(values, default=str)[:200]}") from error


def latency_counts(seconds: Iterable[float]) -> tuple[int, ...]:
    """How many of these latencies are in each range of :data:`LATENCY_STEPS_S`."""
    counts = [0] * (len(LATENCY_STEPS_S) + 1)
    for value in seconds:
        counts[next((i for i, step in enumerate(LATENCY_STEPS_S) if value <= step), len(LATENCY_STEPS_S))] += 1
    return tuple(counts)


def _check_amounts(values: Iterable[Any]) -> None:
    """Refuse values that would corrupt every later sum."""
    for value in values:
        amounts = value.values() if isinstance(value, Mapping) else value if isinstance(value, tuple) else (value,)
        for amount in amounts:
            if not (math.isfinite(amount) and amount >= 0):
                raise ValueError(f"{amount} is not an amount")


def _sum(first: Mapping[str, Any], second: Mapping[str, Any]) -> dict[str, Any]:
    """The sum; beyond :data:`_MOST_NAMES` further names count as :data:`OTHERS`."""
    total: Counter[str] = Counter(first)
    for name, amount in second.items():
        known = name[:_LONGEST_NAME]
        total[known if known in total or len(total) < _MOST_NAMES else OTHERS] += amount
    return dict(total)
