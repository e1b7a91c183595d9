"""What is drawn, judged by its pixels."""

import numpy as np
import pytest

from tests.fakes import grey_frame, labeled
from video_labeler.frames import Box, Frame, Label, LabeledFrame, LabeledObject, Prediction, StageTimes
from video_labeler.opencv import cv2
from video_labeler.overlay.drawing import Figures, colour_of, draw_over_image, draw_overlay
from video_labeler.pixels import Colours, Image, Planes, planes_of

SIZES = [(160, 120), (120, 400), (641, 361), (1280, 720), (3840, 2160)]


def changed(before: Image, after: Image) -> np.ndarray:
    return np.asarray(np.any(before != after, axis=2))


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_box_and_caption_are_where_the_object_is(width: int, height: int) -> None:
    frame = grey_frame(width=width, height=height)
    one = labeled(frame, "Bottle", "Container", "Tableware")
    drawn = draw_overlay(frame.image, one)
    box = one.objects[0].box
    colour = np.array(colour_of(one.objects[0].predictions[0].label))
    middle_row = drawn[(int(box.y_min) + int(box.y_max)) // 2]
    edges = np.flatnonzero(np.all(middle_row == colour, axis=1))
    reach = max(2, min(width, height) // 100)
    assert edges.min() == pytest.approx(box.x_min, abs=reach)
    assert edges.max() == pytest.approx(box.x_max, abs=reach)
    inside = drawn[int(box.y_min) + height // 5 : int(box.y_max) - reach * 3, int(box.x_min) + 10 : int(box.x_max) - 10]
    assert len(inside) == 0 or not changed(frame.image[:1, :1], inside).all(), "the object itself stays visible"


def test_the_picture_given_is_not_changed() -> None:
    frame = grey_frame()
    before = frame.image.copy()
    drawn = draw_overlay(frame.image, labeled(frame, "Bottle"), Figures(30.0))
    assert np.array_equal(frame.image, before)
    assert drawn.shape == before.shape
    assert drawn.flags.writeable


def test_the_same_input_gives_the_same_pixels() -> None:
    frame = grey_frame()
    one = labeled(frame, "Bottle", "Container")
    assert np.array_equal(draw_overlay(frame.image, one), draw_overlay(frame.image, one))


def test_an_unsure_object_gets_corners_and_no_words() -> None:
    frame = grey_frame()
    box = Box(80, 60, 240, 200)
    unsure = LabeledFrame(frame, (LabeledObject(box, (), 1),), StageTimes(0.0))
    marks = changed(frame.image, draw_overlay(frame.image, unsure))
    assert marks[60:75, 80:95].any()
    assert not marks[120:140, :].any(), "the sides stay open"
    assert not marks[:55, :].any(), "no caption"


@pytest.mark.parametrize("level", [0, 128, 255])
def test_the_caption_contrasts_with_its_plate_on_any_background(level: int) -> None:
    image = np.full((240, 320, 3), level, dtype=np.uint8)
    frame = Frame(0, 0.0, image)
    for row in range(7):
        one = LabeledObject(Box(40, 100, 280, 220), (Prediction(Label(row, "", "MMMMMM"), 0.5),), 1)
        drawn = draw_overlay(image, LabeledFrame(frame, (one,), StageTimes(0.0)))
        plate = drawn[75:98, 42:120].reshape(-1, 3) @ np.array([0.0722, 0.7152, 0.2126])
        assert plate.max() - plate.min() > 90


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_captions_at_the_edges_stay_inside_and_apart(width: int, height: int) -> None:
    frame = grey_frame(width=width, height=height)
    places = [Box(-5, -5, width * 0.3, height * 0.4), Box(width * 0.7, height * 0.5, width + 9, height + 9)]
    many = LabeledFrame(
        frame,
        tuple(
            LabeledObject(box, (Prediction(Label(i, "", "Kitchen & dining room table"), 0.99),), i)
            for i, box in enumerate(places)
        ),
        StageTimes(0.0),
    )
    drawn = draw_overlay(frame.image, many)
    for i in range(len(places)):
        plate = np.all(drawn == np.array(colour_of(Label(i, "", ""))), axis=2)
        assert plate.sum() > 50


def test_boxes_scale_with_the_picture_drawn_on() -> None:
    frame = grey_frame(width=320, height=240)
    one = labeled(frame, "Bottle")
    large = np.full((480, 640, 3), 90, dtype=np.uint8)
    rows, columns = np.nonzero(changed(large, draw_overlay(large, one)))
    assert columns.max() == pytest.approx(2 * one.objects[0].box.x_max, abs=4)
    assert rows.max() == pytest.approx(2 * one.objects[0].box.y_max, abs=4)


def test_figures_stand_in_the_corner() -> None:
    frame = grey_frame()
    nothing = LabeledFrame(frame, (), StageTimes(0.0))
    marks = changed(frame.image, draw_overlay(frame.image, nothing, Figures(29.97, 0.012)))
    assert marks[:10, -10:].mean() > 0.9
    assert not marks[60:, :].any()


@pytest.mark.parametrize("name", ["Größe", "日本語のラベル", "Привет", "", "x" * 500, "line\nbreak"])
def test_any_name_can_be_drawn(name: str) -> None:
    frame = grey_frame()
    drawn = draw_overlay(frame.image, labeled(frame, name, name))
    assert changed(frame.image, drawn).any()


def test_colours_depend_on_the_label_alone_and_neighbours_differ() -> None:
    assert colour_of(Label(5, "a", "x")) == colour_of(Label(5, "b", "y"))
    assert len({colour_of(Label(row, "", "")) for row in range(7)}) == 7


@pytest.mark.parametrize("colours", [Colours(), Colours(1), Colours(1, full_range=True), Colours(2, False, 2, 2)])
@pytest.mark.parametrize(("width", "height"), [*SIZES, (333, 251)])
def test_planes_get_the_same_overlay_as_bgr(width: int, height: int, colours: Colours) -> None:
    image = np.full((height, width, 3), (90, 120, 70), np.uint8)
    planes = planes_of(image, colours)
    frame = Frame(0, 0.0, planes)
    boxes = [Box(width * x, height * y, width * (x + 0.31), height * (y + 0.37)) for x, y in ((0.03, 0.2), (0.61, 0.5))]
    objects = [
        LabeledObject(
            box, (Prediction(Label(row, "", "Kitchen Größe"), 0.99), Prediction(Label(9, "", "Room"), 0.5)), row
        )
        for row, box in enumerate(boxes)
    ]
    unsure = LabeledObject(Box(width * 0.4, height * 0.1, width * 0.55, height * 0.3), ())
    seen = LabeledFrame(frame, (*objects, unsure), StageTimes(0.0))
    drawn = draw_overlay(planes, seen, Figures(29.97, 0.012))
    assert isinstance(drawn, Planes)
    assert np.array_equal(planes_of(image, colours).y, planes.y), "the picture given is not changed"
    expected = draw_overlay(image, seen, Figures(29.97, 0.012))
    assert np.array_equal(drawn.y != planes.y, planes_of(expected, colours).y != planes.y)
    assert np.abs(drawn.y.astype(int) - planes_of(expected, colours).y).max() <= 1
    # Colour is half as fine: only the edges of what is drawn differ.
    inside = cv2.erode(np.all(cv2.blur(expected, (5, 5)) == expected, axis=2).astype(np.uint8), np.ones((3, 3)))
    assert np.abs(drawn.image.astype(int) - expected)[inside == 1].max() <= 4


def test_a_caption_that_does_not_fit_is_cut_at_the_edge() -> None:
    for width, height in ((24, 18), (9, 5), (2, 2)):
        frame = grey_frame(width=width, height=height)
        one = labeled(frame, "Bottle", "Container", box=Box(-3, -3, width + 3, height + 3))
        planes = planes_of(frame.image, Colours())
        assert draw_overlay(frame.image, one, Figures(30.0)).shape == frame.image.shape
        drawn = draw_overlay(planes, one, Figures(30.0))
        assert isinstance(drawn, Planes)
        assert drawn.y.shape == (height, width)


def test_words_are_as_large_on_a_finer_screen() -> None:
    frame = grey_frame(width=640, height=360)
    one = labeled(frame, "Bottle", "Container")
    heights = []
    for ratio in (1, 2, 3):
        image = np.full((360 * ratio, 640 * ratio, 3), 90, dtype=np.uint8)
        (caption,) = draw_over_image(image, one, ratio=ratio)
        heights.append(caption.height / ratio)
    assert heights == pytest.approx([heights[0]] * 3, abs=1.5)


def test_names_at_one_place_keep_apart_or_are_left_out() -> None:
    frame = grey_frame(width=320, height=240)
    name = Prediction(Label(1, "", "Kitchen & dining room table"), 0.99)
    crowd = tuple(LabeledObject(Box(100 + i, 100 + i, 140 + i, 130 + i), (name,), i) for i in range(20))
    covered = (Box(0, 0, 320, 60),)
    captions = draw_over_image(frame.image.copy(), LabeledFrame(frame, crowd, StageTimes(0.0)), Figures(30.0), covered)
    assert 3 < len(captions) < 21
    for i, one in enumerate(captions):
        assert all(one.overlap(other) == 0 for other in (*captions[:i], *covered))
        assert one.x_min >= 0 <= one.y_min
        assert one.x_max <= 320
        assert one.y_max <= 240
