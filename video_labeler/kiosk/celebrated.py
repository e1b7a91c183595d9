"""Remembers the celebrated objects that are still in the picture, so that none is celebrated repeatedly."""

from dataclasses import dataclass

from video_labeler.frames import Box, LabeledFrame
from video_labeler.kiosk.places import AWAY_S, in_diagonals

_SAME_PLACE = 0.5
"""Overlap from which an object with a lost track, but the same name, is still the same."""

_LIMIT = 8
"""The most objects remembered; the oldest are dropped."""


@dataclass(slots=True)
class _Object:
    """An object that was celebrated under these names; ``box`` in diagonals."""

    track_id: int
    box: Box
    seen_s: float
    names: set[str]

    def is_same(self, track_id: int, box: Box, name: str) -> bool:
        is_same_track = track_id == self.track_id != 0
        return is_same_track or (name in self.names and self.box.overlap(box) >= _SAME_PLACE)


class Celebrated:
    """Objects that were celebrated, until they have been away for ``AWAY_S``."""

    def __init__(self) -> None:
        self._objects: list[_Object] = []

    def follow(self, now_s: float, labeled: LabeledFrame) -> None:
        """Update which of them are still present."""
        self._objects = [known for known in self._objects if now_s - known.seen_s < AWAY_S]
        for item in labeled.objects if self._objects else ():
            name = item.predictions[0].label.name if item.predictions else ""
            box = in_diagonals(item.box, labeled.frame)
            known = self._known(item.track_id, box, name)
            if known is not None:
                known.track_id, known.box, known.seen_s = item.track_id, box, now_s

    def holds(self, track_id: int, box: Box, name: str) -> bool:
        """Whether this object was celebrated under that name; ``box`` in diagonals."""
        known = self._known(track_id, box, name)
        return known is not None and name in known.names

    def add(self, now_s: float, track_id: int, box: Box, name: str) -> None:
        """Remember an object; one that is known under another name keeps both."""
        known = self._known(track_id, box, name)
        if known is not None:
            known.names.add(name)
            return
        self._objects = [*self._objects[1 - _LIMIT :], _Object(track_id, box, now_s, {name})]

    def _known(self, track_id: int, box: Box, name: str) -> _Object | None:
        return next((known for known in self._objects if known.is_same(track_id, box, name)), None)
