"""What a source's frames are labelled with, while models come and settings change."""

import time
from collections.abc import Iterator

import pytest

from tests.labeling.test_glance import scene
from tests.labeling.test_object_labeler import LEFT, RIGHT, TableLocalizer, models
from video_labeler.frames import Frame
from video_labeler.models.base import Region
from video_labeler.pixels import Image
from video_labeler.session.frame_labeling import CurrentSettings, SourceLabeler
from video_labeler.session.model_bank import ModelBank
from video_labeler.settings import ModelSettings


@pytest.fixture
def localizer() -> TableLocalizer:
    localizer = TableLocalizer()
    localizer.found = [Region(LEFT, 0.9)]
    return localizer


@pytest.fixture
def bank(localizer: TableLocalizer) -> Iterator[ModelBank]:
    bank = ModelBank(
        ModelSettings(),
        on_change=lambda: None,
        on_failure=lambda text: None,
        load=lambda settings, stop: models(localizer),
    )
    bank.use(ModelSettings())
    assert bank.wait(60)
    yield bank
    bank.close()


@pytest.mark.logs_error("A frame could not be labelled")
def test_a_model_that_fails_on_a_picture_that_stands_still_is_told_of(
    bank: ModelBank, localizer: TableLocalizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(picture: Image) -> list[Region]:
        raise RuntimeError("broken")

    monkeypatch.setattr(localizer, "regions", fails)
    told: list[str] = []
    labeler = SourceLabeler(bank, CurrentSettings(), waits=False, on_failure=told.append)
    for index in range(30):
        labeler.label(Frame(index, index / 25, scene(1)))
    assert len(told) == 1


@pytest.mark.parametrize("is_file", [True, False])
def test_a_file_that_is_stepped_through_is_looked_at_in_each_frame(
    bank: ModelBank, localizer: TableLocalizer, *, is_file: bool
) -> None:
    labeler = SourceLabeler(bank, CurrentSettings(), waits=is_file, on_failure=lambda text: None)
    long_ago_s = time.monotonic() - 60
    for index in range(10):
        (labeled,) = labeler.label(Frame(index, index / 25, scene(1), long_ago_s))
        assert len(labeled.objects) == 1
    localizer.found = [Region(LEFT, 0.9), Region(RIGHT, 0.8)]
    (labeled,) = labeler.label(Frame(10, 10 / 25, scene(1), long_ago_s))
    assert len(labeled.objects) == 1, "nothing has changed in the picture"
    (labeled,) = labeler.label(Frame(11, 11 / 25, scene(1), time.monotonic() + 1))
    assert len(labeled.objects) == (2 if is_file else 1)
    (again,) = labeler.label(Frame(11, 11 / 25, scene(1), long_ago_s))
    assert len(again.objects) == 2, "what is shown again is looked at again"
    assert labeler.finish() == ()
