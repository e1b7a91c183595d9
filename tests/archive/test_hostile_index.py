"""An index that someone else has prepared harms nobody: neither who searches nor who annotates beside it."""

import os
import signal
import sqlite3
import struct
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.annotate.test_annotate import run
from tests.archive.test_find import HIERARCHY
from tests.archive.test_label_index import note
from tests.clips import moving_square, write_clip
from tests.movie.streams import BOTTLE, MUG
from tests.processes import running
from video_labeler.archive import index_file, index_guard
from video_labeler.archive.index_file import INDEX_NAME, Recording, reading, replace_recording
from video_labeler.archive.index_guard import APPLICATION_ID, IndexProblemError
from video_labeler.archive.search import search
from video_labeler.archive.stretches import TrackStretch

ENDLESS = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x"


def changed(index: Path, *statements: str) -> None:
    with closing(sqlite3.connect(index, isolation_level=None)) as database:
        for statement in statements:
            database.execute(statement)


def both(tmp_path: Path) -> tuple[Path, Path]:
    """The index of a folder to be spoilt, beside a whole one that a search must not lose."""
    for name in ("bad", "good"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.mp4").touch()
        assert note(tmp_path / name / "a.mp4", BOTTLE).problem is None
    return tmp_path / "bad" / INDEX_NAME, tmp_path / "good" / "a.mp4"


def check_fails_alone(tmp_path: Path, words: str) -> None:
    result = search("Bottle", tmp_path, HIERARCHY)
    assert [finding.file for finding in result.findings] == [tmp_path / "good" / "a.mp4"]
    assert len(result.problems) == 1
    assert str(tmp_path / "bad" / INDEX_NAME) in result.problems[0]
    assert words in result.problems[0]


@pytest.mark.parametrize(
    "statements",
    [
        ("ALTER TABLE stretches RENAME TO old", f"CREATE VIEW stretches AS {ENDLESS} AS row, 'x' AS name FROM n"),
        ("CREATE TRIGGER t AFTER DELETE ON recordings BEGIN DELETE FROM broader; END",),
        ("CREATE TABLE passwords (secret TEXT)",),
        ("DROP TABLE broader", "CREATE TABLE broader (stretch, row, name, confidence AS (abs(row)))"),
        ("CREATE INDEX slow ON stretches (abs(row))",),
        ("PRAGMA application_id = 1234",),
        ("PRAGMA journal_mode = WAL",),
    ],
)
def test_what_is_not_an_index_of_ours_is_neither_read_nor_written(tmp_path: Path, statements: tuple[str, ...]) -> None:
    index, _ = both(tmp_path)
    changed(index, *statements)
    before = index.read_bytes()
    check_fails_alone(tmp_path, "is not used")
    problem = note(index.parent / "b.mp4", MUG).problem
    assert problem is not None
    assert "is not used" in problem
    assert index.read_bytes() == before


def test_another_programs_database_is_not_written_to(tmp_path: Path) -> None:
    theirs = tmp_path / "places.sqlite"
    changed(theirs, "CREATE TABLE places (url TEXT)", "INSERT INTO places VALUES ('x')")
    before = theirs.read_bytes()
    folder = tmp_path / "videos"
    folder.mkdir()
    (folder / INDEX_NAME).symlink_to(theirs)
    assert "is a link" in (note(folder / "a.mp4", MUG).problem or "")
    (folder / INDEX_NAME).unlink()
    (folder / INDEX_NAME).write_bytes(before)
    assert "'places'" in (note(folder / "a.mp4", MUG).problem or "")
    (folder / INDEX_NAME).unlink()
    (folder / INDEX_NAME).symlink_to(folder / "nowhere")
    assert "is a link" in (note(folder / "a.mp4", MUG).problem or "")
    assert not (folder / "nowhere").exists()
    assert theirs.read_bytes() == before


@pytest.mark.skipif(os.name == "nt", reason="links of POSIX")
@pytest.mark.parametrize("ending", ["-journal", "-wal", "-shm"])
def test_sqlite_follows_no_link_beside_an_index(tmp_path: Path, ending: str) -> None:
    index, _ = both(tmp_path)
    video = tmp_path / "precious.mp4"
    video.write_bytes(b"\0\0\0\x20ftypisom" * 100)
    before = video.read_bytes()
    index.with_name(f"{INDEX_NAME}{ending}").symlink_to(video)
    assert "is not used" in (note(index.parent / "b.mp4", MUG).problem or "")
    check_fails_alone(tmp_path, "is not used")
    assert video.read_bytes() == before


@pytest.mark.skipif(os.name == "nt", reason="pipes of POSIX")
def _journal_naming(path: Path, index: Path) -> bytes:
    """What a crash leaves beside one of several databases changed at once: it names the file that lists them all."""
    content = index.read_bytes()
    page_bytes = int.from_bytes(content[16:18])
    magic, name = bytes.fromhex("d9d505f920a163d7"), os.fsencode(path)
    numbers = struct.pack(">iIIII", 0, 0, len(content) // page_bytes, 512, page_bytes)
    lock_page = 0x40000000 // page_bytes + 1
    checksum = sum(byte - 256 * (byte > 127) for byte in name) & 0xFFFFFFFF
    return (magic + numbers).ljust(512, b"\0") + struct.pack(
        f">I{len(name)}sII8s", lock_page, name, len(name), checksum, magic
    )


def test_a_journal_does_not_make_sqlite_delete_another_file(tmp_path: Path) -> None:
    index, _ = both(tmp_path)
    precious = tmp_path / "thesis.txt"
    precious.write_text("precious")
    index.with_name(f"{INDEX_NAME}-journal").write_bytes(_journal_naming(precious, index))
    check_fails_alone(tmp_path, "names another file")
    problem = note(index.parent / "b.mp4", MUG).problem
    assert problem is not None
    assert "names another file" in problem
    assert precious.read_text() == "precious"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such pipes")
def test_what_is_no_plain_file_beside_an_index_is_neither_waited_for_nor_overwritten(tmp_path: Path) -> None:
    index, _ = both(tmp_path)
    journal = index.with_name(f"{INDEX_NAME}-journal")
    os.mkfifo(journal)
    check_fails_alone(tmp_path, "is a pipe")
    journal.unlink()
    precious = tmp_path / "thesis.txt"
    precious.write_text("precious")
    journal.hardlink_to(precious)
    check_fails_alone(tmp_path, "has another name elsewhere")
    assert note(index.parent / "b.mp4", MUG).problem is not None
    assert precious.read_text() == "precious"
    journal.unlink()
    index.with_name(f"{INDEX_NAME}-wal").write_bytes(b"")
    check_fails_alone(tmp_path, "is not its own")


def test_what_a_crash_left_of_an_index_is_still_undone(tmp_path: Path) -> None:
    index, _ = both(tmp_path)
    before = index.read_bytes()
    page_bytes = int.from_bytes(before[16:18])
    with closing(sqlite3.connect(index, isolation_level=None)) as database:
        database.execute("BEGIN")
        database.execute("DELETE FROM recordings")
        journal = index.with_name(f"{INDEX_NAME}-journal").read_bytes()
        database.execute("ROLLBACK")
    # A program that is killed leaves it, with the number of its pages.
    numbers = struct.pack(">I", (len(journal) - 512) // (page_bytes + 8))
    index.with_name(f"{INDEX_NAME}-journal").write_bytes(journal[:8] + numbers + journal[12:])
    result = search("Bottle", tmp_path, HIERARCHY)
    assert not result.problems
    assert len(result.findings) == 2
    assert index.read_bytes() == before


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    index, _ = both(tmp_path)
    index.unlink()
    os.mkfifo(index)
    check_fails_alone(tmp_path, "is a pipe or device")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE recordings SET file = '../../.ssh/id_rsa'",
        "UPDATE recordings SET file = '//host/share/a.mp4'",
        "UPDATE recordings SET file = CAST('\\\\host\\share\\a.mp4' AS BLOB)",
        "UPDATE recordings SET file = CAST(x'612f2e2e2f2e2e2f62' AS BLOB)",
        "UPDATE recordings SET file = ''",
        "UPDATE recordings SET file = 'a' || char(0) || 'b'",
        "UPDATE recordings SET file = hex(zeroblob(3000))",
        "UPDATE stretches SET name = CAST(x'ff00' AS TEXT)",
        "UPDATE stretches SET name = CAST('Bottle' AS BLOB)",
        "UPDATE stretches SET name = hex(zeroblob(3000))",
        "UPDATE stretches SET row = 'many'",
        "UPDATE stretches SET row = 9223372036854775807, name = 'Bottle'",
        "UPDATE stretches SET track = x'00'",
        "UPDATE stretches SET confidence = 'much'",
        "UPDATE stretches SET confidence = 1e300",
        "UPDATE stretches SET start_s = -1e300",
        "UPDATE stretches SET end_s = 9e999",
        "UPDATE stretches SET recording = 77",
    ],
)
def test_rows_that_no_program_of_ours_has_written_spoil_their_index_alone(tmp_path: Path, statement: str) -> None:
    index, _ = both(tmp_path)
    changed(index, statement)
    check_fails_alone(tmp_path, "is damaged")


def test_an_index_of_more_rows_than_any_has_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    index, _ = both(tmp_path)
    assert note(index.parent / "b.mp4", MUG).problem is None
    monkeypatch.setattr(index_guard, "_MOST_ROWS", 1)
    check_fails_alone(tmp_path, "is damaged")


def test_a_flipped_byte_anywhere_costs_no_other_index(tmp_path: Path) -> None:
    index, good = both(tmp_path)
    content = index.read_bytes()
    for place in range(0, len(content), 397):
        index.write_bytes(content[:place] + bytes([content[place] ^ 0x55]) + content[place + 1 :])
        result = search("Bottle", tmp_path, HIERARCHY)
        assert good in {finding.file for finding in result.findings}
        assert note(index.parent / "b.mp4", MUG).problem is None or index.exists()


def test_an_index_without_the_programs_mark_is_read_and_gets_it(tmp_path: Path) -> None:
    index, _ = both(tmp_path)
    changed(index, "PRAGMA application_id = 0")
    assert not search("Bottle", tmp_path, HIERARCHY).problems
    assert note(index.parent / "b.mp4", MUG).problem is None
    assert int.from_bytes(index.read_bytes()[68:72]) == APPLICATION_ID
    assert len(search("Bottle", tmp_path, HIERARCHY).findings) == 2


def test_annotating_beside_a_bad_index_makes_the_video_and_says_so(tmp_path: Path) -> None:
    index, _ = both(tmp_path)
    changed(index, "ALTER TABLE stretches RENAME TO old", f"CREATE VIEW stretches AS {ENDLESS} AS row FROM n")
    clip = write_clip(tmp_path / "clip.mp4", moving_square(5))
    done = run("annotate", clip, "-o", index.parent / "out.mp4")
    assert done.returncode == 0, done.stderr
    assert f"Note: The index {index} holds a" in done.stderr
    assert (index.parent / "out.mp4").stat().st_size > 1000


def test_what_takes_too_long_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index_file, "_READ_WITHIN_S", 0.3)
    index, _ = both(tmp_path)
    with pytest.raises(IndexProblemError, match="takes longer"), reading(index) as database:
        database.execute(f"{ENDLESS} FROM n WHERE x < 0").fetchone()


