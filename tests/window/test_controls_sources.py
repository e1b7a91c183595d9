"""Choosing a source."""

from dataclasses import replace

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QAction
from PyQt6.QtWidgets import QDialogButtonBox, QFileDialog
from pytestqt.qtbot import QtBot

from tests.window.fake_session import IDLE, running_view
from tests.window.panel_views import keep
from video_labeler.sources.base import SourceState, SourceStatus
from video_labeler.sources.camera_list import CameraDevice
from video_labeler.window import panel_texts as texts
from video_labeler.window.controls.address_dialog import AddressDialog
from video_labeler.window.controls.record_button import RecordButton
from video_labeler.window.controls.source_kinds import SourceIcon, address_problem, shown_source
from video_labeler.window.controls.source_picker import SourcePicker

FRONT = CameraDevice(0, "Front & back camera", "/dev/v4l/by-id/front", "/dev/video0")
DESK = CameraDevice(2, "Desk camera", "/dev/v4l/by-id/desk", "/dev/video2")


def shown_picker(qtbot: QtBot) -> SourcePicker:
    picker = SourcePicker()
    keep(qtbot, picker)
    picker.show()
    return picker


def entry(picker: SourcePicker, words: str) -> QAction:
    menu = picker.menu()
    assert menu is not None
    return next(action for action in menu.actions() if action.text().split("\t")[0] == words)


def test_cameras_come_and_go(qtbot: QtBot) -> None:
    picker = shown_picker(qtbot)
    assert entry(picker, texts.NO_CAMERAS).isVisible()
    picker.set_cameras((FRONT, DESK))
    assert picker.camera_names == ("Front && back camera", "Desk camera")
    assert not entry(picker, texts.NO_CAMERAS).isVisible()
    with qtbot.waitSignal(picker.source_chosen) as signal:
        entry(picker, "Desk camera").trigger()
    assert signal.args == ["/dev/v4l/by-id/desk"]
    picker.set_cameras((FRONT,))
    assert picker.camera_names == ("Front && back camera",)
    picker.set_cameras(())
    assert entry(picker, texts.NO_CAMERAS).isVisible()


def test_cameras_come_while_the_menu_is_open(qtbot: QtBot) -> None:
    picker = shown_picker(qtbot)
    menu = picker.menu()
    assert menu is not None
    menu.popup(picker.mapToGlobal(picker.rect().bottomLeft()))
    picker.set_cameras((FRONT, DESK))
    assert menu.isVisible()
    assert [action.text() for action in menu.actions()[1:3]] == ["Front && back camera", "Desk camera"]
    menu.close()


def test_it_says_what_is_open_and_marks_the_camera(qtbot: QtBot) -> None:
    picker = shown_picker(qtbot)
    assert picker.words == texts.CHOOSE_SOURCE
    picker.set_cameras((FRONT, DESK))
    picker.show_view(replace(running_view(), source="2", info=None))
    assert picker.words == "Desk camera"
    assert [entry(picker, name).isChecked() for name in picker.camera_names] == [False, True]
    picker.show_view(running_view(playing=True))
    assert picker.words == "clip.mp4"
    assert not entry(picker, "Desk camera").isChecked()
    picker.show_view(IDLE)
    assert picker.words == texts.CHOOSE_SOURCE
    assert texts.CHOOSE_SOURCE in picker.accessibleName()


def test_a_long_name_is_cut_in_the_button_only(qtbot: QtBot) -> None:
    picker = shown_picker(qtbot)
    name = "a very long name of a very long video of a very long day.mp4"
    picker.show_view(replace(running_view(playing=True), source=f"/videos/{name}", info=None))
    picker.adjustSize()
    assert picker.words == name
    assert picker.width() <= 240
    assert len(picker.text()) < len(name)
    assert picker.toolTip() == name


def test_a_source_that_could_not_be_opened_is_not_named(qtbot: QtBot) -> None:
    picker = shown_picker(qtbot)
    status = SourceStatus(SourceState.CLOSED, message="There is no file x.mp4.")
    picker.show_view(replace(IDLE, source="x.mp4", status=status))
    assert picker.words == texts.CHOOSE_SOURCE
    button = RecordButton()
    keep(qtbot, button)
    button.show_view(replace(IDLE, source="x.mp4", status=status))
    assert not button.button.isEnabled()


def test_recent_sources_are_offered_by_name(qtbot: QtBot) -> None:
    picker = shown_picker(qtbot)
    recent = entry(picker, texts.RECENT)
    assert not recent.isEnabled()
    picker.set_recent(("/videos/cats & dogs.mp4", "rtsp://user:secret@cam.local:554/one"))
    assert recent.isEnabled()
    menu = recent.menu()
    assert menu is not None
    assert [action.text() for action in menu.actions()] == ["cats && dogs.mp4", "cam.local:554/one"]
    with qtbot.waitSignal(picker.source_chosen) as signal:
        menu.actions()[0].trigger()
    assert signal.args == ["/videos/cats & dogs.mp4"]


