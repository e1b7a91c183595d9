"""The window with everything over its picture at once, and which of that lies over which.

Run: QT_QPA_PLATFORM=offscreen QT_SCALE_FACTOR=2 python -m tests.window.everything_at_once FOLDER WIDTHxHEIGHT...
"""

import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
from PyQt6.QtCore import QRectF, QSize
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication

from tests.fakes import BOTTLE, CONTAINER
from tests.window.fake_session import FakeSession, labeled_of, running_view
from tests.window.windows import open_window
from video_labeler.frames import Box, Frame, LabeledObject, Prediction
from video_labeler.overlay.drawing import Figures
from video_labeler.session.view import Notice, NoticeKind, OpeningView, SessionView
from video_labeler.settings import LabelListSettings, Settings
from video_labeler.sources.base import SourceState, SourceStatus
from video_labeler.window.actions import Act
from video_labeler.window.main.main_window import MainWindow
from video_labeler.window.picture.placement import placed_box

_LIMIT_S = 60.0

_STATES = (
    (SourceState.BLACK, True, True),
    (SourceState.RECONNECTING, True, False),
    (SourceState.RECONNECTING, True, True),
)
"""States of the source, whether the picture is frozen, and whether there is a message: what comes with most marks."""

SIZES = ((480, 360), (640, 480), (800, 600), (1024, 600), (1366, 768), (1920, 1080))


def _crowded(index: int) -> SessionView:
    """Objects at every edge and corner, and several at one place, which say what they are."""
    frame = Frame(index, index / 30, np.full((720, 1280, 3), 90, dtype=np.uint8))
    places = [(x, y) for x in (0, 400, 800, 1130) for y in (0, 200, 420, 600)] + [(600, 300), (610, 310), (620, 320)]
    objects = tuple(
        LabeledObject(Box(x, y, x + 150, y + 120), (Prediction(BOTTLE, 0.93), Prediction(CONTAINER, 0.99)), i + 1)
        for i, (x, y) in enumerate(places)
    )
    return running_view(index, newest=frame, labeled=replace(labeled_of(frame), objects=objects))


def _busy(index: int, state: SourceState) -> SessionView:
    return replace(
        _crowded(index),
        status=SourceStatus(
            state, time.monotonic() - 75, "The camera is not connected." * (state is not state.RUNNING)
        ),
        opening=OpeningView("rtsp://cam.local/one", time.monotonic() - 9, "It does not answer yet."),
        lists=LabelListSettings(only=("Bottle", "Persn"), hide=("Dog",)),
        unknown_labels=("Persn",),
    )


def shown_at(window: MainWindow) -> dict[str, QRectF]:
    """What is over the picture now, by name, in the stage's units."""
    stage = window.parts.stage
    covers = {
        "card": stage._card,
        "chip": stage._chip,
        "frozen": stage.frozen_mark,
        "lists": stage.filter_mark,
        "toast": stage.toast,
        "controls": window.parts.full_screen_bar,
    }
    places = {name: QRectF(cover.geometry()) for name, cover in covers.items() if cover.isVisible()}
    picture = stage.video._picture
    assert picture is not None
    target = stage.video._target()
    scale = target.width() / picture.order.size[0]
    places |= {f"caption {i}": placed_box(box, target, scale) for i, box in enumerate(picture.captions)}
    return places


def overlaps(places: dict[str, QRectF], stage: QRectF) -> list[str]:
    """What lies over what, or outside the stage."""
    # Half a pixel of the screen is rounding.
    inner = {name: place.adjusted(0.3, 0.3, -0.3, -0.3) for name, place in places.items()}
    found = [f"{one} over {other}" for one, other in combinations(inner, 2) if inner[one].intersects(inner[other])]
    return found + [f"{name} outside" for name, place in inner.items() if not stage.contains(place)]


def problems_at(window: MainWindow, session: FakeSession, size: QSize) -> list[str]:
    """What is wrong in a window of that size."""
    problems: list[str] = []
    stage = window.parts.stage
    window.resize(size)
    for index, (state, is_frozen, tells) in enumerate(_STATES):
        stage.toast._end()
        stage.video.set_frozen(False)
        session.view = _busy(index, state)
        stage.show_view(session.view)
        until(lambda: _shows(window, session.view))
        stage.video.set_frozen(is_frozen)
        if tells:
            stage.toast.show_notice(Notice(NoticeKind.PROBLEM, "The disk is full. Make room.", Path("a.mp4")))
        stage.show_state(session.view)
        until(lambda: _is_settled(window))
        places = shown_at(window)
        what = f"{size.width()}x{size.height()} {state.name}{' frozen' * is_frozen}{' told' * tells}"
        problems += [f"{what}: {each}" for each in overlaps(places, QRectF(stage.rect()))]
        if not any(name.startswith("caption") for name in places):
            problems.append(f"{what}: no captions at all")
    return problems


def _shows(window: MainWindow, view: SessionView) -> bool:
    shown = window.parts.stage.video.shown
    return shown is not None and shown.labeled is view.labeled


def _is_settled(window: MainWindow) -> bool:
    """Whether what is shown was painted for the covers and the size that there are."""
    video = window.parts.stage.video
    picture = video._picture
    if picture is None or video._busy or window.parts.stage._placing.isActive():
        return False
    order = picture.order
    return order.size == video._picture_size() and order.covered == video._covered_parts(order.size)


def until(happened: object) -> None:
    """Wait for a condition."""
    assert callable(happened)
    end_s = time.monotonic() + _LIMIT_S
    while not happened():
        assert time.monotonic() < end_s
        QTest.qWait(2)


def problems_of(folder: Path, sizes: Sequence[tuple[int, int]], *, full_screen: bool = False) -> list[str]:
    """Everything at once in windows of these sizes, in units of the screen."""
    session = FakeSession(view=_crowded(0))
    window = open_window(session, folder, settings=Settings())
    try:
        # The rate takes a while to be known.
        window.parts.stage.video._corner_figures = lambda: Figures(29.9, 0.012)  # type: ignore[method-assign]
        window.show()
        if full_screen:
            window.actions_by_name[Act.FULL_SCREEN].trigger()
            window.parts.full_screen_bar.wake()
        return [each for size in sizes for each in problems_at(window, session, QSize(*size))]
    finally:
        window.close()
        window.deleteLater()


def main(folder: Path, sizes: Sequence[tuple[int, int]]) -> int:
    """Tell what is wrong, and return the exit code."""
    from video_labeler.window.look.theme import ThemeFollower
    from video_labeler.window.qt_application import application

    app = application()
    follower = ThemeFollower(app)
    problems = problems_of(folder, sizes)
    assert isinstance(app, QApplication)
    assert follower.parent() is app
    print("\n".join(problems))
    return int(bool(problems))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), [tuple(map(int, each.split("x"))) for each in sys.argv[2:]]))
