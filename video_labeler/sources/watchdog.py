"""Detects cameras that have failed but still send pictures."""

import math
from collections import deque
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from video_labeler.pixels import Pixels, Planes
from video_labeler.settings import CameraSettings
from video_labeler.sources.base import SourceState

QUICKLY_SILENT_S = 2.0
"""How soon a fast camera counts as silent."""

_QUIET_INTERVALS = 10.0
_KNOWN_AFTER = 5
"""The number of intervals between pictures that shows how fast a camera is."""

_SAMPLE_STEP = 8
_DARK = 24
"""The noise of a covered sensor, of 255."""
_LIT_SHARE = 0.001
"""With more lit samples than this, the picture is a night scene, not black."""


@dataclass(frozen=True, slots=True)
class LivenessLimits:
    """After how long pictures are frozen, black or missing, in seconds; 0: never."""

    frozen_after_s: float = 10.0
    black_after_s: float = 5.0
    silent_after_s: float = 15.0

    @classmethod
    def of(cls, settings: CameraSettings) -> Self:
        """The limits of the settings."""
        return cls(settings.frozen_after_s, settings.black_after_s, settings.silent_after_s)


class SilenceWatch:
    """Decides how long a device may send nothing: a fast one less than one with occasional pictures."""

    def __init__(self, silent_after_s: float, now_s: float) -> None:
        self._silent_after_s = silent_after_s or math.inf
        self._intervals: deque[float] = deque(maxlen=_KNOWN_AFTER)
        self._has_sent = False
        self._may_pause = False
        self.limit_s = self._silent_after_s
        """How long nothing may arrive from now on."""
        self.alive_s = now_s
        """When the last picture arrived, or the device was opened."""

    def begin(self, now_s: float, *, may_pause: bool) -> None:
        """Start for a newly opened device; with ``may_pause`` even the next pictures of a fast one may take a while."""
        self._intervals.clear()
        self._has_sent = False
        self._may_pause = may_pause
        self.limit_s = self._silent_after_s
        self.alive_s = now_s

    def note_picture(self, now_s: float) -> None:
        """Record the arrival of a picture."""
        if self._has_sent:
            self._intervals.append(now_s - self.alive_s)
        self._has_sent = True
        self.alive_s = now_s
        if len(self._intervals) == _KNOWN_AFTER and not self._may_pause:
            quiet_s = max(QUICKLY_SILENT_S, _QUIET_INTERVALS * max(self._intervals))
            self.limit_s = min(self._silent_after_s, quiet_s)

    def is_silent(self, now_s: float) -> bool:
        """Whether nothing has arrived for too long."""
        return now_s - self.alive_s >= self.limit_s


class PictureWatch:
    """Judges picture after picture: running, frozen (byte-identical), or black (all but black) for too long.

    Its memory outlives a reconnection on purpose: a device that comes back with the same old picture is still
    frozen.
    """

    def __init__(self, limits: LivenessLimits) -> None:
        self._limits = limits
        self._last: Pixels | None = None
        self._same_since_s = 0.0
        self._black_since_s: float | None = None

    @property
    def same_since_s(self) -> float:
        """When the last picture was first seen, on the clock of :meth:`judge`."""
        return self._same_since_s

    def judge(self, pixels: Pixels, now_s: float) -> SourceState:
        """``RUNNING``, ``FROZEN`` or ``BLACK``; ``now_s`` in seconds on any clock that never falls."""
        if self._last is None or not _identical(self._last, pixels):
            self._same_since_s = now_s
        self._last = pixels
        if not _all_but_black(pixels):
            self._black_since_s = None
        elif self._black_since_s is None:
            self._black_since_s = now_s
        if self._black_since_s is not None and _is_over(self._limits.black_after_s, now_s - self._black_since_s):
            return SourceState.BLACK
        if _is_over(self._limits.frozen_after_s, now_s - self._same_since_s):
            return SourceState.FROZEN
        return SourceState.RUNNING


def _is_over(limit_s: float, passed_s: float) -> bool:
    return 0 < limit_s <= passed_s


def _identical(first: Pixels, second: Pixels) -> bool:
    if isinstance(first, Planes) and isinstance(second, Planes):
        pairs = ((first.y, second.y), (first.u, second.u), (first.v, second.v))
        return all(_equal(one, other) for one, other in pairs)
    return isinstance(first, np.ndarray) and isinstance(second, np.ndarray) and _equal(first, second)


def _equal(first: npt.NDArray[np.uint8], second: npt.NDArray[np.uint8]) -> bool:
    if first.shape != second.shape:
        return False
    # A few rows almost always suffice, for a hundredth of the cost.
    return np.array_equal(first[::64], second[::64]) and np.array_equal(first, second)


def _all_but_black(pixels: Pixels) -> bool:
    light, dark = (pixels.y, _DARK + pixels.colours.black) if isinstance(pixels, Planes) else (pixels, _DARK)
    step = min(_SAMPLE_STEP, max(1, min(light.shape[:2]) // 16))
    sample = light[::step, ::step]
    return bool(np.count_nonzero(sample > dark) <= sample.size * _LIT_SHARE)
