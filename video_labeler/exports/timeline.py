"""Which label was on the screen when, in bounded memory."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from video_labeler.exports.spans import Span, SpanTracker
from video_labeler.frames import Label, LabeledFrame

_SPANS = 4000
"""The most spans of all labels, more than a screen has pixels; beyond it, spans are joined over ever wider gaps."""


@dataclass(slots=True)
class LabelTimes:
    """A label's spans in order, and its tracks."""

    label: Label
    spans: list[Span] = field(default_factory=list)
    tracks: set[int] = field(default_factory=set)

    @property
    def seen_s(self) -> float:
        """The exact total time, in seconds."""
        return sum(span.shown_s for span in self.spans)


class Timeline:
    """Follows the first label of each object from frame to frame; :attr:`labels` is complete after :meth:`finish`."""

    def __init__(self) -> None:
        self.labels: dict[int, LabelTimes] = {}
        self._tracker: SpanTracker[int] = SpanTracker()
        self._count = 0

    def add(self, labeled: LabeledFrame) -> None:
        """Add a frame."""
        rows = set()
        for item in labeled.objects:
            if item.predictions:
                label = item.predictions[0].label
                times = self.labels.setdefault(label.row, LabelTimes(label))
                if item.track_id:
                    times.tracks.add(item.track_id)
                rows.add(label.row)
        self._keep(self._tracker.add(labeled.frame.time_s, rows))

    def finish(self, end_s: float) -> None:
        """Complete the spans, given that the last frame ends at ``end_s``."""
        self._keep(self._tracker.finish(end_s))

    def _keep(self, ended: Iterable[tuple[int, Span]]) -> None:
        for row, span in ended:
            self.labels[row].spans.append(span)
            self._count += 1
        if self._count > _SPANS:
            self._tracker.gap_s *= 2
            for times in self.labels.values():
                times.spans = _joined(times.spans, self._tracker.gap_s)
            self._count = sum(len(times.spans) for times in self.labels.values())


def _joined(spans: Iterable[Span], gap_s: float) -> list[Span]:
    joined: list[Span] = []
    for span in spans:
        if joined and span.start_s - joined[-1].end_s <= gap_s:
            joined[-1].end_s = span.end_s
            joined[-1].shown_s += span.shown_s
        else:
            joined.append(span)
    return joined
