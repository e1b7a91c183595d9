"""The central types: boxes and crops."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from video_labeler.frames import Box, Frame, LabeledFrame, LabeledObject, StageTimes

edges = st.floats(-50, 700, allow_nan=False)


def coloured(width: int = 320, height: int = 240) -> Frame:
    image = np.zeros((height, width, 3), dtype=np.uint8)
    image[:, : width // 2] = (255, 0, 0)
    image[:, width // 2 :] = (0, 0, 255)
    return Frame(0, 0.0, image)


def test_a_frame_cannot_be_written() -> None:
    with pytest.raises(ValueError, match="read-only"):
        coloured().image[0, 0] = 1


def test_a_crop_is_rgb_and_shows_what_is_in_the_box() -> None:
    frame = coloured()
    left = frame.crop(Box(0, 0, 100, 240), (224, 224))
    right = frame.crop(Box(200, 0, 320, 240), (192, 96))
    assert left.shape == (224, 224, 3)
    assert right.shape == (96, 192, 3)
    assert tuple(left[112, 112]) == (0, 0, 255), "blue, as RGB"
    assert tuple(right[48, 96]) == (255, 0, 0), "red, as RGB"


def test_shrinking_averages_fine_patterns_instead_of_picking_pixels() -> None:
    image = np.zeros((1024, 1024, 3), dtype=np.uint8)
    image[::2, ::2] = image[1::2, 1::2] = 255
    small = Frame(0, 0.0, image).crop(Box(0, 0, 1024, 1024), (128, 128))
    assert abs(small.astype(int) - 127).max() <= 2


def test_pixels_at_the_right_size_are_handed_over_as_they_are() -> None:
    image = np.random.default_rng(0).integers(0, 255, (224, 224, 3), dtype=np.uint8)
    frame = Frame(0, 0.0, image)
    assert np.array_equal(frame.crop(frame.bounds, (224, 224)), image[:, :, ::-1])


@settings(deadline=None)
@given(edges, edges, edges, edges)
def test_any_box_can_be_cropped(x0: float, y0: float, x1: float, y1: float) -> None:
    assert coloured().crop(Box(x0, y0, x1, y1), (16, 8)).shape == (8, 16, 3)


@settings(deadline=None)
@given(edges, edges, edges, edges)
def test_overlap_is_symmetric_and_a_share(x0: float, y0: float, x1: float, y1: float) -> None:
    first, second = Box(10, 10, 110, 90), Box(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
    assert 0.0 <= first.overlap(second) <= 1.0
    assert first.overlap(second) == pytest.approx(second.overlap(first))
    clipped = second.clipped(320, 240)
    assert 0 <= clipped.x_min <= clipped.x_max <= 320
    assert 0 <= clipped.y_min <= clipped.y_max <= 240


def test_overlap_of_equal_boxes_is_one() -> None:
    assert Box(1, 2, 30, 40).overlap(Box(1, 2, 30, 40)) == 1.0
    assert Box(0, 0, 10, 10).overlap(Box(10, 0, 20, 10)) == 0.0


@pytest.mark.parametrize("aspect", [1.0, 16 / 11, 9 / 16])
def test_what_is_cut_out_around_an_object_is_a_square_where_it_is_shown(aspect: float) -> None:
    frame = Frame(0, 0.0, np.zeros((288, 360, 3), dtype=np.uint8), pixel_aspect=aspect)
    for box in (Box(100, 100, 140, 160), Box(0, 0, 30, 30), Box(5, 5, 355, 283), Box(350, 280, 360, 288)):
        square = frame.square_around(box)
        assert square.width * aspect == pytest.approx(square.height)
        assert square.clipped(360, 288) == square


def test_square_pixels_show_the_same_objects_in_their_true_shapes() -> None:
    image = np.zeros((288, 360, 3), dtype=np.uint8)
    image[100:200, 50:150] = 255
    item = LabeledObject(Box(50, 100, 150, 200), ())
    for aspect, size in ((2.0, (720, 288)), (0.5, (360, 576))):
        shown = LabeledFrame(Frame(0, 0.0, image, pixel_aspect=aspect), (item,), StageTimes(0.0)).with_square_pixels()
        box = shown.objects[0].box
        assert (shown.frame.width, shown.frame.height) == size
        assert box.width / box.height == pytest.approx(aspect)
        across, down = round((box.x_min + box.x_max) / 2), round((box.y_min + box.y_max) / 2)
        assert shown.frame.image[down, across].min() == 255
        assert shown.with_square_pixels() is shown
