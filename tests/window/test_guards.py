"""What a test leaves behind fails it: the guards themselves are tried, in a run of their own."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

_TESTS = """
import logging
import threading

import pytest
from PyQt6.QtCore import QTimer, QVariantAnimation, qWarning

KEPT = []


def test_a_timer_runs_on(qtbot):
    KEPT.append(QTimer())
    KEPT[-1].start(100_000)


def test_an_animation_runs_on(qtbot):
    KEPT.append(animation := QVariantAnimation(duration=100_000, startValue=0.0, endValue=1.0))
    animation.start()


def test_an_error_is_logged():
    logging.getLogger("video_labeler.room").error("the camera broke")


def test_a_thread_dies():
    thread = threading.Thread(target=lambda: 1 / 0)
    thread.start()
    thread.join()


def test_an_object_cannot_be_destroyed():
    class Odd:
        def __del__(self):
            raise ValueError("odd")

    Odd()


def test_qt_warns(qtbot):
    qWarning(b"not good")


@pytest.fixture
def closing(qtbot):
    yield
    qWarning(b"not good at the end")


def test_qt_warns_at_the_end(closing):
    pass


@pytest.mark.logs_error("the camera .*")
def test_what_is_expected_is_fine(qtbot):
    logging.getLogger("video_labeler.room").error("the camera broke")
    logging.getLogger("video_labeler.room").warning("the camera may break")


def test_what_goes_with_the_test_is_fine(qtbot):
    timer = QTimer()
    timer.start(100_000)
    other = QTimer()
    other.start(100_000)
    other.deleteLater()
    KEPT.append(other)
"""


def test_what_a_test_leaves_behind_fails_it(tmp_path: Path, pytestconfig: pytest.Config) -> None:
    root = pytestconfig.rootpath
    (tmp_path / "conftest.py").write_text(
        "from tests.conftest import *\nfrom tests.conftest import _leaves_nothing_behind\n"
        "from tests.conftest import _logged_errors, _running_on\n"
    )
    (tmp_path / "test_left.py").write_text(_TESTS)
    options = ["-q", "-rA", "-p", "no:cacheprovider", "-c", str(root / "pyproject.toml"), "--rootdir", str(tmp_path)]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, str(tmp_path)],
        cwd=root,
        env={**os.environ, "PYTEST_ADDOPTS": ""},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    outcomes: dict[str, set[str]] = {}
    for outcome, name in re.findall(r"^(PASSED|FAILED|ERROR) \S+::(\w+)", done.stdout, re.MULTILINE):
        outcomes.setdefault(name, set()).add(outcome)
    fine = {name for name, found in outcomes.items() if found == {"PASSED"}}
    assert fine == {"test_what_is_expected_is_fine", "test_what_goes_with_the_test_is_fine"}, done.stdout
    assert len(outcomes) == _TESTS.count("def test_")
