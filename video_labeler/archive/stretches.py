"""Stretches: the time spans in which a tracked object carried a label."""

from dataclasses import dataclass

from video_labeler.frames import Label, LabeledFrame, LabeledObject, Prediction

_GAP_S = 0.5
"""An object that is missing, or carries another label, for no longer than this counts as present throughout."""


@dataclass(frozen=True, slots=True)
class TrackStretch:
    """A label on a track from ``start_s`` to ``end_s`` (seconds, exclusive), with its highest confidence.

    ``broader``: the labels listed after it, each with its own highest confidence.
    """

    track_id: int
    label: Label
    confidence: float
    start_s: float
    end_s: float
    broader: tuple[Prediction, ...] = ()


class _Open:
    """A stretch that may continue."""

    def __init__(self, item: LabeledObject, time_s: float) -> None:
        self.track_id = item.track_id
        self.label = item.predictions[0].label
        self.confidence = 0.0
        self.start_s = self.seen_s = self.end_s = time_s
        self._broader: dict[int, Prediction] = {}

    def see(self, item: LabeledObject, time_s: float) -> None:
        self.seen_s = self.end_s = time_s
        first, *others = item.predictions
        self.confidence = max(self.confidence, first.confidence)
        for other in others:
            best = self._broader.get(other.label.row)
            if best is None or other.confidence > best.confidence:
                self._broader[other.label.row] = other

    def ended(self) -> list[TrackStretch]:
        if self.end_s <= self.start_s:
            return []
        broader = tuple(self._broader[row] for row in sorted(self._broader))
        return [TrackStretch(self.track_id, self.label, self.confidence, self.start_s, self.end_s, broader)]


class StretchBuilder:
    """Turns labelled frames into stretches; bridges gaps of up to half a second. Only open ones are kept in memory."""

    def __init__(self) -> None:
        self._open: dict[tuple[int, int], _Open] = {}
        self._last_s = 0.0

    def add(self, labeled: LabeledFrame) -> list[TrackStretch]:
        """Add a frame, and return the stretches that have ended."""
        time_s = labeled.frame.time_s
        self._show_until(time_s)
        for item in labeled.objects:
            if item.predictions:
                key = (item.track_id, item.predictions[0].label.row)
                self._open.setdefault(key, _Open(item, time_s)).see(item, time_s)
        over = [key for key, stretch in self._open.items() if time_s - stretch.end_s > _GAP_S]
        return [done for key in over for done in self._open.pop(key).ended()]

    def finish(self, end_s: float) -> list[TrackStretch]:
        """The remaining stretches, given that the last frame ends at ``end_s``."""
        self._show_until(max(end_s, self._last_s))
        left, self._open = list(self._open.values()), {}
        return [done for stretch in left for done in stretch.ended()]

    def _show_until(self, time_s: float) -> None:
        """Extend what the last frame showed up to now."""
        for stretch in self._open.values():
            if stretch.seen_s == self._last_s:
                stretch.end_s = time_s
        self._last_s = time_s
