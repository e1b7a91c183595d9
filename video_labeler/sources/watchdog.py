"""Tells the pictures of a working camera from those of one that has failed but still sends."""

import numpy as np

from video_labeler.frames import Image
from video_labeler.sources.base import SourceState

STALLED_AFTER_S = 2.0
FROZEN_AFTER_S = 3.0
BLACK_AFTER_S = 2.0

_SAMPLE_STEP = 8
_DARK = 24
"""What a covered sensor's noise reaches, in steps of 255."""
_LIT_SHARE = 0.001
"""More lit samples than this, and the picture is a night scene, not black."""


class PictureWatch:
    """Judges picture after picture: running, frozen (byte-identical for 3 s) or black (all but black for 2 s).

    Its memory outlives a reconnection on purpose: a device that comes back with the same old picture is still
    frozen.
    """

    def __init__(self) -> None:
        self._last: Image | None = None
        self._same_since_s = 0.0
        self._black_since_s: float | None = None

    @property
    def same_since_s(self) -> float:
        """When the last picture was first seen, on the clock of :meth:`judge`."""
        return self._same_since_s

    def judge(self, image: Image, now_s: float) -> SourceState:
        """``RUNNING``, ``FROZEN`` or ``BLACK``; ``now_s`` in seconds on any clock that never falls."""
        if self._last is None or not _identical(self._last, image):
            self._same_since_s = now_s
        self._last = image
        if not _all_but_black(image):
            self._black_since_s = None
        elif self._black_since_s is None:
            self._black_since_s = now_s
        if self._black_since_s is not None and now_s - self._black_since_s >= BLACK_AFTER_S:
            return SourceState.BLACK
        if now_s - self._same_since_s >= FROZEN_AFTER_S:
            return SourceState.FROZEN
        return SourceState.RUNNING


def _identical(first: Image, second: Image) -> bool:
    if first.shape != second.shape:
        return False
    # A few rows tell almost always, for a hundredth of the cost.
    return np.array_equal(first[::64], second[::64]) and np.array_equal(first, second)


def _all_but_black(image: Image) -> bool:
    step = min(_SAMPLE_STEP, max(1, min(image.shape[:2]) // 16))
    sample = image[::step, ::step]
    return bool(np.count_nonzero(sample > _DARK) <= sample.size * _LIT_SHARE)
