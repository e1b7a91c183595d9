"""Without a network nothing waits for one, and nothing asks for one unasked."""

import json
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.clips import moving_square
from tests.processes import running
from video_labeler.opencv import cv2

AUDITED = """
import os, sys
seen = open({log!r}, "a", buffering=1)
def look(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto", "urllib.Request"):
        address = arguments[1] if event == "socket.connect" else arguments[0]
        if not isinstance(address, (str, bytes)) or event != "socket.connect":
            seen.write(f"{{event}} {{address}}\\n")
sys.addaudithook(look)
from video_labeler.cli import main
sys.argv = ["video-labeler", *{arguments!r}]
main()
"""


def offline() -> list[str]:
    """What runs a command without any network, where the system lets us."""
    unshare = shutil.which("unshare")
    if unshare and subprocess.run([unshare, "-rn", "true"], capture_output=True, check=False).returncode == 0:
        return [unshare, "-rn"]
    return []


@pytest.fixture
def bare_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user who has never fetched a model."""
    for variable in ("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(variable, str(tmp_path / variable))
    monkeypatch.delenv("VIDEO_LABELER_MODELS", raising=False)
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    return tmp_path


@contextmanager
def started(folder: Path, *arguments: object) -> Iterator[tuple[subprocess.Popen[str], Path]]:
    """The program, and the file that will name what it asked the network for."""
    log = folder / "network.txt"
    script = AUDITED.format(log=str(log), arguments=[str(argument) for argument in arguments])
    with running([*offline(), sys.executable, "-c", script], stdout=subprocess.PIPE) as child:
        yield child, log


def plays(process_id: int, name: str) -> bool:
    """Whether the process has a file of that name open."""
    try:
        return any(link.readlink().name == name for link in Path(f"/proc/{process_id}/fd").iterdir())
    except OSError:
        return False


def test_pictures_videos_and_the_doctor_ask_nobody(bare_home: Path) -> None:
    picture = bare_home / "picture.png"
    cv2.imwrite(str(picture), moving_square(1)[0])
    video = bare_home / "out.mp4"
    for arguments in (
        ["label", picture, "--json"],
        ["annotate", "demo", "--end", "1", "-o", video, "--json"],
        ["doctor", "--json"],
        ["models", "--json"],
    ):
        with started(bare_home, *arguments) as (child, log):
            out, said = child.communicate(timeout=100)
        assert child.returncode == 0, (arguments, said)
        assert log.read_text() == "", arguments
        json.loads(out.splitlines()[-1])
    assert video.exists()


def test_the_window_asks_nobody(bare_home: Path) -> None:
    with started(bare_home, "demo") as (child, log):
        deadline = time.monotonic() + 60
        while child.poll() is None and not plays(child.pid, "demo.mp4"):
            assert time.monotonic() < deadline, "the demo clip was never opened"
            time.sleep(0.1)
        time.sleep(2)
        child.send_signal(signal.SIGINT)
        _, said = child.communicate(timeout=60)
    assert child.returncode == 0, said
    assert log.read_text() == ""


@pytest.mark.skipif(not offline(), reason="this system does not let a test make a network namespace")
def test_fetching_without_a_network_says_so_and_ends_by_itself(bare_home: Path) -> None:
    with started(bare_home, "models", "fetch") as (child, log):
        _, said = child.communicate(timeout=100)
    assert child.returncode == 1
    assert len(said.splitlines()) == 2
    assert all(line.startswith("Error: ") for line in said.splitlines())
    assert log.read_text() != "", "here the network was asked for"
