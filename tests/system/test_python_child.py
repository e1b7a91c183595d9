"""Children of the program run nothing that lies in the folder in which the program was started."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

import video_labeler
from video_labeler.movie.encoders import Encoder, is_proven
from video_labeler.system.python_child import python_command, python_environment

_PACKAGE = Path(video_labeler.__file__).parent


@pytest.fixture
def trapped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A current folder with modules of the names that children import; each leaves a mark when it runs."""
    mark = tmp_path / "it-ran"
    for name in ("av", "numpy", "json", "video_labeler"):
        (tmp_path / f"{name}.py").write_text(f"open({str(mark)!r}, 'w').close()\n")
    monkeypatch.chdir(tmp_path)
    return mark


def test_the_trial_of_an_encoder(trapped: Path) -> None:
    assert is_proven(Encoder("libx264", {}), (64, 64))
    assert not trapped.exists()


@pytest.mark.parametrize("path", ["", ":", ".", "relative"])
def test_no_way_of_naming_the_current_folder_lets_it_in(
    path: str, trapped: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", path)
    (trapped.parent / "relative").mkdir()
    (trapped.parent / "relative" / "av.py").write_text((trapped.parent / "av.py").read_text())
    words = python_command("video_labeler.movie.encoder_trial", "libx264", "64", "64")
    done = subprocess.run(words, env=python_environment(), capture_output=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert not trapped.exists()


def test_the_folders_that_a_person_names_stay(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert python_environment()["PYTHONPATH"] == os.pathsep.join([str(_PACKAGE.parent), str(tmp_path)])


def test_one_place_alone_knows_the_words_of_a_python_child() -> None:
    using = [
        str(path.relative_to(_PACKAGE))
        for path in _PACKAGE.rglob("*.py")
        if any(
            isinstance(node, ast.Attribute) and node.attr == "executable" and getattr(node.value, "id", "") == "sys"
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        )
    ]
    # A desktop is told the installed program, which lies beside the interpreter.
    assert sorted(using) == ["system/desktop_entry.py", "system/python_child.py"]
    assert python_command("a", "b") == [sys.executable, "-P", "-m", "a", "b"]
