"""How much faster are several files annotated side by side than one after the other?

Run: python -m tests.benchmarks.bench_jobs [SECONDS]
The first SECONDS (all: 20) of eight clips at 1280x720 by the whole command, two at a time against one at a time, each
with one thread for the models; twice, the better time of each. Decoding, labelling and encoding one file run side by
side, too: how many cores that keeps busy says how much there is to be gained.
"""

import shutil
import sys
import tempfile
from pathlib import Path

from tests.benchmarks.bench_annotate import Spent, make_clip, run
from video_labeler.system.capacity import usable_cores
from video_labeler.system.python_child import python_command

_CLIPS = 8
_TURNS = 2


def spent_on(inputs: Path, output: Path, jobs: int, seconds: float) -> Spent:
    """Annotate all inputs, with workers and everything that they start."""
    words = ["annotate", inputs, "-o", output, "--jobs", jobs, "--threads", 1, "--end", seconds, "--no-index"]
    spent = run(python_command("video_labeler", *map(str, words)))
    shutil.rmtree(output)
    return spent


def main(seconds: float) -> None:
    """Measure in turn, and print the better time of each."""
    with tempfile.TemporaryDirectory() as name:
        inputs, output = Path(name) / "in", Path(name) / "out"
        inputs.mkdir()
        make_clip(inputs / "0.mp4")
        for number in range(1, _CLIPS):
            shutil.copy(inputs / "0.mp4", inputs / f"{number}.mp4")
        spent: dict[int, list[Spent]] = {1: [], 2: []}
        for _ in range(_TURNS):
            for jobs, times in spent.items():
                times.append(spent_on(inputs, output, jobs, seconds))
    one, two = (min(times, key=lambda each: each.wall_s) for times in spent.values())
    frames = _CLIPS * round(30 * seconds)
    print(f"{_CLIPS} clips, {frames} frames of 1280x720, {usable_cores()} cores")
    for jobs, best in ((1, one), (2, two)):
        print(
            f"--jobs {jobs} --threads 1: {best.wall_s:.1f} s, {frames / best.wall_s:.0f} fps, "
            f"{1e3 * best.cpu_s / frames:.1f} CPU-ms a frame, {best.cpu_s / best.wall_s:.2f} cores busy"
        )
    most = usable_cores() / (one.cpu_s / one.wall_s)
    print(f"two at a time: {one.wall_s / two.wall_s:.2f} times as fast; all cores busy would be {most:.2f} times")


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 20.0)
