"""Widgets in reference cycles are destroyed in the interface's thread, whichever thread makes garbage meanwhile."""

import gc
import threading
import weakref
from collections.abc import Callable

import pytest
from PyQt6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from video_labeler.system.memory import trim_memory


def abandon(destroyed_in: list[threading.Thread]) -> None:
    """Leave a widget that nothing but itself refers to."""
    widget = QWidget()
    widget.itself = widget  # type: ignore[attr-defined]
    weakref.finalize(widget, lambda: destroyed_in.append(threading.current_thread()))


def make_garbage() -> None:
    for _ in range(3 * gc.get_threshold()[0]):
        cycle: list[object] = []
        cycle.append(cycle)


@pytest.mark.parametrize("work", [make_garbage, trim_memory])
def test_widgets_are_collected_in_their_own_thread(qtbot: QtBot, work: Callable[[], None]) -> None:
    gc.collect()
    destroyed_in: list[threading.Thread] = []
    abandon(destroyed_in)
    other = threading.Thread(target=work)
    other.start()
    other.join()
    assert not destroyed_in
    make_garbage()
    qtbot.waitUntil(lambda: bool(destroyed_in), timeout=60_000)
    assert destroyed_in == [threading.main_thread()]
