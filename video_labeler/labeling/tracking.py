"""Tracks objects from frame to frame by position, so that each keeps its number."""

from collections.abc import Sequence
from dataclasses import dataclass

from video_labeler.frames import Box

_MAX_GAP_S = 1.0
"""How long an object may stay unseen and still get its number back."""

_COAST_S = 0.25
"""How long an undetected object is still shown at its predicted position: bridges single missed detections."""

_COAST_HITS = 3
"""How often an object must have been detected before it is shown while undetected."""

_MIN_OVERLAP = 0.25
_BOX_WEIGHT = 0.6
"""The weight of the newest box in the smoothed one; the rest is the prediction. Reduces jitter."""

_VELOCITY_WEIGHT = 0.3


@dataclass(frozen=True, slots=True)
class Track:
    """A tracked object at one moment; not ``seen`` while a missed detection is bridged."""

    id: int
    box: Box
    seen: bool = True


@dataclass(slots=True)
class _Path:
    """The state of a track: ``box`` is smoothed, ``found`` as last detected, ``velocity`` in pixels per second."""

    id: int
    box: Box
    found: Box
    seen_s: float
    hits: int = 1
    velocity: tuple[float, float] = (0.0, 0.0)

    def predicted(self, time_s: float) -> Box:
        elapsed = time_s - self.seen_s
        return _moved(self.box, self.velocity[0] * elapsed, self.velocity[1] * elapsed)

    def see(self, box: Box, time_s: float) -> None:
        elapsed = time_s - self.seen_s
        smoothed = self.predicted(time_s).towards(box, _BOX_WEIGHT)
        if elapsed > 0:
            (old_x, old_y), (new_x, new_y) = _centre(self.found), _centre(box)
            weight = _VELOCITY_WEIGHT if self.hits > 1 else 1.0
            right, down = self.velocity
            self.velocity = (
                right + weight * ((new_x - old_x) / elapsed - right),
                down + weight * ((new_y - old_y) / elapsed - down),
            )
        self.box, self.found = smoothed, box
        self.seen_s = time_s
        self.hits += 1


class Tracker:
    """Gives each detection the number of the object that it continues.

    Detections are matched greedily, best overlap with the predicted box first; one without overlap may still match
    a nearby object of about its size. The cost is detections times live tracks, and does not grow with time.
    """

    def __init__(self) -> None:
        self._paths: list[_Path] = []
        self._shown: list[_Path] = []
        self._next_id = 1
        self._time_s = float("-inf")
        self._between_s = float("-inf")

    def update(self, time_s: float, boxes: Sequence[Box]) -> list[Track]:
        """The objects at ``time_s`` (seconds): those detected, in the order of ``boxes``, then those bridged.

        ``boxes`` are in pixels. A time before the last one (after seeking back) resets the tracks.
        """
        if time_s < self._time_s:
            self.restart()
        self._time_s = time_s
        self._paths = [path for path in self._paths if time_s - path.seen_s <= _MAX_GAP_S]
        matches = self._matched(time_s, boxes)
        seen = []
        for index, box in enumerate(boxes):
            path = matches.get(index)
            if path is None:
                path = self._started(box, time_s)
            else:
                path.see(box, time_s)
            seen.append(path)
        # In a frame that was predicted first, an object that is not detected now is not there.
        self._shown = seen if time_s == self._between_s else seen + self._bridged(time_s)
        return [Track(path.id, path.predicted(time_s), seen=path.seen_s == time_s) for path in self._shown]

    def between(self, time_s: float) -> list[Track]:
        """The objects of the last :meth:`update`, predicted for a frame at ``time_s`` without detections."""
        self._time_s = self._between_s = time_s
        return [
            Track(path.id, path.predicted(time_s), seen=False)
            for path in self._shown
            if time_s - path.seen_s <= _COAST_S
        ]

    def restart(self) -> None:
        """Forget all tracks; numbers are not used again."""
        self._paths.clear()
        self._shown.clear()

    @property
    def has_new(self) -> bool:
        """Whether one of those seen last has not been seen often enough to know where it is heading."""
        return any(path.hits < _COAST_HITS for path in self._shown)

    @property
    def live_ids(self) -> frozenset[int]:
        """The numbers of tracks that may still reappear."""
        return frozenset(path.id for path in self._paths)

    def _started(self, box: Box, time_s: float) -> _Path:
        path = _Path(self._next_id, box, box, time_s)
        self._next_id += 1
        self._paths.append(path)
        return path

    def _matched(self, time_s: float, boxes: Sequence[Box]) -> dict[int, _Path]:
        pairs = []
        for path in self._paths:
            expected = path.predicted(time_s)
            for index, box in enumerate(boxes):
                closeness = _closeness(expected, box)
                if closeness > 0:
                    pairs.append((closeness, index, path))
        pairs.sort(key=lambda pair: (-pair[0], pair[1], pair[2].id))
        matches: dict[int, _Path] = {}
        taken: set[int] = set()
        for _, index, path in pairs:
            if index not in matches and path.id not in taken:
                matches[index] = path
                taken.add(path.id)
        return matches

    def _bridged(self, time_s: float) -> list[_Path]:
        return [path for path in self._paths if 0 < time_s - path.seen_s <= _COAST_S and path.hits >= _COAST_HITS]


def _closeness(expected: Box, box: Box) -> float:
    """1..2 for boxes that overlap enough, 0..1 for those that are near and similar in size, else 0."""
    overlap = expected.overlap(box)
    if overlap >= _MIN_OVERLAP:
        return 1 + overlap
    smaller, larger = sorted((expected.area, box.area))
    if larger <= 0 or smaller < 0.5 * larger:
        return 0.0
    (ax, ay), (bx, by) = _centre(expected), _centre(box)
    reach = 0.5 * (expected.width + expected.height)
    distance = ((ax - bx) ** 2 + (ay - by) ** 2) ** 0.5
    return max(0.0, 1 - distance / reach) if reach > 0 else 0.0


def _centre(box: Box) -> tuple[float, float]:
    return (box.x_min + box.x_max) / 2, (box.y_min + box.y_max) / 2


def _moved(box: Box, right: float, down: float) -> Box:
    return Box(box.x_min + right, box.y_min + down, box.x_max + right, box.y_max + down)
