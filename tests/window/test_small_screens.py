"""Everything fits, scrolls or overflows visibly, from 480x360 on."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PyQt6.QtCore import QSize
from PyQt6.QtGui import QGuiApplication
from PyQt6.QtWidgets import QDialog, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from tests.window.fake_session import FakeSession, running_view
from tests.window.panel_views import keep
from tests.window.windows import open_window
from video_labeler.settings import Settings
from video_labeler.sources.base import SourceState, SourceStatus
from video_labeler.window import texts
from video_labeler.window.actions import Act
from video_labeler.window.form_dialog import resize_on_screen
from video_labeler.window.main.main_window import MainWindow
from video_labeler.window.messages.info_bar import Choice, Message
from video_labeler.window.preferences.preferences_dialog import PreferencesDialog
from video_labeler.window.stage.stage import Stage
from video_labeler.window.stage.start_panel import StartPanel


@pytest.fixture
def small(qtbot: QtBot, tmp_path: Path) -> Iterator[MainWindow]:
    window = open_window(FakeSession(view=running_view(playing=True)), tmp_path)
    window.resize(480, 330)
    window.show()
    qtbot.waitUntil(lambda: window.parts.stage.video.has_picture)
    yield window
    window.close()
    window.deleteLater()


def _is_inside(window: QWidget, part: QWidget) -> bool:
    return window.rect().contains(part.rect().translated(part.mapTo(window, part.rect().topLeft())))


def test_a_narrow_window_shows_the_picture_or_the_panel(qtbot: QtBot, small: MainWindow) -> None:
    parts = small.parts
    qtbot.waitUntil(parts.playback_bar.isVisible)
    assert small.size() == QSize(480, 330)
    assert not parts.panel.isVisible()
    for part in (parts.stage, parts.playback_bar, parts.playback_bar.speed_button, parts.record_button.button):
        assert _is_inside(small, part), part
    small.actions_by_name[Act.SIDE_PANEL].trigger()
    assert parts.panel.isVisible()
    assert not parts.stage.isVisible()
    qtbot.waitUntil(lambda: _is_inside(small, parts.panel))
    small.actions_by_name[Act.SIDE_PANEL].trigger()
    assert parts.stage.isVisible()
    small.resize(800, 500)
    qtbot.waitUntil(parts.panel.isVisible)
    assert parts.stage.isVisible()


def test_buttons_that_do_not_fit_are_behind_an_arrow(qtbot: QtBot, small: MainWindow) -> None:
    more = small.findChild(QToolButton, "qt_toolbar_ext_button")
    assert more is not None
    small.resize(400, 330)
    qtbot.waitUntil(more.isVisible)
    assert more.accessibleName()
    assert _is_inside(small, more)


def test_the_line_about_the_model_says_a_sentence_or_none(qtbot: QtBot, small: MainWindow) -> None:
    line = small.parts.basic_line
    for width, fits in ((480, True), (400, False), (700, True)):
        small.resize(width, 330)
        qtbot.waitUntil(lambda fits=fits: line._text.isVisible() is fits)
        assert not fits or line._text.width() >= line._text.sizeHint().width()


def test_a_question_above_the_picture_fits(qtbot: QtBot, small: MainWindow) -> None:
    bar = small.parts.info_bar
    choices = (Choice(texts.CUT_OFF_FINISH), Choice(texts.CUT_OFF_LATER), Choice(texts.SHOW_IN_FOLDER))
    bar.tell(
        Message(
            texts.CUT_OFF.format(name="Video 2026-11-25 13.42.40.mp4", begun="2026-11-25 13:42", time="12:34.5"),
            choices,
        )
    )
    qtbot.waitUntil(lambda: all(_is_inside(small, button) for button in bar.buttons))


def test_in_the_lowest_window_a_question_is_whole_and_a_recording_can_be_stopped(
    qtbot: QtBot, small: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    small.resize(400, 280)
    session = small._session
    monkeypatch.setattr(session, "view", running_view(recording=True, playing=True))
    small.report_settings(
        ["settings.toml, line 4: 'lien' is not a setting of [kiosk]. Did you mean 'line'?"] * 5, Path()
    )
    parts = small.parts
    text = parts.info_bar._text
    qtbot.waitUntil(lambda: text.height() >= text.heightForWidth(text.width()))
    assert not parts.basic_line.isVisible()
    qtbot.waitUntil(lambda: _is_inside(small, parts.record_button.button) and parts.record_button.button.isVisible())
    assert parts.record_button._elapsed.isVisible()
    assert parts.playback_bar.times == "0:00 / 0:40"
    qtbot.waitUntil(lambda: _is_inside(small, parts.playback_bar.speed_button))


@pytest.mark.parametrize("size", [QSize(200, 140), QSize(300, 150), QSize(452, 160), QSize(900, 600)])
def test_a_card_fits_and_keeps_its_button(qtbot: QtBot, size: QSize) -> None:
    stage = Stage()
    qtbot.addWidget(stage)
    stage.resize(size)
    stage.show()
    stage.show_state(running_view())
    stage.show_view(running_view())
    qtbot.waitUntil(lambda: stage.video.has_picture)
    status = SourceStatus(SourceState.RECONNECTING, 0.0, "rtsp://cam.local/one does not answer. Trying again.")
    stage.show_state(running_view(status=status))
    qtbot.wait(30)
    assert stage.rect().contains(stage._card.geometry())
    if size.width() >= 300:
        assert _is_inside(stage._card, stage._card._choose)
    stage.video.close_painter()


def test_the_start_panel_can_be_scrolled_to_its_end(qtbot: QtBot) -> None:
    panel = StartPanel()
    qtbot.addWidget(panel)
    panel.resize(260, 150)
    panel.show()
    button = next(item for item in panel.findChildren(QPushButton) if item.text() == texts.START_OPEN)
    panel.ensureWidgetVisible(button)
    viewport = panel.viewport()
    assert viewport is not None
    place = button.rect().translated(button.mapTo(viewport, button.rect().topLeft()))
    assert viewport.rect().contains(place)


def test_windows_and_dialogs_are_no_larger_than_their_screen(qtbot: QtBot) -> None:
    screen = QGuiApplication.primaryScreen()
    assert screen is not None
    dialog = QDialog()
    keep(qtbot, dialog)
    resize_on_screen(dialog, QSize(5000, 4000))
    assert dialog.width() < screen.availableSize().width()
    assert dialog.height() < screen.availableSize().height()
    preferences = PreferencesDialog(Settings())
    keep(qtbot, preferences)
    preferences.resize(460, 300)
    preferences.show()
    assert preferences.size() == QSize(460, 300)
