import numpy as np
import pytest

from tests.window.fake_session import frame_of, labeled_of
from video_labeler.frames import Box
from video_labeler.window.picture.orientation import Orientation


@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_boxes_go_where_the_pixels_go(turns: int, mirrored: bool) -> None:
    image = np.zeros((60, 100, 3), dtype=np.uint8)
    image[10:25, 70:90] = 255
    orientation = Orientation(turns, mirrored)
    oriented = orientation.image(image)
    assert oriented.shape[1::-1] == orientation.size(100, 60)
    box = orientation.box(Box(70, 10, 90, 25), 100, 60)
    rows, columns = np.nonzero(oriented[..., 0])
    assert (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1) == (
        box.x_min,
        box.y_min,
        box.x_max,
        box.y_max,
    )


def test_one_quarter_turn_is_clockwise() -> None:
    image = np.zeros((2, 3, 3), dtype=np.uint8)
    image[0, 0] = 255
    assert Orientation(1).image(image)[0, 1, 0] == 255


def test_a_mirror_turns_the_picture_as_the_person_before_it_sees_it() -> None:
    image = np.zeros((2, 3, 3), dtype=np.uint8)
    image[0, 0] = 255
    assert Orientation(0, mirrored=True).image(image)[0, 2, 0] == 255


def test_a_turned_labelled_frame_keeps_its_objects_and_fits_its_picture() -> None:
    labeled = Orientation(3, mirrored=True).labeled(labeled_of(frame_of(width=64, height=36)))
    assert (labeled.frame.width, labeled.frame.height) == (36, 64)
    assert [item.track_id for item in labeled.objects] == [1, 2, 3]
    for item in labeled.objects:
        assert item.box.clipped(36, 64).area == pytest.approx(item.box.area)
