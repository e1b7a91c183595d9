from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QApplication, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from tests.window.fake_session import IDLE, running_view
from tests.window.panel_views import keep
from tests.window.windows import BRIO, WEBCAM
from video_labeler.session.view import Notice, NoticeKind, OpeningView
from video_labeler.sources.base import SourceState, SourceStatus
from video_labeler.window import texts
from video_labeler.window.look.colours import LIGHT
from video_labeler.window.look.style_sheet import style_sheet
from video_labeler.window.messages.notices_dialog import NoticesDialog
from video_labeler.window.plain_text import PlainLabel
from video_labeler.window.stage.stage import Stage

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def stage(qtbot: QtBot) -> Iterator[Stage]:
    stage = Stage()
    qtbot.addWidget(stage)
    stage.resize(640, 420)
    stage.show()
    yield stage
    stage.video.close_painter()


def _show(qtbot: QtBot, stage: Stage, view: object) -> None:
    stage.show_view(view)
    stage.show_state(view)
    qtbot.wait(30)


def _button(stage: Stage, text: str) -> QPushButton:
    return next(button for button in stage.start.findChildren(QPushButton) if button.text() == text)


def test_without_a_source_the_start_panel_offers_cameras_file_address_and_demo(qtbot: QtBot, stage: Stage) -> None:
    _show(qtbot, stage, IDLE)
    assert stage.is_starting
    stage.start.set_cameras((WEBCAM, BRIO))
    chosen = []
    stage.start.source_chosen.connect(chosen.append)
    qtbot.mouseClick(_button(stage, "Logitech BRIO"), LEFT)
    qtbot.mouseClick(_button(stage, texts.START_DEMO), LEFT)
    stage.start._address.setText("  rtsp://camera/live ")
    qtbot.keyClick(stage.start._address, Qt.Key.Key_Return)
    assert chosen == [BRIO.stable_id, "demo", "rtsp://camera/live"]
    with qtbot.waitSignal(stage.start.file_requested):
        qtbot.mouseClick(_button(stage, texts.START_OPEN_FILE), LEFT)


def test_cameras_come_and_go(stage: Stage) -> None:
    stage.start.set_cameras((WEBCAM,))
    assert not stage.start._camera_hint.isVisibleTo(stage.start)
    stage.start.set_cameras(())
    assert stage.start._camera_hint.text() == texts.NO_CAMERA
    visible = [b.text() for b in stage.start.findChildren(QPushButton) if b.isVisibleTo(stage.start)]
    assert WEBCAM.name not in visible


def test_an_empty_address_opens_nothing(qtbot: QtBot, stage: Stage) -> None:
    _show(qtbot, stage, IDLE)
    chosen = []
    stage.start.source_chosen.connect(chosen.append)
    qtbot.mouseClick(_button(stage, texts.START_OPEN), LEFT)
    assert chosen == []


def test_a_source_that_cannot_be_opened_is_a_line_in_the_start_panel(qtbot: QtBot, stage: Stage) -> None:
    status = SourceStatus(SourceState.CLOSED, message="There is no file x.mp4.")
    _show(qtbot, stage, replace(IDLE, source="x.mp4", status=status))
    assert stage.is_starting
    assert stage.start.problem == "There is no file x.mp4."
    _show(qtbot, stage, running_view())
    assert not stage.is_starting
    _show(qtbot, stage, IDLE)
    assert stage.start.problem == ""


def test_a_card_lies_over_the_last_picture_and_goes_by_itself(qtbot: QtBot, stage: Stage) -> None:
    _show(qtbot, stage, running_view())
    qtbot.waitUntil(lambda: stage.video.has_picture)
    lost = running_view(status=SourceStatus(SourceState.RECONNECTING, 0.0, "Webcam is not connected. Trying again."))
    _show(qtbot, stage, lost)
    assert stage._card.isVisible()
    assert "Webcam is not connected" in stage._card.accessibleName()
    assert stage.video.has_picture
    assert stage.rect().contains(stage._card.geometry())
    _show(qtbot, stage, running_view(1))
    assert not stage._card.isVisible()


def test_from_the_card_another_source_can_be_chosen(qtbot: QtBot, stage: Stage) -> None:
    _show(qtbot, stage, running_view())
    qtbot.waitUntil(lambda: stage.video.has_picture)
    _show(qtbot, stage, running_view(status=SourceStatus(SourceState.STALLED, 0.0, "Webcam sends no pictures.")))
    with qtbot.waitSignal(stage.choose_requested):
        qtbot.mouseClick(stage._card._choose, LEFT)


def test_a_message_with_a_file_offers_its_folder(qtbot: QtBot, stage: Stage) -> None:
    path = Path("/videos/Video 1.mp4")
    stage.toast.show_notice(Notice(NoticeKind.RECORDING_SAVED, "Saved Video 1.mp4.", path))
    qtbot.wait(20)
    assert stage.toast.isVisible()
    assert stage.rect().contains(stage.toast.geometry())
    with qtbot.waitSignal(stage.toast.reveal_requested) as asked:
        qtbot.mouseClick(stage.toast._reveal, LEFT)
    assert asked.args == [path]


