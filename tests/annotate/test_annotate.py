"""File in, annotated file out: through the real command, on real files, with the models that ship."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import av
import numpy as np
import psutil
import pytest

from tests.clips import moving_square, times_of, write_clip
from tests.models.tiny_tflite import mean_colour
from tests.processes import running
from video_labeler.annotate.annotation import AnnotateOptions, AnnotateResult, Annotation, Progress
from video_labeler.annotate.targets import Targets
from video_labeler.archive import label_index
from video_labeler.errors import OutputError, SourceError
from video_labeler.labeling.loading import load_models
from video_labeler.movie.recording_options import Quality, RecordingOptions
from video_labeler.opencv import cv2
from video_labeler.settings import ModelSettings, Settings
from video_labeler.sources.naming import NamedSource, named_source

BUILT_IN = Settings(models=ModelSettings(model="builtin", localizer="builtin"))
OVERWRITE = RecordingOptions(overwrite=True)


Request = tuple[NamedSource, Targets, AnnotateOptions]


def request(source: Path | str, video: Path | None = None, labels: Path | None = None, **rest: Any) -> Request:
    """What is to be annotated, with the basic models and no index, unless ``rest`` says otherwise."""
    options = AnnotateOptions(**{"settings": BUILT_IN, "index": False, **rest})
    return named_source(str(source)), Targets(video=video, jsonl=labels), options


def annotate(
    source: NamedSource,
    targets: Targets,
    options: AnnotateOptions,
    on_progress: Callable[[Progress], None] | None = None,
) -> AnnotateResult:
    """Check, load the models, and run, as the command does."""
    with (
        closing(Annotation(source, targets, options)) as annotation,
        closing(load_models(options.settings.models)) as models,
    ):
        return annotation.run(models, on_progress)


def run(*arguments: object, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """The command line in a process of its own, with the basic models."""
    command = [sys.executable, "-m", "video_labeler", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=100, cwd=cwd, check=False)


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Forty frames at uneven times."""
    times = [index / 25 + (0.01 if index % 3 == 0 else 0) for index in range(40)]
    return write_clip(tmp_path_factory.mktemp("clips") / "clip.mp4", moving_square(40), times)


def test_every_frame_is_annotated_at_its_time_and_has_its_line(clip: Path, tmp_path: Path) -> None:
    video, labels = tmp_path / "out.mp4", tmp_path / "out.jsonl"
    seen: list[Progress] = []
    result = annotate(*request(clip, video, labels), seen.append)
    assert (result.frames, result.dropped, result.losses, result.stopped) == (40, 0, (), False)
    first = times_of(clip)[0]
    expected = [time_s - first for time_s in times_of(clip)]
    assert times_of(video) == pytest.approx(expected, abs=2 / 90_000)
    lines = [json.loads(line) for line in labels.read_text().splitlines()]
    assert [line["frame"] for line in lines] == list(range(40))
    assert [line["time_s"] for line in lines] == pytest.approx(expected, abs=1e-4)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.jsonl", "out.mp4"]


def test_an_end_stops_before_it(clip: Path, tmp_path: Path) -> None:
    video = tmp_path / "out.mkv"
    result = annotate(*request(clip, video, end_s=0.5))
    assert 10 <= result.frames <= 14
    assert max(times_of(video)) < 0.5


def test_a_truncated_file_is_annotated_as_far_as_it_goes(tmp_path: Path) -> None:
    whole = write_clip(tmp_path / "whole.mkv", moving_square(120))
    cut = tmp_path / "cut.mkv"
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    finished = run("annotate", cut, "-o", tmp_path / "out.mp4", "--json")
    assert finished.returncode == 0
    summary = json.loads(finished.stdout)
    assert 20 < summary["frames"] < 120
    (loss,) = summary["losses"]
    assert loss in finished.stderr
    assert len(times_of(tmp_path / "out.mp4")) == summary["frames"]


