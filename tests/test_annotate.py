"""File in, annotated file out: through the real command, on real files, with the models that ship."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import av
import numpy as np
import pytest

from tests.clips import moving_square, times_of, write_clip
from video_labeler.annotate import AnnotateRequest, Progress, annotate
from video_labeler.errors import OutputError, SourceError
from video_labeler.opencv import cv2
from video_labeler.settings import ModelSettings, Settings

BUILT_IN = Settings(models=ModelSettings(model="builtin", localizer="builtin"))


def run(*arguments: object, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """The command line in a process of its own, with the built-in models."""
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
    result = annotate(AnnotateRequest(str(clip), video, labels, settings=BUILT_IN), seen.append)
    assert (result.frames, result.dropped, result.losses, result.stopped) == (40, 0, None, False)
    first = times_of(clip)[0]
    expected = [time_s - first for time_s in times_of(clip)]
    assert times_of(video) == pytest.approx(expected, abs=2 / 90_000)
    lines = [json.loads(line) for line in labels.read_text().splitlines()]
    assert [line["frame"] for line in lines] == list(range(40))
    assert [line["time_s"] for line in lines] == pytest.approx(expected, abs=1e-4)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.jsonl", "out.mp4"]


def test_an_end_stops_before_it(clip: Path, tmp_path: Path) -> None:
    video = tmp_path / "out.mkv"
    result = annotate(AnnotateRequest(str(clip), video, end_s=0.5, settings=BUILT_IN))
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
    assert summary["losses"]
    assert summary["losses"] in finished.stderr
    assert len(times_of(tmp_path / "out.mp4")) == summary["frames"]


def test_pictures_of_a_folder_become_a_video(tmp_path: Path) -> None:
    folder = tmp_path / "pictures"
    folder.mkdir()
    for index, image in enumerate(moving_square(3)):
        cv2.imwrite(str(folder / f"picture {index}.png"), image)
    result = annotate(AnnotateRequest(str(folder), tmp_path / "out.mp4", settings=BUILT_IN))
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
            annotate(AnnotateRequest(source, out / "out.mp4", out / "out.jsonl", settings=BUILT_IN))
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
        annotate(AnnotateRequest(str(clip), target, settings=BUILT_IN))
    with pytest.raises(OutputError, match="is the input"):
        annotate(AnnotateRequest(str(clip), clip, settings=BUILT_IN, overwrite=True))
    with pytest.raises(OutputError, match="cannot both be"):
        annotate(AnnotateRequest(str(clip), tmp_path / "a.mp4", tmp_path / "a.mp4", settings=BUILT_IN))
    assert target.read_bytes() == b"mine"
    annotate(AnnotateRequest(str(clip), target, settings=BUILT_IN, overwrite=True, end_s=0.2))
    assert len(times_of(target)) >= 4


def test_a_failed_write_is_told_and_names_what_was_done(clip: Path, tmp_path: Path) -> None:
    labels = tmp_path / "out.jsonl"
    (tmp_path / "out.partial.jsonl").mkdir()
    with pytest.raises(OutputError, match="Cannot write") as caught:
        annotate(AnnotateRequest(str(clip), tmp_path / "out.mp4", labels, settings=BUILT_IN))
    assert not (tmp_path / "out.mp4").exists()
    assert any("partial" in note for note in caught.value.__notes__)


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_keeps_what_is_done(tmp_path: Path, stop: signal.Signals) -> None:
    video, labels = tmp_path / "out.mp4", tmp_path / "out.jsonl"
    command = [sys.executable, "-m", "video_labeler", "annotate", "synthetic:320x240@30", "-o", video]
    child = subprocess.Popen([*map(str, command), "--labels", str(labels)], stderr=subprocess.PIPE, text=True)
    partial = tmp_path / "out.partial.jsonl"
    deadline = time.monotonic() + 60
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
    annotate(AnnotateRequest(source, tmp_path / "b.mp4", tmp_path / "b.jsonl", end_s=3, settings=settings))
    lines = [json.loads(line) for line in (tmp_path / "b.jsonl").read_text().splitlines()]
    for line in lines:
        bottles = [item for item in line["objects"] if "Bottle" in {label["name"] for label in item["labels"]}]
        assert len(bottles) == 3, line["frame"]
        assert all("ottle" in item["labels"][0]["name"] for item in bottles), "the specific word leads"
    assert {item["track"] for line in lines for item in line["objects"]} == {1, 2, 3}
    (first,) = (item for item in lines[0]["objects"] if item["box"][0] > 250 and item["box"][2] < 400)
    assert first["box"] == pytest.approx([285, 106, 355, 323], abs=6)
