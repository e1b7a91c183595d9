"""The objects of the moment, their small pictures, and pinning."""

import numpy as np
import pytest
from PyQt6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from tests.window.panel_views import BOTTLE, CHAIR, an_object, keep, view_of
from video_labeler.frames import Box, Frame
from video_labeler.window import panel_texts as texts
from video_labeler.window.panels.objects_panel import ObjectsPanel
from video_labeler.window.panels.rows import Row, RowsModel
from video_labeler.window.panels.rows_view import RowsView
from video_labeler.window.panels.thumbnails import Thumbnails
from video_labeler.window.picture.orientation import Orientation


class Clock:
    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


def shown_panel(qtbot: QtBot, clock: Clock) -> ObjectsPanel:
    panel = ObjectsPanel(clock)
    keep(qtbot, panel)
    panel.resize(280, 300)
    panel.show()
    return panel


def test_objects_stay_in_the_order_of_their_numbers(qtbot: QtBot) -> None:
    panel = shown_panel(qtbot, Clock())
    panel.show_view(view_of(an_object(7, (CHAIR, 0.6)), an_object(2, (BOTTLE, 0.934)), an_object(3)))
    rows = panel.list.rows.rows
    assert [row.heading for row in rows] == ["Bottle", texts.NOT_SURE, "Chair"]
    assert [row.key for row in rows] == [2, 3, 7]
    assert rows[0].trailing == "93\N{NO-BREAK SPACE}%"
    assert rows[0].detail == "Object 2"
    assert "Bottle" in rows[0].spoken
    panel.show_view(view_of())
    assert panel.list.rows.rows == ()


def test_a_click_pins_and_another_lets_go(qtbot: QtBot) -> None:
    panel = shown_panel(qtbot, Clock())
    view = view_of(an_object(2, (BOTTLE, 0.9)), an_object(5, (CHAIR, 0.9)))
    panel.show_view(view)
    viewport = panel.list.viewport()
    assert viewport is not None
    place = panel.list.visualRect(panel.list.rows.index(1)).center()
    with qtbot.waitSignal(panel.pinned) as signal:
        qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=place)
    assert signal.args == [5]
    panel.show_view(view, pinned=5)
    assert [row.marked for row in panel.list.rows.rows] == [False, True]
    with qtbot.waitSignal(panel.pinned) as signal:
        qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=place)
    assert signal.args == [None]


def test_a_key_pins_too(qtbot: QtBot) -> None:
    panel = shown_panel(qtbot, Clock())
    panel.show_view(view_of(an_object(2, (BOTTLE, 0.9)), an_object(5, (CHAIR, 0.9))))
    panel.list.setCurrentIndex(panel.list.rows.index(0))
    qtbot.keyClick(panel.list, Qt.Key.Key_Down)
    with qtbot.waitSignal(panel.pinned) as signal:
        qtbot.keyClick(panel.list, Qt.Key.Key_Return)
    assert signal.args == [5]


def test_what_is_below_never_moves_and_the_list_scrolls(qtbot: QtBot) -> None:
    panel = shown_panel(qtbot, Clock())
    heights = set()
    for count in (0, 1, 5, 2, 9):
        panel.show_view(view_of(*(an_object(i, (BOTTLE, 0.9)) for i in range(1, count + 1))))
        heights.add(panel.list.height())
    assert len(heights) == 1
    scroll = panel.list.verticalScrollBar()
    assert scroll is not None
    qtbot.waitUntil(lambda: scroll.maximum() > 0)


