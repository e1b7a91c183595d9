"""Stretches: the time spans in which a tracked object carried a label."""

from collections.abc import Iterable
from dataclasses import dataclass

from video_labeler.exports.spans import Span, SpanTracker
from video_labeler.frames import Label, LabeledFrame, LabeledObject, Prediction

_Key = tuple[int, int]
"""Track and row."""


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


class _Best:
    """The highest confidence of a stretch's label, and of each broader one."""

    def __init__(self, label: Label) -> None:
        self.label = label
        self.confidence = 0.0
        self.broader: dict[int, Prediction] = {}

    def see(self, item: LabeledObject) -> None:
        first, *others = item.predictions
        self.confidence = max(self.confidence, first.confidence)
        for other in others:
            best = self.broader.get(other.label.row)
            if best is None or other.confidence > best.confidence:
                self.broader[other.label.row] = other


class StretchBuilder:
    """Turns labelled frames into stretches; bridges gaps of up to half a second. Only open ones are kept in memory."""

    def __init__(self) -> None:
        self._tracker: SpanTracker[_Key] = SpanTracker()
        self._best: dict[_Key, _Best] = {}

    def add(self, labeled: LabeledFrame) -> list[TrackStretch]:
        """Add a frame, and return the stretches that have ended."""
        named = [item for item in labeled.objects if item.predictions]
        ended = self._stretches(self._tracker.add(labeled.frame.time_s, map(_key_of, named)))
        for item in named:
            self._best.setdefault(_key_of(item), _Best(item.predictions[0].label)).see(item)
        return ended

    def finish(self, end_s: float) -> list[TrackStretch]:
        """The remaining stretches, given that the last frame ends at ``end_s``."""
        return self._stretches(self._tracker.finish(end_s))

    def _stretches(self, ended: Iterable[tuple[_Key, Span]]) -> list[TrackStretch]:
        done = []
        for key, span in ended:
            best = self._best.pop(key)
            if span.end_s > span.start_s:
                broader = tuple(best.broader[row] for row in sorted(best.broader))
                done.append(TrackStretch(key[0], best.label, best.confidence, span.start_s, span.end_s, broader))
        return done


def _key_of(item: LabeledObject) -> _Key:
    return item.track_id, item.predictions[0].label.row
