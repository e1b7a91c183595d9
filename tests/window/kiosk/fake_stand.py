"""A stand and a supervisor made by hand for the tests of the kiosk's window."""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from tests.fakes import BOTTLE, CONTAINER
from tests.window.fake_session import CUP, IDLE
from video_labeler.frames import Box, Frame, LabeledFrame, LabeledObject, Prediction, StageTimes
from video_labeler.kiosk.scene import Celebration, Dwell, Hero, Kind, Scene, StandView
from video_labeler.kiosk.tally import Tally
from video_labeler.pixels import Image
from video_labeler.session.view import SessionView

HERO = Hero(1, "Bottle", 0.93, ("Container",))


def picture_of(width: int = 640, height: int = 360) -> Image:
    """A bright picture, so that a cover over it can be told from it."""
    return np.full((height, width, 3), 220, dtype=np.uint8)


def labeled_of(frame: Frame) -> LabeledFrame:
    """A bottle (track 1) at the left, a cup (track 2) at the right."""
    width, height = frame.width, frame.height
    objects = (
        LabeledObject(Box(width * 0.3, height * 0.2, width * 0.5, height * 0.8),
                      (Prediction(BOTTLE, 0.93), Prediction(CONTAINER, 0.99)), 1),
        LabeledObject(Box(width * 0.7, height * 0.4, width * 0.9, height * 0.8), (Prediction(CUP, 0.6),), 2),
    )  # fmt: skip
    return LabeledFrame(frame, objects, StageTimes(frame.captured_s))


def session_of(index: int = 0, *, age_s: float = 0.0, image: Image | None = None) -> SessionView:
    """A session whose newest picture was captured ``age_s`` ago."""
    frame = Frame(index, index / 30, picture_of() if image is None else image, time.monotonic() - age_s)
    return replace(IDLE, source="0", labeled=labeled_of(frame), newest=frame)


def stand_view(scene: Scene = Scene.LIVE, **changes: Any) -> StandView:
    """What a stand shows in a scene."""
    content: dict[str, Any] = {"hero": HERO if scene is Scene.LIVE else None, "shown": session_of()}
    return StandView(scene=scene, **(content | changes))


def thumbnail(value: int = 128) -> Image:
    """A small picture."""
    return np.full((160, 160, 3), value, dtype=np.uint8)


def celebration(*, is_new: bool = True, age_s: float = 0.0) -> Celebration:
    """A bottle that is being celebrated."""
    return Celebration(Prediction(BOTTLE, 0.93), time.monotonic() - age_s, is_new, 42, thumbnail())


def dwell(share: float = 0.5) -> Dwell:
    """The bottle's ring."""
    return Dwell(1, share)


def kinds(count: int) -> tuple[Kind, ...]:
    """A gallery of so many kinds."""
    return tuple(Kind(f"Thing {index}", 1, thumbnail(index % 256)) for index in range(count))


class FakeStand:
    """A stand without camera and models: shows what a test sets, fresh pictures of the camera unless told otherwise."""

    def __init__(self, view: StandView | None = None) -> None:
        self.view = view
        self.make_view: Callable[[int], StandView] | None = None
        self.calls: list[str] = []
        self.painted_s: list[float] = []
        self.replaced_s: list[float] = []
        self.looks = 0
        self.is_stuck = False
        self.failing = False

    def start(self) -> None:
        self.calls.append("start")

    def look(self) -> StandView:
        self.looks += 1
        if self.failing:
            raise RuntimeError("the stand broke")
        if self.make_view is not None:
            return self.make_view(self.looks)
        return self.view or stand_view(shown=session_of(self.looks))

    def painted(self, age_s: float) -> None:
        self.painted_s.append(age_s)

    def replaced(self, age_s: float) -> None:
        self.replaced_s.append(age_s)

    def take_tally(self) -> Tally:
        return Tally(shown=len(self.painted_s))

    def save_replay(self) -> None:
        self.calls.append("save_replay")

    def close(self) -> None:
        self.calls.append("close")


class FakePulse:
    """A supervisor that remembers what it was told."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.scenes: list[Scene] = []
        self.orphaned: Callable[[], None] | None = None

    def ready(self) -> None:
        self.calls.append("ready")

    def beat(self, scene: Scene, tally: Tally) -> None:
        self.calls.append("beat")
        self.scenes.append(scene)

    def leave(self) -> None:
        self.calls.append("leave")

    def on_orphaned(self, callback: Callable[[], None]) -> None:
        self.orphaned = callback
