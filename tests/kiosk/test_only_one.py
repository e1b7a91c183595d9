"""One kiosk at a time, and none that is kept out by one that has died."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from video_labeler.errors import VideoLabelerError
from video_labeler.kiosk.only_one import OnlyOne

HOLD = """
import sys
from pathlib import Path
from video_labeler.kiosk.only_one import OnlyOne
with OnlyOne(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_one_is_told_which_process_is_in_its_way(tmp_path: Path) -> None:
    with OnlyOne(tmp_path / "state" / "kiosk"):
        for _ in range(2):
            with (
                pytest.raises(VideoLabelerError, match=rf"\(process {os.getpid()}\).*Ctrl\+Shift\+Q"),
                OnlyOne(tmp_path / "state" / "kiosk"),
            ):
                pass
    with OnlyOne(tmp_path / "state" / "kiosk"):
        pass


def test_one_that_was_killed_is_in_nobodys_way(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLD, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(VideoLabelerError, match=str(holder.pid)), OnlyOne(tmp_path):
            pass
        holder.kill()
        holder.wait()
        with OnlyOne(tmp_path):
            assert (tmp_path / "running.lock").read_text() == str(os.getpid())


def test_a_folder_that_cannot_be_written_does_not_keep_the_kiosk_from_running(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "state").write_text("in the way")
    with OnlyOne(tmp_path / "state" / "kiosk"):
        assert "second kiosk" in caplog.text
