"""Several views of one object, and how their scores are combined."""

import numpy as np

from video_labeler.frames import Box
from video_labeler.models.base import Scores

VIDEO_VIEWS = 1
"""One view per object: the next frame gives another."""

STILL_VIEWS = 3
"""All views: a picture is labelled only once."""

WIDE_MARGIN = 0.1
"""What the wide view adds on each side, as a share of the box's width and height. 0.1 and 0.2 do equally well
(docs/adr/0002-most-specific-label-first.md)."""


def object_views(box: Box, width: int, height: int, count: int) -> list[Box]:
    """The parts of a frame of that size (pixels) to crop for one object: the first ``count`` of three, without
    duplicates.

    As the localizer found it; square, so that the labeler sees it in its true proportions; and wider by
    :data:`WIDE_MARGIN` on each side, since localizers tend to cut objects off.
    """
    views = (box.clipped(width, height), _square(box, width, height), _wide(box, width, height))
    return list(dict.fromkeys(views[:count]))


def combine_views(scores: Scores) -> Scores:
    """The probabilities (labels,) of an object from those of its views (views, labels): the highest of each label.

    An object may fit one view badly and another well, so one clear view is enough.
    """
    return np.asarray(scores.max(axis=0), dtype=np.float32)


def _wide(box: Box, width: int, height: int) -> Box:
    across, down = box.width * WIDE_MARGIN, box.height * WIDE_MARGIN
    wide = Box(box.x_min - across, box.y_min - down, box.x_max + across, box.y_max + down)
    return wide.clipped(width, height)


def _square(box: Box, width: int, height: int) -> Box:
    side = max(box.width, box.height)
    left, right = _span(box.x_min, box.x_max, side, width)
    top, bottom = _span(box.y_min, box.y_max, side, height)
    return Box(left, top, right, bottom)


def _span(low: float, high: float, length: float, limit: float) -> tuple[float, float]:
    """A span of that length around the middle of another, moved, and if necessary shortened, to be within 0..limit."""
    length = min(length, limit)
    start = min(max((low + high - length) / 2, 0.0), limit - length)
    return start, start + length
