"""The views of one object lie inside the frame, show the object, and are taken together."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from video_labeler.frames import Box
from video_labeler.labeling.views import STILL_VIEWS, VIDEO_VIEWS, combine_views, object_views


def test_a_picture_is_looked_at_in_all_ways_and_a_frame_of_video_in_the_first() -> None:
    box = Box(100.0, 100.0, 200.0, 150.0)
    tight, square, wide = object_views(box, 640, 360, STILL_VIEWS)
    assert tight == box
    assert wide == Box(90.0, 95.0, 210.0, 155.0)
    assert square == Box(100.0, 75.0, 200.0, 175.0)
    assert object_views(box, 640, 360, VIDEO_VIEWS) == [box]


def test_the_square_moves_inside_at_an_edge() -> None:
    assert object_views(Box(0.0, 0.0, 20.0, 100.0), 640, 360, 3)[1] == Box(0.0, 0.0, 100.0, 100.0)
    assert object_views(Box(620.0, 260.0, 640.0, 360.0), 640, 360, 3)[1] == Box(540.0, 260.0, 640.0, 360.0)


def test_the_square_is_cut_where_the_frame_is_too_small_for_it() -> None:
    assert object_views(Box(100.0, 100.0, 600.0, 200.0), 640, 360, 3)[1] == Box(100.0, 0.0, 600.0, 360.0)


def test_the_same_view_is_not_looked_at_twice() -> None:
    assert object_views(Box(0.0, 0.0, 360.0, 360.0), 360, 360, 3) == [Box(0.0, 0.0, 360.0, 360.0)]


@settings(deadline=None)
@given(
    st.tuples(*[st.floats(0.0, 1.0)] * 4),
    st.integers(8, 4000),
    st.integers(8, 4000),
    st.integers(1, 3),
)
def test_every_view_is_inside_the_frame_and_shows_the_whole_object(
    corners: tuple[float, float, float, float], width: int, height: int, count: int
) -> None:
    (left, right), (top, bottom) = sorted(corners[:2]), sorted(corners[2:])
    box = Box(left * width, top * height, right * width, bottom * height)
    views = object_views(box, width, height, count)
    assert 1 <= len(views) <= count
    for view in views:
        assert view.x_min >= 0
        assert view.y_min >= 0
        assert view.x_max <= width + 1e-6
        assert view.y_max <= height + 1e-6
        assert view.x_min <= box.x_min + 1e-6
        assert view.x_max >= box.x_max - 1e-6
        assert view.y_min <= box.y_min + 1e-6
        assert view.y_max >= box.y_max - 1e-6


@pytest.mark.parametrize("views", [1, 2, 3])
def test_one_clear_view_is_enough(views: int) -> None:
    scores = np.full((views, 4), 0.1, np.float32)
    scores[views - 1, 2] = 0.9
    combined = combine_views(scores)
    assert combined.dtype == np.float32
    assert combined.tolist() == pytest.approx([0.1, 0.1, 0.9, 0.1])
