"""How much faster are several files annotated side by side than one after the other?

Run: python -m tests.benchmarks.bench_jobs [SECONDS]
Eight clips of SECONDS (default 20) at 1280x720 by the whole command, two at a time against one at a time, each with one
thread for the models; twice, the better time of each. Decoding, labelling and encoding one file run side by side, too:
how many cores that keeps busy says how much there is to be gained.
"""

import resource
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.bench_annotate import make_clip
from video_labeler.system.capacity import usable_cores
from video_labeler.system.python_child import python_command, python_environment

_CLIPS = 8
_TURNS = 2


@dataclass(frozen=True, slots=True)
class Cost:
    """The wall time and the processor time of a run, in seconds."""

    wall_s: float
    work_s: float

    @property
    def cores(self) -> float:
        """How many cores it kept busy."""
        return self.work_s / self.wall_s


def cost_of(inputs: Path, output: Path, jobs: int) -> Cost:
    """Annotate all inputs, with workers and everything that they start."""
    words = ["annotate", str(inputs), "-o", str(output), "--jobs", str(jobs), "--threads", "1", "--no-index"]
    before, begun_s = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(python_command("video_labeler", *words), env=python_environment(), check=True)
    wall_s, after = time.perf_counter() - begun_s, resource.getrusage(resource.RUSAGE_CHILDREN)
    shutil.rmtree(output)
    return Cost(wall_s, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def main(seconds: float) -> None:
    """Measure in turn, and print the better time of each."""
    with tempfile.TemporaryDirectory() as name:
        inputs, output = Path(name) / "in", Path(name) / "out"
        inputs.mkdir()
        frames = _CLIPS * make_clip(inputs / "0.mp4", seconds)
        for number in range(1, _CLIPS):
            shutil.copy(inputs / "0.mp4", inputs / f"{number}.mp4")
        costs: dict[int, list[Cost]] = {1: [], 2: []}
        for _ in range(_TURNS):
            for jobs, spent in costs.items():
                spent.append(cost_of(inputs, output, jobs))
        one, two = (min(spent, key=lambda cost: cost.wall_s) for spent in costs.values())
        print(f"{_CLIPS} clips, {frames} frames of 1280x720, {usable_cores()} cores")
        for jobs, cost in ((1, one), (2, two)):
            print(
                f"--jobs {jobs} --threads 1: {cost.wall_s:.1f} s, {frames / cost.wall_s:.0f} fps, "
                f"{1e3 * cost.work_s / frames:.1f} CPU-ms a frame, {cost.cores:.2f} cores busy"
            )
        most = min(2.0, usable_cores() / one.cores)
        print(f"two at a time: {one.wall_s / two.wall_s:.2f} times as fast; all cores busy would be {most:.2f} times")


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 20.0)
