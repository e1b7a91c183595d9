"""Chooses which frame and which labels to show."""

from dataclasses import dataclass, replace

from video_labeler.frames import Frame, LabeledFrame, StageTimes
from video_labeler.session.view import SessionView

_SLOW, _QUICK = 0.75, 0.9
"""Labelling counts as slower than the camera below the first share of its rate, and as fast again from the second."""

_LATE_S = 0.5
"""Labels that are this much older than the live picture do not hold it back."""


@dataclass(frozen=True, slots=True)
class PictureChoice:
    """What to show: a frame, the labels for it (``None``: none yet), and how old these are, in seconds.

    ``label_age_s`` is ``None`` if the labels were computed from this frame.
    """

    frame: Frame
    labeled: LabeledFrame | None
    label_age_s: float | None = None

    @property
    def labeled_frame(self) -> LabeledFrame:
        """The frame with the labels to draw on it."""
        if self.labeled is None:
            return LabeledFrame(self.frame, (), StageTimes(self.frame.captured_s))
        return self.labeled if self.labeled.frame is self.frame else replace(self.labeled, frame=self.frame)

    def shows_the_same(self, other: "PictureChoice | None") -> bool:
        """Whether both look the same."""
        return other is not None and self.frame is other.frame and self.labeled is other.labeled


class PictureChooser:
    """Shows boxes on the frame that they were computed from; in smooth mode the newest frame if labelling is slower."""

    def __init__(self, smooth: bool = True) -> None:
        self.smooth = smooth
        self._slow = False

    def choose(self, view: SessionView) -> PictureChoice | None:
        """What to show of ``view``; ``None`` without a picture."""
        labeled, newest = view.labeled, view.newest
        if labeled is None:
            return None if newest is None else PictureChoice(newest, None)
        if newest is None or newest.index <= labeled.frame.index or view.playback is not None:
            return PictureChoice(labeled.frame, labeled)
        age_s = newest.captured_s - labeled.frame.captured_s
        if age_s > _LATE_S or (self.smooth and self._labelling_is_slow(view)):
            return PictureChoice(newest, labeled, age_s)
        return PictureChoice(labeled.frame, labeled)

    def _labelling_is_slow(self, view: SessionView) -> bool:
        limit = _QUICK if self._slow else _SLOW
        self._slow = view.statistics.labelling_rate < limit * view.statistics.capture_rate
        return self._slow