def test_files_and_folders_are_asked_for(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    picker = shown_picker(qtbot)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_, **__: ("/a/b.mp4", ""))
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_, **__: "/a")
    for words, source in ((texts.OPEN_FILE, "/a/b.mp4"), (texts.OPEN_FOLDER, "/a"), (texts.PLAY_DEMO, "demo")):
        with qtbot.waitSignal(picker.source_chosen) as signal:
            entry(picker, words).trigger()
        assert signal.args == [source]
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_, **__: ("", ""))
    with qtbot.assertNotEmitted(picker.source_chosen):
        picker.open_file()


def test_an_address_is_given_once_it_looks_like_one(qtbot: QtBot) -> None:
    picker = shown_picker(qtbot)
    picker.open_address()
    dialog = picker.findChild(AddressDialog)
    assert dialog is not None
    assert not dialog.open_button.isEnabled()
    qtbot.keyClicks(dialog.field, "cam.local")
    assert not dialog.open_button.isEnabled()
    dialog.field.setText(" rtsp://cam.local/one ")
    with qtbot.waitSignal(picker.source_chosen) as signal:
        qtbot.keyClick(dialog.field, Qt.Key.Key_Return)
    assert signal.args == ["rtsp://cam.local/one"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("foo", "foo is not an address"),
        ("cam.local", "Write rtsp://cam.local or http://cam.local."),
        ("192.168.1.20:554/one", "Write rtsp://192.168.1.20:554/one"),
        ("/no/such/video.mp4", "There is no file or folder /no/such/video.mp4."),
        ("holiday.mp4", "There is no file or folder holiday.mp4."),
        ("rtsp://", "rtsp:// is not an address"),
    ],
)
def test_what_is_not_an_address_is_reported_with_its_reason(qtbot: QtBot, text: str, reason: str) -> None:
    assert reason in address_problem(text)
    dialog = AddressDialog()
    keep(qtbot, dialog)
    dialog.field.setText(text)
    assert reason in dialog.hint.text()
    assert not dialog.open_button.isEnabled()


def test_enter_opens_the_address_though_tab_has_passed_cancel(qtbot: QtBot) -> None:
    dialog = AddressDialog("rtsp://cam.local/one")
    keep(qtbot, dialog)
    dialog.show()
    dialog.open_button.parent().button(QDialogButtonBox.StandardButton.Cancel).setFocus()
    dialog.field.setFocus()
    with qtbot.waitSignal(dialog.address_given, timeout=1000):
        qtbot.keyClick(dialog.field, Qt.Key.Key_Return)


def test_a_long_text_is_quoted_in_short_and_the_dialog_has_room_for_what_it_says(qtbot: QtBot) -> None:
    dialog = AddressDialog()
    keep(qtbot, dialog)
    dialog.show()
    qtbot.waitExposed(dialog)
    dialog.field.setText("/a/very/long/path" * 30)
    hint = dialog.hint
    assert len(hint.text()) < 120
    qtbot.waitUntil(lambda: hint.height() >= hint.heightForWidth(hint.width()))


def test_what_was_typed_is_there_again_after_escape(qtbot: QtBot) -> None:
    picker = shown_picker(qtbot)
    picker.open_address()
    dialog = picker.findChild(AddressDialog)
    assert dialog is not None
    qtbot.keyClicks(dialog.field, "rtsp://cam.local/a-long-one")
    qtbot.keyClick(dialog.field, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: picker.findChild(AddressDialog) is None)
    picker.open_address()
    again = picker.findChild(AddressDialog)
    assert again is not None
    assert again.field.text() == "rtsp://cam.local/a-long-one"


@pytest.mark.parametrize(
    ("text", "icon", "name"),
    [
        ("2", SourceIcon.CAMERA, "Desk camera"),
        ("/dev/video2", SourceIcon.CAMERA, "Desk camera"),
        ("7", SourceIcon.CAMERA, "7"),
        ("Some camera", SourceIcon.CAMERA, "Some camera"),
        ("demo", SourceIcon.DEMO, texts.DEMO),
        ("synthetic:640x360@30", SourceIcon.DEMO, texts.TEST_PICTURE),
        ("/videos/a.mp4", SourceIcon.FILE, "a.mp4"),
        ("/photos/summer", SourceIcon.FOLDER, "summer"),
        ("http://host/live?x=1", SourceIcon.ADDRESS, "host/live"),
        ("http://[bad/live", SourceIcon.ADDRESS, "http://[bad/live"),
        ("rtsp://anna:se/c@ret@host:554/live?pwd=x", SourceIcon.ADDRESS, "host:554/live"),
        ("FILE:///videos/a%20b.mp4", SourceIcon.FILE, "a b.mp4"),
    ],
)
def test_what_a_text_names(text: str, icon: SourceIcon, name: str) -> None:
    found = shown_source(text, (DESK,))
    assert (found.icon, found.name) == (icon, name)
