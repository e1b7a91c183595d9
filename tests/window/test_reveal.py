"""Showing a file where it is, and saying where that is if nothing can show it."""

import sys
from pathlib import Path

import pytest
from PyQt6.QtCore import QCoreApplication, QTimer
from pytestqt.qtbot import QtBot

from video_labeler.window.reveal import reveal

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="other systems have one file manager")


@pytest.mark.parametrize(("script", "fails"), [("exit 3", True), ("exit 0", False), (None, True)])
def test_it_is_reported_when_nothing_opens_the_folder(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str | None, fails: bool
) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "disabled:")
    monkeypatch.setenv("PATH", str(tmp_path))
    called = tmp_path / "called"
    if script is not None:
        opener = tmp_path / "xdg-open"
        opener.write_text(f'#!/bin/sh\necho "$1" > "{called}"\n{script}\n')
        opener.chmod(0o755)
    told: list[bool] = []
    timers = len(_timers())
    reveal(tmp_path, lambda: told.append(True))
    qtbot.waitUntil(lambda: len(_timers()) == timers and (script is None or called.exists()), timeout=60_000)
    assert bool(told) is fails


def _timers() -> list[QTimer]:
    application = QCoreApplication.instance()
    assert application is not None
    return application.findChildren(QTimer)
