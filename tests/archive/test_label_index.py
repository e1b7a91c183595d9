"""The index beside the videos: complete, replaced in one piece, and never in the way."""

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.movie.streams import BOTTLE, CONTAINER, MUG, feed, moment, thing
from video_labeler.archive import index_file
from video_labeler.archive.index_file import INDEX_NAME
from video_labeler.archive.label_index import IndexedFile, LabelIndex
from video_labeler.frames import Label, LabeledFrame


def frames(*labels: Label, count: int = 20) -> list[LabeledFrame]:
    """Two seconds with one object of these labels."""
    return [moment(index, index / 10, thing(*labels)) for index in range(count)]


def note(file: Path, *labels: Label, completed: bool = True) -> LabelIndex:
    sink = LabelIndex(file.parent, "in/clip.mp4", "a model")
    feed(sink, frames(*labels), completed=completed)
    sink.update([IndexedFile(file)])
    return sink


def noted(folder: Path) -> list[tuple[object, ...]]:
    with sqlite3.connect(folder / INDEX_NAME) as database:
        query = "SELECT file, source, model, track, name, row, start_s, end_s FROM recordings JOIN stretches"
        rows = list(database.execute(f"{query} ON recording = recordings.id ORDER BY file"))
    database.close()
    return rows


def noted_files(folder: Path) -> list[Path]:
    return list(folder.glob(f"{INDEX_NAME}*"))


def test_what_was_seen_is_noted_with_its_file_source_and_model(tmp_path: Path) -> None:
    sink = note(tmp_path / "out.mp4", BOTTLE, CONTAINER)
    assert sink.problem is None
    assert noted(tmp_path) == [("out.mp4", "in/clip.mp4", "a model", 1, "Bottle", 321, 0.0, pytest.approx(2.0))]
    assert [path.name for path in tmp_path.iterdir()] == [INDEX_NAME]


def test_annotating_again_replaces_and_a_failure_changes_nothing(tmp_path: Path) -> None:
    note(tmp_path / "a.mp4", BOTTLE)
    note(tmp_path / "b.mp4", MUG)
    note(tmp_path / "a.mp4", MUG)
    assert [(row[0], row[4]) for row in noted(tmp_path)] == [("a.mp4", "Mug"), ("b.mp4", "Mug")]
    note(tmp_path / "a.mp4", BOTTLE, completed=False)
    assert [(row[0], row[4]) for row in noted(tmp_path)] == [("a.mp4", "Mug"), ("b.mp4", "Mug")]


def test_a_file_elsewhere_is_noted_with_its_whole_path(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    sink = LabelIndex(tmp_path / "out", "clip.mp4", "m")
    feed(sink, frames(MUG))
    sink.update([IndexedFile(tmp_path / "clip.mp4")])
    assert noted(tmp_path / "out")[0][0] == str(tmp_path / "clip.mp4")


def test_segments_are_noted_each_with_its_own_times(tmp_path: Path) -> None:
    sink = LabelIndex(tmp_path, "camera", "m")
    late = [moment(index, index / 10, thing(BOTTLE if index < 15 else MUG)) for index in range(30)]
    feed(sink, late)
    assert not noted_files(tmp_path), "nothing before the files are there"
    sink.update([IndexedFile(tmp_path / "a-001.mp4"), IndexedFile(tmp_path / "a-002.mp4", 1.0)])
    assert [(row[0], row[4], row[6], row[7]) for row in noted(tmp_path)] == [
        ("a-001.mp4", "Bottle", 0.0, 1.0),
        ("a-002.mp4", "Bottle", 0.0, pytest.approx(0.5)),
        ("a-002.mp4", "Mug", pytest.approx(0.5), pytest.approx(2.0)),
    ]
    sink.update([IndexedFile(tmp_path / "again.mp4")])
    assert len(noted(tmp_path)) == 3, "once only"


@pytest.mark.parametrize("damage", ["garbage", "truncated", "newer", "folder"])
def test_an_index_that_cannot_be_used_is_one_sentence_and_stops_nothing(tmp_path: Path, damage: str) -> None:
    index = tmp_path / INDEX_NAME
    if damage == "garbage":
        index.write_bytes(b"no database " * 500)
    elif damage == "folder":
        index.mkdir()
    else:
        for number in range(40):
            note(tmp_path / f"{number}.mp4", BOTTLE)
        if damage == "truncated":
            index.write_bytes(index.read_bytes()[:9000])
        else:
            with sqlite3.connect(index) as database:
                database.execute("PRAGMA user_version = 99")
            database.close()
    before = index.read_bytes() if index.is_file() else None
    sink = note(tmp_path / "out.mp4", MUG)
    assert sink.problem is not None
    assert str(index) in sink.problem
    assert sink.problem.endswith(".")
    assert "\n" not in sink.problem
    assert before is None or index.read_bytes() == before


def test_a_locked_index_is_waited_for_and_then_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index_file, "_LOCK_TIMEOUT_S", 0.2)
    note(tmp_path / "a.mp4", BOTTLE)
    database = sqlite3.connect(tmp_path / INDEX_NAME, isolation_level=None)
    database.execute("BEGIN EXCLUSIVE")
    assert "in use" in (note(tmp_path / "b.mp4", MUG).problem or "")
    database.execute("ROLLBACK")
    database.close()
    assert note(tmp_path / "b.mp4", MUG).problem is None


def test_a_folder_that_is_gone_and_a_strange_name_stop_nothing(tmp_path: Path) -> None:
    assert note(tmp_path / "gone" / "a.mp4", BOTTLE).problem
    assert note(tmp_path / "a\udcff.mp4", BOTTLE).problem is None


def test_several_processes_write_at_the_same_time(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from tests.archive.test_label_index import note, BOTTLE\n"
        "for n in range(15):\n"
        "    problem = note(Path(sys.argv[1]) / f'{sys.argv[2]}-{n}.mp4', BOTTLE).problem\n"
        "    assert problem is None, problem\n"
    )
    running = [subprocess.Popen([sys.executable, "-c", program, str(tmp_path), str(who)]) for who in range(3)]
    assert [child.wait(timeout=100) for child in running] == [0, 0, 0]
    assert len({row[0] for row in noted(tmp_path)}) == 45