def test_pictures_of_a_folder_become_a_video(tmp_path: Path) -> None:
    folder = tmp_path / "pictures"
    folder.mkdir()
    for index, image in enumerate(moving_square(3)):
        cv2.imwrite(str(folder / f"picture {index}.png"), image)
    result = annotate(*request(folder, tmp_path / "out.mp4"))
    assert result.frames == 3
    assert times_of(tmp_path / "out.mp4") == pytest.approx([0, 1, 2], abs=1e-4)


def bad_inputs(folder: Path) -> dict[str, str]:
    """Inputs that cannot be annotated, and a word that the sentence about each must hold."""
    (folder / "empty.mp4").touch()
    (folder / "text.mp4").write_text("this is no video\n" * 100)
    (folder / "noise.mp4").write_bytes(np.random.default_rng(0).bytes(50_000))
    (folder / "no pictures").mkdir()
    os.mkfifo(folder / "pipe.mp4")
    with av.open(str(folder / "sound.m4a"), "w") as container:
        stream = container.add_stream("aac", rate=48_000)
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 4800), dtype=np.float32), format="fltp", layout="mono")
        frame.rate = 48_000
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return {
        str(folder / "missing.mp4"): "no file",
        str(folder / "empty.mp4"): "empty",
        str(folder / "text.mp4"): "text.mp4",
        str(folder / "noise.mp4"): "noise.mp4",
        str(folder / "no pictures"): "no picture",
        str(folder / "pipe.mp4"): "pipe",
        str(folder / "sound.m4a"): "sound",
        "rtsp://127.0.0.1:9/none": "127.0.0.1",
        "gopher://example": "gopher",
    }


def test_bad_input_is_one_sentence_and_leaves_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    out = tmp_path / "out"
    out.mkdir()
    for source, word in bad_inputs(folder).items():
        with pytest.raises(SourceError) as caught:
            annotate(*request(source, out / "out.mp4", out / "out.jsonl"))
        assert word.casefold() in str(caught.value).casefold(), source
        assert "\n" not in str(caught.value)
        assert not list(out.iterdir()), source


def test_the_command_says_it_in_one_line_with_the_right_code(tmp_path: Path) -> None:
    missing = run("annotate", "missing.mp4", cwd=tmp_path)
    assert missing.returncode == 1
    assert missing.stderr.startswith("Error: ")
    assert len(missing.stderr.splitlines()) == 1
    assert missing.stdout == ""
    wrong = run("annotate", "missing.mp4", "--threshold", "7", cwd=tmp_path)
    assert wrong.returncode == 2
    assert "threshold" in wrong.stderr
    assert not list(tmp_path.iterdir())


