"""A short summary of what a video showed."""

from dataclasses import dataclass

from video_labeler.exports.timeline import Timeline
from video_labeler.frames import LabeledFrame
from video_labeler.movie.frame_clock import FrameClock
from video_labeler.sources.base import SourceInfo


@dataclass(frozen=True, slots=True)
class SeenLabel:
    """A label that headed an object: for how long in total, and its first and last time, in seconds."""

    name: str
    seen_s: float
    first_s: float
    last_s: float


class SeenSummary:
    """A sink that collects which labels headed an object; :attr:`seen` is complete once it is closed."""

    name = "summary"

    def __init__(self) -> None:
        self._timeline = Timeline()
        self._clock = FrameClock()
        self.seen: tuple[SeenLabel, ...] = ()
        """The labels, the one seen longest first."""

    def open(self, info: SourceInfo) -> None:
        """Start collecting."""
        self._clock = FrameClock(info.rate)

    def write(self, labeled: LabeledFrame) -> None:
        """Add one frame."""
        self._clock.tick(labeled.frame.time_s, labeled.frame.duration_s)
        self._timeline.add(labeled)

    def close(self, *, completed: bool) -> None:
        """Sum up."""
        self._timeline.finish(self._clock.end_s)
        seen = [
            SeenLabel(times.label.name, times.seen_s, times.spans[0].start_s, times.spans[-1].end_s)
            for times in self._timeline.labels.values()
        ]
        self.seen = tuple(sorted(seen, key=lambda label: (-label.seen_s, label.first_s)))
