"""Remembers where objects rest in the camera's picture: what stays at its place is furniture."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from video_labeler.frames import Box, Frame

SAME_PLACE = 0.4
"""Overlap from which something is taken for known furniture."""

AWAY_S = 2.0
"""A longer absence is real; a shorter one is the localizer's flicker."""

_VERY_PLACE = 0.75
"""Overlap from which a place is exactly the same: strict, since all visitors hold things up near the middle."""

_FAMILIAR_S = 1.0
"""How long something must have been at a place before finding it there again is not new."""

_FORGOTTEN_S = 600.0
_LIMIT = 50
"""The most places remembered."""

_LOOK_SIDE = 12
_SAME_LOOK = 0.95
"""Correlation from which a place still looks the same: noise and light give 0.97, a shift by a twentieth far less."""

_PLAIN = 3.0
"""Standard deviation (of 255) below which there is nothing to compare."""

Look = npt.NDArray[np.float32]
"""What a place looks like: a few grey pixels, of mean 0 and length 1."""


def in_diagonals(box: Box, frame: Frame) -> Box:
    """The box in units of the frame's diagonal, so that the camera's resolution does not matter."""
    scale = 1 / _diagonal(frame)
    return box.scaled(scale, scale)


def distance(first: Box, second: Box) -> float:
    """The distance of the centres, in the unit of the boxes."""
    right = (first.x_min + first.x_max - second.x_min - second.x_max) / 2
    down = (first.y_min + first.y_max - second.y_min - second.y_max) / 2
    return float((right**2 + down**2) ** 0.5)


@dataclass(slots=True)
class Place:
    """A place where something rested: ``box`` in diagonals, for ``seen_s`` in total, last at ``last_s``.

    ``look``: what it looked like with the thing there, unchanged since ``since_s``; ``None`` once it has changed.
    """

    box: Box
    last_s: float
    since_s: float
    look: Look | None
    seen_s: float = 0.0
    is_furniture: bool = False

    def see(self, now_s: float) -> None:
        """Record that something rests here now."""
        gap_s = now_s - self.last_s
        self.seen_s += gap_s if gap_s <= AWAY_S else 0.0
        self.last_s = now_s


class Places:
    """A bounded memory of places.

    Something that is detected only occasionally is furniture if its place has looked the same for ``furniture_s``.
    ``familiar_s``: something that reappears within this time where something was is not new.
    """

    def __init__(self, familiar_s: float, furniture_s: float) -> None:
        self._familiar_s = familiar_s
        self._furniture_s = furniture_s
        self._places: deque[Place] = deque()
        self._visit_s = float("-inf")

    def __len__(self) -> int:
        return len(self._places)

    def furniture_at(self, box: Box, besides: Place | None = None) -> Place | None:
        """The known furniture at a place, whatever its name, except ``besides``."""
        return _best((place for place in self._places if place.is_furniture), box, SAME_PLACE, besides)

    def is_familiar(self, now_s: float, box: Box, besides: Place | None = None) -> bool:
        """Whether something rested exactly there recently, or is furniture there, other than ``besides``."""
        place = _best(self._places, box, _VERY_PLACE, besides)
        if place is None or place.is_furniture:
            return place is not None
        is_recent = now_s - place.last_s <= self._familiar_s and place.last_s > self._visit_s
        return is_recent and place.seen_s >= _FAMILIAR_S

    def end_visit(self, now_s: float) -> None:
        """Forget familiar places except furniture."""
        self._visit_s = now_s

    def rest(self, now_s: float, box: Box, frame: Frame) -> Place:
        """The place where something rests from now on: a remembered or a new one."""
        place = _best(self._places, box, _VERY_PLACE, None)
        if place is None:
            if len(self._places) >= _LIMIT:
                self._places.remove(min(self._places, key=lambda old: (old.is_furniture, old.last_s)))
            place = Place(box, now_s, now_s, _look(frame, box))
            self._places.append(place)
        elif place.look is None:
            place.since_s, place.look = now_s, _look(frame, place.box)
        place.see(now_s)
        return place

    def watch(self, now_s: float, frame: Frame) -> None:
        """Check one place per frame for changes; forget those that have long been empty.

        Only one per frame, since cropping large regions takes time.
        """
        if not self._places:
            return
        self._places.rotate()
        place = self._places[0]
        if now_s - place.last_s > _FORGOTTEN_S:
            self._places.popleft()
        elif place.look is not None and not place.is_furniture:
            look = _look(frame, place.box)
            if look is None or float(np.vdot(look, place.look)) < _SAME_LOOK:
                place.look = None
            elif now_s - place.since_s >= self._furniture_s:
                place.is_furniture = True


def _best(places: Iterable[Place], box: Box, least: float, besides: Place | None) -> Place | None:
    """The place that overlaps most with the box, if that is enough."""
    best, most = None, least
    for place in places:
        overlap = 0.0 if place is besides else place.box.overlap(box)
        if overlap >= most:
            best, most = place, overlap
    return best


def _look(frame: Frame, box: Box) -> Look | None:
    """What a place (in diagonals) looks like; ``None`` if it is plain."""
    diagonal = _diagonal(frame)
    crop = frame.crop(box.scaled(diagonal, diagonal), (_LOOK_SIDE, _LOOK_SIDE))
    pixels = crop.mean(axis=2, dtype=np.float32)
    if pixels.std() < _PLAIN:
        return None
    pixels -= pixels.mean()
    return np.asarray(pixels / np.linalg.norm(pixels), dtype=np.float32)


def _diagonal(frame: Frame) -> float:
    return float((frame.width**2 + frame.height**2) ** 0.5)
