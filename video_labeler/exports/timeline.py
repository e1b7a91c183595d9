"""Which label was on the screen when, in bounded memory."""

from dataclasses import dataclass, field

from video_labeler.frames import Label, LabeledFrame

_GAP_S = 0.5
"""A label that is gone for no longer than this counts as present throughout."""

_SPANS = 4000
"""The most spans of a label, more than a screen has pixels; beyond it, spans are joined over ever wider gaps."""


@dataclass(slots=True)
class LabelTimes:
    """A label's spans as [start, end] in seconds, its exact total time, and its tracks."""

    label: Label
    spans: list[list[float]] = field(default_factory=list)
    seen_s: float = 0.0
    tracks: set[int] = field(default_factory=set)


class Timeline:
    """Follows the first label of each object from frame to frame."""

    def __init__(self) -> None:
        self.labels: dict[int, LabelTimes] = {}
        self._shown: set[int] = set()
        self._last_s = 0.0
        self._gap_s = _GAP_S
        self._count = 0

    def add(self, labeled: LabeledFrame) -> None:
        """Add a frame."""
        time_s = labeled.frame.time_s
        self.finish(time_s)
        for item in labeled.objects:
            if item.predictions:
                label = item.predictions[0].label
                times = self.labels.setdefault(label.row, LabelTimes(label))
                if item.track_id:
                    times.tracks.add(item.track_id)
                self._begin(times, time_s)
                self._shown.add(label.row)
        if self._count > _SPANS:
            self._coarsen()

    def finish(self, end_s: float) -> None:
        """Extend what the last frame showed to ``end_s``."""
        for row in self._shown:
            times = self.labels[row]
            times.seen_s += max(0.0, end_s - self._last_s)
            times.spans[-1][1] = max(times.spans[-1][1], end_s)
        self._shown.clear()
        self._last_s = end_s

    def _begin(self, times: LabelTimes, time_s: float) -> None:
        if times.spans and time_s - times.spans[-1][1] <= self._gap_s:
            times.spans[-1][1] = max(times.spans[-1][1], time_s)
        else:
            times.spans.append([time_s, time_s])
            self._count += 1

    def _coarsen(self) -> None:
        self._gap_s *= 2
        for times in self.labels.values():
            joined: list[list[float]] = []
            for span in times.spans:
                if joined and span[0] - joined[-1][1] <= self._gap_s:
                    joined[-1][1] = span[1]
                else:
                    joined.append(span)
            times.spans = joined
        self._count = sum(len(times.spans) for times in self.labels.values())
