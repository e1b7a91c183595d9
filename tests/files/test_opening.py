"""Files in folders that others may write to: no link is followed, nothing of someone else is taken."""

import json
import logging
import os
import shutil
import stat
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path

import pytest

from tests.archive.test_recover import leave_behind
from video_labeler.archive.made_from import NOTES_NAME, InputMark, ResultNotes
from video_labeler.archive.recover import find_leftovers, look_at, recover
from video_labeler.errors import OutputError
from video_labeler.files import opening
from video_labeler.files.durability import write_atomically
from video_labeler.files.opening import UnsafeFileError, existing_file, growing_file, is_own_file, new_draft, new_file
from video_labeler.files.reading import read_json
from video_labeler.kiosk.day_book import DayBook, read_kinds
from video_labeler.kiosk.leftovers import Leftovers
from video_labeler.kiosk.only_one import OnlyOne
from video_labeler.kiosk.tally import Tally
from video_labeler.system.log_file import start_log_file
from video_labeler.system.python_child import python_environment

pytestmark = pytest.mark.skipif(os.name == "nt", reason="links, pipes and permissions of POSIX")

PRECIOUS = b"precious"


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def precious(tmp_path: Path) -> Path:
    path = tmp_path / "elsewhere" / "precious.txt"
    path.parent.mkdir()
    path.write_bytes(PRECIOUS)
    return path


@pytest.fixture
def shared(tmp_path: Path) -> Path:
    folder = tmp_path / "shared"
    folder.mkdir(mode=0o777)
    return folder


def test_a_new_file_is_never_made_through_a_link(shared: Path, precious: Path) -> None:
    (shared / "a").symlink_to(precious)
    (shared / "b").symlink_to(shared / "nowhere")
    for name in ("a", "b"):
        with pytest.raises(FileExistsError):
            new_file(shared / name)
    assert precious.read_bytes() == PRECIOUS
    assert not (shared / "nowhere").exists()


def test_what_is_no_plain_file_is_not_opened(shared: Path, precious: Path) -> None:
    (shared / "link").symlink_to(precious)
    os.mkfifo(shared / "pipe")
    for name in ("link", "pipe"):
        for write in (False, True):
            with pytest.raises(UnsafeFileError, match=name):
                existing_file(shared / name, write=write)
        with pytest.raises(UnsafeFileError):
            growing_file(shared / name)
        assert not is_own_file(shared / name)
    with pytest.raises(OSError, match="folder"):
        existing_file(shared)
    with pytest.raises(FileNotFoundError):
        existing_file(shared / "none")


