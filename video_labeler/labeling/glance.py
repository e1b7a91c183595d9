"""A frame in a few grey cells: enough to tell whether it shows anything new, at a hundredth of a network's time."""

from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from video_labeler.frames import Box, Frame
from video_labeler.opencv import cv2

_CELLS = 48
"""Across and down: a cell is about as large as the smallest object that is labelled."""

_SAMPLES = 2 * _CELLS
"""Four pixels a cell: their mean has half the noise of one."""

_STILL = 6
"""By how much (of 255) a cell of a picture that stands still may differ: compressed video flickers by up to 5."""

_CUT_CHANGE = 24.0
"""How much the cells of another scene differ in the mean (of 255): 99 % of unrelated photographs differ by 26 and more,
also between black or white bars; from one frame to the next of a film hardly any do by 21."""

_CUT_SHARE = 0.3
"""How many of the cells of another scene have changed at the least; the others may be bars at its sides."""

_CUT_LIKENESS = 0.55
"""How far the cells that have changed may correlate in another scene: 99.7 % of unrelated photographs lie below."""

_PATCH = 8

Patch = npt.NDArray[np.float32]
"""What a box holds, in grey, ``float32``, (8, 8), 0..255: the same where an object has moved, and its box with it."""


@dataclass(frozen=True, slots=True)
class Glance:
    """The grey cells of a frame, ``uint8``, (48, 48), and the frame's ``size``: width, height in pixels."""

    cells: npt.NDArray[np.uint8]
    size: tuple[int, int]

    @classmethod
    def of(cls, frame: Frame) -> Self:
        """A glance at a frame."""
        samples = frame.grey_samples((_SAMPLES, _SAMPLES))
        cells = cv2.resize(samples, (_CELLS, _CELLS), interpolation=cv2.INTER_AREA)
        return cls(np.asarray(cells, dtype=np.uint8), (frame.width, frame.height))

    def equals(self, other: "Glance") -> bool:
        """Whether no cell differs at all."""
        return self.size == other.size and bool(np.array_equal(self.cells, other.cells))

    def is_still(self, since: "Glance") -> bool:
        """Whether nothing has changed ``since`` that one: not even in a single cell, and not little by little."""
        if self.size != since.size:
            return False
        return float(cv2.norm(self.cells, since.cells, cv2.NORM_INF)) <= _STILL

    def shows_other_scene(self, before: "Glance") -> bool:
        """Whether there was a cut since ``before``; a light that is switched on or a camera that pans is none."""
        if self.size != before.size:
            return True
        difference = cv2.absdiff(self.cells, before.cells)
        if difference.mean() < _CUT_CHANGE:
            return False
        changed = difference > _STILL
        if changed.mean() < _CUT_SHARE:
            return False
        ours, theirs = (cells[changed].astype(np.float32) for cells in (self.cells, before.cells))
        ours, theirs = ours - ours.mean(), theirs - theirs.mean()
        # What is of one colour is like nothing else.
        scale = max(1.0, float(np.linalg.norm(ours) * np.linalg.norm(theirs)))
        return float(np.dot(ours, theirs)) < _CUT_LIKENESS * scale

    def patch(self, box: Box) -> Patch:
        """What lies inside a box, in pixels of the frame."""
        across, down = _CELLS / self.size[0], _CELLS / self.size[1]
        left, top = min(max(int(box.x_min * across), 0), _CELLS - 1), min(max(int(box.y_min * down), 0), _CELLS - 1)
        right, bottom = max(round(box.x_max * across), left + 1), max(round(box.y_max * down), top + 1)
        inside = self.cells[top:bottom, left:right].astype(np.float32)
        return np.asarray(cv2.resize(inside, (_PATCH, _PATCH), interpolation=cv2.INTER_LINEAR), dtype=np.float32)