def test_rows_keep_their_place_under_the_pointer(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    panel = shown_panel(qtbot, Clock())
    panel.show_view(view_of(an_object(2, (BOTTLE, 0.9)), an_object(5, (CHAIR, 0.9))))
    monkeypatch.setattr(RowsView, "is_pointed_at", True)
    panel.show_view(view_of(an_object(1, (CHAIR, 0.9)), an_object(5, (CHAIR, 0.9))))
    assert [(row.key, row.heading) for row in panel.list.rows.rows] == [
        (2, texts.OUT_OF_SIGHT), (5, "Chair"), (1, "Chair"),
    ]  # fmt: skip
    monkeypatch.setattr(RowsView, "is_pointed_at", False)
    panel.show_view(view_of(an_object(1, (CHAIR, 0.9)), an_object(5, (CHAIR, 0.9))))
    assert [row.key for row in panel.list.rows.rows] == [1, 5]


def test_pictures_are_cut_five_times_a_second_at_the_most(qtbot: QtBot) -> None:
    clock = Clock()
    thumbnails = Thumbnails(clock)
    cuts = set()
    for i in range(100):
        labeled = view_of(an_object(1, (BOTTLE, 0.9)), index=i).labeled
        assert labeled is not None
        cuts.add(thumbnails.of(labeled)[1].cacheKey())
        clock.now_s += 0.03
    assert 12 <= len(cuts) <= 16


def test_a_frame_that_stays_is_not_cut_again(qtbot: QtBot) -> None:
    clock = Clock()
    thumbnails = Thumbnails(clock)
    labeled = view_of(an_object(1, (BOTTLE, 0.9))).labeled
    assert labeled is not None
    first = thumbnails.of(labeled)[1]
    clock.now_s += 5
    assert thumbnails.of(labeled)[1] is first


def test_pictures_show_the_object_in_its_colours_and_turn_with_the_view(qtbot: QtBot) -> None:
    image = np.zeros((180, 320, 3), dtype=np.uint8)
    image[:, 100:] = (255, 0, 0)
    image[:, :100] = (0, 0, 255)
    labeled = view_of(an_object(1, (BOTTLE, 0.9), left=70)).labeled
    assert labeled is not None
    object.__setattr__(labeled.frame, "pixels", image)
    thumbnails = Thumbnails(Clock())
    picture = thumbnails.of(labeled)[1].toImage()
    assert picture.pixelColor(5, 40).name() == "#ff0000"
    assert picture.pixelColor(75, 40).name() == "#0000ff"
    turned = Thumbnails(Clock())
    turned.orientation = Orientation(mirrored=True)
    assert turned.of(labeled)[1].toImage().pixelColor(5, 40).name() == "#0000ff"


@pytest.mark.parametrize(
    "box", [Box(0, 0, 320, 180), Box(-5, -5, 10, 10), Box(300, 170, 330, 190), Box(5, 5, 5, 5), Box(0, 80, 320, 90)]
)
def test_the_square_is_square_and_inside_the_frame(box: Box) -> None:
    frame = Frame(0, 0.0, np.zeros((180, 320, 3), dtype=np.uint8))
    square = frame.square_around(box)
    assert square.width == pytest.approx(square.height)
    assert square.clipped(320, 180) == square
    assert square.width > 0


def test_rows_that_change_keep_the_selection(qtbot: QtBot) -> None:
    panel = shown_panel(qtbot, Clock())
    panel.show_view(view_of(an_object(2, (BOTTLE, 0.9)), an_object(5, (CHAIR, 0.9))))
    panel.list.setCurrentIndex(panel.list.rows.index(1))
    panel.show_view(view_of(an_object(5, (CHAIR, 0.7)), an_object(9, (BOTTLE, 0.9))))
    assert panel.list.currentIndex().row() == 0
    assert [row.key for row in panel.list.rows.rows] == [5, 9]


def test_rows_in_another_order_start_over(qtbot: QtBot) -> None:
    model = RowsModel()
    for keys in ((1, 2, 3), (3, 2, 1), (), (4, 1), (1, 5, 4)):
        model.show_rows([Row(key, str(key)) for key in keys])
        assert [row.key for row in model.rows] == list(keys)


def test_an_empty_list_says_so(qtbot: QtBot) -> None:
    panel = shown_panel(qtbot, Clock())
    panel.show_view(view_of())
    picture = panel.list.grab().toImage()
    colours = {picture.pixel(QPoint(x, y)) for x in range(picture.width()) for y in range(picture.height())}
    assert len(colours) > 2