def test_nothing_that_exists_is_overwritten_unasked(clip: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.mp4"
    target.write_bytes(b"mine")
    with pytest.raises(OutputError, match="exists already"):
        annotate(*request(clip, target))
    with pytest.raises(OutputError, match="is the input"):
        annotate(*request(clip, clip, recording=OVERWRITE))
    with pytest.raises(OutputError, match="cannot both be"):
        annotate(*request(clip, tmp_path / "a.mp4", tmp_path / "a.mp4"))
    assert target.read_bytes() == b"mine"
    annotate(*request(clip, target, recording=OVERWRITE, end_s=0.2))
    assert len(times_of(target)) >= 4


def test_a_failed_write_is_reported_and_names_what_was_done(tmp_path: Path) -> None:
    folder = tmp_path / "labels"
    folder.mkdir()
    labels = folder / "out.jsonl"

    def take_the_folder_away(_: Progress) -> None:
        if (folder / "out.partial.jsonl").exists():
            shutil.rmtree(folder, ignore_errors=True)

    # A live source takes its time, however fast the computer is, so that the progress is told before the end.
    with pytest.raises(OutputError, match=r"Cannot name|is not there any more") as caught:
        annotate(*request("synthetic:160x120@30", tmp_path / "out.mp4", labels, end_s=2), take_the_folder_away)
    assert not labels.exists()
    assert "Cannot name" in str(caught.value) or caught.value.__notes__


def test_sound_comes_along_untouched(tmp_path: Path, videos_folder: Path) -> None:
    source = videos_folder / "car-detection.mp4"
    annotate(*request(source, tmp_path / "out.mp4", end_s=4))

    def packets(path: Path) -> list[bytes]:
        with av.open(str(path)) as container:
            return [bytes(packet) for packet in container.demux(audio=0) if packet.size]

    kept, original = packets(tmp_path / "out.mp4"), packets(source)
    assert len(kept) > 100
    start = original.index(kept[0])
    assert kept == original[start : start + len(kept)]


def test_a_part_starts_at_its_start(clip: Path, tmp_path: Path) -> None:
    result = annotate(*request(clip, tmp_path / "out.mp4", tmp_path / "out.jsonl", start_s=0.8, end_s=1.2))
    assert 8 <= result.frames <= 12
    lines = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert lines[0]["frame"] == 0
    assert 0 <= lines[0]["time_s"] < 0.06
    late = run("annotate", clip, "--start", "1:30", "-o", tmp_path / "late.mp4")
    assert late.returncode == 2
    assert "after its end" in late.stderr
    assert not (tmp_path / "late.mp4").exists()


def test_every_export_comes_from_one_pass(clip: Path, tmp_path: Path) -> None:
    options = ["--export", "jsonl,csv", "--export", "vtt,srt,coco", "--report", "--subtitles", "--threshold", "0.05"]
    done = run("annotate", clip, "-o", tmp_path / "out.mp4", *options, "--json")
    assert done.returncode == 0, done.stderr
    names = {path.name for path in tmp_path.iterdir() if not path.name.startswith(".")}
    endings = (".mp4", ".jsonl", ".csv", ".vtt", ".srt", ".coco.json", ".report.html")
    assert names == {f"out{ending}" for ending in endings}
    summary = json.loads(done.stdout)
    assert set(summary["exports"]) == {"jsonl", "csv", "vtt", "srt", "coco"}
    assert len(json.loads((tmp_path / "out.coco.json").read_text())["images"]) == 40


def test_segments_are_found_by_their_own_times(clip: Path, tmp_path: Path) -> None:
    done = run(
        "annotate", clip, "-o", tmp_path / "out.mp4", "--segment", "1s", "--report", "--threshold", "0.02", "--json"
    )
    assert done.returncode == 0, done.stderr
    videos = [Path(path) for path in json.loads(done.stdout)["videos"]]
    assert [path.name for path in videos] == ["out-001.mp4", "out-002.mp4"]
    assert sum(len(times_of(path)) for path in videos) == 40
    index = sqlite3.connect(next(tmp_path.glob(".video-labeler*")))
    files = {row[0] for row in index.execute("select file from recordings")}
    index.close()
    assert files == {"out-001.mp4", "out-002.mp4"}


def test_the_summary_says_in_words_what_was_seen(clip: Path, tmp_path: Path) -> None:
    options = ("--threshold", "0.02", "--model", "builtin")
    done = run("annotate", clip, "-o", tmp_path / "out.mp4", "--summary", *options, "--export", "csv")
    assert f"Wrote {tmp_path / 'out.mp4'}" in done.stdout
    assert f"Wrote {tmp_path / 'out.csv'}" in done.stdout
    assert "40 frames, labelled by builtin. Seen:" in done.stdout
    assert " s, between 0.0 s and " in done.stdout
    silent = run("annotate", clip, "-o", tmp_path / "silent.mp4", "--summary", "--threshold", "1")
    assert "nothing that was certain enough" in silent.stdout
    assert run("annotate", clip, "-o", tmp_path / "quiet.mp4").stdout == ""


def test_labels_alone_need_no_video(clip: Path, tmp_path: Path) -> None:
    done = run("annotate", clip, "-o", tmp_path / "out.mp4", "--no-video", "--export", "jsonl", "--no-index")
    assert done.returncode == 0, done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["out.jsonl"]
    nothing = run("annotate", clip, "-o", tmp_path / "none.mp4", "--no-video")
    assert nothing.returncode == 2
    assert "Nothing would be written" in nothing.stderr


def test_without_burning_in_the_pixels_stay(clip: Path, tmp_path: Path) -> None:
    annotate(*request(clip, tmp_path / "out.mp4", recording=RecordingOptions(burn_in=False, quality=Quality.BALANCED)))
    with av.open(str(clip)) as first, av.open(str(tmp_path / "out.mp4")) as second:
        for before, after in zip(first.decode(video=0), second.decode(video=0), strict=True):
            difference = before.to_ndarray(format="bgr24").astype(int) - after.to_ndarray(format="bgr24")
            assert abs(difference).mean() < 4


def test_ctrl_c_while_the_index_is_waited_for_keeps_the_video(
    clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(label_index, "replace_recording", stop)
    result = annotate(*request(clip, tmp_path / "out.mp4", index=True, end_s=0.2))
    assert result.stopped
    assert result.losses[0].endswith("was not updated, because you stopped it.")
    assert len(times_of(tmp_path / "out.mp4")) == result.frames


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_keeps_what_is_done(tmp_path: Path, stop: signal.Signals) -> None:
    video, labels = tmp_path / "out.mp4", tmp_path / "out.jsonl"
    command = [sys.executable, "-m", "video_labeler", "annotate", "demo", "-o", video, "--no-index"]
    partial = tmp_path / "out.partial.jsonl"
    deadline = time.monotonic() + 60
    with running([*command, "--labels", labels]) as child:
        while not (partial.exists() and partial.stat().st_size > 0) and time.monotonic() < deadline:
            time.sleep(0.05)
        child.send_signal(stop)
        _, said = child.communicate(timeout=60)
    assert child.returncode == 1
    assert "Stopped early" in said
    assert "Traceback" not in said
    assert len(times_of(video)) == len(labels.read_text().splitlines()) > 0
    assert not list(tmp_path.glob("*.partial*"))


def test_the_published_models_name_the_bottles(models_folder: Path, videos_folder: Path, tmp_path: Path) -> None:
    settings = Settings(
        models=ModelSettings(
            model=str(models_folder / "mobile_object_labeler_v1.tflite"),
            localizer=str(models_folder / "mobile_object_localizer_v1.tflite"),
        )
    )
    source = str(videos_folder / "bottle-detection.mp4")
    annotate(*request(source, tmp_path / "b.mp4", tmp_path / "b.jsonl", end_s=3, settings=settings))
    lines = [json.loads(line) for line in (tmp_path / "b.jsonl").read_text().splitlines()]
    for line in lines:
        bottles = [item for item in line["objects"] if "Bottle" in {label["name"] for label in item["labels"]}]
        assert len(bottles) == 3, line["frame"]
        assert all("ottle" in item["labels"][0]["name"] for item in bottles), "the specific word leads"
    assert {item["track"] for line in lines for item in line["objects"]} == {1, 2, 3}
    (first,) = (item for item in lines[0]["objects"] if item["box"][0] > 250 and item["box"][2] < 400)
    assert first["box"] == pytest.approx([285, 106, 355, 323], abs=6)


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_the_second_ctrl_c_ends_whatever_hangs(tmp_path: Path) -> None:
    """A model's process hangs, so the first Ctrl-C waits for what was read to be labelled."""
    model, labels = tmp_path / "own.tflite", tmp_path / "labels.txt"
    model.write_bytes(mean_colour())
    labels.write_text("red\ngreen\nblue\n")
    video = tmp_path / "out.mp4"
    command = [
        sys.executable,
        "-m",
        "video_labeler",
        "annotate",
        "synthetic:320x240@30",
        "-o",
        str(video),
        "--no-index",
    ]
    command += ["--model", str(model), "--labels-file", str(labels)]
    with running(command) as child:
        deadline = time.monotonic() + 60
        while not list(tmp_path.glob("out.partial*")) and time.monotonic() < deadline:
            time.sleep(0.05)
        engines = [
            process for process in psutil.Process(child.pid).children() if "engine_child" in " ".join(process.cmdline())
        ]
        for engine in engines:
            engine.suspend()
        assert engines
        child.send_signal(signal.SIGINT)
        time.sleep(0.5)
        assert child.poll() is None
        child.send_signal(signal.SIGINT)
        _, said = child.communicate(timeout=15)
    assert child.returncode == 1
    assert not psutil.wait_procs(engines, timeout=40)[1], "none is left, although they were suspended"
    assert "Traceback" not in said
