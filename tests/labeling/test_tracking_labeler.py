"""The frames of one video in order, with a labeler and a localizer that say what they are told."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from tests.labeling.test_glance import scene
from tests.labeling.test_object_labeler import LEFT, TableLabeler, TableLocalizer, frame, models
from video_labeler.frames import Box, Frame
from video_labeler.labeling.tracking_labeler import TrackingLabeler
from video_labeler.models.base import Region, Scores
from video_labeler.pixels import Image
from video_labeler.settings import Effort, LabelingSettings, RegionMode


class BrightnessLabeler(TableLabeler):
    """Calls what is bright a mug, and what is dark a bottle."""

    def scores(self, crops: Sequence[Image]) -> Scores:
        self.crops += len(crops)
        return np.array([[0.9, 0.1, 0.8] if crop.mean() > 128 else [0.9, 0.8, 0.1] for crop in crops], np.float32)


def moving(index: int, image: Image, rate: float = 25.0) -> Frame:
    """A frame of a camera that pans over ``image``."""
    return Frame(index, index / rate, np.roll(image, 7 * index, axis=1))


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
    labeler = TrackingLabeler(used, LabelingSettings(effort=Effort.FULL))
    for index in range(5):
        labeler.label(frame(index))
    assert isinstance(used.labeler, TableLabeler)
    assert used.labeler.crops == 10


def test_borrowed_models_stay_open() -> None:
    used = models()
    assert isinstance(used.labeler, TableLabeler)
    TrackingLabeler(used, LabelingSettings()).close()
    assert not used.labeler.closed


@pytest.mark.parametrize("effort", [Effort.BALANCED, Effort.LIGHT])
@pytest.mark.parametrize("at", [9, 10, 11])
def test_a_cut_is_named_in_its_first_frame(effort: Effort, at: int) -> None:
    used = replace(models(TableLocalizer()), labeler=BrightnessLabeler())
    labeler = TrackingLabeler(used, LabelingSettings(effort=effort))
    for index in range(at):
        labeled = labeler.label(moving(index, scene(1) // 2))
    assert {item.predictions[0].label.name for item in labeled.objects} == {"Bottle"}
    cut = labeler.label(moving(at, scene(2) // 2 + 127))
    assert {item.predictions[0].label.name for item in cut.objects} == {"Mug"}
    assert {item.track_id for item in cut.objects}.isdisjoint(item.track_id for item in labeled.objects)


@pytest.mark.parametrize("enters", [10, 11, 12])
def test_what_enters_is_boxed_in_its_first_or_second_frame(enters: int) -> None:
    localizer = TableLocalizer()
    both, localizer.found = localizer.found, localizer.found[:1]
    labeler = TrackingLabeler(models(localizer), LabelingSettings())
    for index in range(enters):
        assert len(labeler.label(moving(index, scene(1))).objects) == 1
    localizer.found = both
    assert (
        len(labeler.label(moving(enters, scene(1))).objects) + len(labeler.label(moving(enters + 1, scene(1))).objects)
        >= 3
    )


def test_what_enters_a_picture_that_stands_still_is_boxed_at_once() -> None:
    localizer = TableLocalizer()
    both, localizer.found = localizer.found, localizer.found[:1]
    labeler = TrackingLabeler(models(localizer), LabelingSettings())
    image = scene(1)
    for index in range(30):
        assert len(labeler.label(Frame(index, index / 25, image)).objects) == 1
    entered = image.copy()
    entered[100:250, 400:500] = 255 - entered[100:250, 400:500]
    localizer.found = both
    assert len(labeler.label(Frame(30, 1.2, entered)).objects) == 2


def test_the_networks_are_asked_little_and_nothing_where_nothing_changes() -> None:
    asked: list[int] = []

    class Counted(TableLocalizer):
        def regions(self, picture: Image) -> list[Region]:
            asked.append(len(asked))
            return super().regions(picture)

    used = models(Counted())
    assert isinstance(used.labeler, TableLabeler)
    labeler = TrackingLabeler(used, LabelingSettings())
    for index in range(50):
        labeled = labeler.label(Frame(index, index / 25, scene(1)))
        assert [item.track_id for item in labeled.objects] == [1, 2]
        assert all(item.predictions for item in labeled.objects)
    assert (len(asked), used.labeler.crops) == (1, 6)


def test_the_centre_has_its_pace_too() -> None:
    used = models()
    assert isinstance(used.labeler, TableLabeler)
    labeler = TrackingLabeler(used, LabelingSettings(regions=RegionMode.CENTER))
    for index in range(50):
        (center,) = labeler.label(Frame(index, index / 25, np.roll(scene(1), index, axis=1))).objects
        assert center.predictions
        assert not labeler.is_between, "where it is needs nobody to look"
    assert used.labeler.crops < 25


def test_other_settings_act_at_once_whatever_the_pace() -> None:
    localizer = TableLocalizer()
    labeler = TrackingLabeler(models(localizer), LabelingSettings())
    for index in range(4):
        labeler.label(Frame(index, index / 25, scene(1)))
    localizer.found = [Region(Box(0.4, 0.4, 0.6, 0.6), 0.5), Region(LEFT, 0.9)]
    labeler.settings = LabelingSettings(localizer_threshold=0.4)
    assert len([item for item in labeler.label(Frame(4, 0.16, scene(1))).objects if item.track_id not in (1, 2)]) == 1
    labeler.settings = LabelingSettings(effort=Effort.FULL)
    localizer.found = [Region(LEFT, 0.9)]
    for index in range(5, 20):
        labeled = labeler.label(Frame(index, index / 25, scene(1)))
    assert [item.track_id for item in labeled.objects] == [1]


def test_a_look_that_is_asked_for_is_taken() -> None:
    localizer = TableLocalizer()
    labeler = TrackingLabeler(models(localizer), LabelingSettings())
    for index in range(5):
        labeler.label(Frame(index, index / 25, scene(1)))
    localizer.found = [Region(Box(0.4, 0.4, 0.6, 0.6), 0.9)]
    assert 3 not in {item.track_id for item in labeler.label(Frame(5, 0.2, scene(1))).objects}
    labeler.look_again()
    assert 3 in {item.track_id for item in labeler.label(Frame(6, 0.24, scene(1))).objects}


def test_what_has_gone_for_good_is_forgotten() -> None:
    localizer = TableLocalizer()
    labeler = TrackingLabeler(models(localizer), LabelingSettings())
    for index in range(40):
        # Never where it was, and seconds later.
        localizer.found = [Region(Box(0.1 + index % 2 * 0.6, 0.2, 0.2 + index % 2 * 0.6, 0.8), 0.9)]
        labeler.label(frame(60 * index))
    assert len(labeler._named) == 1


def test_winding_back_starts_with_the_first_scores_again() -> None:
    used = models()
    assert isinstance(used.labeler, TableLabeler)
    labeler = TrackingLabeler(used, LabelingSettings())
    labeler.label(frame(30))
    used.labeler.given = [0.9, 0.1, 0.8]
    (center,) = labeler.label(frame(0)).objects
    assert [p.label.name for p in center.predictions] == ["Mug", "Container"]


def test_a_frame_that_was_passed_over_shows_what_is_found_in_it_when_it_is_shown_again() -> None:
    labeler = TrackingLabeler(models(TableLocalizer()), LabelingSettings())
    index = 0
    while not labeler.is_between:
        shown = moving(index, scene(1))
        labeler.label(shown)
        index += 1
    labeler.settings = LabelingSettings(localizer_threshold=0.85)
    assert [item.track_id for item in labeler.label(shown).objects] == [1]
    labeler.settings = LabelingSettings(regions=RegionMode.CENTER)
    assert [item.track_id for item in labeler.label(shown).objects] == [0]
