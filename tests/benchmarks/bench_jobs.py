"""How much faster are several files annotated side by side than one after the other?

Run: python -m tests.benchmarks.bench_jobs [SECONDS]
The first SECONDS (all: 20) of eight clips at 1280x720 by the whole command, two at a time against one at a time, each
with one thread for the models; twice, the better time of each. Threads of one file decode, label and encode at the same
time: what its busiest thread works of the whole says how many cores one file alone can keep busy, and so how much there
is to be gained. That share, unlike the times, hardly depends on what else the computer does.
"""

import shutil
import sys
import tempfile
import threading
from pathlib import Path

import psutil

from tests.benchmarks.bench_annotate import Spent, make_clip, run
from video_labeler.annotate.annotation import AnnotateOptions, Annotation, Progress
from video_labeler.annotate.targets import Targets
from video_labeler.labeling.loading import load_models
from video_labeler.sources.naming import NamedSource
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


def work_by_thread(clip: Path, seconds: float) -> dict[str, float]:
    """The processor time of each thread while one file is annotated, in seconds; FFmpeg's have no names of ours."""
    options = AnnotateOptions(end_s=seconds, index=False)
    models, process = load_models(options.settings.models), psutil.Process()
    before = {thread.id: thread.user_time + thread.system_time for thread in process.threads()}
    names: dict[int | None, str] = {}
    spent_s: dict[int, float] = {}

    def look(now: Progress) -> None:
        names.update({thread.native_id: thread.name for thread in threading.enumerate()})
        for thread in process.threads():
            spent_s[thread.id] = thread.user_time + thread.system_time - before.get(thread.id, 0.0)

    Annotation(NamedSource.of_path(clip), Targets(video=clip.with_name("out.mp4")), options).run(models, look)
    models.close()
    return {names.get(number, f"FFmpeg {number}"): seconds for number, seconds in spent_s.items()}


def main(seconds: float) -> None:
    """Measure in turn, and print the better time of each."""
    with tempfile.TemporaryDirectory() as name:
        inputs, output = Path(name) / "in", Path(name) / "out"
        inputs.mkdir()
        make_clip(inputs / "0.mp4")
        threads = work_by_thread(inputs / "0.mp4", seconds)
        (inputs / "out.mp4").unlink()
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
    print(f"two at a time: {one.wall_s / two.wall_s:.2f} times as fast")
    name, busiest_s = max(threads.items(), key=lambda item: item[1])
    whole_s = sum(threads.values())
    print(
        f"one file: {busiest_s / whole_s:.0%} of the work is its busiest thread's ({name}), so that it can keep "
        f"{whole_s / busiest_s:.2f} cores busy"
    )


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 20.0)
