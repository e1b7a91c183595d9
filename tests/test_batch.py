"""Many inputs in one call."""

import json
import os
import time
from pathlib import Path

import pytest

from tests.clips import moving_square, times_of, write_clip
from tests.test_annotate import run
from video_labeler.errors import SourceNotFoundError
from video_labeler.targets import Export, Wanted, plan_jobs, targets_for


@pytest.fixture
def inputs(tmp_path: Path) -> Path:
    """A folder of videos with a folder in it, a damaged one, and things that are no videos."""
    folder = tmp_path / "in"
    (folder / "deep er").mkdir(parents=True)
    write_clip(folder / "one.mp4", moving_square(6))
    write_clip(folder / "deep er" / "two.mkv", moving_square(8))
    (folder / "bad.mp4").write_text("no video")
    (folder / "notes.txt").write_text("no video either")
    return folder


def test_a_folder_is_mirrored_and_failures_are_told_at_the_end(inputs: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = run("annotate", inputs, "-o", out, "--export", "jsonl", "--json")
    assert done.returncode == 1
    assert len(times_of(out / "one.mp4")) == 6
    assert len(times_of(out / "deep er" / "two.mp4")) == 8
    assert (out / "deep er" / "two.jsonl").exists()
    outcomes = {Path(item["source"]).name: item["outcome"] for item in json.loads(done.stdout)}
    assert outcomes == {"one.mp4": "done", "two.mkv": "done", "bad.mp4": "failed"}
    assert len([line for line in done.stderr.splitlines() if line.startswith("Error: ")]) == 1
    assert "bad.mp4" in done.stderr
    assert not list(out.rglob("*.partial*"))


def test_what_is_done_is_skipped_unless_asked_to_overwrite(inputs: Path, tmp_path: Path) -> None:
    (inputs / "bad.mp4").unlink()
    out = tmp_path / "out"
    assert run("annotate", inputs, "-o", out).returncode == 0
    made = (out / "one.mp4").stat().st_mtime_ns
    (out / "deep er" / "two.mp4").unlink()
    time.sleep(0.02)
    again = run("annotate", inputs, "-o", out, "--json")
    assert {item["outcome"] for item in json.loads(again.stdout)} == {"skipped", "done"}
    assert (out / "one.mp4").stat().st_mtime_ns == made
    run("annotate", inputs, "-o", out, "--overwrite")
    assert (out / "one.mp4").stat().st_mtime_ns != made


def test_several_files_go_into_one_folder(inputs: Path, tmp_path: Path) -> None:
    out = tmp_path / "new" / "out"
    done = run("annotate", inputs / "one.mp4", inputs / "deep er" / "two.mkv", "-o", out, "--format", "mkv")
    assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in out.iterdir() if not path.name.startswith(".")) == ["one.mkv", "two.mkv"]
    assert "--export" in run("annotate", inputs, "--labels", tmp_path / "x.jsonl").stderr


def test_equal_names_are_kept_apart(tmp_path: Path) -> None:
    for name in ("a.mp4", "a.mov", "b.mp4"):
        (tmp_path / name).touch()
    jobs = plan_jobs([tmp_path], tmp_path / "out")
    assert [job.stem.name for job in jobs] == ["a-mov", "a-mp4", "b"]
    same = plan_jobs([tmp_path / "b.mp4", tmp_path / "b.mp4"], tmp_path / "out")
    assert len(same) == 1


def test_results_below_the_input_are_no_inputs(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").touch()
    out = tmp_path / "out"
    out.mkdir()
    (out / "a.mp4").touch()
    (tmp_path / "b.partial.mp4").touch()
    assert [job.source.name for job in plan_jobs([tmp_path], out)] == ["a.mp4"]


def test_a_folder_without_videos_and_a_missing_one_are_told(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for path in (tmp_path / "empty", tmp_path / "none"):
        with pytest.raises(SourceNotFoundError, match=path.name):
            plan_jobs([path], tmp_path / "out")


def test_an_output_folder_that_cannot_be_made_fails_each_file_with_a_sentence(inputs: Path, tmp_path: Path) -> None:
    blocked = tmp_path / "blocked"
    blocked.write_text("a file")
    done = run("annotate", inputs / "one.mp4", inputs / "deep er" / "two.mkv", "-o", blocked)
    assert done.returncode == 1
    assert done.stderr.count("Cannot write into") == 2
    assert blocked.read_text() == "a file"


def test_all_results_are_named_after_the_video() -> None:
    targets = targets_for(Path("out") / "clip.v2", ".mkv", Wanted(exports=frozenset(Export), report=True))
    assert [os.fspath(path.name) for path in targets.paths()] == [
        "clip.v2.mkv", "clip.v2.jsonl", "clip.v2.csv", "clip.v2.vtt", "clip.v2.srt", "clip.v2.coco.json",
        "clip.v2.report.html",
    ]  # fmt: skip
    assert targets_for(Path("x"), ".mp4", Wanted(video=False)).paths() == ()
