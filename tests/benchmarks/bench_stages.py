"""Where does the time of a 1280x720 frame go? Prints milliseconds for each stage and its share.

Run: python tests/benchmarks/bench_stages.py
"""

import statistics
import time
from collections.abc import Callable

from video_labeler.frames import Box, Frame
from video_labeler.labeling.loading import load_models
from video_labeler.labeling.object_labeler import TrackingLabeler
from video_labeler.overlay import Figures, draw_overlay
from video_labeler.settings import LabelingSettings, ModelSettings
from video_labeler.sources.moving_picture import MovingPicture

_ROUNDS = 60


def median_ms(action: Callable[[], object]) -> float:
    """The median of many runs, after three to warm up."""
    durations = []
    for turn in range(_ROUNDS + 3):
        begun = time.perf_counter()
        action()
        if turn >= 3:
            durations.append((time.perf_counter() - begun) * 1e3)
    return statistics.median(durations)


def main() -> None:
    """Measure each stage on the same frame, one thread."""
    frame = Frame(0, 0.0, MovingPicture(1280, 720).draw(30))
    models = load_models(ModelSettings())
    labeler = TrackingLabeler(models, LabelingSettings())
    assert models.localizer is not None
    small = frame.crop(frame.bounds, models.localizer.input_size)
    box = Box(400, 100, 800, 600)
    crop = frame.crop(box, models.labeler.input_size)
    labeled = labeler.label(frame)
    stages: dict[str, Callable[[], object]] = {
        "shrink the frame": lambda: frame.crop(frame.bounds, models.localizer.input_size),
        "localizer": lambda: models.localizer.regions(small),
        "cut one crop": lambda: frame.crop(box, models.labeler.input_size),
        "labeler, one crop": lambda: models.labeler.scores([crop]),
        "labeler, five crops": lambda: models.labeler.scores([crop] * 5),
        f"whole frame, {len(labeled.objects)} objects": lambda: labeler.label(frame),
        "overlay": lambda: draw_overlay(frame.image, labeled, Figures(30.0, 0.02)),
    }
    figures = {name: median_ms(stage) for name, stage in stages.items()}
    whole = next(value for name, value in figures.items() if name.startswith("whole"))
    print(f"{models.labeler.name} with {models.localizer.name}")
    for name, value in figures.items():
        print(f"  {name:24} {value:7.2f} ms   {value / whole:5.2f} of a whole frame")


if __name__ == "__main__":
    main()
