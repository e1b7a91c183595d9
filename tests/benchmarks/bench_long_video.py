"""Does a frame cost more late in a long video, in time or memory? Prints figures for 20,000 frames.

Run: python tests/benchmarks/bench_long_video.py [FRAMES]
"""

import resource
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path

import psutil

from video_labeler.exports.label_file import LabelFile
from video_labeler.frames import LabeledFrame
from video_labeler.labeling.loading import load_models
from video_labeler.labeling.tracking_labeler import TrackingLabeler
from video_labeler.pipeline.pipeline import Pipeline
from video_labeler.settings import LabelingSettings, ModelSettings
from video_labeler.sources.base import SourceInfo
from video_labeler.sources.synthetic import SyntheticSource


class Checkpoints:
    """A sink that notes time and memory at every fifth of the way."""

    name = "checkpoints"

    def __init__(self, frames: int) -> None:
        self.step = frames // 5
        self.times_s: list[float] = []
        self.memory_mb: list[float] = []

    def open(self, info: SourceInfo) -> None:
        """Nothing to get ready."""

    def write(self, labeled: LabeledFrame) -> None:
        """Note a fifth."""
        if labeled.frame.index % self.step == 0:
            self.times_s.append(time.monotonic())
            self.memory_mb.append(psutil.Process().memory_info().rss / 1e6)

    def close(self, *, completed: bool) -> None:
        """Note the end."""
        self.times_s.append(time.monotonic())
        self.memory_mb.append(psutil.Process().memory_info().rss / 1e6)


def main(frames: int) -> None:
    """Label and track ``frames`` frames of the test picture, and write their label file."""
    with tempfile.TemporaryDirectory() as folder:
        checkpoints = Checkpoints(frames)
        source = SyntheticSource(320, 240, frame_count=frames)
        sinks = [LabelFile(Path(folder) / "labels.jsonl"), checkpoints]
        labeler = TrackingLabeler(load_models(ModelSettings()), LabelingSettings())
        with Pipeline(source, lambda: labeler, sinks) as pipeline:
            pipeline.wait()
    times, memory = checkpoints.times_s, checkpoints.memory_mb
    costs = [(later - earlier) / checkpoints.step for earlier, later in pairwise(times)]
    print(f"{frames} frames, labelled by models of `auto`")
    for index, cost in enumerate(costs):
        print(
            f"  fifth {index + 1}: {cost * 1e3:6.2f} ms a frame ({cost / costs[0]:.2f} of the first), "
            f"{memory[index + 1]:6.1f} MB ({memory[index + 1] - memory[1]:+.1f} since the end of the first)"
        )
    print(f"  peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3:.0f} MB")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
