"""Temporary files: nothing stays of them, not even where the program is killed."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from video_labeler.files import temporary
from video_labeler.files.temporary import PREFIX, TemporaryCopy, clear_stale

_KILLED = """
import os, signal
from video_labeler.files.temporary import TemporaryCopy
copy = TemporaryCopy()
copy.file.write(b"a film")
copy.file.flush()
print(copy.path.read_bytes().decode(), flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_it_can_be_opened_again_until_it_is_closed(folder: Path) -> None:
    copy = TemporaryCopy()
    copy.file.write(b"a film")
    copy.file.flush()
    assert copy.path.read_bytes() == b"a film"
    copy.close()
    assert list(folder.iterdir()) == []


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere it has a name, and goes after a day")
def test_nothing_is_left_by_a_program_that_is_killed(tmp_path: Path) -> None:
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    killed = subprocess.run(
        [sys.executable, "-c", _KILLED], env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert killed.stdout.strip() == "a film", killed.stderr
    assert list(tmp_path.iterdir()) == []


def test_what_is_old_and_ones_own_goes(folder: Path) -> None:
    old, new, other, old_folder = (folder / name for name in (f"{PREFIX}a", f"{PREFIX}b", "c", f"{PREFIX}d"))
    old_folder.mkdir()
    for path in (old, new, other, old_folder / "settings.toml"):
        path.write_bytes(b"x")
    day_before = time.time() - 2 * 24 * 3600
    for path in (old, other, old_folder):
        os.utime(path, (day_before, day_before))
    clear_stale(folder, PREFIX)
    assert set(folder.iterdir()) == {new, other}


@pytest.mark.skipif(sys.platform == "win32", reason="links and owners of POSIX")
def test_a_link_goes_without_what_it_leads_to_and_what_others_left_stays(
    folder: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    precious = tmp_path_factory.mktemp("elsewhere") / "precious.txt"
    precious.touch()
    link = folder / f"{PREFIX}link"

    def put() -> None:
        link.symlink_to(precious.parent)
        os.utime(link, (0, 0), follow_symlinks=False)

    put()
    clear_stale(folder, PREFIX)
    assert not os.path.lexists(link)
    assert precious.exists()
    put()
    monkeypatch.setattr(temporary, "_user", lambda: os.geteuid() + 1)
    clear_stale(folder, PREFIX)
    assert os.path.lexists(link)
