"""The side panel as a whole: sections, what they show, and that nothing overlaps."""

import json
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QListView, QScrollArea
from pytestqt.qtbot import QtBot

from tests.window.fake_session import IDLE, FakeSession, running_view
from tests.window.panel_views import BOTTLE, an_object, keep, view_of
from tests.window.windows import open_window
from video_labeler.pipeline.stats import Drops, Statistics
from video_labeler.session.view import ModelState, SessionView
from video_labeler.window import panel_texts as texts
from video_labeler.window.panels.row_delegate import row_height
from video_labeler.window.panels.section import Heights, shared_out
from video_labeler.window.panels.side_panel import SidePanel
from video_labeler.window.panels.status_panel import StatusPanel
from video_labeler.window.picture.paint_meter import PaintFigures


def shown_panel(qtbot: QtBot, width: int = 300) -> SidePanel:
    panel = SidePanel()
    keep(qtbot, panel)
    panel.resize(width, 500)
    panel.show()
    return panel


def test_sections_remember_whether_they_are_open(qtbot: QtBot) -> None:
    panel = shown_panel(qtbot)
    panel.sections["seen"].set_open(False)
    panel.sections["status"].set_open(True)
    state = panel.state()
    other = shown_panel(qtbot)
    other.restore(state)
    assert json.loads(other.state()) == json.loads(state)
    assert not other.sections["seen"].content.isVisible()
    assert other.sections["status"].content.isVisible()


@pytest.mark.parametrize("state", ["", "nonsense", "[]", "{}", '{"open": 3}', "null"])
def test_what_is_not_a_state_changes_nothing(qtbot: QtBot, state: str) -> None:
    panel = shown_panel(qtbot)
    before = panel.state()
    panel.restore(state)
    assert panel.state() == before


def test_a_section_is_worked_by_the_keyboard_and_says_what_it_does(qtbot: QtBot) -> None:
    panel = shown_panel(qtbot)
    section = panel.sections["objects"]
    assert section._header.accessibleDescription() == texts.HIDE_SECTION.format(section=texts.OBJECTS)
    qtbot.keyClick(section._header, Qt.Key.Key_Space)
    assert not section.is_open
    assert section._header.accessibleDescription() == texts.SHOW_SECTION.format(section=texts.OBJECTS)


def test_a_section_that_opens_shows_the_newest_view(qtbot: QtBot) -> None:
    panel = shown_panel(qtbot)
    panel.sections["objects"].set_open(False)
    panel.show_view(view_of(an_object(3, (BOTTLE, 0.9))))
    assert panel.objects.list.rows.rows == ()
    panel.sections["objects"].set_open(True)
    assert [row.heading for row in panel.objects.list.rows.rows] == ["Bottle"]


def test_it_appears_with_what_it_was_told_while_it_was_hidden(qtbot: QtBot) -> None:
    panel = SidePanel()
    keep(qtbot, panel)
    panel.resize(300, 700)
    panel.show_view(running_view())
    panel.show()
    assert panel.model_picker.words == "Basic model"
    assert len(panel.objects.list.rows.rows) == 3


def test_what_was_seen_is_noted_while_the_panel_is_hidden(qtbot: QtBot) -> None:
    panel = SidePanel()
    keep(qtbot, panel)
    panel.show_view(view_of(an_object(3, (BOTTLE, 0.9))))
    assert len(panel.seen.list.rows.rows) == 1


@pytest.mark.parametrize("width", [240, 300, 480])
@pytest.mark.parametrize("pinned", [None, 1])
def test_nothing_overlaps_or_runs_out_of_the_panel(qtbot: QtBot, width: int, pinned: int | None) -> None:
    panel = shown_panel(qtbot, width)
    panel.sections["status"].set_open(True)
    view = running_view(playing=True)
    view = replace(view, info=replace(view.info, name="A name without end " * 6) if view.info else None)
    for i in range(3):
        panel.show_view(replace(view, labeled=running_view(i).labeled), pinned)
    sections = panel.sections.values()
    qtbot.waitUntil(lambda: all(section.height() >= section.minimumSizeHint().height() for section in sections))
    places = [section.geometry() for section in sections]
    for upper, lower in pairwise(places):
        assert upper.bottom() < lower.top()
    assert all(place.right() <= panel.width() and place.bottom() <= panel.height() for place in places)


def test_lists_show_three_whole_rows_in_the_window_as_it_first_opens(qtbot: QtBot, tmp_path: Path) -> None:
    window = open_window(FakeSession(view=running_view()), tmp_path)
    # Not what this screen has room for.
    window.resize(1180, 720)
    window.show()
    panel = window.parts.panel
    try:
        assert all(panel.sections[name].is_shown for name in ("predictions", "objects", "seen", "labeling"))
        for rows in (panel.objects.list, panel.seen.list):
            viewport = rows.viewport()
            assert viewport is not None
            row = row_height(rows.fontMetrics())
            assert viewport.height() >= 3 * row
            assert viewport.height() % row < row / 8, "no part of a row"
            assert rows.verticalScrollMode() is QListView.ScrollMode.ScrollPerItem
    finally:
        window.close()
        window.deleteLater()


