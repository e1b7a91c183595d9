"""What a folder of results remembers of its inputs: one set of options, and what failed."""

import errno
import json
import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.annotate.test_annotate import BUILT_IN, run
from tests.clips import moving_square, write_clip
from video_labeler.annotate import manifest, work
from video_labeler.annotate.annotation import AnnotateOptions, Progress
from video_labeler.annotate.batch import Batch, BatchResult, plan
from video_labeler.annotate.manifest import InputStamp, Manifest
from video_labeler.annotate.side_by_side import annotate_all
from video_labeler.annotate.targets import MANIFEST_NAME, Export, Wanted, plan_jobs, targets_for
from video_labeler.archive.made_from import InputMark, mark_of
from video_labeler.errors import OutputError
from video_labeler.movie.recording_options import RecordingOptions
from video_labeler.settings import LabelingSettings, Settings
from video_labeler.sources.naming import NamedSource, named_source

OPTIONS = {"--top-k": "3", "--end": "none"}


class Watch:
    def show(self, name: str, now: Progress) -> None:
        pass

    def end(self, name: str) -> None:
        pass


@pytest.fixture
def inputs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with two videos and a damaged one in ``in``."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "in"
    folder.mkdir()
    write_clip(folder / "a.mp4", moving_square(4))
    shutil.copy(folder / "a.mp4", folder / "b.mp4")
    (folder / "bad.mp4").write_bytes(b"\0no video")
    return folder


def batch(*sources: str, overwrite: bool = False, retry_failed: bool = False, settings: Settings = BUILT_IN) -> Batch:
    """Only labels of the sources, into ``out``."""
    jobs = plan_jobs(sources or ("in",), Path("out"))
    wanted = Wanted(video=False, exports=frozenset({Export.CSV}))
    options = AnnotateOptions(recording=RecordingOptions(overwrite=overwrite), index=False, settings=settings)
    inputs = [(job, targets_for(job.stem, ".mp4", wanted)) for job in jobs]
    return Batch(inputs, options, Path("out"), Watch(), retry_failed=retry_failed)


def outcomes(result: BatchResult) -> dict[str, str]:
    return {item.job.source.short: item.outcome.value for item in result.items}


def rows(folder: Path | str = "out") -> list[dict[str, Any]]:
    return [json.loads(line) for line in Path(folder, MANIFEST_NAME).read_text().splitlines()]


def kinds(found: Sequence[dict[str, Any]]) -> list[str]:
    return [row["kind"] for row in found]


def test_the_same_command_goes_on_where_it_was_and_leaves_what_failed(inputs: Path) -> None:
    assert outcomes(plan(batch())) == {"a.mp4": "to do", "b.mp4": "to do", "bad.mp4": "to do"}
    assert not Path("out").exists()
    assert outcomes(annotate_all(batch(), 1)) == {"a.mp4": "done", "b.mp4": "done", "bad.mp4": "failed"}
    first = rows()
    assert kinds(first) == ["options", "done", "done", "failed"]
    assert (first[1]["relative"], first[1]["size"]) == ("../in/a.mp4", (inputs / "a.mp4").stat().st_size)
    assert (first[1]["results"], first[1]["frames"]) == (["a.csv"], 4)
    assert 0 < first[1]["seconds"] < 60
    assert "bad.mp4" in first[3]["error"]
    shutil.copy(inputs / "a.mp4", inputs / "new.mp4")
    again = annotate_all(batch(), 1)
    assert outcomes(again) == {"a.mp4": "skipped", "b.mp4": "skipped", "bad.mp4": "failed", "new.mp4": "done"}
    assert "add --retry-failed" in again.items[2].error
    assert kinds(rows()[4:]) == ["done"]
    retried = annotate_all(batch("in/bad.mp4", retry_failed=True), 1)
    assert "--retry-failed" not in retried.items[0].error
    shutil.copy(inputs / "a.mp4", inputs / "bad.mp4")
    assert outcomes(plan(batch()))["bad.mp4"] == "to do"
    assert outcomes(annotate_all(batch(), 1))["bad.mp4"] == "done"
    assert set(outcomes(plan(batch())).values()) == {"skipped"}


