import pytest
from PyQt6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from tests.window.kiosk.kiosk_windows import guarded
from video_labeler.settings import KioskSettings


def test_a_missing_screen_is_logged_once_and_the_main_one_used(qtbot: QtBot, caplog: pytest.LogCaptureFixture) -> None:
    with guarded(KioskSettings(screen=7)) as window:
        window.open()
        window.open()
        assert window.screen() is QGuiApplication.primaryScreen()
        assert window.isFullScreen()
    assert [record.getMessage() for record in caplog.records if "missing" in record.getMessage()] == [
        "Screen 7 is missing, so the kiosk is on the main one until it is back"
    ]


def test_the_first_screen_can_be_named_by_its_number(qtbot: QtBot, caplog: pytest.LogCaptureFixture) -> None:
    with guarded(KioskSettings(screen=1)) as window:
        assert window.screen() is QGuiApplication.screens()[0]
    assert not any("missing" in record.getMessage() for record in caplog.records)


def test_it_is_placed_again_when_screens_change(qtbot: QtBot) -> None:
    with guarded() as window:
        window.setGeometry(10, 10, 200, 100)
        app = QGuiApplication.instance()
        assert isinstance(app, QGuiApplication)
        screen = QGuiApplication.primaryScreen()
        assert screen is not None
        app.primaryScreenChanged.emit(screen)
        qtbot.waitUntil(lambda: window.size() == screen.size(), timeout=5000)
