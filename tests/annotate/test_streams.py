"""Standard streams that are closed, full or of an old encoding."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.clips import moving_square, write_clip

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the shell and /dev/full of Linux are used")

PROGRAM = f"{sys.executable} -m video_labeler"


def shell(words: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[bytes]:
    command = f"{PROGRAM} {words}"
    return subprocess.run(
        ["bash", "-c", command], cwd=folder, env=os.environ | environment, capture_output=True, timeout=60, check=False
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_clip(tmp_path / "a.mp4", moving_square(3))
    return tmp_path


@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&-", "<&- >&- 2>&-"])
def test_closed_streams_change_nothing(closed: str, folder: Path) -> None:
    done = shell(f"annotate a.mp4 -o out.mp4 {closed}", folder)
    assert done.returncode == 0
    assert (folder / "out.mp4").stat().st_size > 0
    assert shell(f"label missing.jpg {closed}", folder).returncode == 1


def test_a_full_output_is_reported_and_the_work_is_kept(folder: Path) -> None:
    done = shell("annotate a.mp4 -o out.mp4 --json > /dev/full", folder)
    assert done.returncode == 1
    assert b"No space left" in done.stderr
    assert b"unexpected" not in done.stderr
    assert (folder / "out.mp4").exists()
    assert shell("annotate a.mp4 -o 2.mp4 2> /dev/full", folder).returncode == 0


def test_a_terminal_of_an_old_encoding_is_not_an_obstacle(folder: Path) -> None:
    old = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = shell("annotate fehlt-ü.mp4 -o out.mp4", folder, **old)
    assert done.returncode == 1
    assert b"There is no file" in done.stderr
    assert b"unexpected" not in done.stderr


def test_a_name_with_a_line_feed_stays_in_one_line(folder: Path) -> None:
    done = shell("annotate $'new\\nline.mp4'", folder)
    assert done.stderr.count(b"\n") == 1
    assert b"new\\nline.mp4" in done.stderr


def test_a_file_that_looks_like_an_option_gets_a_hint(folder: Path) -> None:
    (folder / "-dash.mp4").touch()
    done = shell("annotate -dash.mp4", folder)
    assert done.returncode == 2
    assert b"./-dash.mp4" in done.stderr