def test_other_options_are_refused_unless_its_results_may_be_replaced_or_are_gone(inputs: Path) -> None:
    annotate_all(batch("in/a.mp4"), 1)
    made = Path("out/a.csv").read_bytes()
    done = run("annotate", "in", "-o", "out", "--no-video", "--export", "csv", "--top-k", "1", "--model", "builtin",
               "--localizer", "builtin", "--jobs", "2")  # fmt: skip
    assert done.returncode == 1
    assert done.stderr == (
        "Error: out holds results that were made with other options: --top-k 3 instead of 1. "
        "Choose another folder, or add --overwrite to replace them.\n"
    )
    assert Path("out/a.csv").read_bytes() == made
    assert kinds(rows()) == ["options", "done"]
    one = Settings(models=BUILT_IN.models, labeling=LabelingSettings(top_k=1))
    assert outcomes(annotate_all(batch("in/bad.mp4", settings=one, overwrite=True), 1)) == {"bad.mp4": "failed"}
    assert [row["anew"] for row in rows() if row["kind"] == "options"] == [False, True]
    with pytest.raises(OutputError, match="--top-k 1 instead of 3"):
        plan(batch())
    Path("out/a.csv").unlink()
    assert outcomes(plan(batch("in/a.mp4"))) == {"a.mp4": "to do"}


def test_results_of_before_there_was_a_manifest_count(inputs: Path) -> None:
    annotate_all(batch("in/a.mp4"), 1)
    Path("out", MANIFEST_NAME).unlink()
    assert outcomes(annotate_all(batch("in/a.mp4"), 1)) == {"a.mp4": "skipped"}
    assert [(row["kind"], row.get("results"), row.get("seconds")) for row in rows()[1:]] == [("done", ["a.csv"], None)]
    annotate_all(batch("in/a.mp4"), 1)
    assert kinds(rows()) == ["options", "done"]


def test_what_stands_in_the_way_of_results_is_looked_at_each_time(inputs: Path) -> None:
    Path("out").mkdir()
    Path("out/a.csv").write_text("precious")
    assert outcomes(annotate_all(batch("in/a.mp4"), 1)) == {"a.mp4": "failed"}
    Path("out/a.csv").unlink()
    assert outcomes(annotate_all(batch("in/a.mp4"), 1)) == {"a.mp4": "done"}


def opened(folder: Path) -> Manifest:
    found = Manifest.open(folder)
    found.close()
    return found


def test_a_line_that_a_crash_left_unfinished_costs_only_itself(tmp_path: Path) -> None:
    stamp = InputStamp.of(NamedSource.of_path(tmp_path / "a.mp4"), tmp_path)
    for torn in ('{"mani', '{"manifest": 1, "kind": "done", "inp'):
        (tmp_path / MANIFEST_NAME).write_text(torn)
        found = Manifest.open(tmp_path)
        found.settle(OPTIONS, overwrite=False)
        found.failed(stamp, "It is rtsp://u:geheim@h/x.", 1.0, of_results=False)
        found.close()
        lines = (tmp_path / MANIFEST_NAME).read_bytes()
        (tmp_path / MANIFEST_NAME).write_bytes(lines + b'{"manifest": 1, "kind": "done", "input": "')
        assert b"geheim" not in lines
        assert opened(tmp_path).failed_before(stamp) == "It is rtsp://h/x."


def test_it_has_one_writer_and_is_nobody_elses_file(tmp_path: Path) -> None:
    path = tmp_path / MANIFEST_NAME
    first = Manifest.open(tmp_path)
    with pytest.raises(OutputError, match="Another annotate is writing"):
        Manifest.open(tmp_path)
    Manifest.look(tmp_path).close()
    first.close()
    for content, told in (
        (b'{"frame": 0, "time_s": 0.0}\n', "is not a manifest"),
        (b'{"manifest": 2, "kind": "done"}\n', "newer version"),
    ):
        path.write_bytes(content)
        for way in (Manifest.open, Manifest.look):
            with pytest.raises(OutputError, match=told):
                way(tmp_path)
        assert path.read_bytes() == content
    path.unlink()
    path.mkdir()
    Manifest.open(tmp_path).close()


