"""Whatever can be worked in the window has a name of its own, for people who hear it instead of seeing it."""

from collections import Counter
from pathlib import Path

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.window.fake_session import IDLE, FakeSession, running_view
from tests.window.windows import open_window
from video_labeler.session.view import SessionView
from video_labeler.sources.base import SourceState, SourceStatus

LOST = SourceStatus(SourceState.RECONNECTING, 0.0, "The camera is not connected.")


def _name(widget: QWidget) -> str:
    return widget.accessibleName() or getattr(widget, "text", str)()


@pytest.mark.parametrize(
    "view",
    [IDLE, running_view(), running_view(playing=True), running_view(recording=True), running_view(status=LOST)],
    ids=["start", "live", "playing", "recording", "lost"],
)
def test_every_control_that_shows_has_a_name_of_its_own(qtbot: QtBot, tmp_path: Path, view: SessionView) -> None:
    window = open_window(FakeSession(view=view), tmp_path)
    window.show()
    qtbot.wait(400)
    controls = [
        widget
        for widget in window.findChildren(QWidget)
        if widget.window() is window
        and widget.isVisible()
        and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and widget.focusProxy() is None
        and not widget.objectName().startswith("qt_")
        and not widget.parentWidget().inherits("QLineEdit")
    ]
    assert len(controls) > 10
    unnamed = [(type(widget).__name__, widget.objectName()) for widget in controls if not _name(widget)]
    alike = [name for name, count in Counter(map(_name, controls)).items() if count > 1]
    window.close()
    window.deleteLater()
    assert unnamed == []
    assert alike == []
