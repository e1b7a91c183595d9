"""Going through a list of sources, back and forth, whatever cannot be opened among them."""

from dataclasses import replace

import pytest
from PyQt6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.window.fake_session import IDLE, running_view
from tests.window.panel_views import keep
from video_labeler.session.view import OpeningView, PlaybackView, SessionView
from video_labeler.sources.base import SourceState, SourceStatus
from video_labeler.window.controls.playback_bar import PlaybackBar
from video_labeler.window.controls.source_kinds import ListPlace, source_title
from video_labeler.window.controls.source_picker import SourcePicker
from video_labeler.window.main.play_list import PlayList

SOURCES = ("/v/a.mp4", "/v/b.mp4", "/v/c.mp4", "/v/d.mp4")
_PLAYS = PlaybackView(1.0, 2.0, paused=False, speed=1.0)


@pytest.fixture
def played(qapp: QApplication) -> tuple[PlayList, list[str]]:
    play_list = PlayList()
    opened: list[str] = []
    play_list.opened.connect(opened.append)
    play_list.begin(SOURCES)
    return play_list, opened


def shows(source: str, **changes: object) -> SessionView:
    return running_view(source=source, playback=replace(_PLAYS, **changes))


def test_next_and_previous_open_what_is_beside_and_end_at_the_ends(played: tuple[PlayList, list[str]]) -> None:
    play_list, opened = played
    assert play_list.place == ListPlace(1, 4, has_previous=False, has_next=True)
    assert play_list.shown_place is None, "nothing is shown yet"
    play_list.go(-1)
    play_list.show_view(shows("/v/a.mp4"))
    assert play_list.shown_place == play_list.place
    for _ in range(5):
        play_list.go(1)
    play_list.show_view(shows("/v/d.mp4"))
    assert play_list.place == ListPlace(4, 4, has_previous=True, has_next=False)
    play_list.go(-1)
    assert opened == [*SOURCES, "/v/c.mp4"]


def test_what_cannot_be_opened_is_passed_over_in_the_direction_taken(played: tuple[PlayList, list[str]]) -> None:
    play_list, opened = played
    play_list.show_view(shows("/v/a.mp4"))
    play_list.go(1)
    play_list.show_view(shows("/v/a.mp4"))
    assert opened[-1] == "/v/c.mp4", "b failed, so that a is still open"
    play_list.show_view(shows("/v/c.mp4"))
    play_list.go(-1)
    assert opened[-1] == "/v/a.mp4", "and is not tried again"
    play_list.show_view(shows("/v/a.mp4"))
    play_list.go(1)
    assert opened[-1] == "/v/c.mp4"


def test_a_failure_at_an_end_stays_with_what_is_shown_and_is_not_tried_for_ever(
    played: tuple[PlayList, list[str]],
) -> None:
    play_list, opened = played
    play_list.show_view(shows("/v/a.mp4"))
    for source in ("/v/b.mp4", "/v/c.mp4"):
        play_list.go(1)
        play_list.show_view(shows(source))
    play_list.show_view(shows("/v/c.mp4", ended=True))
    assert opened[-1] == "/v/d.mp4"
    for _ in range(3):
        play_list.show_view(shows("/v/c.mp4", ended=True))
    assert opened.count("/v/d.mp4") == 1
    assert play_list.place == play_list.shown_place == ListPlace(3, 4, has_previous=True, has_next=False)


def test_a_list_that_begins_with_a_failure_goes_on(qapp: QApplication) -> None:
    play_list = PlayList()
    opened: list[str] = []
    play_list.opened.connect(opened.append)
    play_list.begin(SOURCES[:2])
    failed = SourceStatus(SourceState.CLOSED, message="There is no such file.")
    play_list.show_view(replace(IDLE, source="/v/a.mp4", status=failed))
    assert opened == ["/v/a.mp4", "/v/b.mp4"]
    play_list.show_view(replace(IDLE, source="/v/b.mp4", status=failed))
    assert opened == ["/v/a.mp4", "/v/b.mp4"]


def test_what_is_not_waited_for_holds_the_list_until_a_key(played: tuple[PlayList, list[str]]) -> None:
    play_list, opened = played
    play_list.show_view(shows("/v/a.mp4"))
    play_list.go(1)
    assert play_list.place is not None
    assert play_list.place.number == 2
    play_list.show_view(replace(shows("/v/a.mp4"), opening=OpeningView("/v/b.mp4", 0.0)))
    assert play_list.shown_place == replace(play_list.place, number=1, has_previous=False)
    play_list.hold()
    play_list.show_view(shows("/v/a.mp4", ended=True))
    assert opened == ["/v/a.mp4", "/v/b.mp4"]
    play_list.go(1)
    assert opened[-1] == "/v/b.mp4"


def test_one_source_is_no_list(qapp: QApplication) -> None:
    play_list = PlayList()
    play_list.begin(SOURCES[:1])
    play_list.show_view(shows("/v/a.mp4"))
    assert play_list.place is None


def test_the_place_is_told_beside_the_name_and_in_the_bar(qtbot: QtBot) -> None:
    place = ListPlace(2, 12, has_previous=True, has_next=False)
    view = running_view(playing=True)
    assert source_title(view, place=place) == "clip.mp4 · 2 of 12"
    picker, bar = SourcePicker(), PlaybackBar()
    for each in (picker, bar):
        keep(qtbot, each)
    picker.show_view(view, place)
    assert picker.words == "clip.mp4 · 2 of 12"
    bar.resize(700, 44)
    bar.show_view(view, place)
    assert bar.next_button.isVisible()
    assert bar.previous_button.isEnabled()
    assert not bar.next_button.isEnabled()
    where = bar.next_button.pos()
    # A photo has no position, but the list goes on there.
    bar.show_view(running_view(), place)
    qtbot.waitUntil(lambda: bar.next_button.pos() == where)
    assert not bar.play_button.isVisible()
    bar.show_view(view)
    assert not bar.next_button.isVisible()
    bar.show_view(running_view())
    assert not bar.isVisible()
