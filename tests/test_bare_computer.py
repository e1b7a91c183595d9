"""The commands where much of what a desktop has is missing: no home folder, no known user, a folder that has gone."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("Linux and macOS", allow_module_level=True)

_ROOT = Path(__file__).parents[1]
_NOBODY = """
import os, pwd, sys
def unknown(*_):
    raise KeyError("no such user")
pwd.getpwuid = pwd.getpwnam = unknown
sys.path.insert(0, {root!r})
sys.argv = ["video-labeler", *{arguments!r}]
from video_labeler.cli import main
main()
"""
_BARE = {"PATH": os.environ["PATH"], "LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}


def run(code: str, **variables: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", code]
    return subprocess.run(command, env=_BARE | variables, capture_output=True, text=True, timeout=100, check=False)


@pytest.mark.parametrize("arguments", [["models"], ["install-desktop"]])
def test_who_has_no_home_folder_is_told_how_to_name_one(arguments: list[str], tmp_path: Path) -> None:
    code = _NOBODY.format(root=str(_ROOT), arguments=arguments)
    homeless = run(code)
    assert homeless.returncode == 1
    assert homeless.stderr.startswith("Error: You have no home folder on this system. Name one: HOME=")
    assert len(homeless.stderr.splitlines()) == 1
    assert run(code, HOME=str(tmp_path)).returncode == 0


def test_a_home_folder_that_is_not_there_stops_nothing(tmp_path: Path) -> None:
    code = f"import sys; sys.path.insert(0, {str(_ROOT)!r}); sys.argv[1:] = ['models']\n"
    done = run(f"{code}from video_labeler.cli import main; main()", HOME="/proc/nowhere")
    assert (done.returncode, done.stderr) == (0, "")


def test_doctor_in_a_folder_that_has_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from video_labeler.diagnosis import Health, diagnose

    monkeypatch.setattr("video_labeler.diagnosis._labelling", lambda: "")
    folder = tmp_path / "gone"
    folder.mkdir()
    monkeypatch.chdir(folder)
    folder.rmdir()
    free = list(diagnose())[-1]
    assert (free.subject, free.health) == ("Free space", Health.LIMITED)
    assert free.found == "unknown (No such file or directory)"