def test_what_takes_too_long_to_write_leaves_the_index_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index, recording = tmp_path / INDEX_NAME, Recording("a.mp4", "a", "m", 1.0)
    many = [TrackStretch(track, BOTTLE, 0.9, 0.0, 1.0) for track in range(2_000)]
    replace_recording(index, recording, many)
    before = index.read_bytes()
    monkeypatch.setattr(index_file, "_WRITTEN_WITHIN_S", -1.0)
    with pytest.raises(IndexProblemError, match="takes longer"):
        # All that was noted goes first.
        replace_recording(index, recording, [])
    assert index.read_bytes() == before


def test_nothing_that_an_index_defines_is_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    guarded: list[list[int]] = []

    def look(database: sqlite3.Connection) -> None:
        index_guard.guard(database)
        found = [database.execute(f"PRAGMA {name}").fetchone()[0] for name in ("trusted_schema", "cell_size_check")]
        limits = (sqlite3.SQLITE_LIMIT_ATTACHED, sqlite3.SQLITE_LIMIT_LENGTH)
        guarded.append([*found, *map(database.getlimit, limits)])

    monkeypatch.setattr(index_file, "guard", look)
    both(tmp_path)
    assert not search("Bottle", tmp_path, HIERARCHY).problems
    assert guarded == [[0, 1, 0, 1_000_000]] * 4, "twice written, twice read"


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_what_sqlite_computes(tmp_path: Path, number: int) -> None:
    index, _ = both(tmp_path)
    program = (
        "import signal, sys; from pathlib import Path; from video_labeler.cli import _interrupt\n"
        "from video_labeler.archive.index_file import reading\n"
        "signal.signal(signal.SIGINT, _interrupt); signal.signal(signal.SIGTERM, _interrupt)\n"
        "try:\n"
        "    with reading(Path(sys.argv[1])) as database:\n"
        "        print('begun', flush=True)\n"
        f"        database.execute({f'{ENDLESS} FROM n WHERE x < 0'!r}).fetchone()\n"
        "except KeyboardInterrupt:\n"
        "    print('stopped')\n"
    )
    command = [sys.executable, "-c", program, str(index)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "begun\n"
        time.sleep(0.2)
        child.send_signal(number)
        said, _ = child.communicate(timeout=20)
    assert said == "stopped\n"


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
@pytest.mark.parametrize(
    ("number", "use"),
    [
        (signal.SIGINT, "with reading(index): pass"),
        (signal.SIGTERM, "replace_recording(index, Recording('b.mp4', 'b', 'm', 1.0), [])"),
    ],
)
def test_a_signal_ends_the_wait_for_a_locked_index(tmp_path: Path, number: int, use: str) -> None:
    index, _ = both(tmp_path)
    program = f"""
import signal, sys, time
from pathlib import Path
from video_labeler.cli import _interrupt
from video_labeler.archive import index_file
from video_labeler.archive.index_file import Recording, reading, replace_recording

def sleep(turn_s, sleep=time.sleep):
    print("waits", flush=True)
    sleep(turn_s)

signal.signal(signal.SIGINT, _interrupt)
signal.signal(signal.SIGTERM, _interrupt)
time.sleep = sleep
index_file._LOCK_TIMEOUT_S = 60.0
index = Path(sys.argv[1])
try:
    {use}
except KeyboardInterrupt:
    print("stopped")
"""
    command = [sys.executable, "-c", program, str(index)]
    with closing(sqlite3.connect(index, isolation_level=None)) as locking:
        locking.execute("BEGIN EXCLUSIVE")
        with running(command, stdout=subprocess.PIPE) as child:
            assert child.stdout is not None
            assert child.stdout.readline() == "waits\n"
            child.send_signal(number)
            said, _ = child.communicate(timeout=50)
    assert said.endswith("stopped\n")
