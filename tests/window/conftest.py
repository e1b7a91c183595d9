"""The window's tests run without a screen unless one is asked for."""

import os

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

pytest.importorskip("PyQt6.QtWidgets", reason="Qt's libraries are not installed", exc_type=ImportError)


@pytest.fixture(autouse=True)
def _application(qapp: object) -> None:
    """Whatever test comes first in a process, widgets need an application."""
