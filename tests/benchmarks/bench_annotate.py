"""How long does annotating take, against ffmpeg re-encoding the same video with a box and a line of text?

Run: python -m tests.benchmarks.bench_annotate [VIDEO...]
Needs the ffmpeg command. Each VIDEO (without one, 20 s of the test picture) is brought to 1280x720 first; both encode
with x264's preset of the balanced quality. Programs are run alternately, as a user would run them, starting included.
"""

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import av

from video_labeler.evaluation.speed import stage_costs
from video_labeler.labeling.loading import load_models
from video_labeler.movie.encoders import software_encoder
from video_labeler.movie.recording_options import Quality
from video_labeler.settings import Effort, ModelSettings
from video_labeler.sources.moving_picture import MovingPicture

_TURNS = 3
_SECONDS = 20
_TEXT = "drawbox=x=100:y=100:w=400:h=300:color=orange:t=4,drawtext=text='Bottle 99':x=100:y=80:fontsize=28"


@dataclass(frozen=True, slots=True)
class Spent:
    """What a program took, in seconds: on the clock, and of the processors."""

    wall_s: float
    cpu_s: float


def make_clip(path: Path) -> None:
    """A 1280x720 clip of the test picture at 30 fps."""
    picture = MovingPicture(1280, 720)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=30, options={"preset": "veryfast", "crf": "18"})
        stream.width, stream.height, stream.pix_fmt = 1280, 720, "yuv420p"
        for index in range(_SECONDS * 30):
            frame = av.VideoFrame.from_ndarray(picture.draw(index), format="bgr24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def scale_clip(video: Path, path: Path) -> None:
    """The video at 1280x720, without sound, at no less than 25 fps."""
    with av.open(str(video)) as container:
        rate = max(25, container.streams.video[0].average_rate or 25)
    coder = ["-c:v", "libx264", "-preset", "veryfast", "-crf", "18"]
    run(["ffmpeg", "-v", "error", "-y", "-i", video, "-an", "-vf", f"scale=1280:720,fps={rate}", *coder, path])


def run(command: Sequence[object]) -> Spent:
    """Run a program to its end."""
    before, begun_s = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([str(word) for word in command], check=True, stdout=subprocess.DEVNULL)
    wall_s, after = time.perf_counter() - begun_s, resource.getrusage(resource.RUSAGE_CHILDREN)
    return Spent(wall_s, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def compare(clip: Path, name: str, folder: Path) -> None:
    """Measure all in turn, and print the best turn of each."""
    ours = software_encoder(Quality.BALANCED, 30.0).options
    coder = ["-c:v", "libx264", "-preset", ours["preset"], "-crf", ours["crf"]]
    programs: dict[str, list[object]] = {
        "ffmpeg": ["ffmpeg", "-v", "error", "-y", "-i", clip, "-vf", _TEXT, *coder, folder / "plain.mp4"],
    }
    for effort in (Effort.BALANCED, Effort.FULL):
        annotate = [sys.executable, "-m", "video_labeler", "annotate", clip, "-o", folder / "out.mp4"]
        programs[effort.value] = [*annotate, "--overwrite", "--no-index", "--effort", effort.value]
    turns = [{name: run(command) for name, command in programs.items()} for _ in range(_TURNS)]
    with av.open(str(clip)) as container:
        frames = container.streams.video[0].frames
    print(f"{name}: {frames} frames of 1280x720")
    best = {
        name: Spent(min(turn[name].wall_s for turn in turns), min(turn[name].cpu_s for turn in turns))
        for name in programs
    }
    for program, spent in best.items():
        print(
            f"  {program:9} {spent.wall_s:6.1f} s, {1000 * spent.cpu_s / frames:5.1f} ms of a processor a frame; "
            f"{spent.wall_s / best['ffmpeg'].wall_s:.2f} times ffmpeg on the clock, "
            f"{spent.cpu_s / best['ffmpeg'].cpu_s:.2f} times of the processors"
        )


def main(videos: Sequence[Path]) -> None:
    """Compare, and print what the stages of labelling cost."""
    models = load_models(ModelSettings())
    print(f"Labelled by {models.labeler.name}")
    for cost in stage_costs(models):
        print(f"  {cost.stage:34} {cost.milliseconds:6.2f} ms")
    models.close()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        clip = folder / "clip.mp4"
        if not videos:
            make_clip(clip)
            compare(clip, "The test picture", folder)
        for video in videos:
            scale_clip(video, clip)
            compare(clip, video.name, folder)


if __name__ == "__main__":
    main([Path(argument) for argument in sys.argv[1:]])
