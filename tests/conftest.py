"""Fixtures that every test may use, and the guards against what a test leaves behind."""

import logging
import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.guards import LoggedErrors, RunningOn, threads_left_since, warnings_of_qt


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


@pytest.fixture(scope="session")
def _logged_errors() -> Iterator[LoggedErrors]:
    handler, logger = LoggedErrors(), logging.getLogger("video_labeler")
    logger.addHandler(handler)
    yield handler
    logger.removeHandler(handler)


@pytest.fixture(scope="session")
def _running_on() -> RunningOn:
    running_on = RunningOn()
    running_on.watch()
    return running_on


@pytest.fixture(autouse=True)
def _leaves_nothing_behind(
    request: pytest.FixtureRequest, _logged_errors: LoggedErrors, _running_on: RunningOn
) -> Iterator[None]:
    """Set up before all that a test asks for, and so taken down after it."""
    threads, active = set(threading.enumerate()), _running_on.active
    yield
    problems = [f"the thread {name} outlived the test" for name in threads_left_since(threads)]
    problems += [f"a {what} runs on after the test" for what in _running_on.left_since(active)]
    expected = [pattern for marker in request.node.iter_markers("logs_error") for pattern in marker.args]
    problems += [f"an error was logged by {what}" for what in _logged_errors.take_unexpected(expected)]
    if problems:
        pytest.fail("\n".join(problems), pytrace=False)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> Iterator[None]:
    """Hear what Qt warns of while things are closed; pytest-qt hears it only until then."""
    with warnings_of_qt(item.config.getini("qt_log_ignore")) as told:
        yield
    if told:
        pytest.fail(f"Qt warned at the end of the test: {told}", pytrace=False)
