"""What does each effort cost, and how good are the labels with it?

Run: python -m tests.benchmarks.bench_effort [VIDEO...]
Labels the demo clip (compared with what it shows) and each VIDEO (compared with full effort), the efforts in turn,
three times; the processor time of labelling alone, without decoding, is that of the best turn.
"""

import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from video_labeler.assets import asset
from video_labeler.evaluation.quality import measure, read_truth
from video_labeler.frames import LabeledFrame
from video_labeler.labeling.interpolation import InterpolatingLabeler
from video_labeler.labeling.loading import load_models
from video_labeler.labeling.object_labeler import Models
from video_labeler.labeling.tracking_labeler import TrackingLabeler
from video_labeler.opencv import cv2
from video_labeler.settings import Effort, LabelingSettings, ModelSettings
from video_labeler.sources.video_file import VideoFile
from video_labeler.text.percent import percent

_TURNS = 3

_SAME_PLACE = 0.5


@dataclass(slots=True)
class Run:
    """What came of an effort: the frames of the last turn, and milliseconds a frame of each."""

    labeled: list[LabeledFrame] = field(default_factory=list)
    milliseconds: list[float] = field(default_factory=list)


def label(models: Models, video: Path, effort: Effort, run: Run, *, may_wait: bool = True) -> None:
    """Label the whole video once."""
    labeler = InterpolatingLabeler(TrackingLabeler(models, LabelingSettings(effort=effort)), lambda: may_wait)
    spent_s, labeled = 0.0, []
    with VideoFile(video) as source:
        source.open()
        while not source.ended:
            frame = source.read()
            if frame is None:
                continue
            begun_s = time.thread_time()
            done = labeler.label(frame)
            spent_s += time.thread_time() - begun_s
            labeled += map(_without_pixels, done)
    run.labeled = [*labeled, *map(_without_pixels, labeler.finish())]
    run.milliseconds.append(1e3 * spent_s / max(1, len(run.labeled)))


def _without_pixels(labeled: LabeledFrame) -> LabeledFrame:
    """The same without its picture: those of a long video do not fit into memory."""
    return replace(labeled, frame=replace(labeled.frame, pixels=np.zeros((1, 1, 3), np.uint8)))


def agreement(full: Sequence[LabeledFrame], other: Sequence[LabeledFrame]) -> str:
    """How much of what full effort says is also said by another one."""
    count = same = 0
    overlaps = []
    for ours, theirs in zip(full, other, strict=True):
        for item in ours.objects:
            count += 1
            best = max(theirs.objects, key=lambda found: found.box.overlap(item.box), default=None)
            if best is None or best.box.overlap(item.box) < _SAME_PLACE:
                continue
            overlaps.append(best.box.overlap(item.box))
            headings = [[said.label.row for said in found.predictions[:1]] for found in (item, best)]
            same += headings[0] == headings[1]
    overlap = sum(overlaps) / max(1, len(overlaps))
    found, headed = len(overlaps) / max(1, count), same / max(1, count)
    named = f"{percent(headed, 1):>7} with its heading"
    return f"{percent(found, 1):>7} of its boxes are there, overlap {overlap:.3f}, {named}"


def main(videos: Sequence[Path]) -> None:
    """Measure, and print a line an effort and video."""
    cv2.setNumThreads(1)
    models = load_models(ModelSettings())
    truth = read_truth(asset("demo_truth.json"))
    print(f"Labelled by {models.labeler.name}; milliseconds of one core for labelling a frame")
    for video in (asset("demo.mp4"), *videos):
        runs = {effort: Run() for effort in Effort}
        for _ in range(_TURNS):
            for effort, run in runs.items():
                label(models, video, effort, run)
        full = runs[Effort.FULL]
        print(f"{video.name}, {len(full.labeled)} frames")
        for effort, run in runs.items():
            best = min(run.milliseconds)
            share = best / min(full.milliseconds)
            agreed = agreement(full.labeled, run.labeled)
            print(f"  {effort.value:9} {best:6.2f} ms, {percent(share):>5} of full; {agreed}")
            if video == asset("demo.mp4"):
                predicted = Run()
                label(models, video, effort, predicted, may_wait=False)
                for name, labeled in (("as a file", run.labeled), ("as if live", predicted.labeled)):
                    quality = measure(labeled, truth, models.hierarchy)
                    found = f"found {percent(quality.found, 1)}, exact {percent(quality.named, 1)}"
                    steady = f"flicker {quality.flicker:.2f}, switches {quality.switches}"
                    print(f"    {name:10} {found}, overlap {quality.overlap:.3f}, {steady}")


if __name__ == "__main__":
    main([Path(argument) for argument in sys.argv[1:]])
