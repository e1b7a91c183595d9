"""Labelled streams made by hand, and sinks fed with them."""

from collections.abc import Iterable
from typing import Protocol

from tests.fakes import grey_frame
from video_labeler.frames import Box, Label, LabeledFrame, LabeledObject, Prediction, StageTimes
from video_labeler.sources.base import SourceInfo

BOTTLE, CONTAINER, MUG = (
    Label(321, "/m/04dr76w", "Bottle"),
    Label(12, "/m/011q46kg", "Container"),
    Label(7, "/m/02jvh9", "Mug"),
)


class SinkLike(Protocol):
    """What a pipeline does with a sink."""

    def open(self, info: SourceInfo) -> None: ...
    def write(self, labeled: LabeledFrame) -> None: ...
    def close(self, *, completed: bool) -> None: ...


def thing(*labels: Label, track: int = 1, confidence: float = 0.9, box: Box | None = None) -> LabeledObject:
    """An object with these labels, most specific first."""
    predictions = tuple(Prediction(label, confidence - index / 100) for index, label in enumerate(labels))
    return LabeledObject(box or Box(80, 60, 240, 220), predictions, track)


def moment(index: int, time_s: float, *objects: LabeledObject, size: tuple[int, int] = (320, 240)) -> LabeledFrame:
    """A frame of ``size`` (width, height) with these objects."""
    return LabeledFrame(grey_frame(index, time_s, *size), objects, StageTimes(0.0))


def feed(
    sink: SinkLike, frames: Iterable[LabeledFrame], info: SourceInfo | None = None, *, completed: bool = True
) -> None:
    """Open, write and close as a pipeline does."""
    sink.open(info or SourceInfo("clip.mp4", 320, 240, 10.0))
    for labeled in frames:
        sink.write(labeled)
    sink.close(completed=completed)