@pytest.mark.skipif(os.geteuid() != 0, reason="only the administrator can give files away")
def test_what_belongs_to_someone_else_is_not_opened(shared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    theirs = shared / "theirs"
    theirs.write_bytes(b"")
    os.chown(theirs, 4321, 4321)
    link = shared / "link"
    link.symlink_to(theirs)
    os.chown(link, 4321, 4321, follow_symlinks=False)
    monkeypatch.setattr(opening.os, "geteuid", lambda: 1234)
    with pytest.raises(UnsafeFileError, match="belongs to someone else"):
        existing_file(theirs)
    assert sorted(entry.name for entry in shared.iterdir()) == ["link", "theirs"], "nothing is left of the trial"
    # A share that calls all files somebody's calls new ones that, too.
    with monkeypatch.context() as share:
        share.setattr(opening, "_owner_given", lambda _: 4321)
        os.close(existing_file(theirs))
    with pytest.raises(UnsafeFileError, match="someone else has made"):
        write_atomically(link, b"new")
    os.close(existing_file(theirs, of_anyone=True))
    os.link(theirs, shared / "second name")
    with pytest.raises(UnsafeFileError, match="another name"):
        existing_file(theirs, of_anyone=True)


_AS_SOMEONE_ELSE = """
import os, sys
from pathlib import Path
from video_labeler.archive.recover import find_leftovers
from video_labeler.files.durability import write_atomically
from video_labeler.files.opening import existing_file, growing_file

os.setgroups([])
os.setresgid(1234, 1234, 1234)
os.setresuid(1234, 1234, 1234)
folder = Path(sys.argv[1])
(folder / "mine").write_bytes(b"mine")
uses = {
    "read": lambda: existing_file(folder / "theirs"),
    "write": lambda: existing_file(folder / "theirs", write=True),
    "add to": lambda: growing_file(folder / "theirs"),
    "replace": lambda: write_atomically(folder / "theirs", "new"),
    "follow": lambda: write_atomically(folder / "link", "new"),
    "read the system's": lambda: existing_file(folder / "system"),
    "read mine": lambda: existing_file(folder / "mine"),
    "replace mine": lambda: write_atomically(folder / "mine", "new"),
}
for name, use in uses.items():
    try:
        use()
        print(name)
    except OSError:
        pass
print(find_leftovers([folder]))
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="only the administrator can become someone else")
def test_in_a_sticky_folder_everybody_has_their_own_files() -> None:
    """As in ``/tmp``: all may write in the folder, and nobody may remove what others have put there."""
    folder = Path(tempfile.mkdtemp(prefix="video-labeler-test-"))
    try:
        folder.chmod(0o1777)
        for name in ("theirs", "X.partial.mp4"):
            (folder / name).write_bytes(PRECIOUS)
            os.chown(folder / name, 4321, 4321)
            (folder / name).chmod(0o666)
        (folder / "system").touch()
        (folder / "link").symlink_to(folder / "mine")
        os.chown(folder / "link", 4321, 4321, follow_symlinks=False)
        done = subprocess.run(
            [sys.executable, "-P", "-c", _AS_SOMEONE_ELSE, str(folder)],
            env=python_environment(), capture_output=True, text=True, timeout=60, check=True,
        )  # fmt: skip
        assert done.stdout.splitlines() == ["read the system's", "read mine", "replace mine", "[]"], done.stderr
        assert sorted(path.name for path in folder.iterdir()) == ["X.partial.mp4", "link", "mine", "system", "theirs"]
        assert (folder / "theirs").read_bytes() == PRECIOUS
        assert (folder / "mine").read_bytes() == b"new"
    finally:
        shutil.rmtree(folder)


def test_a_draft_has_a_name_of_its_own_and_stale_ones_go(shared: Path) -> None:
    path = shared / "a[1].json"
    descriptor, first = new_draft(path, ".partial", 0o640)
    os.close(descriptor)
    descriptor, second = new_draft(path, ".partial", 0o600)
    os.close(descriptor)
    assert first != second
    assert (mode_of(first), mode_of(second)) == (0o640, 0o600)
    os.utime(first, (0, 0))
    kept = shared / "a[1].json.notes.partial"
    kept.touch()
    os.utime(kept, (0, 0))
    os.close(new_draft(path, ".partial", 0o600)[0])
    assert not first.exists()
    assert second.exists()
    assert kept.exists()


def test_where_the_system_has_no_such_flags_it_is_looked_at_before(
    shared: Path, precious: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "geteuid", "fchmod"):
        monkeypatch.delattr(os, name)
    monkeypatch.setattr(opening, "_COMMON", 0)
    (shared / "link").symlink_to(precious)
    with pytest.raises(UnsafeFileError, match="is a link"):
        existing_file(shared / "link")
    with pytest.raises(FileExistsError):
        new_file(shared / "link")
    write_atomically(shared / "a.txt", "new", private=True)
    opening.make_private(shared / "a.txt")
    os.close(growing_file(shared / "a.txt"))
    assert (shared / "a.txt").read_text() == "new"
    assert precious.read_bytes() == PRECIOUS


def test_writing_whole_does_not_write_through_what_lies_at_its_draft(shared: Path, precious: Path) -> None:
    path = shared / "settings.toml"
    (shared / "settings.toml.partial").symlink_to(precious)
    write_atomically(path, "new")
    assert precious.read_bytes() == PRECIOUS
    assert path.read_text() == "new"
    assert mode_of(path) == 0o600
    path.chmod(0o664)
    write_atomically(path, "newer")
    assert mode_of(path) == 0o664
    write_atomically(path, "newest", private=True)
    assert mode_of(path) == 0o600
    assert sorted(entry.name for entry in shared.iterdir()) == ["settings.toml", "settings.toml.partial"]


def test_recovering_does_not_write_through_a_link(shared: Path, precious: Path) -> None:
    left = leave_behind(shared / "X.mp4")
    (shared / "X.partial.recovering.mp4").symlink_to(precious)
    _, saved = recover(left)
    assert saved == shared / "X.recovered.mp4"
    assert precious.read_bytes() == PRECIOUS
    assert sorted(entry.name for entry in shared.iterdir()) == ["X.partial.recovering.mp4", "X.recovered.mp4"]


def test_a_private_video_is_not_copied_for_all_through_a_link(shared: Path, tmp_path: Path) -> None:
    private = tmp_path / "private"
    private.mkdir()
    left = leave_behind(private / "home.mp4")
    left.chmod(0o600)
    (shared / "X.partial.mp4").symlink_to(left)
    assert find_leftovers([shared]) == []
    for use in (look_at, recover):
        with pytest.raises(OutputError, match="is a link, and is not recovered"):
            use(shared / "X.partial.mp4")
    started: list[object] = []
    leftovers = Leftovers(shared, started.append)  # type: ignore[arg-type,return-value]
    leftovers.save(before=float("inf"))
    leftovers.close()
    assert not started
    _, saved = recover(left)
    assert saved is not None
    assert mode_of(saved) == 0o600


def test_notes_about_results_are_neither_written_nor_read_through_a_link(shared: Path, precious: Path) -> None:
    (shared / NOTES_NAME).symlink_to(precious)
    notes = ResultNotes(shared)
    with pytest.raises(OutputError, match="is a link"):
        notes.begin([shared / "a.mp4"], InputMark("x", ""), segmented=None)
    assert precious.read_bytes() == PRECIOUS
    (shared / NOTES_NAME).unlink()
    os.mkfifo(shared / NOTES_NAME)
    assert notes.results() == frozenset()


def test_notes_that_the_program_cannot_have_written_are_passed_over(shared: Path) -> None:
    good = {"result": "a.mp4", "segmented": False, "from": "/x", "relative": "x", "content": "", "at": 1.0}
    bad = [
        {**good, "files": ["../precious.txt"]},
        {**good, "files": 3},
        {**good, "at": "now"},
        {**good, "result": []},
        [good],
    ]
    lines = [json.dumps(note) for note in [*bad, {**good, "files": ["a.mp4"]}]]
    (shared / NOTES_NAME).write_text("\n".join([*lines, "[" * 100_000, "\0"]))
    assert ResultNotes(shared).results() == frozenset({"a.mp4"})


def test_what_the_stand_notes_is_for_its_user_alone(tmp_path: Path) -> None:
    folder = tmp_path / "state" / "kiosk"
    with OnlyOne(folder):
        book = DayBook(folder, now=lambda: datetime(2026, 11, 22, 12, tzinfo=UTC))
        book.beat(Tally(labels={"Mug": 1}))
        book.close()
    assert mode_of(folder) == 0o700
    assert {mode_of(path) for path in folder.iterdir()} == {0o600}
    # What an earlier version left open to all is closed with the next change.
    for path in folder.iterdir():
        path.chmod(0o644)
    book.beat(Tally(labels={"Mug": 1}))
    book.close()
    assert {mode_of(path) for path in folder.glob("*-2026-*")} == {0o600}
    earlier = folder / "summary-2026-11-21.txt"
    earlier.touch(mode=0o644)
    DayBook(folder)
    assert mode_of(earlier) == 0o600


def test_the_log_is_for_its_user_alone(tmp_path: Path) -> None:
    folder = tmp_path / "log"
    folder.mkdir()
    old = folder / "video-labeler.log"
    old.write_text("old\n")
    old.chmod(0o644)
    older = folder / "video-labeler.log.2"
    older.touch(mode=0o644)
    handlers, level = list(logging.getLogger().handlers), logging.getLogger().level
    assert start_log_file(folder) == old
    for handler in set(logging.getLogger().handlers) - set(handlers):
        assert isinstance(handler, RotatingFileHandler)
        handler.doRollover()
        logging.getLogger().removeHandler(handler)
        handler.close()
    logging.getLogger().setLevel(level)
    assert {path.name for path in folder.iterdir()} == {f"video-labeler.log{number}" for number in ("", ".1", ".3")}
    assert {mode_of(path) for path in folder.iterdir()} == {0o600}, "the new one, too"
    assert (folder / "video-labeler.log.1").read_text().startswith("old\n")


@pytest.mark.parametrize(
    "content", ["[" * 200_000, '{"a":' * 200_000, "{", "\0", '{"tally": {"labels": {"x": 1e999}}}']
)
def test_a_day_that_cannot_be_read_does_not_keep_the_stand_from_starting(tmp_path: Path, content: str) -> None:
    today = datetime(2026, 11, 22, 12, tzinfo=UTC)
    (tmp_path / "day-2026-11-22.json").write_text(content)
    assert read_kinds(tmp_path, today.date()) == {}
    book = DayBook(tmp_path, now=lambda: today)
    book.beat(Tally(labels={"Mug": 1}))
    book.close()
    assert read_kinds(tmp_path, today.date()) == {"Mug": 1}
    assert (tmp_path / "day-2026-11-22.json.damaged-1").read_text() == content


def test_json_is_read_within_limits(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text('{"a": [1, 2]}')
    assert read_json(path, 100) == {"a": [1, 2]}
    for most, content in ((5, '{"a": [1, 2]}'), (10**7, "[" * 100_000), (100, "\xff"), (100, "")):
        path.write_bytes(content.encode("latin-1"))
        with pytest.raises(ValueError, match=r"\w"):
            read_json(path, most)
