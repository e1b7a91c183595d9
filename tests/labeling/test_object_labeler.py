"""The two stages together, with a labeler and a localizer that say what they are told."""

from collections.abc import Sequence

import numpy as np

from tests.fakes import grey_frame
from video_labeler.frames import Box, Frame, Image, Label
from video_labeler.labeling.hierarchy import LabelHierarchy
from video_labeler.labeling.object_labeler import Models, StillLabeler, TrackingLabeler
from video_labeler.models.base import Region, Scores
from video_labeler.settings import LabelingSettings, RegionMode

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


def test_a_video_is_tracked_and_a_missed_detection_is_no_empty_scene() -> None:
    localizer = TableLocalizer()
    labeler = TrackingLabeler(models(localizer), LabelingSettings())
    for index in range(10):
        assert [item.track_id for item in labeler.label(frame(index)).objects] == [1, 2]
    seen, localizer.found = localizer.found, []
    bridged = labeler.label(frame(10)).objects
    assert [(item.track_id, len(item.predictions)) for item in bridged] == [(1, 2), (2, 2)]
    assert labeler.label(frame(20)).objects == (), "neither objects nor the centre"
    localizer.found = seen
    assert [item.track_id for item in labeler.label(frame(25)).objects] == [1, 2]
    localizer.found = []
    (center,) = labeler.label(frame(60)).objects
    assert (center.track_id, center.box) == (0, Box(40, 0, 280, 240))


def test_what_has_gone_for_good_is_forgotten() -> None:
    localizer = TableLocalizer()
    labeler = TrackingLabeler(models(localizer), LabelingSettings())
    for index in range(40):
        # Never where it was, and seconds later.
        localizer.found = [Region(Box(0.1 + index % 2 * 0.6, 0.2, 0.2 + index % 2 * 0.6, 0.8), 0.9)]
        labeler.label(frame(60 * index))
    assert len(labeler._labels) == 1


def test_winding_back_starts_with_the_first_scores_again() -> None:
    used = models()
    assert isinstance(used.labeler, TableLabeler)
    labeler = TrackingLabeler(used, LabelingSettings())
    labeler.label(frame(30))
    used.labeler.given = [0.9, 0.1, 0.8]
    (center,) = labeler.label(frame(0)).objects
    assert [p.label.name for p in center.predictions] == ["Mug", "Container"]


def test_an_empty_scene_is_labelled_by_its_centre_from_the_start() -> None:
    localizer = TableLocalizer()
    localizer.found = []
    labeler = TrackingLabeler(models(localizer), LabelingSettings())
    assert [item.track_id for item in labeler.label(frame(0)).objects] == [0]


def test_the_centre_asked_for_is_always_an_object() -> None:
    used = models(TableLocalizer())
    labeler = TrackingLabeler(used, LabelingSettings(regions=RegionMode.CENTER, threshold=0.95))
    (center,) = labeler.label(frame(0)).objects
    assert center.predictions == ()


def test_settings_act_from_the_next_frame() -> None:
    labeler = TrackingLabeler(models(TableLocalizer()), LabelingSettings())
    assert len(labeler.label(frame(0)).objects) == 2
    labeler.settings = LabelingSettings(max_objects=1, threshold=0.85, top_k=1)
    (only,) = labeler.label(frame(1)).objects
    assert [p.label.name for p in only.predictions] == ["Container"]


def test_one_batch_a_frame_and_no_more_crops_than_objects() -> None:
    used = models(TableLocalizer())
    labeler = TrackingLabeler(used, LabelingSettings())
    for index in range(5):
        labeler.label(frame(index))
    assert isinstance(used.labeler, TableLabeler)
    assert used.labeler.crops == 10


def test_borrowed_models_stay_open() -> None:
    used = models()
    assert isinstance(used.labeler, TableLabeler)
    TrackingLabeler(used, LabelingSettings()).close()
    assert not used.labeler.closed
