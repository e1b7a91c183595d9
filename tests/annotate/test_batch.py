"""Many inputs in one call."""

import json
import os
import shutil
import subprocess
import sys
import time
import unicodedata
from pathlib import Path
from typing import Any

import pytest

from tests.annotate.test_annotate import run as run_command
from tests.clips import moving_square, times_of, write_clip
from video_labeler.annotate import batch, work
from video_labeler.annotate.annotation import AnnotateOptions, Annotation, Progress
from video_labeler.annotate.targets import Export, Wanted, plan_jobs, targets_for
from video_labeler.archive.made_from import ResultNotes, mark_of
from video_labeler.sources.naming import NamedSource


def run(*words: object, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """One after the other, which costs less; ``test_side_by_side`` tries that it makes no difference."""
    return run_command(*words, *(("--jobs", "1") if words[0] == "annotate" else ()), cwd=cwd)


@pytest.fixture
def inputs(tmp_path: Path) -> Path:
    """A folder of videos with a folder in it, a damaged one, and things that are no videos."""
    folder = tmp_path / "in"
    (folder / "deep er").mkdir(parents=True)
    write_clip(folder / "one.mp4", moving_square(6))
    write_clip(folder / "deep er" / "two.mkv", moving_square(8))
    (folder / "bad.mp4").write_bytes(b"\0no video")
    (folder / "notes.txt").write_text("no video either")
    return folder


def test_a_folder_is_mirrored_and_failures_are_reported_at_the_end(inputs: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = run_command("annotate", inputs, "-o", out, "--export", "jsonl", "--json")
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
    otherwise = run("annotate", inputs, "-o", out, "--end", "0.2", "--quality", "fast")
    assert otherwise.returncode == 1
    assert "other options: --end none instead of 0.2, --quality balanced instead of fast." in otherwise.stderr
    assert (out / "one.mp4").stat().st_mtime_ns == made
    run("annotate", inputs, "-o", out, "--overwrite")
    assert (out / "one.mp4").stat().st_mtime_ns != made


def test_several_files_go_into_one_folder(inputs: Path, tmp_path: Path) -> None:
    out = tmp_path / "new" / "out"
    done = run("annotate", inputs / "one.mp4", inputs / "deep er" / "two.mkv", "-o", out, "--format", "mkv")
    assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in out.glob("*.mkv")) == ["one.mkv", "two.mkv"]
    assert "--export" in run("annotate", inputs, "--labels", tmp_path / "x.jsonl").stderr


def test_what_a_list_names_is_done_one_after_the_other(inputs: Path, tmp_path: Path) -> None:
    (inputs / "list.m3u").write_text("#EXTM3U\none.mp4\ngone.mp4\ndeep er/two.mkv\n")
    done = run("annotate", inputs / "list.m3u", "-o", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    assert done.stderr == "Note: 1 of the 3 files that list.m3u names cannot be found.\n"
    assert sorted(path.name for path in (tmp_path / "out").glob("*.mp4")) == ["one.mp4", "two.mp4"]
    (inputs / "list.m3u").write_text("gone.mp4\n")
    failed = run("annotate", inputs / "list.m3u", "-o", tmp_path / "out")
    assert (failed.returncode, failed.stderr) == (1, "Error: None of the files that list.m3u names can be found.\n")


def test_equal_names_are_kept_apart(tmp_path: Path) -> None:
    for name in ("a.mp4", "a.mov", "b.mp4"):
        (tmp_path / name).write_bytes(b"\0")
    jobs = plan_jobs([str(tmp_path)], tmp_path / "out")
    assert [job.stem.name for job in jobs] == ["a-mov", "a-mp4", "b"]
    same = plan_jobs([str(tmp_path / "b.mp4")] * 2, tmp_path / "out")
    assert len(same) == 1


def test_results_below_the_input_are_not_inputs(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_bytes(b"\0")
    out = tmp_path / "out"
    out.mkdir()
    (out / "a.mp4").write_bytes(b"\0")
    (tmp_path / "b.partial.mp4").touch()
    assert [job.source.short for job in plan_jobs([str(tmp_path)], out)] == ["a.mp4"]


def test_a_folder_without_videos_and_a_missing_one_are_reported(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for path in (tmp_path / "empty", tmp_path / "none"):
        (job,) = plan_jobs([str(path)], tmp_path / "out")
        assert path.name in job.problem


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


def outcomes_of(done: subprocess.CompletedProcess[str]) -> dict[str, str]:
    return {item["source"]: item["outcome"] for item in json.loads(done.stdout)}


@pytest.fixture
def twins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two folders with a video of the same name in each, equal byte for byte."""
    monkeypatch.chdir(tmp_path)
    write_clip(tmp_path / "clip.mp4", moving_square(3))
    for day in ("mon", "tue"):
        (tmp_path / day).mkdir()
        shutil.copy("clip.mp4", f"{day}/clip.mp4")
    return tmp_path


def test_two_folders_with_equal_names_give_two_results_each_once(twins: Path) -> None:
    for words in (("mon", "tue"), ("mon/clip.mp4", "tue/clip.mp4")):
        out = f"out of {len(words[0])}"
        for overwrite in ((), ("--overwrite",)):
            done = run("annotate", *words, "-o", out, "--json", *overwrite)
            assert done.returncode == 0, done.stderr
            assert set(outcomes_of(done).values()) == {"done"}
            assert len({item["video"] for item in json.loads(done.stdout)}) == 2
        again = run("annotate", *words, "-o", out, "--json", "--no-index")
        assert set(outcomes_of(again).values()) == {"skipped"}
        assert len(list(Path(out).rglob("*.mp4"))) == 2


def test_what_another_input_has_made_is_neither_done_nor_replaced(twins: Path) -> None:
    assert run("annotate", "mon", "-o", "out", "--no-index").returncode == 0
    before = (twins / "out" / "clip.mp4").read_bytes()
    done = run("annotate", "tue", "-o", "out", "--json")
    assert done.returncode == 1
    assert outcomes_of(done) == {"tue/clip.mp4": "failed"}
    assert "mon/clip.mp4" in done.stderr
    assert (twins / "out" / "clip.mp4").read_bytes() == before


def test_what_nothing_is_known_of_is_kept(twins: Path) -> None:
    (twins / "out").mkdir()
    (twins / "out" / "clip.mp4").write_bytes(b"precious")
    done = run("annotate", "mon", "-o", "out")
    assert done.returncode == 1
    assert "--overwrite" in done.stderr
    assert (twins / "out" / "clip.mp4").read_bytes() == b"precious"


def test_what_was_made_singly_counts_by_the_index(twins: Path) -> None:
    (twins / "out").mkdir()
    assert run("annotate", "mon/clip.mp4", "-o", "out/clip.mp4").returncode == 0
    assert outcomes_of(run("annotate", "mon", "-o", "out", "--json")) == {"mon/clip.mp4": "skipped"}


def test_done_is_done_with_segments_after_a_move_and_what_is_missing_is_made(twins: Path) -> None:
    assert run("annotate", "mon", "-o", "out", "--segment", "1s").returncode == 0
    again = run("annotate", "mon", "-o", "out", "--segment", "1s", "--json")
    assert outcomes_of(again) == {"mon/clip.mp4": "skipped"}
    moved = twins / "elsewhere"
    moved.mkdir()
    for name in ("mon", "out"):
        (twins / name).rename(moved / name)
    more = run("annotate", moved / "mon", "-o", moved / "out", "--segment", "1s", "--export", "csv", "--json")
    assert more.returncode == 0, more.stderr
    assert sorted(path.name for path in (moved / "out").glob("clip*")) == ["clip-001.mp4", "clip.csv"]
    assert json.loads(more.stdout)[0]["outcome"] == "done"
    assert "skipped" in run("annotate", moved / "mon", "-o", moved / "out", "--segment", "1s", "--json").stdout


def test_what_was_interrupted_is_not_done(twins: Path) -> None:
    """As a crash leaves it: begun, with a segment in place, and never completed."""
    out = twins / "out"
    out.mkdir()
    source = NamedSource.of_path(twins / "mon" / "clip.mp4")
    ResultNotes(out).begin([out / "clip.mp4"], mark_of(source), segmented=out / "clip.mp4")
    (out / "clip-001.mp4").write_bytes(b"half")
    assert outcomes_of(run("annotate", "mon", "-o", "out", "--segment", "1s", "--json")) == {"mon/clip.mp4": "done"}
    assert len(times_of(out / "clip-001.mp4")) == 3


@pytest.mark.parametrize(
    ("names", "stems"),
    [
        (["clip.mp4", "clip.mkv", "clip-mp4.mov"], {"clip-mp4", "clip-mkv", "clip-mp4-mov"}),
        (["Clip.mp4", "clip.mp4"], {"Clip", "clip-2"}),
        (["caf\u00e9.mp4", "cafe\u0301.mp4"], {"caf\u00e9-2", "cafe\u0301"}),
        (["a.mp4", "a-2.mp4"], {"a", "a-2"}),
    ],
)
def test_names_that_some_system_takes_for_one_are_told_apart(names: list[str], stems: set[str], tmp_path: Path) -> None:
    for name in names:
        (tmp_path / name).write_bytes(b"\0")
    jobs = plan_jobs([str(tmp_path)], tmp_path / "out")
    folded = [unicodedata.normalize("NFC", job.stem.name).casefold() for job in jobs]
    assert len(set(folded)) == len(names)
    if "a.mp4" in names or "clip.mkv" in names:
        assert {job.stem.name for job in jobs} == stems


def test_the_same_file_by_several_names_is_done_once(tmp_path: Path) -> None:
    (tmp_path / "b.mp4").write_bytes(b"\0")
    (tmp_path / "a.mp4").symlink_to(tmp_path / "b.mp4")
    words = [str(tmp_path), f"{tmp_path}/./b.mp4", (tmp_path / "b.mp4").as_uri(), str(tmp_path / "a.mp4")]
    (job,) = plan_jobs(words, tmp_path / "out")
    assert job.stem == tmp_path / "out" / "b"


@pytest.mark.logs_error("Annotating .* failed")
def test_one_bad_input_fails_alone_whatever_it_raises(
    twins: Path, monkeypatch: pytest.MonkeyPatch, models_folder: Path
) -> None:
    def breaking(source: NamedSource, *others: Any) -> Annotation:
        if source.short == "clip.mp4" and "mon" in source.shown:
            raise RuntimeError("a fault of ours")
        return Annotation(source, *others)

    monkeypatch.setattr(work, "Annotation", breaking)
    os.mkfifo("pipe.mp4")
    jobs = plan_jobs(["mon", "none.mp4", "file://nas/x.mp4", "pipe.mp4", "tue"], Path("out"))
    targets = [(job, targets_for(job.stem, ".mp4", Wanted())) for job in jobs]
    ended: list[str] = []

    class Watch:
        def show(self, name: str, now: Progress) -> None:
            pass

        def end(self, name: str) -> None:
            ended.append(name)

    items = batch.annotate_in_turn(batch.Batch(targets, AnnotateOptions(), Path("out"), Watch())).items
    found = {item.job.source.shown: (item.outcome, item.error) for item in items}
    assert ended == list(found)
    assert found["tue/clip.mp4"][0] is batch.Outcome.DONE
    assert found["mon/clip.mp4"] == (
        batch.Outcome.FAILED, "Something unexpected went wrong (RuntimeError: a fault of ours)."
    )  # fmt: skip
    assert "none.mp4" in found["none.mp4"][1]
    assert "is a pipe" in found["pipe.mp4"][1]
    assert "computer nas" in found["file://nas/x.mp4"][1]


def test_results_are_never_written_over_inputs(twins: Path) -> None:
    before = (twins / "mon" / "clip.mp4").read_bytes()
    done = run("annotate", "mon", "tue/clip.mp4", "-o", "mon", "--overwrite")
    assert (twins / "mon" / "clip.mp4").read_bytes() == before
    assert done.returncode == 0, done.stderr
    alone = run("annotate", "mon", "-o", "mon", "--overwrite")
    assert (alone.returncode, "that is an input" in alone.stderr) == (1, True)
    assert (twins / "mon" / "clip.mp4").read_bytes() == before


@pytest.mark.skipif(sys.platform != "linux", reason="only here names are bytes")
def test_names_that_are_not_utf8_go_the_whole_way(tmp_path: Path) -> None:
    folder = os.fsencode(tmp_path) + b"/in"
    os.mkdir(folder)  # noqa: PTH102 - bytes
    path = Path(os.fsdecode(folder + b"/b\xe9.mp4"))
    write_clip(tmp_path / "a.mp4", moving_square(4))
    shutil.copy(tmp_path / "a.mp4", path)
    done = run("annotate", tmp_path / "in", "-o", tmp_path / "out", "--export", "jsonl,csv,vtt,srt,coco", "--report",
               "--threshold", "0.01", "--json")  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    (item,) = json.loads(done.stdout)
    assert Path(item["source"]) == path
    assert item["losses"] == []
    assert Path(item["video"]).exists()
    assert json.loads(Path(item["exports"]["coco"]).read_bytes())["videos"][0]["name"] == "b\\xe9.mp4"
    name = item["seen"][0]["name"]
    found = json.loads(run("find", name, tmp_path / "out", "--json").stdout)
    assert (found["gone"], Path(found["found"][0]["file"])) == ([], Path(item["video"]))
    assert b"b\\xe9.mp4" in run("find", name, tmp_path / "out").stdout.encode()


def test_a_long_name_is_shortened_and_one_that_is_asked_for_is_refused(tmp_path: Path) -> None:
    source = tmp_path / f"{'ü' * 125}.mp4"
    write_clip(source, moving_square(3))
    done = run("annotate", source, "-o", tmp_path / "out", "--report", "--export", "coco", "--segment", "1s")
    assert done.returncode == 1
    assert "must end in" in done.stderr or "too long" in done.stderr
    out = tmp_path / "out"
    out.mkdir()
    done = run("annotate", source, "-o", out, "--report", "--export", "coco", "--segment", "1s")
    assert done.returncode == 0, done.stderr
    long = run("annotate", source, "-o", tmp_path / f"{'x' * 248}.mp4")
    assert (long.returncode, "too long" in long.stderr) == (1, True)


def test_a_list_of_ones_own_is_annotated_and_its_bad_lines_fail_alone(inputs: Path, tmp_path: Path) -> None:
    (inputs / "list.txt").write_text("# two of three\none.mp4\n\ngone.mp4\ndeep er/two.mkv\n")
    done = run("annotate", f"@{inputs}/list.txt", "-o", tmp_path / "out", "--json")
    assert done.returncode == 1
    assert done.stderr == f"Error: {inputs}/list.txt, line 4: There is no file or folder gone.mp4. Check its name.\n"
    assert [item["outcome"] for item in json.loads(done.stdout)] == ["done", "done", "failed"]
    assert sorted(path.name for path in (tmp_path / "out").glob("*.mp4")) == ["one.mp4", "two.mp4"]
