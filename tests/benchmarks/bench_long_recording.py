"""Eight hours of recording in simulated time: memory, the cost of a frame, and how long closing takes.

``python -m tests.benchmarks.bench_long_recording [HOURS] [mp4|mkv] [subtitles]``
"""

import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import psutil

from tests.fakes import labeled
from video_labeler.frames import Frame
from video_labeler.movie.recording_options import Quality, RecordingOptions
from video_labeler.recording.video_recorder import VideoRecorder
from video_labeler.sources.base import SourceInfo

_RATE = 30
_WIDTH, _HEIGHT = 64, 48
_WARM_UP = 5 * 60 * _RATE


def main() -> None:
    hours = float(sys.argv[1]) if len(sys.argv) > 1 else 8.0
    kind = "mkv" if "mkv" in sys.argv else "mp4"
    options = RecordingOptions(quality=Quality.FAST, subtitles="subtitles" in sys.argv, burn_in=False)
    images = [np.full((_HEIGHT, _WIDTH, 3), 40 + step * 25, dtype=np.uint8) for step in range(8)]
    process = psutil.Process()
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / f"long.{kind}"
        recorder = VideoRecorder(target, options)
        recorder.open(SourceInfo("simulated", _WIDTH, _HEIGHT, rate=_RATE))
        count = round(hours * 3600 * _RATE)
        start = time.monotonic()
        before = 0
        for index in range(count):
            frame = Frame(index, index / _RATE, images[index // 15 % 8])
            recorder.write(labeled(frame, "Mug" if index // 600 % 2 else "Bottle"))
            if index == _WARM_UP:
                before = process.memory_info().rss
            if index % (1800 * _RATE) == 0:
                passed = time.monotonic() - start
                memory = process.memory_info().rss / 1e6
                print(f"{index / _RATE / 3600:4.1f} h  {memory:6.1f} MB  {passed:6.1f} s passed")
        grown = process.memory_info().rss - before
        closing = time.monotonic()
        recorder.close(completed=True)
        closing = time.monotonic() - closing
        size = target.stat().st_size
    frame_ms = (time.monotonic() - start) / count * 1e3
    print(f"{kind}, {hours:g} h, {count} frames of {frame_ms:.3f} ms: {size / 1e6:.1f} MB on the disk;")
    print(f"memory grew by {grown / 1e6:.1f} MB after the first five minutes, closing took {closing:.3f} s.")


if __name__ == "__main__":
    main()
