"""No word from outside is taken for rich text: not the name of a file, an address, a label or an error."""

import ast
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PyQt6.QtCore import QAbstractItemModel, QSettings, Qt
from PyQt6.QtGui import QAction, QGuiApplication, QTextDocument
from PyQt6.QtWidgets import QAbstractItemView, QLabel, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

import video_labeler.window
from tests.fakes import labeled
from tests.window.fake_session import FakeSession, frame_of, running_view
from tests.window.windows import FakeWatch, open_window
from video_labeler.session.view import Notice, NoticeKind, RecordingView
from video_labeler.settings import LabelListSettings, ModelSettings, Settings, WindowSettings
from video_labeler.sources.base import SourceInfo, SourceState, SourceStatus
from video_labeler.sources.camera_list import CameraDevice
from video_labeler.window.controls.menu_button import MenuButton
from video_labeler.window.controls.record_button import RecordButton
from video_labeler.window.messages.notice_log import NoticeLog
from video_labeler.window.messages.notices_dialog import NoticesDialog
from video_labeler.window.panels.confidence_bar import BarContent, ConfidenceBar
from video_labeler.window.plain_text import PlainLabel, plain_tip, plain_title
from video_labeler.window.preferences.fields import ChoiceField
from video_labeler.window.preferences.preferences_dialog import PreferencesDialog
from video_labeler.window.stage.filter_mark import FilterMark

NASTY = "<b>loud</b> <img src='file:///etc/hostname'> a<br>b & c.mp4"


def tips(widget: QWidget) -> Iterator[str]:
    for each in (widget, *widget.findChildren(QWidget)):
        yield each.toolTip()
    for action in widget.findChildren(QAction):
        yield action.toolTip()
    for view in widget.findChildren(QAbstractItemView):
        model = view.model()
        for row in range(model.rowCount()) if isinstance(model, QAbstractItemModel) else ():
            yield str(model.data(model.index(row, 0), Qt.ItemDataRole.ToolTipRole) or "")


def shown(tip: str) -> str:
    """What people read in a tool tip."""
    if not Qt.mightBeRichText(tip):
        return tip
    document = QTextDocument()
    document.setHtml(tip)
    return document.toPlainText()


def test_what_turns_the_direction_or_is_not_a_letter_is_written_out(qtbot: QtBot) -> None:
    label = PlainLabel("gpj.\u202eexe\x1b[2J\nsecond line")
    qtbot.addWidget(label)
    assert label.text() == "gpj.\\u202eexe\\x1b[2J\nsecond line"
    label.setText("rtsp://anna:geheim@host/\u2066")
    assert label.text() == "rtsp://host/\\u2066"
    assert shown(plain_tip("<b>\u202e")) == "<b>\\u202e"


def check(widget: QWidget, *, nasty_tips: int) -> None:
    labels = widget.findChildren(QLabel)
    assert labels
    # Beside ours there are those that Qt makes of the words of a form, which are our own.
    assert [label.text() for label in labels if not isinstance(label, PlainLabel) and "loud" in label.text()] == []
    assert {label.textFormat() for label in labels if isinstance(label, PlainLabel)} == {Qt.TextFormat.PlainText}
    found = [shown(tip) for tip in tips(widget) if "loud" in tip]
    assert [tip for tip in found if "<b>loud<" not in tip] == []
    assert len(found) >= nasty_tips


