"""When workers are started and given inputs, with processes and memory of the test's own."""

import queue
from pathlib import Path
from typing import Any

import pytest

from tests.annotate.test_annotate import BUILT_IN
from tests.annotate.test_manifest import Watch
from video_labeler.annotate import side_by_side, worker_pool
from video_labeler.annotate.annotation import AnnotateOptions, AnnotateResult
from video_labeler.annotate.batch import Batch
from video_labeler.annotate.work import Failure, ModelFacts
from video_labeler.annotate.worker_messages import Start, parse
from video_labeler.annotate.worker_pool import Lost, Said, WorkerPool
from video_labeler.errors import ModelNotFoundError, SettingsError, VideoLabelerError
from video_labeler.settings import ModelSettings, Settings

FACTS = ModelFacts("builtin", None, "1")
DONE = AnnotateResult((), 1, 0, (), stopped=False, model="builtin", seen=())
START = Start(BUILT_IN.models, BUILT_IN.labels, 1, 40)


class FakeWorker:
    """Says what the test puts into its ``events``."""

    started: list["FakeWorker"]
    says: Any = FACTS

    def __init__(self, start: Start, events: "queue.SimpleQueue[Any]") -> None:
        self.number: int | None = None
        self.is_ready = False
        self.given: list[Any] = []
        self._events = events
        self.started.append(self)
        self.say(self.says)

    def say(self, answer: Any) -> None:
        self._events.put((self, answer))

    def ask(self, request: Any) -> None:
        self.given.append(request)

    def memory_bytes(self) -> int:
        return 800_000_000

    def ending(self) -> str:
        return "was ended by SIGKILL"

    def finish(self) -> None:
        pass

    def kill(self) -> None:
        pass

    def wait(self) -> None:
        pass


@pytest.fixture
def free(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Free memory, bytes, which the test may change."""
    free = [8_000_000_000]
    FakeWorker.started = []
    monkeypatch.setattr(worker_pool, "_Worker", FakeWorker)
    monkeypatch.setattr(worker_pool, "free_memory_bytes", lambda: free[0])
    monkeypatch.setattr(worker_pool, "_LOOK_EVERY_S", 0.0)
    return free


def work() -> Any:
    return object()


def test_another_input_waits_until_there_is_memory_for_it_and_the_first_never_does(free: list[int]) -> None:
    free[0] = 0
    with WorkerPool(START, 2) as pool:
        assert pool.open() == FACTS
        assert pool.has_room()
        pool.give(0, work())
        assert not pool.has_room()
        assert len(FakeWorker.started) == 1
        free[0] = 900_000_000
        assert not pool.has_room(), "a quarter more than the largest worker takes"
        assert len(FakeWorker.started) == 1
        free[0] = 1_100_000_000
        assert not pool.has_room()
        assert len(FakeWorker.started) == 2
        assert pool.next_event(0.0) is None
        assert pool.has_room()
        free[0] = 100_000_000
        assert not pool.has_room(), "one that is idle has its models, but not its frames"
        FakeWorker.started[0].say(DONE)
        assert pool.next_event(0.0) == Said(0, DONE)
        assert pool.has_room()


def test_no_more_workers_are_started_than_are_wanted_or_can_load_the_models(
    free: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    with WorkerPool(START, 3) as pool:
        pool.open()
        pool.give(0, work())
        monkeypatch.setattr(FakeWorker, "says", None)
        assert not pool.has_room()
        assert pool.next_event(0.0) is None
        assert not pool.has_room()
        assert len(FakeWorker.started) == 2
        FakeWorker.started[0].say(None)
        assert pool.next_event(0.0) == Lost(0, "was ended by SIGKILL")
        assert not pool.is_gone, "one that had its models is replaced"
        assert not pool.has_room()
        assert pool.next_event(0.0) is None
        assert pool.is_gone
        assert not pool.has_room()


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        (Failure("There is no model x.", ModelNotFoundError), ModelNotFoundError),
        (Failure("There is no label Botle.", SettingsError), SettingsError),
        (None, VideoLabelerError),
    ],
)
def test_what_keeps_the_models_from_being_loaded_is_raised_as_it_is(
    said: Any, kind: type[Exception], free: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FakeWorker, "says", said)
    with WorkerPool(START, 2) as pool, pytest.raises(kind):
        pool.open()


def test_threads_are_shared_out(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[Start] = []

    def pool(start: Start, most: int) -> WorkerPool:
        started.append(start)
        raise VideoLabelerError("enough")

    monkeypatch.setattr(side_by_side, "WorkerPool", pool)
    monkeypatch.setattr(side_by_side, "usable_cores", lambda: 8)
    for threads, workers, each in ((1, 2, 1), (4, 2, 2), (8, 3, 2)):
        options = AnnotateOptions(settings=Settings(models=ModelSettings(threads=threads)))
        with pytest.raises(VideoLabelerError):
            side_by_side.annotate_side_by_side(Batch([], options, Path("out"), Watch()), workers)
        assert (started[-1].models.threads, started[-1].picture_threads) == (each, 8 // workers)


@pytest.mark.parametrize(
    "line",
    [b"", b"\n", b"[]", b'{"kind": "done"}', b'{"kind": "progress", "frames": "x"}', b'{"kind": []}', b"[" * 100_000,
     b'{"kind": "progress", "frames": 1, "in_all": 2, "rate": 1, "state": "x", "since_s": 0, "message": ""}'],
)  # fmt: skip
def test_what_is_not_an_answer_is_passed_over(line: bytes) -> None:
    assert parse(line) is None
