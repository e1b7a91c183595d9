"""How long each stage of labelling takes on this computer."""

import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from video_labeler.frames import Box, Frame
from video_labeler.labeling.object_labeler import Models
from video_labeler.labeling.tracking_labeler import TrackingLabeler
from video_labeler.overlay.drawing import Figures, draw_overlay
from video_labeler.settings import LabelingSettings
from video_labeler.sources.moving_picture import MovingPicture

_WARM_UP, _ROUNDS = 3, 60


@dataclass(frozen=True, slots=True)
class StageCost:
    """The median milliseconds that a stage takes for one 1280x720 frame."""

    stage: str
    milliseconds: float


def stage_costs(models: Models) -> Iterator[StageCost]:
    """Measure each stage on the same frame of the test picture; the last is all of labelling."""
    frame = Frame(0, 0.0, MovingPicture(1280, 720).draw(30))
    box = Box(400, 100, 800, 600)
    crop = frame.crop(box, models.labeler.input_size)
    localizer = models.localizer
    if localizer is not None:
        size = localizer.input_size
        small = frame.crop(frame.bounds, size)
        yield StageCost("shrink the frame", _median_ms(lambda: frame.crop(frame.bounds, size)))
        yield StageCost("find the objects", _median_ms(lambda: localizer.regions(small)))
    yield StageCost("cut out one object", _median_ms(lambda: frame.crop(box, models.labeler.input_size)))
    yield StageCost("name one object", _median_ms(lambda: models.labeler.scores([crop])))
    labeler = TrackingLabeler(models, LabelingSettings())
    labeled = labeler.label(frame)
    yield StageCost("draw the overlay", _median_ms(lambda: draw_overlay(frame.image, labeled, Figures(30.0, 0.02))))
    whole = _median_ms(lambda: labeler.label(frame))
    yield StageCost(f"label the whole frame ({len(labeled.objects)} objects)", whole)


def _median_ms(action: Callable[[], object]) -> float:
    durations = []
    for turn in range(_WARM_UP + _ROUNDS):
        begun = time.perf_counter()
        action()
        if turn >= _WARM_UP:
            durations.append((time.perf_counter() - begun) * 1e3)
    return statistics.median(durations)