def test_a_window_full_of_nasty_names(qtbot: QtBot, tmp_path: Path) -> None:
    session = FakeSession()
    QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat).setValue("recent", [NASTY])
    settings = Settings(window=WindowSettings(recordings_folder=NASTY))
    window = open_window(session, tmp_path, settings=settings, watch=FakeWatch(CameraDevice(0, NASTY, NASTY)))
    qtbot.addWidget(window)
    view = running_view(
        source=NASTY,
        info=SourceInfo(NASTY, 640, 360, 30.0),
        labeled=labeled(frame_of(), NASTY, NASTY),
    )
    view = replace(view, recording=RecordingView(Path(NASTY.replace("/", "|")), 1.0, 1, 10**12))
    session.view = view
    session.notices = [Notice(kind, NASTY, Path("a")) for kind in NoticeKind]
    window._show_state()
    check(window, nasty_tips=4)
    assert window.parts.stage.toast._text.text() == NASTY
    session.view = replace(view, status=SourceStatus(SourceState.RECONNECTING, 0.0, NASTY))
    window._show_state()
    check(window, nasty_tips=4)
    session.view = replace(view, source="0", info=SourceInfo("a[*]b", 640, 360, 30.0))
    window._show_state()
    assert window.windowTitle().startswith("a[*][*]b")
    assert plain_title("\u202e\n") == "\\u202e\\n"


def test_tips_of_single_widgets(qtbot: QtBot) -> None:
    bar, mark, record = ConfidenceBar(10.0), FilterMark(), RecordButton()
    for widget in (bar, mark, record):
        qtbot.addWidget(widget)
    bar.show_content(BarContent(NASTY, 0.9))
    mark.show_view(running_view(lists=LabelListSettings(hide=(NASTY,))))
    assert NASTY in shown(bar.toolTip())
    assert NASTY in shown(mark.toolTip())
    path = Path(NASTY)
    record.set_folder(path)
    assert str(path) in shown(record.button.toolTip())
    record.show_view(replace(running_view(), recording=RecordingView(path, 1.0, 1, 10**12)))
    assert str(path) in shown(record.button.toolTip())


def test_the_notices_and_what_is_copied_of_them(qtbot: QtBot) -> None:
    log = NoticeLog()
    log.add(Notice(NoticeKind.PROBLEM, f"{NASTY} \u202e\x1b[2J\nsecond"))
    dialog = NoticesDialog(log)
    qtbot.addWidget(dialog)
    item = dialog.list.item(0)
    assert item is not None
    assert item.text().endswith(f"{NASTY} \\u202e\\x1b[2J\\nsecond")
    dialog._copy()
    clipboard = QGuiApplication.clipboard()
    assert clipboard is not None
    assert clipboard.text() == f"{item.text()}\n"


def test_a_menus_button_and_a_choice(qtbot: QtBot) -> None:
    button, choice = MenuButton(400), ChoiceField([("a", "A")])
    for widget in (button, choice):
        qtbot.addWidget(widget)
    button.say("own\u202e.tflite")
    assert button.words == "own\\u202e.tflite"
    choice.show_setting("/models/own\u202e.tflite")
    assert (choice.currentText(), choice.setting) == ("own\\u202e.tflite", "/models/own\u202e.tflite")


def test_the_preferences(qtbot: QtBot) -> None:
    dialog = PreferencesDialog(Settings(models=ModelSettings(model=f"/models/{NASTY}.tflite", labels_file=NASTY)))
    qtbot.addWidget(dialog)
    check(dialog, nasty_tips=1)


@pytest.mark.parametrize("text", ["", "a & b", "x < y", NASTY, "two\nlines <i>"])
def test_what_a_tip_shows_is_the_text(qtbot: QtBot, text: str) -> None:
    assert shown(plain_tip(text)) == text
    label = PlainLabel(text)
    qtbot.addWidget(label)
    assert label.text() == text
    assert label.textFormat() is Qt.TextFormat.PlainText


def test_there_is_one_kind_of_label_and_no_box_that_reads_marks() -> None:
    """Every module of the window: whoever shows words takes the label that is plain."""
    folder = Path(video_labeler.window.__file__).parent
    wrong = []
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Name) and node.id == "QLabel" and path.name != "plain_text.py":
                wrong.append(path.name)
            if isinstance(node, ast.Attribute) and node.attr in {"warning", "information", "critical", "question"}:
                wrong += [path.name] if ast.unparse(node.value) == QMessageBox.__name__ else []
    assert wrong == []
