from collections.abc import Iterator
from dataclasses import replace

import pytest
from PyQt6.QtCore import QPoint, QPointF, Qt
from PyQt6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from tests.window.fake_session import frame_of, labeled_of, running_view
from video_labeler.frames import Box, LabeledFrame, StageTimes
from video_labeler.session.view import SessionView
from video_labeler.settings import LabelingSettings, RegionMode
from video_labeler.window.picture.orientation import Orientation
from video_labeler.window.picture.placement import placed_box
from video_labeler.window.picture.video_view import VideoView

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def video(qtbot: QtBot) -> Iterator[VideoView]:
    view = VideoView()
    qtbot.addWidget(view)
    view.resize(640, 480)
    view.show()
    yield view
    view.close_painter()


def _plain(index: int = 0) -> SessionView:
    """A view without objects, so that only the picture is painted."""
    frame = frame_of(index)
    return running_view(index, newest=frame, labeled=LabeledFrame(frame, (), StageTimes(frame.captured_s)))


def _show(qtbot: QtBot, video: VideoView, view: SessionView) -> QImage:
    painted = video.figures.painted
    video.show_view(view)
    qtbot.waitUntil(lambda: video.figures.painted > painted)
    return video.grab().toImage()


def test_the_picture_fills_the_middle_with_its_own_aspect(qtbot: QtBot, video: VideoView) -> None:
    image = _show(qtbot, video, _plain(7))
    stage = QColor(image.pixel(320, 30))
    assert stage == QColor("#0c0e11")
    # 640x360 in 640x480: bars of 60 above and below.
    assert QColor(image.pixel(320, 59)) == stage
    assert QColor(image.pixel(320, 62)) != stage
    assert QColor(image.pixel(320, 417)) != stage
    assert QColor(image.pixel(320, 421)) == stage
    # The blue channel rises from left to right, the green one from top to bottom, red is the index.
    left, right, low = (QColor(image.pixel(*place)) for place in ((50, 200), (600, 200), (50, 400)))
    assert left.blue() < right.blue()
    assert left.green() < low.green()
    assert left.red() == 7


def test_labels_are_drawn_over_it(qtbot: QtBot, video: VideoView) -> None:
    video.set_figures_shown(False)
    bare = _show(qtbot, video, _plain(1))
    labelled = _show(qtbot, video, running_view(2))
    assert bare.pixel(320, 100) == labelled.pixel(320, 100) - (1 << 16)
    box_left, box_middle = round(0.10 * 640), 60 + round(0.55 * 360)
    assert QColor(labelled.pixel(box_left + 1, box_middle)) != QColor(bare.pixel(box_left + 1, box_middle))


def test_nothing_new_is_not_painted_again(qtbot: QtBot, video: VideoView) -> None:
    view = _plain(1)
    _show(qtbot, video, view)
    orders = []
    video._painter.paint = orders.append
    for _ in range(5):
        video.show_view(replace(view, cpu=0.5))
        qtbot.wait(5)
    assert orders == []


def test_a_mirrored_picture_is_mirrored_and_its_places_with_it(qtbot: QtBot, video: VideoView) -> None:
    video.set_orientation(Orientation(0, mirrored=True))
    image = _show(qtbot, video, running_view(1))
    assert QColor(image.pixel(50, 80)).blue() > QColor(image.pixel(600, 80)).blue()
    # The bottle was at the left.
    assert video.track_at(QPoint(round(0.80 * 640), 60 + 180).toPointF()) == 1


def test_a_turned_picture_stands_upright_in_the_room(qtbot: QtBot, video: VideoView) -> None:
    video.set_orientation(Orientation(1))
    image = _show(qtbot, video, _plain(1))
    stage = QColor("#0c0e11")
    # 360x640 in 640x480: 270 wide.
    assert QColor(image.pixel(180, 240)) == stage
    assert QColor(image.pixel(190, 240)) != stage
    assert QColor(image.pixel(320, 10)).blue() < QColor(image.pixel(320, 470)).blue()


