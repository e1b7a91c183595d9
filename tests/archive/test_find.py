"""Which files and seconds show a label: through the real command."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.movie.streams import feed, moment, thing
from video_labeler.archive.index_file import INDEX_NAME
from video_labeler.archive.label_index import IndexedFile, LabelIndex
from video_labeler.archive.search import clock_time, search
from video_labeler.assets import asset
from video_labeler.frames import Label, LabeledFrame, LabeledObject
from video_labeler.labeling.hierarchy import LabelHierarchy

HIERARCHY = LabelHierarchy.load(asset("label_hierarchy.csv"))


def label(name: str) -> Label:
    """The shipped label of that name."""
    row = HIERARCHY.names.index(name)
    return Label(row, f"/m/{row}", name)


def find(*arguments: object, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    program = (
        "import sys; from video_labeler.commands.find import command; sys.exit(command.main(standalone_mode=False))"
    )
    command = [sys.executable, "-c", program, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, cwd=cwd, check=False)


def found(*arguments: object, cwd: Path) -> dict[str, Any]:
    finished = find(*arguments, "--json", cwd=cwd)
    content: dict[str, Any] = json.loads(finished.stdout)
    return content


def note(file: Path, shown: list[tuple[LabeledObject, ...]], rate: float = 1.0) -> None:
    """A file that exists, and its entry in the index beside it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch()
    frames: list[LabeledFrame] = [moment(index, index / rate, *items) for index, items in enumerate(shown)]
    sink = LabelIndex(file.parent, "source.mp4", "mobile_object_labeler_v1")
    feed(sink, frames)
    sink.update([IndexedFile(file)])
    assert sink.problem is None


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two folders with an index each: three water bottles on a shelf, a wine bottle with a mug, a stranger's model."""
    water, wine, mug = label("Water bottle"), label("Wine bottle"), label("Mug")
    bottles = tuple(thing(water, track=track, confidence=0.9 + track / 100) for track in (1, 2, 3))
    note(tmp_path / "clips" / "shelf.mp4", [bottles] * 39)
    note(tmp_path / "clips" / "table.mp4", [()] * 3 + [(thing(wine, confidence=0.5), thing(mug, track=2))] * 4)
    note(tmp_path / "other" / "robot.mkv", [(thing(Label(0, "", "R2 unit"), Label(1, "", "Droid")),)] * 5)
    return tmp_path


def test_a_broader_label_finds_narrower_ones(folder: Path) -> None:
    finished = find("BOTTLE", cwd=folder)
    assert finished.returncode == 0
    assert finished.stdout.splitlines() == [
        "clips/shelf.mp4  0:00-0:39  Water bottle 93 % (3 objects)",
        "clips/table.mp4  0:03-0:07  Wine bottle 50 %",
    ]
    assert finished.stderr == ""
    assert {item["name"] for item in found("container", cwd=folder)["found"]} >= {"Water bottle", "Wine bottle"}
    assert [item["name"] for item in found("wine  Bottle", cwd=folder)["found"]] == ["Wine bottle"]


def test_labels_of_another_model_are_found_by_their_own_broader_labels(folder: Path) -> None:
    for word in ("r2 unit", "droid"):
        (item,) = found(word, cwd=folder)["found"]
        assert (item["file"], item["name"], item["start_s"], item["end_s"]) == ("other/robot.mkv", "R2 unit", 0, 5)


def test_a_row_of_another_model_does_not_mean_the_shipped_label(tmp_path: Path) -> None:
    bottle = label("Bottle")
    note(tmp_path / "a.mp4", [(thing(Label(bottle.row, "", "Elephant seal")),)] * 3)
    assert find("bottle", tmp_path).returncode == 1
    assert find("elephant seal", tmp_path).returncode == 0


def test_options(folder: Path) -> None:
    assert [item["file"] for item in found("bottle", "--min-confidence", "0.8", cwd=folder)["found"]] == [
        "clips/shelf.mp4"
    ]
    limited = find("bottle", "--limit", 1, cwd=folder)
    assert len(limited.stdout.splitlines()) == 1
    assert "1 more" in limited.stderr
    summary = found("bottle", folder / "clips", "--limit", 1, cwd=folder)
    assert (len(summary["found"]), summary["found_in_all"], summary["searched"]) == (1, 2, 2)
    assert summary["found"][0]["objects"] == 3


def test_a_moved_folder_is_still_found_and_a_lost_file_is_left_out(folder: Path) -> None:
    (folder / "clips").rename(folder / "moved")
    (folder / "moved" / "shelf.mp4").unlink()
    finished = find("bottle", folder)
    assert finished.stdout.splitlines() == [f"{folder}/moved/table.mp4  0:03-0:07  Wine bottle 50 %"]
    assert "shelf.mp4 no longer exists" in finished.stderr


def test_nothing_found_is_a_sentence_and_exit_code_1(folder: Path, tmp_path: Path) -> None:
    nothing = find("Violin", folder)
    assert (nothing.returncode, nothing.stdout) == (1, "")
    assert nothing.stderr == f"Nothing shows 'Violin' in the 3 annotated files of {folder}.\n"
    unknown = find("bottel", folder)
    assert unknown.returncode == 1
    assert unknown.stderr.startswith("No label is called 'bottel'. Did you mean Bottle")
    assert "Wine bottle" in find("wine", folder).stderr
    assert "droid" in find("droids", folder).stderr.casefold()
    empty = tmp_path / "empty"
    empty.mkdir()
    assert "nothing to search" in find("bottle", empty).stderr
    assert find("bottle", tmp_path / "missing").returncode != 0


def test_a_damaged_index_is_reported_and_the_others_are_searched(folder: Path) -> None:
    (folder / "other" / INDEX_NAME).write_bytes(b"x" * 5000)
    finished = find("bottle", folder)
    assert finished.returncode == 0
    assert len(finished.stdout.splitlines()) == 2
    assert "is damaged" in finished.stderr
    assert len(finished.stderr.splitlines()) == 1


def test_a_folder_that_may_not_be_written_to_is_searched(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def may_read_only(_path: Path, mode: int) -> bool:
        return mode == os.R_OK

    monkeypatch.setattr(os, "access", may_read_only)
    assert len(search("bottle", folder, HIERARCHY).findings) == 2


def test_showings_a_second_apart_are_one(tmp_path: Path) -> None:
    mug = (thing(label("Mug")),)
    note(tmp_path / "a.mp4", [mug] * 10 + [()] * 9 + [mug] * 10 + [()] * 30 + [mug] * 10, rate=10)
    times = [(item.start_s, item.end_s) for item in search("mug", tmp_path, HIERARCHY).findings]
    assert times == [(0, pytest.approx(2.9)), (pytest.approx(5.9), pytest.approx(6.9))]


def test_times_are_as_people_write_them() -> None:
    assert [clock_time(seconds) for seconds in (0, 39.9, 60, 3599, 3600, 36_061)] == [
        "0:00", "0:39", "1:00", "59:59", "1:00:00", "10:01:01",
    ]  # fmt: skip
