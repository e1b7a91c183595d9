"""Tells what is new in front of the camera from what stays there all day."""

from dataclasses import dataclass

from video_labeler.frames import Box, Frame, LabeledFrame, LabeledObject
from video_labeler.kiosk.places import AWAY_S, SAME_PLACE, Place, Places, distance, in_diagonals
from video_labeler.settings import KioskSettings

_FRAMES = 3
_CERTAIN_S = 0.15
"""How many labelled frames, and how long, something must be seen, since the localizer flickers."""

_MOVE = 0.12
"""The distance of a clear movement, as a share of the frame's diagonal."""

_GROWTH = 1.6
"""The change of area of a clear movement towards the camera or away from it."""

_FURNITURE_S = 15.0
"""The least time after which something counts as furniture, since visitors hold things still for over 3 s."""

_FLICKER_S = 0.4
"""An unconfirmed object is forgotten after this long out of sight."""


@dataclass(frozen=True, slots=True)
class Noticed:
    """What a frame shows: whether something ``is_new``, and which of its objects (by index) are ``furniture``."""

    is_new: bool = False
    furniture: frozenset[int] = frozenset()


@dataclass(slots=True)
class _Thing:
    """A tracked object with its last ``name``; boxes are in diagonals.

    ``rest``: where it rests, ``None`` until that is certain. ``since_s``, ``frames``: since when, and in how many
    frames, it is seen where it does not rest yet. ``is_newcomer``: it has been new, so it is not furniture even in
    front of furniture.
    """

    track_id: int
    box: Box
    seen_s: float
    since_s: float
    name: str = ""
    frames: int = 1
    rest: Box | None = None
    rest_s: float = 0.0
    place: Place | None = None
    is_newcomer: bool = False
    is_furniture: bool = False

    def see(self, now_s: float, box: Box) -> None:
        self.seen_s, self.box = now_s, box
        if self.rest is not None and not _has_moved(self.rest, box):
            self.frames = 0
            return
        if self.frames == 0:
            self.since_s = now_s
        self.frames += 1

    @property
    def has_come(self) -> bool:
        """Whether it is certainly at its current place, and was not before."""
        return self.frames >= _FRAMES and self.seen_s - self.since_s >= _CERTAIN_S

    def is_gone(self, now_s: float) -> bool:
        return now_s - self.seen_s > (_FLICKER_S if self.rest is None else AWAY_S)


class Newcomers:
    """Judges successive labelled frames. Furniture is recognised by its place, since labels and tracks flicker."""

    def __init__(self, settings: KioskSettings) -> None:
        self._furniture_s = max(settings.idle_s, _FURNITURE_S)
        self._places = Places(settings.idle_s, self._furniture_s)
        self._things: list[_Thing] = []
        self._taken: LabeledFrame | None = None
        self._noticed = Noticed()

    @property
    def remembered(self) -> int:
        """How many objects and places are in memory."""
        return len(self._things) + len(self._places)

    def end_visit(self, now_s: float) -> None:
        """End a visit: something at a place where an object was just shown then counts as new as well."""
        self._places.end_visit(now_s)

    def update(self, now_s: float, labeled: LabeledFrame) -> Noticed:
        """What is new at ``now_s``; the same frame again brings nothing new."""
        if labeled is self._taken:
            return Noticed(is_new=False, furniture=self._noticed.furniture)
        self._taken = labeled
        self._things = [thing for thing in self._things if not thing.is_gone(now_s)]
        self._places.watch(now_s, labeled.frame)
        seen = self._followed(now_s, labeled)
        # Not any() over a generator: every object must be judged.
        news = [self._is_new(thing, now_s, labeled.frame) for thing in seen]
        furniture = frozenset(index for index, thing in enumerate(seen) if thing.is_furniture)
        self._noticed = Noticed(any(news), furniture)
        return self._noticed

    def _followed(self, now_s: float, labeled: LabeledFrame) -> list[_Thing]:
        """The tracked thing for each object, in the order of the objects."""
        boxes = [in_diagonals(item.box, labeled.frame) for item in labeled.objects]
        free = list(self._things)
        seen: dict[int, _Thing] = {}
        for match in (_by_track, _by_place):
            for index, item in enumerate(labeled.objects):
                thing = None if index in seen else match(free, item, boxes[index])
                if thing is not None:
                    free.remove(thing)
                    thing.track_id, thing.name = item.track_id, _name(item) or thing.name
                    thing.see(now_s, boxes[index])
                    seen[index] = thing
        for index, item in enumerate(labeled.objects):
            if index not in seen:
                seen[index] = self._started(now_s, item, boxes[index])
        return [seen[index] for index in range(len(boxes))]

    def _started(self, now_s: float, item: LabeledObject, box: Box) -> _Thing:
        thing = _Thing(item.track_id, box, now_s, now_s, _name(item))
        thing.is_furniture = self._places.furniture_at(box) is not None
        self._things.append(thing)
        return thing

    def _is_new(self, thing: _Thing, now_s: float, frame: Frame) -> bool:
        if thing.has_come:
            return self._come(thing, now_s, frame)
        if thing.place is not None and thing.frames == 0:
            thing.place.see(now_s)
            if now_s - thing.rest_s >= self._furniture_s:
                thing.place.is_furniture = thing.is_furniture = True
                thing.is_newcomer = False
        return False

    def _come(self, thing: _Thing, now_s: float, frame: Frame) -> bool:
        """Let a thing rest where it is; returns whether that is new."""
        left = thing.place
        stays_furniture = not thing.is_newcomer and self._places.furniture_at(thing.box, left) is not None
        is_new = not stays_furniture and not self._places.is_familiar(now_s, thing.box, left)
        thing.is_furniture = stays_furniture
        thing.is_newcomer = thing.is_newcomer or is_new
        thing.rest, thing.rest_s, thing.frames = thing.box, now_s, 0
        thing.place = self._places.rest(now_s, thing.box, frame)
        return is_new


def _by_track(things: list[_Thing], item: LabeledObject, _box: Box) -> _Thing | None:
    return next((thing for thing in things if item.track_id and thing.track_id == item.track_id), None)


def _by_place(things: list[_Thing], item: LabeledObject, box: Box) -> _Thing | None:
    """The thing at that place, unless this is another: visitors exchange what they hold without a pause."""
    name = _name(item)
    alike = (thing for thing in things if thing.is_furniture or not name or thing.name in {"", name})
    best = max(alike, key=lambda thing: thing.box.overlap(box), default=None)
    return best if best is not None and best.box.overlap(box) >= SAME_PLACE else None


def _name(item: LabeledObject) -> str:
    return item.predictions[0].label.name if item.predictions else ""


def _has_moved(rest: Box, box: Box) -> bool:
    smaller, larger = sorted((rest.area, box.area))
    return distance(rest, box) > _MOVE or larger > _GROWTH * smaller