def test_every_message_is_shown_at_once_and_old_ones_do_not_come_back(stage: Stage) -> None:
    toast = stage.toast
    for text in ("One.", "Two.", "Three."):
        toast.show_notice(Notice(NoticeKind.PROBLEM, text))
        assert toast.words == text
    toast.say("Press Esc.")
    assert toast.words == "Press Esc."
    toast._end()
    assert toast.notice is None
    assert not toast.isVisible()
    assert [told.notice.text for told in toast.log.newest_first] == ["Three.", "Two.", "One."]


def test_the_like_is_merged(stage: Stage) -> None:
    toast = stage.toast
    for i in range(3):
        toast.show_notice(Notice(NoticeKind.SNAPSHOT_SAVED, f"Saved {i}.png.", Path(f"{i}.png")))
    assert toast.words == "3 pictures saved."
    assert toast.notice.path == Path("2.png")
    for _ in range(2):
        toast.show_notice(Notice(NoticeKind.PROBLEM, "The disk is full."))
    assert toast.words == "The disk is full. (2 times)"
    toast.show_notice(Notice(NoticeKind.SNAPSHOT_SAVED, "Saved 3.png.", Path("3.png")))
    assert toast.words == "Saved 3.png."
    assert toast.log.unread_problems == 1


def test_a_problem_counts_as_unread_until_it_is_dismissed_or_its_list_is_opened(qtbot: QtBot, stage: Stage) -> None:
    toast = stage.toast
    toast.show_notice(Notice(NoticeKind.PROBLEM, "One."))
    toast._dismiss()
    assert toast.log.unread_problems == 0
    toast.show_notice(Notice(NoticeKind.PROBLEM, "Two."))
    toast._end()
    assert toast.log.unread_problems == 1
    toast.show_notice(Notice(NoticeKind.SNAPSHOT_SAVED, "Saved 1.png.", Path("/a/1.png")))
    dialog = NoticesDialog(toast.log)
    keep(qtbot, dialog)
    dialog.show()
    assert toast.log.unread_problems == 0
    lines = [dialog.list.item(row).text() for row in range(dialog.list.count())]
    assert [line.split("  ")[1] for line in lines] == ["Saved 1.png.", "Two.", "One."]
    with qtbot.waitSignal(dialog.reveal_requested, timeout=1000) as asked:
        dialog.reveal.click()
    assert asked.args == [Path("/a/1.png")]
    dialog.list.setCurrentRow(1)
    assert not dialog.reveal.isEnabled()


def test_a_passing_remark_makes_room_at_once(stage: Stage) -> None:
    stage.toast.say("The picture is frozen.")
    stage.toast.show_notice(Notice(NoticeKind.PROBLEM, "The disk is full."))
    assert stage.toast.notice.text == "The disk is full."


def test_a_long_message_stays_in_the_picture(qtbot: QtBot, stage: Stage) -> None:
    stage.toast.show_notice(Notice(NoticeKind.PROBLEM, "A sentence that goes on and on. " * 12, Path("x")))
    qtbot.wait(20)
    assert stage.rect().contains(stage.toast.geometry())
    text = stage.toast._text
    assert text.height() >= text.heightForWidth(text.width())


def test_waiting_for_another_source_can_be_cancelled_whatever_became_of_the_present_one(
    qtbot: QtBot, stage: Stage
) -> None:
    opening = OpeningView("rtsp://cam.local/one", 0.0)
    lost = SourceStatus(SourceState.RECONNECTING, 0.0, "Gone, and looked for again.")
    for view in (running_view(opening=opening), running_view(opening=opening, status=lost)):
        _show(qtbot, stage, view)
        (cancel,) = [
            each for each in stage.findChildren(QPushButton) if each.text() == texts.CANCEL and each.isVisible()
        ]
        with qtbot.waitSignal(stage.cancel_requested):
            cancel.click()


def test_a_long_name_in_a_title_is_shortened_and_whole_in_its_tip(qtbot: QtBot, stage: Stage) -> None:
    name = "a very long name of a video that somebody gave it " * 3 + ".mp4"
    _show(qtbot, stage, running_view(opening=OpeningView(f"/videos/{name}", 0.0)))
    title = stage._chip._title
    assert title.text().startswith("Opening a very")
    assert title.text().endswith(".mp4")
    assert title.fontMetrics().horizontalAdvance(title.text()) <= title.width()
    assert name in title.toolTip()


def test_nothing_in_cards_is_cut_and_the_clear_button_is_in_the_middle(
    qtbot: QtBot, qapp: QApplication, stage: Stage
) -> None:
    before = qapp.styleSheet()
    qapp.setStyleSheet(style_sheet(LIGHT))
    try:
        lost = SourceStatus(SourceState.RECONNECTING, 0.0, "Gone, and looked for again and again.")
        for view in (running_view(opening=OpeningView("/videos/jumpy gypsy.mp4", 0.0)), running_view(status=lost)):
            _show(qtbot, stage, view)
            labels = [label for card in (stage._card, stage._chip) for label in card.findChildren(PlainLabel)]
            shown = [label for label in labels if label.isVisible() and label.text()]
            assert shown
            assert [label.text() for label in shown if label.height() < label.heightForWidth(label.width())] == []
            assert [label.text() for label in shown if label.height() < label.fontMetrics().height()] == []
        _show(qtbot, stage, IDLE)
        field = stage.start._address
        field.setText("rtsp://camera")
        clear = field.findChild(QToolButton)
        qtbot.waitUntil(clear.isVisible)
        assert abs(clear.geometry().center().y() - field.rect().center().y()) <= 1
    finally:
        qapp.setStyleSheet(before)
