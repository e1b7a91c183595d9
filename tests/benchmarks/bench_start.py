"""How long does `video-labeler label ONE.jpg --json` take as a whole process, and how much memory?

Run: python tests/benchmarks/bench_start.py [PICTURE]
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from video_labeler.opencv import cv2
from video_labeler.sources.moving_picture import MovingPicture

_RUNS = 15


def measure(command: list[str]) -> tuple[float, float]:
    """Median seconds and peak megabytes of a command, on a warm disk."""
    seconds, peaks = [], []
    for run in range(_RUNS + 1):
        begun = time.perf_counter()
        child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        assert child.returncode == 0, command
        if run:
            seconds.append(time.perf_counter() - begun)
            peaks.append(usage.ru_maxrss / 1e3)
    return statistics.median(seconds), max(peaks)


def main(picture: str | None) -> None:
    """Compare the command with an interpreter that does nothing."""
    with tempfile.TemporaryDirectory() as folder:
        if picture is None:
            picture = str(Path(folder) / "picture.png")
            cv2.imwrite(picture, MovingPicture(640, 480).draw(0))
        idle = measure([sys.executable, "-c", "pass"])
        for model in ("auto", "builtin"):
            options = ["--model", model, "--localizer", model, "--json"]
            label = measure([sys.executable, "-m", "video_labeler", "label", picture, *options])
            times = label[0] / idle[0]
            print(f"label ({model}): {label[0]:.2f} s, {label[1]:.0f} MB, {times:.0f} times an idle interpreter")
        print(f"idle interpreter: {idle[0]:.3f} s, {idle[1]:.0f} MB")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else None)
