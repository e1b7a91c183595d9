"""Keeps the labels of a tracked object steady, though the scores flicker from frame to frame."""

import math
from collections.abc import Sequence

import numpy as np

from video_labeler.frames import Label, Prediction
from video_labeler.labeling.hierarchy import LabelHierarchy
from video_labeler.labeling.label_mask import LabelMask
from video_labeler.labeling.picking import pick
from video_labeler.models.base import Scores

_TIME_CONSTANT_S = 0.4
"""The time constant: after this long the average has moved 63 % of the way to a changed score."""

_ENTER_MARGIN = 0.05
"""A label appears this much above the threshold, and stays until it falls below the threshold itself."""

_DWELL_S = 0.3
"""How long another label must lead before it takes the heading."""

_STAYS_SUPPRESSED_S = 1.0
"""How long a suppressed object stays unmarked after its scores have changed."""


class SmoothedLabels:
    """One object's scores over time, and the labels shown for it.

    The whole score vector is averaged with exponentially falling weights, by elapsed time rather than by frames, so
    that the source's rate does not matter. The first scores count in full, so that a clear label is shown at
    once. ``mask`` decides which labels may be shown.
    """

    def __init__(
        self,
        hierarchy: LabelHierarchy,
        labels: Sequence[Label],
        threshold: float,
        top_k: int,
        mask: LabelMask | None = None,
    ) -> None:
        self._hierarchy = hierarchy
        self._labels = labels
        self._threshold = threshold
        self._top_k = top_k
        self._mask = mask
        self._scores: Scores | None = None
        self._shown: np.ndarray[tuple[int], np.dtype[np.bool_]] | None = None
        self._updated_s = 0.0
        self._heading: int | None = None
        self._rival: int | None = None
        self._rival_since_s = 0.0
        self.predictions: tuple[Prediction, ...] = ()
        """The labels shown now, most specific first."""
        self.left_out = False
        """Whether the object must not be marked at all."""
        self._left_out_s = -math.inf

    def adopt(self, threshold: float, top_k: int, mask: LabelMask | None) -> None:
        """Continue with another threshold (0..1), number of labels and mask, without the margin for new labels."""
        self._threshold = threshold
        self._top_k = top_k
        if mask is not self._mask:
            self._mask = mask
            self._left_out_s = -math.inf
        if self._scores is not None:
            self._shown = self._scores >= threshold

    def update(self, scores: Scores, time_s: float) -> tuple[Prediction, ...]:
        """Take the scores (labels,) of one frame at ``time_s`` seconds, and return the labels shown now."""
        enter = min(self._threshold + _ENTER_MARGIN, 1.0)
        if self._scores is None or self._shown is None:
            self._scores = scores
            self._shown = scores >= enter
        else:
            weight = -math.expm1(-(time_s - self._updated_s) / _TIME_CONSTANT_S)
            self._scores = self._scores + np.float32(weight) * (scores - self._scores)
            self._shown = (self._shown & (self._scores >= self._threshold)) | (self._scores >= enter)
        self._updated_s = time_s
        shown = np.where(self._shown, self._scores, np.float32(0.0))
        if self._mask is not None:
            shown = self._mask.masked(shown)
        self.predictions = self._steady(shown, time_s)
        self.left_out = self._is_left_out(self._scores, time_s)
        return self.predictions

    @property
    def is_settled(self) -> bool:
        """Whether the heading is the label that leads, and no other waits to take its place."""
        return self._rival == self._heading

    def _is_left_out(self, scores: Scores, time_s: float) -> bool:
        if self._mask is None:
            return False
        if self._mask.suppresses(scores, self._threshold):
            self._left_out_s = time_s
        return time_s - self._left_out_s < _STAYS_SUPPRESSED_S

    def _steady(self, scores: Scores, time_s: float) -> tuple[Prediction, ...]:
        """The picked labels, with the heading kept until a rival has led for a while or the heading has gone."""
        picked = self._pick(scores)
        leader = picked[0].label.row if picked else None
        if leader != self._rival:
            self._rival, self._rival_since_s = leader, time_s
        heading_lives = self._heading is not None and scores[self._heading] > 0
        if leader == self._heading or not heading_lives or time_s - self._rival_since_s >= _DWELL_S:
            self._heading = leader
            return picked
        assert self._heading is not None
        kept = np.zeros_like(scores)
        rows = [self._heading, *self._hierarchy.ancestors(self._heading)]
        kept[rows] = scores[rows]
        return self._pick(kept)

    def _pick(self, scores: Scores) -> tuple[Prediction, ...]:
        return pick(scores, self._hierarchy, self._labels, self._threshold, self._top_k)
