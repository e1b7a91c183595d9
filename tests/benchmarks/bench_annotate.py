"""How long does annotating take, against ffmpeg re-encoding the same clip with a line of text?

Run: python tests/benchmarks/bench_annotate.py [SECONDS]
Needs the ffmpeg command. Both encode with x264's preset of the balanced quality.
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import av

from video_labeler.annotate.annotation import AnnotateOptions, Annotation
from video_labeler.annotate.targets import Targets
from video_labeler.evaluation.speed import stage_costs
from video_labeler.labeling.loading import load_models
from video_labeler.movie.encoders import software_encoder
from video_labeler.movie.recording_options import Quality, RecordingOptions
from video_labeler.settings import Effort, LabelingSettings, ModelSettings, Settings
from video_labeler.sources.moving_picture import MovingPicture
from video_labeler.sources.naming import NamedSource

_TEXT = "drawbox=x=100:y=100:w=400:h=300:color=orange:t=4,drawtext=text='Bottle 99':x=100:y=80:fontsize=28"


def make_clip(path: Path, seconds: float) -> int:
    """A 1280x720 clip of the test picture at 30 fps; the number of its frames."""
    picture = MovingPicture(1280, 720)
    count = round(seconds * 30)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=30, options={"preset": "veryfast", "crf": "18"})
        stream.width, stream.height, stream.pix_fmt = 1280, 720, "yuv420p"
        for index in range(count):
            frame = av.VideoFrame.from_ndarray(picture.draw(index), format="bgr24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return count


def seconds_of_ffmpeg(clip: Path, target: Path) -> float:
    """How long ffmpeg takes for the same with a filter instead of labels."""
    ours = software_encoder(Quality.BALANCED, 30.0).options
    encoder = ["-c:v", "libx264", "-preset", ours["preset"], "-crf", ours["crf"]]
    command = ["ffmpeg", "-v", "error", "-y", "-i", str(clip), "-vf", _TEXT, *encoder, str(target)]
    begun = time.perf_counter()
    subprocess.run(command, check=True)
    return time.perf_counter() - begun


def main(seconds: float) -> None:
    """Measure both, alternately, twice, and print the better time of each."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        clip = folder / "clip.mp4"
        count = make_clip(clip, seconds)
        plain = min(seconds_of_ffmpeg(clip, folder / "plain.mp4") for _ in range(2))
        print(f"{count} frames of 1280x720; ffmpeg alone: {plain:.1f} s, {count / plain:.0f} fps")
        for threads, effort in ((1, Effort.FULL), (1, Effort.BALANCED), (2, Effort.BALANCED)):
            models = ModelSettings(threads=threads)
            settings = Settings(models=models, labeling=LabelingSettings(effort=effort))
            options = AnnotateOptions(recording=RecordingOptions(overwrite=True), index=False, settings=settings)
            loaded = load_models(models)
            times = []
            for _ in range(2):
                begun = time.perf_counter()
                Annotation(NamedSource.of_path(clip), Targets(video=folder / "out.mp4"), options).run(loaded)
                times.append(time.perf_counter() - begun)
            best = min(times)
            print(
                f"annotate, {threads} thread(s), {effort.value} effort, {loaded.labeler.name}: "
                f"{best:.1f} s, {count / best:.0f} fps, {best / plain:.2f} times ffmpeg"
            )
            if effort is Effort.FULL:
                for cost in stage_costs(loaded):
                    print(f"    {cost.stage:34} {cost.milliseconds:6.2f} ms a frame")
            loaded.close()


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 20.0)
