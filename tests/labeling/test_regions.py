"""From a localizer's boxes to the objects worth a label."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from video_labeler.frames import Box
from video_labeler.labeling.regions import Candidate, center_box, find_regions
from video_labeler.models.base import Region


def found(*regions: tuple[tuple[float, float, float, float], float], at_most: int = 5) -> list[Candidate]:
    made = [Region(Box(*box), score) for box, score in regions]
    return find_regions(made, 640, 360, at_most, threshold=0.2)


def test_fractions_become_pixels_of_the_frame() -> None:
    (candidate,) = found(((0.25, 0.5, 0.75, 1.0), 0.9))
    assert candidate == Candidate(Box(160.0, 180.0, 480.0, 360.0), 0.9)


def test_boxes_that_run_over_the_edge_are_clipped() -> None:
    (candidate,) = found(((-0.1, -0.2, 1.1, 1.3), 0.9))
    assert candidate.box == Box(0.0, 0.0, 640.0, 360.0)


def test_weak_tiny_reversed_and_outside_boxes_are_dropped() -> None:
    assert not found(
        ((0.1, 0.1, 0.5, 0.5), 0.19),
        ((0.1, 0.1, 0.105, 0.9), 0.9),
        ((0.5, 0.5, 0.1, 0.1), 0.9),
        ((1.1, 0.1, 1.5, 0.9), 0.9),
    )


def test_numbers_that_are_none_are_dropped() -> None:
    assert not found(((math.nan, 0.1, 0.5, 0.5), 0.9), ((0.1, 0.1, 0.5, 0.5), math.nan))


def test_of_boxes_on_the_same_object_the_best_remains() -> None:
    (candidate,) = found(((0.1, 0.1, 0.5, 0.9), 0.6), ((0.1, 0.1, 0.5, 0.88), 0.8), ((0.12, 0.1, 0.5, 0.9), 0.7))
    assert candidate.score == 0.8


def test_the_bounds_themselves_count() -> None:
    assert len(found(((0.0, 0.0, 0.5, 0.5), 0.2))) == 1, "at the threshold"
    assert len(found(((0.0, 0.0, 0.5, 1.0), 0.6), ((0.0, 0.0, 0.25, 1.0), 0.5))) == 1, "half of it is the same"


def test_neighbours_remain_apart() -> None:
    assert len(found(((0.0, 0.0, 0.4, 1.0), 0.6), ((0.35, 0.0, 0.75, 1.0), 0.6))) == 2


def test_a_large_object_is_more_prominent_than_a_small_one_of_about_its_score() -> None:
    large, small = found(((0.0, 0.0, 0.1, 0.1), 0.6), ((0.2, 0.1, 0.9, 0.9), 0.5))
    assert large.box.area > small.box.area


def test_a_sure_object_is_more_prominent_than_an_unsure_one_of_about_its_size() -> None:
    sure, unsure = found(((0.0, 0.0, 0.5, 0.5), 0.3), ((0.5, 0.5, 0.95, 0.95), 0.9))
    assert (sure.score, unsure.score) == (0.9, 0.3)


def test_the_most_prominent_remain_where_there_are_too_many() -> None:
    kept = found(*(((step / 10, 0.0, step / 10 + 0.09, 0.5), 0.3 + step / 20) for step in range(10)), at_most=3)
    assert [round(candidate.score, 2) for candidate in kept] == [0.75, 0.7, 0.65]


@settings(deadline=None)
@given(
    st.lists(st.tuples(*[st.floats(-0.5, 1.5)] * 4, st.floats(0.0, 1.0)), max_size=30),
    st.integers(1, 4000),
    st.integers(1, 4000),
)
def test_whatever_comes_in_usable_boxes_come_out(
    raw: list[tuple[float, float, float, float, float]], width: int, height: int
) -> None:
    regions = [Region(Box(*numbers[:4]), numbers[4]) for numbers in raw]
    kept = find_regions(regions, width, height, 5, 0.2)
    assert len(kept) <= 5
    for index, candidate in enumerate(kept):
        assert candidate.box == candidate.box.clipped(width, height)
        assert candidate.box.area > 0
        assert candidate.score >= 0.2
        assert all(candidate.box.overlap(other.box) < 0.5 for other in kept[index + 1 :])


@pytest.mark.parametrize(
    ("width", "height", "expected"),
    [
        (640, 360, Box(140.0, 0.0, 500.0, 360.0)),
        (360, 640, Box(0.0, 140.0, 360.0, 500.0)),
        (100, 100, Box(0.0, 0.0, 100.0, 100.0)),
        (1, 3, Box(0.0, 1.0, 1.0, 2.0)),
    ],
)
def test_the_center_box_is_the_largest_square_in_the_middle(width: int, height: int, expected: Box) -> None:
    assert center_box(width, height) == expected
