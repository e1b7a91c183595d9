"""The two stages together, with a labeler and a localizer that say what they are told."""

from collections.abc import Sequence

import numpy as np

from tests.fakes import grey_frame
from video_labeler.frames import Box, Frame, Label
from video_labeler.labeling.hierarchy import LabelHierarchy
from video_labeler.labeling.object_labeler import Models, StillLabeler
from video_labeler.models.base import Region, Scores
from video_labeler.pixels import Image
from video_labeler.settings import LabelingSettings

NAMES = ("Container", "Bottle", "Mug")
LABELS = tuple(Label(row, f"/m/{row}", name) for row, name in enumerate(NAMES))
LEFT, RIGHT = Box(0.1, 0.2, 0.3, 0.8), Box(0.6, 0.2, 0.8, 0.8)


class TableLabeler:
    """Gives every crop the same scores."""

    name = "table"
    labels = LABELS
    input_size = (32, 32)

    def __init__(self) -> None:
        self.given = [0.9, 0.8, 0.1]
        self.crops = 0
        self.closed = False

    def scores(self, crops: Sequence[Image]) -> Scores:
        self.crops += len(crops)
        assert all(crop.shape == (32, 32, 3) for crop in crops)
        return np.array([self.given] * len(crops), dtype=np.float32)

    def close(self) -> None:
        self.closed = True


class TableLocalizer:
    """Finds what it is told."""

    name = "table"
    input_size = (16, 16)
    score_threshold = 0.3

    def __init__(self) -> None:
        self.found = [Region(LEFT, 0.9), Region(RIGHT, 0.8)]

    def regions(self, picture: Image) -> list[Region]:
        assert picture.shape == (16, 16, 3)
        return self.found

    def close(self) -> None:
        """Nothing to let go."""


def models(localizer: TableLocalizer | None = None) -> Models:
    return Models(TableLabeler(), localizer, LabelHierarchy.from_parents(NAMES, [(), (0,), (0,)]))


def frame(index: int) -> Frame:
    return grey_frame(index, width=320, height=240)


def test_each_object_found_is_named_most_specific_first() -> None:
    labeled = StillLabeler(models(TableLocalizer()), LabelingSettings()).label(frame(0))
    assert [item.track_id for item in labeled.objects] == [1, 2]
    for item in labeled.objects:
        assert [p.label.name for p in item.predictions] == ["Bottle", "Container"]
    assert labeled.objects[0].box == Box(32, 48, 96, 192)


def test_nothing_found_falls_back_to_the_centre() -> None:
    localizer = TableLocalizer()
    localizer.found = [Region(LEFT, 0.1)]
    (only,) = StillLabeler(models(localizer), LabelingSettings()).label(frame(0)).objects
    assert only.box == Box(40, 0, 280, 240)
