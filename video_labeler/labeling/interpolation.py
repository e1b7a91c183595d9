"""Boxes between two looks at a file, from both of them: what comes next is known before a frame is written."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from video_labeler.frames import Frame, LabeledFrame
from video_labeler.labeling.tracking_labeler import TrackingLabeler


class InterpolatingLabeler:
    """A frame labeler for video that is written rather than watched; it does not own the models.

    Frames that the localizer is not asked about are held back, two at the most, until it has been asked about a later
    one; their boxes lie between. Where ``may_wait`` says no, as for live sources, they go on at once with the boxes
    predicted.
    """

    def __init__(self, labeler: TrackingLabeler, may_wait: Callable[[], bool] = lambda: True) -> None:
        self._labeler = labeler
        self._may_wait = may_wait
        self._before: LabeledFrame | None = None
        self._held: list[LabeledFrame] = []

    def label(self, frame: Frame) -> Sequence[LabeledFrame]:
        """The frames whose objects are known by now, in order; ``frame`` may have to wait."""
        labeled = self._labeler.label(frame)
        if self._labeler.is_between and self._may_wait():
            self._held.append(labeled)
            return ()
        held, self._held = self._held, []
        before, self._before = self._before, labeled
        if before is not None:
            held = [_between(before, item, labeled) for item in held]
        return (*held, labeled)

    def finish(self) -> Sequence[LabeledFrame]:
        """What was held back when the video ended."""
        held, self._held = self._held, []
        return held

    def close(self) -> None:
        """Forget the tracks."""
        self._labeler.close()


def _between(before: LabeledFrame, labeled: LabeledFrame, after: LabeledFrame) -> LabeledFrame:
    """``labeled`` with the boxes of what both its neighbours show between theirs."""
    passed_s, span_s = labeled.frame.time_s - before.frame.time_s, after.frame.time_s - before.frame.time_s
    if not 0 < passed_s < span_s:
        return labeled
    first, last = ({item.track_id: item.box for item in frame.objects} for frame in (before, after))
    objects = tuple(
        replace(item, box=first[item.track_id].towards(last[item.track_id], passed_s / span_s))
        if item.track_id in first and item.track_id in last
        else item
        for item in labeled.objects
    )
    return replace(labeled, objects=objects)
