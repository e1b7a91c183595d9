from dataclasses import replace

import pytest

from tests.window.fake_session import frame_of, labeled_of, running_view
from video_labeler.frames import Frame
from video_labeler.pipeline.stats import Statistics
from video_labeler.session.view import PlaybackView, SessionView
from video_labeler.window.picture.picture_choice import PictureChooser


def _view(labelled_index: int, newest_index: int, *, rate: float = 30.0, **changes: object) -> SessionView:
    old, new = frame_of(labelled_index), frame_of(newest_index)
    old = replace(old, captured_s=100 + labelled_index / 30)
    new = replace(new, captured_s=100 + newest_index / 30)
    statistics = Statistics(capture_rate=30.0, labelling_rate=rate)
    return running_view(labeled=labeled_of(old), newest=new, statistics=statistics, **changes)


def _shown(chooser: PictureChooser, view: SessionView) -> Frame:
    choice = chooser.choose(view)
    assert choice is not None
    return choice.frame


def test_boxes_are_drawn_on_the_very_frame_they_were_computed_from() -> None:
    view = _view(4, 6, rate=30)
    choice = PictureChooser(smooth=True).choose(view)
    assert choice is not None
    assert choice.frame is view.labeled.frame
    assert choice.label_age_s is None


def test_in_smooth_mode_the_newest_frame_is_shown_where_labelling_is_slower() -> None:
    choice = PictureChooser(smooth=True).choose(_view(4, 10, rate=6))
    assert choice is not None
    assert choice.frame.index == 10
    assert choice.labeled.frame.index == 4
    assert choice.label_age_s == pytest.approx(0.2)


def test_without_smooth_mode_slow_labelling_shows_its_own_frames() -> None:
    assert _shown(PictureChooser(smooth=False), _view(4, 10, rate=6)).index == 4


def test_smooth_mode_does_not_flap_at_its_limit() -> None:
    chooser = PictureChooser(smooth=True)
    assert _shown(chooser, _view(4, 10, rate=0.7 * 30)).index == 10
    assert _shown(chooser, _view(4, 10, rate=0.8 * 30)).index == 10
    assert _shown(chooser, _view(4, 10, rate=0.95 * 30)).index == 4
    assert _shown(chooser, _view(4, 10, rate=0.8 * 30)).index == 4


def test_labels_that_no_longer_come_do_not_stop_a_live_picture() -> None:
    assert _shown(PictureChooser(smooth=False), _view(4, 40, rate=0)).index == 40


def test_a_file_is_shown_as_it_is_labelled() -> None:
    playback = PlaybackView(1.0, 10.0, paused=False, speed=0.25)
    assert _shown(PictureChooser(smooth=True), _view(4, 40, rate=1, playback=playback)).index == 4


def test_before_the_first_labels_the_picture_is_already_there() -> None:
    chooser = PictureChooser()
    assert chooser.choose(running_view(labeled=None, newest=None)) is None
    choice = chooser.choose(running_view(3, labeled=None))
    assert choice is not None
    assert choice.frame.index == 3
    assert choice.labeled is None
