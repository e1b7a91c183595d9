"""Models that are loaded behind the running picture, and exchanged while they speak."""

import threading
from collections.abc import Iterator

import pytest

from tests.fakes import grey_frame
from tests.session.fake_models import FakeLabeler, FakeLoading
from tests.session.waiting import until
from video_labeler.errors import ModelDownloadError
from video_labeler.labeling.object_labeler import Models
from video_labeler.session.frame_labeling import CurrentSettings, SourceLabeler
from video_labeler.session.model_bank import ModelBank
from video_labeler.session.view import ModelState
from video_labeler.settings import LabelingSettings, ModelSettings
from video_labeler.system.background_task import StopSignal


class Bench:
    """A bank, and a labeler that uses it."""

    def __init__(self) -> None:
        self.load = FakeLoading()
        self.changes = 0
        self.said: list[str] = []
        self.bank = ModelBank(
            ModelSettings(model="first"), on_change=self._changed, on_failure=self.said.append, load=self.load
        )
        self.current = CurrentSettings()

    def _changed(self) -> None:
        self.changes += 1

    def labeler(self, *, waits: bool = False) -> SourceLabeler:
        return SourceLabeler(self.bank, self.current, waits=waits, on_failure=self.said.append)

    def use(self, name: str) -> None:
        self.bank.use(ModelSettings(model=name))

    def spoken(self, labeler: SourceLabeler, index: int = 0) -> list[str]:
        (labeled,) = labeler.label(grey_frame(index))
        return [prediction.label.name for item in labeled.objects for prediction in item.predictions]


@pytest.fixture
def bench() -> Iterator[Bench]:
    made = Bench()
    yield made
    made.load.may_load.set()
    made.bank.close()


def test_frames_continue_unlabelled_until_the_models_are_there(bench: Bench) -> None:
    bench.load.may_load.clear()
    bench.use("cat")
    labeler = bench.labeler()
    assert bench.bank.view.state is ModelState.LOADING
    assert bench.spoken(labeler) == []
    assert not bench.bank.has_models
    bench.load.may_load.set()
    until(lambda: bench.bank.view.state is ModelState.READY)
    assert bench.spoken(labeler) == ["Cat"]
    assert (bench.bank.view.labeler, bench.bank.view.localizer, bench.bank.view.basic) == ("cat", "cat", False)
    until(lambda: bench.changes == 1)


def test_a_file_waits_for_the_first_models_but_not_after_it_was_let_go(bench: Bench) -> None:
    bench.load.may_load.clear()
    bench.use("cat")
    labeler, heard = bench.labeler(waits=True), []
    thread = threading.Thread(target=lambda: heard.append(bench.spoken(labeler)))
    thread.start()
    thread.join(0.3)
    assert thread.is_alive()
    bench.load.may_load.set()
    thread.join(10)
    assert heard == [["Cat"]]

    other = Bench()
    labeler = other.labeler(waits=True)
    labeler.stop_waiting_for_models()
    assert other.spoken(labeler) == []


def test_an_exchange_closes_the_old_models_and_restarts_tracks(bench: Bench) -> None:
    bench.use("cat")
    until(lambda: bench.bank.has_models)
    labeler = bench.labeler()
    assert bench.spoken(labeler) == ["Cat"]
    bench.use("builtin")
    until(lambda: bench.bank.view.labeler == "builtin")
    assert bench.bank.view.basic
    assert bench.spoken(labeler, 1) == ["Builtin"]
    old = bench.load.made[0]
    assert isinstance(old.labeler, FakeLabeler)
    until(lambda: old.labeler.closed)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("missing", "no model missing"),
        pytest.param("crash", "division by zero", marks=pytest.mark.logs_error("The model cannot be used")),
    ],
)
def test_models_that_fail_leave_the_old_ones_speaking_and_say_why(bench: Bench, name: str, words: str) -> None:
    bench.use("cat")
    until(lambda: bench.bank.has_models)
    bench.use(name)
    until(lambda: bench.bank.view.state is ModelState.FAILED)
    view = bench.bank.view
    assert words in view.message
    assert (view.labeler, view.settings.model) == ("cat", "cat"), "it tells which ones speak"
    until(lambda: bool(bench.said))
    assert words in bench.said[0]
    assert bench.spoken(bench.labeler()) == ["Cat"]


def test_models_that_fail_at_first_let_the_picture_continue(bench: Bench) -> None:
    bench.use("missing")
    until(lambda: bench.bank.view.state is ModelState.FAILED)
    assert bench.spoken(bench.labeler(waits=True)) == []
    assert bench.bank.view.settings.model == "missing"


def test_the_newest_request_wins_whichever_is_loaded_first(bench: Bench) -> None:
    bench.load.may_load.clear()
    for name in ("one", "two", "three"):
        bench.use(name)
    bench.load.may_load.set()
    until(lambda: len(bench.load.made) == 3)
    until(lambda: bench.bank.view.labeler == "three")
    until(lambda: sum(models.labeler.closed for models in bench.load.made) == 2)  # type: ignore[attr-defined]
    assert bench.changes == 1


@pytest.mark.logs_error("A frame could not be labelled")
def test_a_model_that_fails_at_its_work_does_not_end_the_picture(bench: Bench) -> None:
    bench.use("cat")
    until(lambda: bench.bank.has_models)
    labeler = bench.labeler()
    (models,) = bench.load.made
    assert isinstance(models.labeler, FakeLabeler)
    models.labeler.fails = True
    for index in range(30):
        assert bench.spoken(labeler, index) == []
    assert bench.bank.view.state is ModelState.FAILED
    assert len(bench.said) == 1
    assert "the network broke" in bench.said[0]
    models.labeler.fails = False
    assert bench.spoken(labeler, 40) == ["Cat"]
    assert bench.bank.view.state is ModelState.READY


def test_settings_act_on_the_next_frame(bench: Bench) -> None:
    bench.use("cat")
    until(lambda: bench.bank.has_models)
    labeler = bench.labeler()
    assert bench.spoken(labeler) == ["Cat"]
    bench.current.labeling = LabelingSettings(threshold=0.95)
    assert bench.spoken(labeler, 1) == []
    bench.current.labeling = LabelingSettings(threshold=0.88)
    assert bench.spoken(labeler, 2) == ["Cat"], "also just above the new threshold"


def test_a_close_lets_go_what_is_loaded_and_what_still_comes(bench: Bench) -> None:
    bench.use("cat")
    until(lambda: bench.bank.has_models)
    bench.load.may_load.clear()
    bench.use("dog")
    bench.bank.close()
    assert not bench.bank.has_models
    bench.load.may_load.set()
    until(lambda: len(bench.load.made) == 2)
    until(lambda: all(models.labeler.closed for models in bench.load.made))  # type: ignore[attr-defined]
    assert not bench.bank.has_models


def test_a_load_that_nobody_waits_for_any_more_is_told_to_stop() -> None:
    stops: list[StopSignal] = []
    said: list[str] = []

    def download(_: ModelSettings, stop: StopSignal) -> Models:
        stops.append(stop)
        assert stop.wait(60)
        raise ModelDownloadError("The download was stopped.")

    bank = ModelBank(ModelSettings(), on_change=list, on_failure=said.append, load=download)
    bank.use(ModelSettings(model="first"))
    until(lambda: len(stops) == 1)
    bank.use(ModelSettings(model="second"))
    until(lambda: len(stops) == 2)
    assert stops[0].is_set()
    assert not stops[1].is_set()
    bank.close()
    assert stops[1].is_set()
    assert said == []
    assert bank.view.state is ModelState.LOADING
