"""Chooses the object that is named large, steadily enough that the name does not jump between objects."""

from video_labeler.frames import Box, LabeledFrame, LabeledObject
from video_labeler.kiosk.scene import Hero

_LOST_S = 0.4
"""How long an object's name stays when the object is lost briefly."""

_RIVAL_S = 0.5
"""How long another object must be the most prominent before it is named instead."""

_RIVAL_OF_FURNITURE_S = 0.15
_SAME_PLACE = 0.5
"""Overlap from which an object whose track was lost is still the same."""


class HeroChoice:
    """The most prominent object with a name; furniture only if there is nothing else."""

    def __init__(self) -> None:
        self.hero: Hero | None = None
        self._box: Box | None = None
        self._is_furniture = False
        self._seen_s = 0.0
        self._rival_s: float | None = None

    def clear(self) -> None:
        """Name nothing."""
        self.hero = self._box = self._rival_s = None

    def update(self, now_s: float, labeled: LabeledFrame | None, furniture: frozenset[int]) -> LabeledObject | None:
        """Choose at ``now_s``; returns the object of this frame that is the hero, unless it is furniture.

        ``furniture``: indices of objects of the frame. ``labeled`` is ``None`` if there is no frame to show.
        """
        named = [(index, item) for index, item in enumerate(labeled.objects if labeled else ()) if item.predictions]
        named.sort(key=lambda pair: pair[0] in furniture)
        chosen = self._chosen(now_s, named)
        if chosen is None:
            if now_s - self._seen_s >= _LOST_S:
                self.clear()
            return None
        index, item = chosen
        self._show(now_s, item, is_furniture=index in furniture)
        return None if self._is_furniture else item

    def _chosen(self, now_s: float, named: list[tuple[int, LabeledObject]]) -> tuple[int, LabeledObject] | None:
        present = next((pair for pair in named if self._is_hero_track(pair[1])), None)
        present = present or next((pair for pair in named if self._is_hero_place(pair[1])), None)
        if not named or present == named[0]:
            self._rival_s = None
            return present
        if self.hero is None or (present is None and now_s - self._seen_s >= _LOST_S):
            self._rival_s = None
            return named[0]
        if self._rival_s is None:
            self._rival_s = now_s
        rival_lead_s = _RIVAL_OF_FURNITURE_S if self._is_furniture else _RIVAL_S
        if now_s - self._rival_s < rival_lead_s:
            return present
        self._rival_s = None
        return named[0]

    def _is_hero_track(self, item: LabeledObject) -> bool:
        return self.hero is not None and item.track_id != 0 and item.track_id == self.hero.track_id

    def _is_hero_place(self, item: LabeledObject) -> bool:
        return self._box is not None and self._box.overlap(item.box) >= _SAME_PLACE

    def _show(self, now_s: float, item: LabeledObject, *, is_furniture: bool) -> None:
        first, *others = item.predictions
        broader = tuple(prediction.label.name for prediction in others)
        self.hero = Hero(item.track_id, first.label.name, first.confidence, broader)
        self._box, self._seen_s, self._is_furniture = item.box, now_s, is_furniture
