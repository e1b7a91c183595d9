"""Which of a localizer's many boxes are objects to label, most prominent first."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from video_labeler.frames import Box
from video_labeler.models.base import Region

SAME_OBJECT_OVERLAP = 0.5
"""From this intersection over union on, two boxes hold the same object: the usual value for detectors."""

SMALLEST_SIDE = 0.02
"""Of the frame's width and height: four pixels of the 192 that the full localizer sees."""

SMALLEST_PIXELS = 8
"""Anything smaller cannot be recognised."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A region to label: its box in pixels of the frame, and the localizer's score (0..1)."""

    box: Box
    score: float


def find_regions(
    regions: Iterable[Region], width: int, height: int, max_objects: int, threshold: float
) -> list[Candidate]:
    """The regions to label in a frame of that size, most prominent first, at most ``max_objects``.

    Clips the boxes to the frame, drops those below ``threshold`` or too small to recognise anything in, and of
    boxes that overlap by half keeps the best. Prominence is score
    times the square root of the area (docs/adr/0002-most-specific-label-first.md).
    """
    found = [
        Candidate(_in_pixels(region.box, width, height), region.score)
        for region in regions
        if region.score >= threshold
    ]
    large = [candidate for candidate in found if _is_large_enough(candidate.box, width, height)]
    kept = _suppress_overlaps(large)
    kept.sort(key=lambda candidate: -candidate.score * math.sqrt(candidate.box.area))
    return kept[:max_objects]


def center_box(width: int, height: int) -> Box:
    """The largest square in the middle of a frame of that size, in pixels."""
    side = min(width, height)
    left, top = (width - side) / 2, (height - side) / 2
    return Box(left, top, left + side, top + side)


def _in_pixels(box: Box, width: int, height: int) -> Box:
    return box.scaled(width, height).clipped(width, height)


def _is_large_enough(box: Box, width: int, height: int) -> bool:
    # A NaN from a damaged model compares false, and so is dropped here.
    return box.width >= max(SMALLEST_PIXELS, SMALLEST_SIDE * width) and box.height >= max(
        SMALLEST_PIXELS, SMALLEST_SIDE * height
    )


def _suppress_overlaps(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Greedy non-maximum suppression, best score first."""
    kept: list[Candidate] = []
    for candidate in sorted(candidates, key=lambda candidate: -candidate.score):
        if all(candidate.box.overlap(better.box) < SAME_OBJECT_OVERLAP for better in kept):
            kept.append(candidate)
    return kept
