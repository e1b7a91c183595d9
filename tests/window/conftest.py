"""The window's tests run without a screen unless one is asked for, and no thread but Qt's destroys widgets."""

import os
from collections.abc import Iterator

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

pytest.importorskip("PyQt6.QtWidgets", reason="Qt's libraries are not installed", exc_type=ImportError)

from PyQt6 import sip
from PyQt6.QtWidgets import QApplication

from video_labeler.window.qt_application import GarbageCollection


@pytest.fixture(autouse=True)
def _application(qapp: QApplication) -> Iterator[None]:
    """Whatever test comes first in a process, widgets need an application."""
    garbage = GarbageCollection(qapp)
    yield
    garbage.end()
    sip.delete(garbage)
