"""What a replay buffer costs: milliseconds a frame and memory, for 720p at 30 fps.

Run with `python -m tests.benchmarks.bench_replay VIDEO [SECONDS]`; it labels nothing and plays VIDEO to and fro.
"""

import statistics
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from video_labeler.frames import Frame, Label, LabeledFrame, LabeledObject, Prediction, StageTimes
from video_labeler.opencv import cv2
from video_labeler.recording.replay_buffer import ReplayBuffer
from video_labeler.sources.base import SourceInfo
from video_labeler.sources.opening import source_from_text

_SIZE, _RATE, _LOADED = (1280, 720), 30.0, 150


def _pictures(video: str) -> list[np.ndarray]:
    pictures = []
    with source_from_text(video) as source:
        source.open()
        while not source.ended and len(pictures) < _LOADED:
            frame = source.read(1.0)
            if frame is not None:
                pictures.append(np.asarray(cv2.resize(frame.image, _SIZE), dtype=np.uint8))
    return [*pictures, *reversed(pictures)]


def main() -> None:
    """Print the figures."""
    pictures, seconds = _pictures(sys.argv[1]), float(sys.argv[2]) if len(sys.argv) > 2 else 60.0
    bottle = Prediction(Label(321, "/m/04dr76w", "Bottle"), 0.97)
    buffer = ReplayBuffer(30.0)
    buffer.open(SourceInfo("bench", *_SIZE, _RATE))
    costs, most = [], 0
    for index in range(round(seconds * _RATE)):
        frame = Frame(index, index / _RATE, pictures[index % len(pictures)])
        objects = tuple(LabeledObject(frame.bounds.clipped(400 + 300 * i, 600), (bottle,), i) for i in range(3))
        begun = time.perf_counter()
        buffer.write(LabeledFrame(frame, objects, StageTimes(0.0)))
        costs.append((time.perf_counter() - begun) * 1e3)
        most = max(most, buffer.size_bytes)
    print(f"a frame: {statistics.median(costs):.2f} ms, worst of twenty {statistics.quantiles(costs, n=20)[-1]:.2f} ms")
    print(f"memory for {buffer.held_s:.1f} s: {buffer.size_bytes / 1e6:.1f} MB now, {most / 1e6:.1f} MB at the most")
    with tempfile.TemporaryDirectory() as folder:
        begun = time.perf_counter()
        buffer.save(Path(folder) / "replay.mp4")
        print(f"saving: {time.perf_counter() - begun:.2f} s")
    buffer.close(completed=True)


if __name__ == "__main__":
    main()