def test_a_click_pins_the_object_under_it_and_beside_all_lets_go(qtbot: QtBot, video: VideoView) -> None:
    _show(qtbot, video, running_view(1))
    with qtbot.waitSignal(video.pinned) as pinned:
        qtbot.mouseClick(video, LEFT, pos=QPoint(round(0.2 * 640), 60 + 200))
    assert pinned.args == [1]
    with qtbot.waitSignal(video.pinned) as pinned:
        qtbot.mouseClick(video, LEFT, pos=QPoint(5, 5))
    assert pinned.args == [None]


def test_a_pinned_object_is_marked(qtbot: QtBot, video: VideoView) -> None:
    before = _show(qtbot, video, running_view(1))
    video.set_pinned(2)
    after = video.grab().toImage()
    assert before != after
    video.set_pinned(None)
    assert video.grab().toImage() == before


def test_a_frozen_picture_stays_while_the_source_continues(qtbot: QtBot, video: VideoView) -> None:
    _show(qtbot, video, _plain(1))
    video.set_frozen(True)
    for index in range(2, 5):
        video.show_view(_plain(index))
        qtbot.wait(20)
    assert video.figures.painted == 1
    video.set_frozen(False)
    assert QColor(_show(qtbot, video, _plain(9)).pixel(320, 240)).red() == 9


def test_the_centre_crop_shows_as_a_reticle(qtbot: QtBot, video: VideoView) -> None:
    before = _show(qtbot, video, _plain(1))
    after = _show(qtbot, video, replace(_plain(2), labeling=LabelingSettings(regions=RegionMode.CENTER)))
    # The square is 360 wide, in the middle of 640: darker beside it, the same inside.
    assert QColor(after.pixel(60, 240)).green() < QColor(before.pixel(60, 240)).green()
    assert QColor(after.pixel(320, 240)).green() == QColor(before.pixel(320, 240)).green()


def test_another_source_clears_the_old_picture(qtbot: QtBot, video: VideoView) -> None:
    _show(qtbot, video, _plain(1))
    video.show_view(running_view(source="other.mp4", labeled=None, newest=None))
    assert not video.has_picture


def test_a_new_size_makes_the_picture_again_without_a_new_frame(qtbot: QtBot, video: VideoView) -> None:
    _show(qtbot, video, _plain(1))
    video.resize(1280, 720)
    qtbot.waitUntil(lambda: video._picture is not None and video._picture.order.size == (1280, 720))


def test_pictures_have_the_screen_s_own_pixels(qtbot: QtBot, video: VideoView, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(video, "devicePixelRatioF", lambda: 2.0)
    video.show_view(_plain(1))
    qtbot.waitUntil(lambda: video.has_picture)
    assert video._picture.order.size == (1280, 720)


@pytest.mark.logs_error("A picture could not be painted")
def test_a_frame_that_cannot_be_painted_does_not_end_the_picture(
    qtbot: QtBot, video: VideoView, monkeypatch: pytest.MonkeyPatch
) -> None:
    from video_labeler.window.picture import picture_painter

    paint = picture_painter.paint_picture
    monkeypatch.setattr(picture_painter, "paint_picture", lambda *_: 1 / 0)
    video.show_view(_plain(1))
    qtbot.wait(100)
    monkeypatch.setattr(picture_painter, "paint_picture", paint)
    _show(qtbot, video, _plain(2))


def test_space_asks_to_play_or_pause(qtbot: QtBot, video: VideoView) -> None:
    with qtbot.waitSignal(video.play_toggled):
        qtbot.keyClick(video, Qt.Key.Key_Space)


def test_the_ring_of_a_pinned_object_leaves_its_caption_readable(qtbot: QtBot, video: VideoView) -> None:
    frame = frame_of()
    high = replace(labeled_of(frame).objects[0], box=Box(60, 0, 240, 300))
    labeled = LabeledFrame(frame, (high,), StageTimes(frame.captured_s))
    plain = _show(qtbot, video, running_view(newest=frame, labeled=labeled))
    assert video._picture is not None
    caption = video._picture.captions[-1]
    target = video._target()
    assert target.contains(QPointF(target.x() + 66, target.y() + 6))
    video.set_pinned(high.track_id)
    ringed = video.grab().toImage()
    assert ringed != plain
    scale = target.width() / video._picture.order.size[0]
    place = placed_box(caption, target, scale).toAlignedRect().adjusted(1, 1, -1, -1)
    assert ringed.copy(place) == plain.copy(place)
