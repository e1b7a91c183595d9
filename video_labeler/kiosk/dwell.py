"""The ring that fills while a visitor holds an object steady."""

from dataclasses import dataclass

from video_labeler.frames import Box, LabeledFrame, LabeledObject
from video_labeler.kiosk.celebrated import Celebrated
from video_labeler.kiosk.places import distance, in_diagonals
from video_labeler.kiosk.scene import Dwell

_REACH = 0.06
"""How far the centre of a steady object may move, as a share of the frame's diagonal."""

_LEAST_OVERLAP = 0.5
"""The least overlap of a steady object's boxes from frame to frame."""

_FLICKER_S = 0.4
"""A shorter loss of a label or a track does not count."""

_SETTLE_S = 0.2
"""After a movement an object must rest this long before the ring fills again."""

_SHRINKING = 3.0
"""How many times faster the ring shrinks than it fills."""

_LONGEST_STEP_S = 0.25
"""The most that one update can add, so that a pause of the program does not fill the ring."""


@dataclass(slots=True)
class _Held:
    """The object of the ring; boxes are in diagonals. ``rests_s``: since when it is steady."""

    track_id: int
    name: str
    box: Box
    start: Box
    seen_s: float
    rests_s: float
    share: float = 0.0

    def is_same(self, track_id: int, box: Box, name: str) -> bool:
        is_near = track_id == self.track_id != 0 or self.box.overlap(box) >= _LEAST_OVERLAP
        return name == self.name and is_near


class DwellRing:
    """Fills over ``dwell_s`` while one object with one name is held steady, and shrinks when it moves."""

    def __init__(self, dwell_s: float) -> None:
        self._dwell_s = dwell_s
        self._held: _Held | None = None
        self._celebrated = Celebrated()
        self._now_s: float | None = None

    @property
    def dwell(self) -> Dwell | None:
        """The current ring; ``None`` if it is empty."""
        held = self._held
        return Dwell(held.track_id, held.share) if held is not None and held.share > 0 else None

    def clear(self) -> None:
        """Empty the ring; celebrated objects are still remembered."""
        self._held = self._now_s = None

    def update(
        self, now_s: float, item: LabeledObject | None, labeled: LabeledFrame | None, *, fills: bool = True
    ) -> bool:
        """Advance to ``now_s``; returns whether ``item`` is to be celebrated now.

        ``item``: the object of ``labeled`` for the ring, with predictions; ``None`` if there is none.
        ``fills=False``: the ring stays empty, but celebrated objects are followed, so that they are not celebrated
        again.
        """
        step_s = 0.0 if self._now_s is None else min(max(now_s - self._now_s, 0.0), _LONGEST_STEP_S)
        self._now_s = now_s
        if labeled is not None:
            self._celebrated.follow(now_s, labeled)
        if item is None or labeled is None:
            self._miss(now_s, step_s)
            return False
        name, box = item.predictions[0].label.name, in_diagonals(item.box, labeled.frame)
        if not fills or self._celebrated.holds(item.track_id, box, name):
            self._held = None
            return False
        held = self._held_at(now_s, item.track_id, box, name)
        if held is None:
            self._miss(now_s, step_s)
            return False
        self._fill(held, now_s, step_s)
        if held.share < 1:
            return False
        self._celebrated.add(now_s, item.track_id, box, name)
        self._held = None
        return True

    def _held_at(self, now_s: float, track_id: int, box: Box, name: str) -> _Held | None:
        """The held object at its current place; ``None`` while it is uncertain whether it is still the same."""
        held = self._held
        if held is None or not held.is_same(track_id, box, name):
            if held is not None and held.share > 0 and now_s - held.seen_s < _FLICKER_S:
                return None
            self._held = held = _Held(track_id, name, box, box, now_s, now_s)
        if held.box.overlap(box) < _LEAST_OVERLAP or distance(held.start, box) > _REACH:
            held.start, held.rests_s = box, now_s + _SETTLE_S
        held.track_id, held.box, held.seen_s = track_id, box, now_s
        return held

    def _fill(self, held: _Held, now_s: float, step_s: float) -> None:
        # Within a millionth, since steps do not add up exactly.
        if now_s >= held.rests_s:
            share = held.share + step_s / self._dwell_s
            held.share = 1.0 if share > 1 - 1e-6 else share
        else:
            self._shrink(held, step_s)

    def _miss(self, now_s: float, step_s: float) -> None:
        if self._held is not None and now_s - self._held.seen_s >= _FLICKER_S:
            self._shrink(self._held, step_s)

    def _shrink(self, held: _Held, step_s: float) -> None:
        held.share = max(0.0, held.share - _SHRINKING * step_s / self._dwell_s)
        if held.share <= 0:
            self._held = None
