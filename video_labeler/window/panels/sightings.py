"""The running list of what was seen and when."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from video_labeler.frames import Label, LabeledFrame

_CONTINUES_WITHIN_S = 10.0
"""A label that reappears within this time continues its entry, so that a flicker is not a new line."""

_AWAY_S = 1.0
"""After this long out of sight an object counts again; as long as tracks are kept."""

_JUMP_S = 3.0
"""If a file's time falls, or rises by more than this between labelled frames, the user has sought."""

_TRACKS_REMEMBERED = 100


@dataclass(frozen=True, slots=True)
class Origin:
    """Where something was seen: the text that named the source, its name for people, and whether it is a file."""

    source: str
    name: str
    is_file: bool


class Sighting:
    """A label that was seen for a while, from ``first_s`` to ``last_s``, with its ``best`` confidence.

    Times are presentation times for a file, and seconds since 1970 for a live source. ``times``: how often it came
    into sight, counting each object. ``stretch`` is the last stretch of playback in which it was seen: what
    was skipped was not seen, so an entry continues over a gap only within a stretch.
    """

    def __init__(self, number: int, label: Label, origin: Origin, time_s: float, stretch: int) -> None:
        self.number = number
        self.label = label
        self.origin = origin
        self.stretch = stretch
        self.first_s = time_s
        self.last_s = time_s
        self.best = 0.0
        self.times = 0
        self._seen_s: dict[int, float] = {}

    def takes(self, label: Label, origin: Origin, time_s: float, stretch: int) -> bool:
        """Whether a label at that time continues this entry."""
        if label.row != self.label.row or origin.source != self.origin.source:
            return False
        slack_s = _CONTINUES_WITHIN_S if stretch == self.stretch else 0.0
        return self.first_s - slack_s <= time_s <= self.last_s + slack_s

    def take_in(self, other: "Sighting", time_s: float) -> None:
        """Merge another entry of the label, which is reached at ``time_s``."""
        is_still_there = min(abs(time_s - entry.last_s) for entry in (self, other)) <= _AWAY_S
        self.times += other.times - int(is_still_there and min(self.times, other.times) > 0)
        self.first_s, self.last_s = min(self.first_s, other.first_s), max(self.last_s, other.last_s)
        self.best = max(self.best, other.best)

    def add(self, track: int, time_s: float, confidence: float) -> None:
        """Add one object at one moment. What plays a second time is not counted again."""
        seen_s = self._seen_s.get(track)
        played_before = self.first_s <= time_s < self.last_s
        if (seen_s is None or abs(time_s - seen_s) > _AWAY_S) and not played_before:
            self.times += 1
        self._seen_s[track] = time_s
        self.first_s = min(self.first_s, time_s)
        self.last_s = max(self.last_s, time_s)
        self.best = max(self.best, confidence)
        if len(self._seen_s) > _TRACKS_REMEMBERED:
            self._seen_s = {number: s for number, s in self._seen_s.items() if abs(time_s - s) <= _AWAY_S}


class SightingLog:
    """The last sightings, newest first; the oldest are dropped."""

    def __init__(self, limit: int = 500) -> None:
        self._entries: deque[Sighting] = deque(maxlen=limit)
        self._count = 0
        self._stretch = 0
        self._at: tuple[Origin, float] | None = None

    @property
    def entries(self) -> tuple[Sighting, ...]:
        """Newest first."""
        return tuple(self._entries)

    def clear(self) -> tuple[Sighting, ...]:
        """Remove all entries, and return them for :meth:`put_back`."""
        entries = self.entries
        self._entries.clear()
        return entries

    def put_back(self, entries: Iterable[Sighting]) -> None:
        """Restore older entries behind newer ones, as many as fit."""
        assert self._entries.maxlen is not None
        self._entries.extend(islice(entries, self._entries.maxlen - len(self._entries)))

    def add(self, labeled: LabeledFrame, origin: Origin, time_s: float) -> None:
        """Add the first label of every object of a frame."""
        self._note_jump(labeled, origin, time_s)
        for item in labeled.objects:
            if item.predictions:
                first = item.predictions[0]
                self._entry_for(first.label, origin, time_s).add(item.track_id, time_s, first.confidence)

    def _entry_for(self, label: Label, origin: Origin, time_s: float) -> Sighting:
        found = [entry for entry in self._entries if entry.takes(label, origin, time_s, self._stretch)]
        if not found:
            self._count += 1
            found = [Sighting(self._count, label, origin, time_s, self._stretch)]
            self._entries.appendleft(found[0])
        entry, *others = found
        for other in others:
            entry.take_in(other, time_s)
            self._entries.remove(other)
        entry.stretch = self._stretch
        return entry

    def _note_jump(self, labeled: LabeledFrame, origin: Origin, time_s: float) -> None:
        """Start another stretch after a seek, or when a file restarts."""
        if self._at is not None and origin.is_file and self._at[0] == origin:
            passed_s = time_s - self._at[1]
            if passed_s < 0 or passed_s > _JUMP_S:
                self._stretch += 1
        lasts_s = labeled.frame.duration_s or 0.0
        self._at = (origin, time_s + lasts_s if lasts_s > _JUMP_S else time_s)