@pytest.mark.parametrize("height", [200, 330, 560, 900])
def test_what_is_shown_moves_nothing_and_lists_scroll_within_themselves(qtbot: QtBot, height: int) -> None:
    panel = shown_panel(qtbot)
    panel.resize(300, height)
    seen = set()
    for count in (0, 1, 5, 2, 0, 9, 40):
        panel.show_view(view_of(*(an_object(i, (BOTTLE, 0.9)) for i in range(1, count + 1))))
        qtbot.wait(1)
        seen.add(tuple((section.y(), section.height()) for section in panel.sections.values()))
    assert len(seen) == 1
    assert panel.sections["status"].geometry().bottom() <= height
    for rows in (panel.objects.list, panel.seen.list):
        assert not any(area.isAncestorOf(rows) for area in panel.findChildren(QScrollArea))


def test_too_little_room_folds_what_was_opened_first_until_there_is_more(qtbot: QtBot) -> None:
    panel = shown_panel(qtbot)
    panel.resize(300, 460)
    panel.show_view(running_view())

    def shown() -> list[str]:
        return [name for name, section in panel.sections.items() if section.is_shown]

    # The letters decide how many there is room for; it is those that come first.
    at_first = shown()
    assert at_first == list(panel.sections)[: len(at_first)]
    assert 1 <= len(at_first) < 4
    before = panel.state()
    qtbot.mouseClick(panel.sections["status"]._header, Qt.MouseButton.LeftButton)
    assert shown()[-1] == "status"
    assert shown()[:-1] == at_first[: len(shown()) - 1]
    assert len(shown()) <= len(at_first)
    panel.resize(300, 250)
    assert shown() == ["status"]
    panel.resize(300, 460)
    qtbot.mouseClick(panel.sections["status"]._header, Qt.MouseButton.LeftButton)
    assert shown() == at_first
    assert panel.state() == before
    panel.resize(300, 800)
    assert shown() == ["predictions", "objects", "seen", "labeling"]


def test_room_is_shared_out_to_the_last_pixel() -> None:
    bars, rows, many = Heights(50, 170, 170), Heights(70, 140, 230, is_list=True), Heights(70, 140, 9000, is_list=True)
    assert shared_out(100, [bars, rows]) == [50, 70]
    assert shared_out(200, [bars, rows]) == [130, 70]
    assert shared_out(301, [bars, rows]) == [170, 131]
    assert shared_out(331, [bars, rows, many]) == [170, 81, 80]
    assert shared_out(1000, [bars, rows, many]) == [170, 230, 600]
    assert shared_out(1000, [bars]) == [170]
    assert shared_out(1000, []) == []


def test_wishes_of_the_parts_are_passed_on(qtbot: QtBot) -> None:
    panel = shown_panel(qtbot)
    with qtbot.waitSignals([panel.pinned, panel.seek_requested, panel.labeling_changed, panel.model_chosen]):
        panel.objects.pinned.emit(3)
        panel.seen.seek_requested.emit(2.0)
        panel.labeling.sliders.threshold.slider.setValue(50)
        panel.model_picker.choose_builtin()


def status_of(qtbot: QtBot, view: SessionView, painting: PaintFigures | None = None) -> StatusPanel:
    panel = StatusPanel()
    keep(qtbot, panel)
    panel.show_view(view, painting or PaintFigures())
    return panel


def test_the_status_tells_rates_delays_drops_and_models(qtbot: QtBot) -> None:
    panel = status_of(qtbot, running_view(), PaintFigures(10, 0, 29.7, 0.03, 0.05))
    space = "\N{NO-BREAK SPACE}"
    assert panel.value(texts.SOURCE) == "Test camera"
    assert panel.value(texts.PICTURE_SIZE).replace(space, " ") == "640 \N{MULTIPLICATION SIGN} 360"
    assert panel.value(texts.CAPTURE) == "30.0 fps"
    assert panel.value(texts.PAINT) == "29.7 fps"
    assert panel.value(texts.LABEL_LATENCY).replace(space, " ") == "21 ms, 95 %: 34 ms"
    assert panel.value(texts.DROPS) == "2 before labelling, 1 by recording"
    assert panel.value(texts.MODEL) == "Basic model"
    assert panel.value(texts.PROCESSOR).startswith("80")


def test_the_status_of_nothing_is_reported_without_figures(qtbot: QtBot) -> None:
    panel = status_of(qtbot, replace(IDLE, models=replace(IDLE.models, state=ModelState.LOADING, labeler="")))
    assert panel.value(texts.SOURCE) == texts.NO_SOURCE
    assert panel.value(texts.CAPTURE) == texts.NONE
    assert panel.value(texts.DROPS) == texts.NO_DROPS
    assert panel.value(texts.MODEL) == texts.MODEL_LOADING


def test_models_known_by_name_have_their_titles(qtbot: QtBot) -> None:
    view = running_view()
    models = replace(view.models, labeler="mobile_object_labeler_v1", localizer="")
    panel = status_of(qtbot, replace(view, models=models, statistics=Statistics(drops=Drops())))
    assert panel.value(texts.MODEL) == "Full model"
    assert panel.value(texts.LOCALIZER) == texts.NO_LOCALIZER
