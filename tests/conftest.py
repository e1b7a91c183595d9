"""Fixtures that every test may use, and the guard against threads that outlive their test."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest


def _folder_of(variable: str) -> Path:
    value = os.environ.get(variable)
    if not value:
        pytest.skip(f"{variable} is not set: it names the folder with these files")
    folder = Path(value)
    assert folder.is_dir(), f"{variable}={value} is not a folder"
    return folder


@pytest.fixture(scope="session", autouse=True)
def _ctrl_c_reaches_children() -> None:
    """What a shell starts in the background ignores Ctrl-C, and so would every program that the tests start."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def models_folder() -> Path:
    """The folder with the full models and their Hub forms."""
    return _folder_of("VIDEO_LABELER_MODELS")


@pytest.fixture(scope="session")
def videos_folder() -> Path:
    """The folder with the test videos."""
    return _folder_of("VIDEO_LABELER_VIDEOS")


@pytest.fixture(scope="session")
def photos_folder() -> Path:
    """The folder with the photographs and their ``labels.json``."""
    return _folder_of("VIDEO_LABELER_PHOTOS")


@pytest.fixture(autouse=True)
def _no_thread_outlives_its_test() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    deadline = time.monotonic() + 60
    left = _started_since(before)
    while left and time.monotonic() < deadline:
        time.sleep(0.02)
        left = _started_since(before)
    assert not left, f"threads outlived their test: {[thread.name for thread in left]}"


def _started_since(before: set[threading.Thread]) -> list[threading.Thread]:
    return [
        t for t in threading.enumerate() if t not in before and t.is_alive() and not t.name.startswith("ThreadPool")
    ]
