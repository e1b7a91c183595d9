"""Models without networks: everything is one thing, in the middle."""

import threading
from collections.abc import Sequence

import numpy as np

from video_labeler.errors import ModelNotFoundError
from video_labeler.frames import Box, Label
from video_labeler.labeling.hierarchy import LabelHierarchy
from video_labeler.labeling.object_labeler import Models
from video_labeler.models.base import Region, Scores
from video_labeler.pixels import Image
from video_labeler.settings import ModelSettings


class FakeLabeler:
    """Gives one label 0.9; may fail."""

    input_size = (32, 32)

    def __init__(self, name: str) -> None:
        self.name = name
        self.labels = (Label(0, "/m/0", name.capitalize()), Label(1, "/m/1", "Nothing"))
        self.fails = False
        self.closed = False

    def scores(self, crops: Sequence[Image]) -> Scores:
        assert not self.closed, "models are not used once they have been let go"
        if self.fails:
            raise RuntimeError("the network broke")
        return np.tile(np.array([0.9, 0.01], dtype=np.float32), (len(crops), 1))

    def close(self) -> None:
        self.closed = True


class FakeLocalizer:
    """Finds one object in the middle."""

    input_size = (32, 32)
    score_threshold = 0.2

    def __init__(self, name: str) -> None:
        self.name = name
        self.closed = False

    def regions(self, picture: Image) -> list[Region]:
        assert not self.closed
        return [Region(Box(0.25, 0.25, 0.75, 0.75), 0.8)]

    def close(self) -> None:
        self.closed = True


class FakeLoading:
    """Loads what settings name, when it is let; ``missing`` is not there."""

    def __init__(self) -> None:
        self.made: list[Models] = []
        self.may_load = threading.Event()
        self.may_load.set()

    def __call__(self, settings: ModelSettings, _: object = None) -> Models:
        self.may_load.wait(20)
        if settings.model == "missing":
            raise ModelNotFoundError("There is no model missing.")
        if settings.model == "crash":
            raise ZeroDivisionError("division by zero")
        models = Models(
            FakeLabeler(settings.model),
            FakeLocalizer(settings.model),
            LabelHierarchy.from_parents(["thing", "nothing"], [(), ()]),
        )
        self.made.append(models)
        return models