@pytest.mark.skipif(os.name == "nt", reason="links of POSIX")
def test_it_is_not_written_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "precious").write_bytes(b"")
    (tmp_path / MANIFEST_NAME).symlink_to(tmp_path / "precious")
    with pytest.raises(OutputError, match="is a link"):
        Manifest.open(tmp_path)


def test_inputs_are_known_after_a_move_and_by_addresses_without_secrets(tmp_path: Path) -> None:
    (tmp_path / "was" / "out").mkdir(parents=True)
    (tmp_path / "was" / "a.mp4").write_bytes(b"\0")
    address = named_source("rtsp://admin:geheim@host/x?token=geheim")
    first = Manifest.open(tmp_path / "was" / "out")
    first.settle(OPTIONS, overwrite=False)
    for source in (NamedSource.of_path(tmp_path / "was" / "a.mp4"), address):
        first.failed(InputStamp.of(source, tmp_path / "was" / "out"), "damaged", 1.0, of_results=False)
    first.close()
    assert "geheim" not in (tmp_path / "was" / "out" / MANIFEST_NAME).read_text()
    (tmp_path / "was").rename(tmp_path / "is")
    moved = opened(tmp_path / "is" / "out")
    for source in (NamedSource.of_path(tmp_path / "is" / "a.mp4"), address):
        assert moved.failed_before(InputStamp.of(source, tmp_path / "is" / "out")) == "damaged"


def test_rows_that_the_program_cannot_have_written_are_passed_over(tmp_path: Path) -> None:
    good = {"manifest": 1, "kind": "failed", "input": "/a", "relative": "a", "size": 1, "mtime_ns": 2, "error": "x"}
    good["of_results"] = False
    bad = [{**good, "input": 3}, {**good, "size": "1"}, {**good, "kind": []}, [good], {**good, "error": None}]
    bad += [{"manifest": 1, "kind": "options", "anew": True, "with": {"--top-k": 3}}]
    lines = [json.dumps(row) for row in [good, *bad]]
    (tmp_path / MANIFEST_NAME).write_text("\n".join([*lines, "[" * 100_000, "\0"]))
    assert opened(tmp_path).failed_before(InputStamp("/a", "a", 1, 2)) == "x"
    assert opened(tmp_path).failed_before(InputStamp("/a", "a", 1, 3)) is None


def test_no_labels_get_its_name(tmp_path: Path) -> None:
    (tmp_path / "annotate.manifest.mp4").write_bytes(b"\0")
    (job,) = plan_jobs([str(tmp_path)], tmp_path / "out")
    assert job.stem.name == "annotate.manifest-2"


def test_going_on_does_not_read_inputs_again(inputs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    annotate_all(batch("in/a.mp4", "in/b.mp4"), 1)
    read: list[str] = []

    def reading(source: NamedSource) -> InputMark:
        read.append(source.short)
        return mark_of(source)

    monkeypatch.setattr(work, "mark_of", reading)
    os.utime(inputs / "b.mp4")
    assert set(outcomes(plan(batch("in/a.mp4", "in/b.mp4"))).values()) == {"skipped"}
    assert read == ["b.mp4"]
    shutil.copy(inputs / "bad.mp4", inputs / "b.mp4")
    (changed,) = plan(batch("in/b.mp4")).items
    assert "was made from what this input was before it changed" in changed.error


def test_a_manifest_that_cannot_be_written_is_told_and_nothing_else_fails(
    inputs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int, lines: Sequence[str], *, sync: bool) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(manifest, "append_lines", full)
    result = annotate_all(batch("in/a.mp4", "in/bad.mp4"), 1)
    assert outcomes(result) == {"a.mp4": "done", "bad.mp4": "failed"}
    assert result.problem == f"{Path('out', MANIFEST_NAME)} was not written: {os.strerror(errno.ENOSPC)}."
    assert Path("out/a.csv").exists()
