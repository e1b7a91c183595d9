"""The window's tests run without a screen unless one is asked for, and a warning of Qt's is a failure."""

import os

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

pytest.importorskip("PyQt6.QtWidgets", reason="Qt's libraries are not installed", exc_type=ImportError)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Make Qt's own warnings failures."""
    for item in items:
        if item.path.parent.name == "window":
            item.add_marker(pytest.mark.qt_log_level_fail("WARNING"))
            # What the platform without a screen cannot do is no fault of the window's.
            item.add_marker(pytest.mark.qt_log_ignore("This plugin does not support"))


@pytest.fixture(autouse=True)
def _application(qapp: object) -> None:
    """Whatever test comes first in a process, widgets need an application."""
