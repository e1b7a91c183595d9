"""One day of a stand in figures: plain values, to and from JSON."""

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from video_labeler.kiosk.failure import Failure
from video_labeler.kiosk.tally import Tally

_MOST_RESTARTS = 500
"""The most restarts listed, the newest of a day; all are counted."""


@dataclass(slots=True)
class RestartNote:
    """One restart: when (ISO 8601), why, and after how many seconds the kiosk was back (``None``: not yet)."""

    at: str
    reason: str
    back_after_s: float | None = None


@dataclass(slots=True)
class Day:
    """What happened on one date.

    ``first`` and ``last`` are the times of the first and the last sign of life (ISO 8601 with the offset, local).
    ``up_s``: seconds in which the kiosk gave signs of life, ``down_s``: in which it should have. ``reasons`` counts
    the restarts by kind.
    """

    date: str
    first: str | None = None
    last: str | None = None
    tally: Tally = field(default_factory=Tally)
    up_s: float = 0.0
    down_s: float = 0.0
    longest_silence_s: float = 0.0
    most_memory_mb: float = 0.0
    reasons: dict[str, int] = field(default_factory=dict)
    restarts: list[RestartNote] = field(default_factory=list)

    def add_heartbeat(self, moment: datetime, tally: Tally, memory_mb: float, gap_s: float) -> None:
        """Add a heartbeat that came ``gap_s`` after the one before."""
        self.last = moment.isoformat(timespec="seconds")
        self.first = self.first or self.last
        self.tally += tally
        self.up_s += gap_s
        self.longest_silence_s = max(self.longest_silence_s, gap_s)
        self.most_memory_mb = max(self.most_memory_mb, memory_mb)

    def failed(self, moment: datetime, failure: Failure, silent_s: float) -> None:
        """Add a failure of the kiosk, after ``silent_s`` without a sign of life."""
        self.longest_silence_s = max(self.longest_silence_s, silent_s)
        self.reasons = dict(Counter(self.reasons) + Counter({failure.kind.value: 1}))
        self.restarts.append(RestartNote(moment.isoformat(timespec="seconds"), failure.text))
        del self.restarts[:-_MOST_RESTARTS]

    def is_back(self, after_s: float) -> None:
        """Record that the kiosk is back, ``after_s`` after the first of consecutive failures."""
        self.down_s += after_s
        if self.restarts and self.restarts[-1].back_after_s is None:
            self.restarts[-1].back_after_s = round(after_s, 2)

    def to_json(self) -> dict[str, Any]:
        """Plain values for a JSON object."""
        restarts = [{"at": note.at, "reason": note.reason, "back_after_s": note.back_after_s} for note in self.restarts]
        return {
            "date": self.date,
            "first": self.first,
            "last": self.last,
            "up_s": round(self.up_s, 3),
            "down_s": round(self.down_s, 3),
            "longest_silence_s": round(self.longest_silence_s, 3),
            "most_memory_mb": self.most_memory_mb,
            "reasons": dict(self.reasons),
            "restarts": restarts,
            "tally": self.tally.to_json(),
        }

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> "Day":
        """Create from the result of :meth:`to_json`.

        Raises:
            ValueError: it is something else.
        """
        try:
            return cls(
                date=str(content["date"]),
                first=_text_or_none(content["first"]),
                last=_text_or_none(content["last"]),
                tally=Tally.from_json(content["tally"]),
                up_s=_number(content["up_s"]),
                down_s=_number(content["down_s"]),
                longest_silence_s=_number(content["longest_silence_s"]),
                most_memory_mb=_number(content["most_memory_mb"]),
                reasons={str(kind): int(count) for kind, count in content["reasons"].items()},
                restarts=[_note_of(note) for note in content["restarts"]],
            )
        except (KeyError, TypeError, AttributeError, OverflowError) as error:
            raise ValueError(f"This is not a day of a kiosk ({type(error).__name__}: {error}).") from error


def _note_of(content: Mapping[str, Any]) -> RestartNote:
    after_s = content["back_after_s"]
    return RestartNote(str(content["at"]), str(content["reason"]), None if after_s is None else _number(after_s))


def _number(value: Any) -> float:
    number = float(value)
    if not math.isfinite(number):
        raise ValueError("a number is not finite")
    return number


def _text_or_none(value: Any) -> str | None:
    return None if value is None else str(value)
