"""Marks over the picture do not lie over each other, whatever comes together."""

import os
import subprocess
import sys
from pathlib import Path

from pytestqt.qtbot import QtBot

from tests.window.everything_at_once import SIZES, problems_of


def test_nothing_over_the_picture_lies_over_anything_else(qtbot: QtBot, tmp_path: Path) -> None:
    assert problems_of(tmp_path, SIZES) == []


def test_nor_do_the_controls_in_full_screen(qtbot: QtBot, tmp_path: Path) -> None:
    assert problems_of(tmp_path, [(800, 600)], full_screen=True) == []


def test_nor_where_everything_is_twice_as_large(tmp_path: Path) -> None:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": "2"}
    finished = subprocess.run(
        [sys.executable, "-m", "tests.window.everything_at_once", str(tmp_path), "480x360", "960x540"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert (finished.returncode, finished.stdout.strip()) == (0, ""), finished.stderr
