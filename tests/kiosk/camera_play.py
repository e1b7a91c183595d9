"""A camera in simulated time: labelled frames with things at places, and a journey driven by them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from video_labeler.frames import Box, Frame, Label, LabeledFrame, LabeledObject, Prediction, StageTimes
from video_labeler.kiosk.gallery import Gallery
from video_labeler.kiosk.journey import CameraGlance, Journey, Step
from video_labeler.pixels import Image
from video_labeler.settings import KioskSettings, Settings

RATE = 15.0
"""Labelled frames a second."""

LOOKS = 2
"""How often the window looks for each of them."""

WIDTH, HEIGHT = 320, 180
_HALL = np.random.default_rng(1).integers(0, 256, (18, 32, 3), dtype=np.uint8).repeat(10, 0).repeat(10, 1)
_PATTERN = np.random.default_rng(2).integers(0, 256, (12, 12, 3), dtype=np.uint8)


@dataclass(frozen=True)
class Thing:
    """Something in the picture: its centre and size as shares of the frame."""

    name: str = "Bottle"
    track: int = 1
    x: float = 0.5
    y: float = 0.5
    width: float = 0.2
    height: float = 0.4

    def paint(self, image: Image) -> None:
        """Draw it as a pattern that goes with it, and is different for every name."""
        box = self.object().box.clipped(WIDTH, HEIGHT)
        area = image[int(box.y_min) : int(box.y_max), int(box.x_min) : int(box.x_max)]
        rows, columns = (np.arange(size) * 12 // max(size, 1) for size in area.shape[:2])
        area[...] = np.roll(_PATTERN, sum(map(ord, self.name)), axis=(0, 1))[rows][:, columns]

    def object(self) -> LabeledObject:
        box = Box(
            (self.x - self.width / 2) * WIDTH,
            (self.y - self.height / 2) * HEIGHT,
            (self.x + self.width / 2) * WIDTH,
            (self.y + self.height / 2) * HEIGHT,
        )
        names = (self.name, f"Kind of {self.name.lower()}") if self.name else ()
        rows = [sum(map(ord, name)) for name in names]
        predictions = [Prediction(Label(row, f"/m/{row}", name), 0.9) for row, name in zip(rows, names, strict=True)]
        return LabeledObject(box, tuple(predictions), self.track)


def frame_of(time_s: float, things: Sequence[Thing] = (), unfound: Sequence[Thing] = ()) -> LabeledFrame:
    """A labelled frame that was captured at ``time_s``; the first thing is the most prominent.

    ``unfound``: what the picture shows whether a model finds it or not.
    """
    image = _painted(tuple(replace(thing, track=0) for thing in (*things[::-1], *unfound)))
    frame = Frame(round(time_s * RATE), time_s, image, captured_s=time_s)
    return LabeledFrame(frame, tuple(thing.object() for thing in things), StageTimes(time_s))


@lru_cache(maxsize=64)
def _painted(things: tuple[Thing, ...]) -> Image:
    image = _HALL.copy()
    for thing in things:
        thing.paint(image)
    return image


Scenery = Callable[[float], Sequence[Thing]]
"""What is in front of the camera, so many seconds after the play began."""


def nothing(_time_s: float) -> tuple[Thing, ...]:
    return ()


class Play:
    """A journey with its own clock; ``steps`` of the last :meth:`run`."""

    def __init__(self, kiosk: KioskSettings | None = None, start_s: float = 1000.0) -> None:
        self.kiosk = kiosk or KioskSettings()
        self.gallery = Gallery({})
        self.journey = Journey(replace(Settings(), kiosk=self.kiosk), self.gallery)
        self.now_s = start_s
        self.last: LabeledFrame | None = None

    def steps(
        self, seconds: float, scenery: Scenery = nothing, *, camera: bool = True, unfound: Sequence[Thing] = ()
    ) -> Iterator[tuple[float, Step]]:
        """Each step with its time since the beginning of this run; without ``camera`` no new frames come."""
        start_s = self.now_s
        count = 0
        while self.now_s - start_s < seconds:
            passed_s = self.now_s - start_s
            if camera and count % LOOKS == 0:
                self.last = frame_of(self.now_s, scenery(passed_s), unfound)
            yield passed_s, self.journey.advance(self.now_s, CameraGlance(self.last))
            count += 1
            self.now_s += 1 / (RATE * LOOKS)

    def run(
        self, seconds: float, scenery: Scenery = nothing, *, camera: bool = True, unfound: Sequence[Thing] = ()
    ) -> list[Step]:
        return [step for _, step in self.steps(seconds, scenery, camera=camera, unfound=unfound)]

    def look(self, *, source_lost: bool = False) -> Step:
        """One more step with the last frame."""
        return self.journey.advance(self.now_s, CameraGlance(self.last, source_lost))


def celebrated(steps: Sequence[Step]) -> list[str]:
    """The names that were celebrated, in their order."""
    return [step.celebrated.label.name for step in steps if step.celebrated is not None]
