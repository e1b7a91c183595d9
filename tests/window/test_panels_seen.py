"""What was seen and when."""

from dataclasses import replace

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from tests.window.panel_views import BOTTLE, CHAIR, an_object, keep, view_of
from video_labeler.frames import Label
from video_labeler.window.panels.seen_panel import SeenPanel
from video_labeler.window.panels.sightings import Origin, SightingLog

FILE = Origin("clip.mp4", "clip.mp4", is_file=True)


def log_of(*moments: tuple[float, tuple[int, Label]]) -> SightingLog:
    log = SightingLog()
    for time_s, (track, label) in moments:
        labeled = view_of(an_object(track, (label, 0.5 + time_s / 100))).labeled
        assert labeled is not None
        log.add(labeled, FILE, time_s)
    return log


def test_a_label_that_stays_is_one_entry() -> None:
    (entry,) = log_of(*((i / 10, (1, BOTTLE)) for i in range(50))).entries
    assert (entry.first_s, entry.last_s, entry.times) == (0.0, 4.9, 1)
    assert entry.best == pytest.approx(0.549)


def test_coming_back_soon_counts_and_later_is_a_new_entry() -> None:
    log = log_of((0.0, (1, BOTTLE)), (0.5, (1, BOTTLE)), (3.0, (1, BOTTLE)), (5.0, (2, BOTTLE)), (40.0, (3, BOTTLE)))
    newest, first = log.entries
    assert (first.first_s, first.last_s, first.times) == (0.0, 5.0, 3)
    assert (newest.first_s, newest.times) == (40.0, 1)


def test_two_of_a_kind_at_once_count_as_two() -> None:
    log = SightingLog()
    labeled = view_of(an_object(1, (BOTTLE, 0.9)), an_object(2, (BOTTLE, 0.8)), an_object(3)).labeled
    assert labeled is not None
    log.add(labeled, FILE, 1.0)
    assert [entry.times for entry in log.entries] == [2]


def test_what_is_played_again_is_not_counted_again() -> None:
    moments = [(i / 10, (1, BOTTLE)) for i in range(30)]
    (entry,) = log_of(*moments, *((s, (2, label)) for s, (_, label) in moments[:-1])).entries
    assert entry.times == 1


def _spans(log: SightingLog) -> list[tuple[float, float]]:
    return [(entry.first_s, entry.last_s) for entry in log.entries]


def test_what_was_wound_past_does_not_count_as_seen() -> None:
    before = [(i / 10, (1, BOTTLE)) for i in range(20, 40)]
    forward = [(i / 10, (2, BOTTLE)) for i in range(100, 110)]
    back = [(i / 10, (3, BOTTLE)) for i in range(5)]
    log = log_of(*before, *forward, *back)
    assert _spans(log) == [(0.0, 0.4), (10.0, 10.9), (2.0, 3.9)]
    assert [entry.times for entry in log.entries] == [1, 1, 1]


def test_entries_become_one_where_the_part_between_was_played() -> None:
    late = [(i / 10, (1, BOTTLE)) for i in range(60, 90)]
    whole = [(i / 10, (2, BOTTLE)) for i in range(100)]
    (entry,) = log_of(*late, *whole).entries
    assert (entry.first_s, entry.last_s, entry.times) == (0.0, 9.9, 1)


def test_the_list_is_bounded_and_newest_first() -> None:
    log = SightingLog(limit=500)
    for i in range(700):
        labeled = view_of(an_object(i, (Label(i, "", str(i)), 0.9))).labeled
        assert labeled is not None
        log.add(labeled, FILE, float(i))
    assert len(log.entries) == 500
    assert log.entries[0].label.row == 699


def shown_panel(qtbot: QtBot) -> SeenPanel:
    panel = SeenPanel(clock=lambda: 1_700_000_000.0)
    keep(qtbot, panel)
    panel.resize(280, 300)
    panel.show()
    return panel


def test_a_double_click_seeks_while_a_file_plays(qtbot: QtBot) -> None:
    panel = shown_panel(qtbot)
    for time_s in (65.0, 66.0, 67.5):
        panel.show_view(view_of(an_object(1, (BOTTLE, 0.9)), time_s=time_s, playing=True))
    (row,) = panel.list.rows.rows
    assert row.heading == "Bottle"
    assert row.detail == "1:05 to 1:07"
    viewport = panel.list.viewport()
    place = panel.list.visualRect(panel.list.rows.index(0)).center()
    with qtbot.waitSignal(panel.seek_requested) as signal:
        qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=place)
        qtbot.mouseDClick(viewport, Qt.MouseButton.LeftButton, pos=place)
    assert signal.args == [65.0]
    panel.list.setCurrentIndex(panel.list.rows.index(0))
    with qtbot.waitSignal(panel.seek_requested):
        qtbot.keyClick(panel.list, Qt.Key.Key_Return)


def test_a_live_source_has_times_of_the_day_and_no_seeking(qtbot: QtBot) -> None:
    panel = shown_panel(qtbot)
    panel.show_view(view_of(an_object(1, (BOTTLE, 0.9)), time_s=5.0))
    (row,) = panel.list.rows.rows
    assert row.detail.count(":") == 2
    with qtbot.assertNotEmitted(panel.seek_requested):
        panel.list.opened.emit(row.key)


def test_entries_of_another_source_say_so_and_do_not_seek(qtbot: QtBot) -> None:
    panel = shown_panel(qtbot)
    old = view_of(an_object(1, (BOTTLE, 0.9)), time_s=5.0, playing=True)
    panel.show_view(old)
    panel.show_view(replace(old, source="other.mp4", labeled=None))
    (row,) = panel.list.rows.rows
    assert row.detail == "0:05 · clip.mp4"
    with qtbot.assertNotEmitted(panel.seek_requested):
        panel.list.opened.emit(row.key)


def test_a_frame_is_taken_once(qtbot: QtBot) -> None:
    times = iter((1000.0, 1001.0, 1010.0))
    panel = SeenPanel(clock=lambda: next(times))
    keep(qtbot, panel)
    view = view_of(an_object(0, (BOTTLE, 0.9)))
    for _ in range(5):
        panel.show_view(view)
    assert next(times) == 1001.0


def test_the_list_can_be_copied_and_cleared(qtbot: QtBot) -> None:
    panel = shown_panel(qtbot)
    assert not panel.copy_button.isEnabled()
    view = view_of(an_object(1, (BOTTLE, 0.9)), an_object(2, (CHAIR, 0.62)), time_s=5.0, playing=True)
    panel.show_view(view)
    panel.copy_button.click()
    clipboard = QGuiApplication.clipboard()
    assert clipboard is not None
    head, *lines = clipboard.text().splitlines()
    assert head.split("\t")[:2] == ["Label", "From"]
    assert lines[1].split("\t") == ["Bottle", "0:05", "0:05", "1", "90\N{NO-BREAK SPACE}%", "clip.mp4"]
    assert len(lines) == 2
    panel.clear_button.click()
    assert panel.list.rows.rows == ()
    assert not panel.copy_button.isEnabled()
