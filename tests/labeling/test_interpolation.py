"""Boxes between two looks lie between those of both, where frames may wait for the second."""

from collections.abc import Sequence

import numpy as np

from tests.labeling.test_glance import scene
from tests.labeling.test_object_labeler import TableLabeler, TableLocalizer, models
from video_labeler.frames import Box, Frame, LabeledFrame
from video_labeler.labeling.interpolation import InterpolatingLabeler
from video_labeler.labeling.tracking_labeler import TrackingLabeler
from video_labeler.models.base import Region
from video_labeler.pixels import Image
from video_labeler.settings import Effort, LabelingSettings


class Runner(TableLocalizer):
    """Finds one object that runs to the right, faster and faster."""

    def __init__(self) -> None:
        super().__init__()
        self.frame = 0
        self.asked: list[int] = []

    def regions(self, picture: Image) -> list[Region]:
        self.asked.append(self.frame)
        left = 0.05 + 0.0005 * self.frame**2
        return [Region(Box(left, 0.2, left + 0.3, 0.8), 0.9)]


def run(effort: Effort, count: int, *, waits: bool = True) -> tuple[list[LabeledFrame], list[int], int]:
    """What is labelled, which frames the localizer was asked about, and the most frames that were held back."""
    localizer = Runner()
    labeler = InterpolatingLabeler(TrackingLabeler(models(localizer), LabelingSettings(effort=effort)), lambda: waits)
    labeled: list[LabeledFrame] = []
    held = 0
    for index in range(count):
        localizer.frame = index
        labeled += labeler.label(Frame(index, index / 25, np.roll(scene(1), 7 * index, axis=1)))
        held = max(held, index + 1 - len(labeled))
    labeled += labeler.finish()
    return labeled, localizer.asked, held


def lefts(labeled: Sequence[LabeledFrame]) -> list[float]:
    return [frame.objects[0].box.x_min for frame in labeled]


def test_each_frame_comes_once_in_order_and_few_are_held() -> None:
    for effort, most in ((Effort.FULL, 0), (Effort.BALANCED, 1), (Effort.LIGHT, 2)):
        labeled, asked, held = run(effort, 24)
        assert [frame.frame.index for frame in labeled] == list(range(24))
        assert held == most
        assert {len(frame.objects) for frame in labeled} == {1}
        assert {frame.objects[0].track_id for frame in labeled} == {1}
        assert len(asked) == 24 or len(asked) <= 16


def test_boxes_between_are_the_mean_of_their_neighbours_and_nearer_than_predicted_ones() -> None:
    labeled, asked, _ = run(Effort.BALANCED, 25)
    left = lefts(labeled)
    between = [index for index in range(1, 24) if index not in asked]
    assert len(between) > 8
    for index in between:
        assert abs(left[index] - (left[index - 1] + left[index + 1]) / 2) < 0.01
    predicted = lefts(run(Effort.BALANCED, 25, waits=False)[0])
    full = lefts(run(Effort.FULL, 25)[0])
    assert sum(abs(left[i] - full[i]) for i in between) < sum(abs(predicted[i] - full[i]) for i in between)


def test_a_live_source_waits_for_nothing() -> None:
    labeled, _, held = run(Effort.LIGHT, 9, waits=False)
    assert held == 0
    assert lefts(labeled) == sorted(lefts(labeled)), "they are predicted"


def test_what_waits_for_the_next_look_when_the_video_ends_is_not_lost() -> None:
    for count in range(1, 10):
        assert len(run(Effort.LIGHT, count)[0]) == count


def test_the_same_video_is_labelled_the_same_way() -> None:
    first, second = run(Effort.BALANCED, 20)[0], run(Effort.BALANCED, 20)[0]
    assert [frame.objects for frame in first] == [frame.objects for frame in second]


def test_the_labeler_is_asked_about_a_known_object_now_and_then() -> None:
    used = models(TableLocalizer())
    labeler = InterpolatingLabeler(TrackingLabeler(used, LabelingSettings()))
    for index in range(25):
        labeler.label(Frame(index, index / 25, np.roll(scene(1), index, axis=1)))
    assert isinstance(used.labeler, TableLabeler)
    assert used.labeler.crops <= 2 * 8
