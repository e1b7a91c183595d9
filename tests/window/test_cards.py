from dataclasses import replace
from pathlib import Path

import pytest

from tests.window.fake_session import IDLE, running_view
from video_labeler.session.view import ModelState, OpeningView, RecordingView
from video_labeler.sources.base import SourceState, SourceStatus
from video_labeler.window import texts
from video_labeler.window.stage.cards import notice_card, source_card


def _card(state: SourceState, message: str = "", ago_s: float = 10.0):
    return source_card(running_view(status=SourceStatus(state, 100.0, message)), 100.0 + ago_s)


@pytest.mark.parametrize("state", [SourceState.RUNNING, SourceState.ENDED])
def test_no_card_while_all_is_well(state: SourceState) -> None:
    assert _card(state) is None
    assert source_card(IDLE) is None
    assert notice_card(running_view()) is None


@pytest.mark.parametrize(
    "state",
    [SourceState.CONNECTING, SourceState.RECONNECTING, SourceState.STALLED],
)
def test_every_trouble_has_its_card_with_the_source_s_own_sentence_and_the_time(state: SourceState) -> None:
    card = _card(state, "Webcam does not answer.", 75)
    assert card is not None
    assert card.title
    assert card.detail == "Webcam does not answer."
    assert "1:15" in card.elapsed
    assert card.busy


def test_titles_tell_the_troubles_apart() -> None:
    states = [state for state in SourceState if _card(state, "It is so.") is not None]
    titles = {_card(state, "It is so.").title for state in states}
    assert len(titles) == len(states) == 4


@pytest.mark.parametrize(("state", "title"), [(SourceState.FROZEN, texts.FROZEN), (SourceState.BLACK, texts.BLACK)])
def test_what_a_source_may_well_be_meant_to_show_is_said_beside_the_picture(state: SourceState, title: str) -> None:
    view = running_view(status=SourceStatus(state, 100.0, "Webcam shows only black."))
    assert source_card(view, 175.0) is None
    card = notice_card(view, 175.0)
    assert card is not None
    assert (card.title, card.detail) == (title, "Webcam shows only black.")
    assert "1:15" in card.elapsed


def test_a_camera_in_use_is_called_so() -> None:
    message = "Webcam is in use by another program, it seems. Close that program and try again. Trying again."
    assert _card(SourceState.RECONNECTING, message).title == texts.IN_USE


def test_a_source_that_was_never_reached_is_not_reconnecting() -> None:
    status = SourceStatus(SourceState.RECONNECTING, 100.0, "host does not answer. Trying again.")
    card = source_card(running_view(status=status, newest=None, labeled=None), 110.0)
    assert card is not None
    assert card.title == texts.CONNECTING
    assert card.can_choose


def test_another_source_that_is_being_opened_is_named_beside_the_picture() -> None:
    opening = OpeningView("rtsp://anna:secret@cam.local/one", 100.0, "cam.local sends no pictures. Trying again.")
    assert notice_card(running_view(opening=opening), 100.1) is None, "what opens at once flashes no card"
    card = notice_card(running_view(opening=opening), 110.0)
    assert card is not None
    assert (card.title, card.detail) == ("Opening cam.local/one", "cam.local sends no pictures. Trying again.")
    assert "0:10" in card.elapsed
    assert card.can_cancel


def test_a_source_that_opens_at_once_flashes_no_card() -> None:
    assert _card(SourceState.CONNECTING, "Connecting.", 0.2) is None


def test_a_full_disk_comes_before_everything_beside_the_picture() -> None:
    view = replace(running_view(), recording=RecordingView(Path("a.mp4"), 1.0, 1, 300_000_000))
    view = replace(view, models=replace(view.models, state=ModelState.LOADING))
    assert notice_card(view).title == texts.DISK_NEARLY_FULL
    assert "300" in notice_card(view).detail


def test_models_that_load_or_fail_are_reported() -> None:
    view = running_view()
    loading = replace(view, models=replace(view.models, state=ModelState.LOADING))
    assert notice_card(loading).title == texts.MODELS_LOADING
    failed = replace(view.models, state=ModelState.FAILED, labeler="", message="x.tflite is damaged.")
    assert notice_card(replace(view, models=failed)).detail == "x.tflite is damaged."
    # The old ones speak on: no reason to cover the picture.
    assert notice_card(replace(view, models=replace(failed, labeler="builtin"))) is None


def test_lists_that_let_nothing_be_said_are_marked_while_they_last() -> None:
    card = notice_card(running_view(says_nothing=True))
    assert card is not None
    assert card.title == texts.NOTHING_IS_SAID
    assert card.warning
