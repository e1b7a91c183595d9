"""What appears over the picture is said by screen readers."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from PyQt6.QtWidgets import QApplication

from tests.window.fake_session import FakeSession, running_view
from tests.window.windows import open_window
from video_labeler.session.view import Notice, NoticeKind
from video_labeler.window.messages import announcer
from video_labeler.window.messages.announcer import Announcer
from video_labeler.window.messages.info_bar import Message

_LAUNCHERS = ("/usr/libexec/at-spi-bus-launcher", "/usr/lib/at-spi2-core/at-spi-bus-launcher")
_TOOLS = ("dbus-run-session", "dbus-monitor", "gdbus", "xvfb-run")


def test_messages_questions_and_states_are_said(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(announcer, "is_listened_to", lambda: True)
    window = open_window(FakeSession(view=running_view()), tmp_path)
    try:
        voice = window._announcer
        window.parts.stage.toast.show_notice(Notice(NoticeKind.PROBLEM, "The disk is full."))
        if voice.last == "" and not voice._is_possible:
            pytest.skip("Qt Quick is not installed")
        assert voice.last == "The disk is full."
        window.parts.info_bar.tell(Message("A recording was cut off."))
        assert voice.last == "A recording was cut off."
        window.parts.stage.toast.say("The list was cleared.")
        assert voice.last == "The list was cleared."
    finally:
        window.close()
        window.deleteLater()
    assert voice.last == ""
    voice.say("Too late.")
    assert voice.last == ""


def test_nothing_is_loaded_where_nobody_listens(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(announcer, "is_listened_to", lambda: False)
    voice = Announcer()
    voice.say("Saved.")
    assert voice._engine is None


@pytest.mark.long
@pytest.mark.skipif(
    not (any(map(os.path.exists, _LAUNCHERS)) and all(map(shutil.which, _TOOLS))), reason="needs AT-SPI and Xvfb"
)
def test_a_real_screen_reader_s_bus_gets_it(tmp_path: Path) -> None:
    heard = tmp_path / "heard.txt"
    finished = subprocess.run(
        ["xvfb-run", "-a", "dbus-run-session", "--", sys.executable, "-m", "tests.window.screen_reader", str(heard)],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        env={**os.environ, "QT_QPA_PLATFORM": "xcb", "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1"},
    )
    assert "Saved picture 1.jpg." in heard.read_text(), finished.stderr
