"""The confidence of each object's labels over the last seconds."""

from collections import deque
from collections.abc import Iterable
from itertools import pairwise

from video_labeler.frames import LabeledObject

Trace = tuple[tuple[float, float | None], ...]
"""Points from old to new: seconds before now (0 or less), and the confidence; ``None``: the label was absent."""

_Samples = deque[tuple[float, dict[int, float]]]


class ConfidenceHistory:
    """The predictions of every tracked object over the last ``span_s`` seconds of its source.

    Kept for all of them, so that a newly pinned object has its history at once.
    """

    def __init__(self, span_s: float = 10.0) -> None:
        self.span_s = span_s
        self._last_s: float | None = None
        self._tracks: dict[int, _Samples] = {}

    def add(self, time_s: float, objects: Iterable[LabeledObject]) -> None:
        """Add the objects at a time; a time before the last one, as after a seek, clears the history."""
        if time_s == self._last_s:
            return
        if self._last_s is not None and time_s < self._last_s:
            self._tracks.clear()
        self._last_s = time_s
        found = {
            item.track_id: {prediction.label.row: prediction.confidence for prediction in item.predictions}
            for item in objects
        }
        for track in found.keys() - self._tracks.keys():
            self._tracks[track] = deque()
        for track, samples in list(self._tracks.items()):
            samples.append((time_s, found.get(track, {})))
            while time_s - samples[0][0] > self.span_s:
                samples.popleft()
            if not any(labels for _, labels in samples):
                del self._tracks[track]

    def trace(self, track: int, row: int) -> Trace:
        """The confidence of the label with that row for an object; empty before the second moment."""
        samples = self._tracks.get(track)
        if samples is None or len(samples) < 2:
            return ()
        now_s = samples[-1][0]
        return tuple((time_s - now_s, labels.get(row)) for time_s, labels in samples)


def stretches(trace: Trace) -> list[list[tuple[float, float]]]:
    """The parts of a trace between its gaps, each of two points or more."""
    parts: list[list[tuple[float, float]]] = []
    for (then_s, before), (now_s, after) in pairwise(trace):
        if before is None or after is None:
            continue
        if not parts or parts[-1][-1][0] != then_s:
            parts.append([(then_s, before)])
        parts[-1].append((now_s, after))
    return parts
