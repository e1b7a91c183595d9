"""What the labelling needs of a labeler and of a localizer, whatever runs them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
import numpy.typing as npt

from video_labeler.frames import Box, Image, Label

if TYPE_CHECKING:
    from video_labeler.models.pixels import PixelRange

Scores = npt.NDArray[np.float32]
"""Probabilities, ``float32``, (crops, labels) or (labels,), 0..1."""

Tensor = npt.NDArray[np.float32]
"""One output of a model for a batch of pictures, ``float32``, (pictures, ...)."""


Pictures = npt.NDArray[np.uint8]
"""A batch of pictures, ``uint8``, (pictures, height, width, 3), RGB."""


@dataclass(frozen=True, slots=True)
class Region:
    """A place that may hold an object: a box in fractions of the frame (0..1), and the localizer's score (0..1)."""

    box: Box
    score: float


@dataclass(frozen=True, slots=True)
class TensorSpec:
    """One input or output, its stored numbers meaning ``(stored - zero_point) * scale``; scale 0: themselves."""

    name: str
    index: int
    shape: tuple[int, ...]
    dtype: str
    scale: float = 0.0
    zero_point: int = 0

    @property
    def is_quantised(self) -> bool:
        """Whether the stored numbers stand for real ones."""
        return self.scale != 0.0


class Engine(Protocol):
    """Runs one model: pictures in, raw outputs out."""

    @property
    def input_size(self) -> tuple[int, int]:
        """Width and height of the pictures it takes, pixels."""
        ...

    def run(self, pictures: Pictures) -> tuple[Tensor, ...]:
        """The model's outputs for each picture, in the model's order; pictures are of ``input_size``."""
        ...

    def close(self) -> None:
        """Let the model go. May be called again."""
        ...


class DescribedEngine(Engine, Protocol):
    """An engine that says what its model takes and gives."""

    @property
    def inputs(self) -> tuple[TensorSpec, ...]:
        """What the model takes."""
        ...

    @property
    def outputs(self) -> tuple[TensorSpec, ...]:
        """What the model gives, in its order; of a SavedModel nothing is known before it has run."""
        ...

    @property
    def pixel_range(self) -> "PixelRange":
        """How the model wants its pixels."""
        ...


class Labeler(Protocol):
    """Names what fills a picture."""

    @property
    def name(self) -> str:
        """Which model speaks, for people and files."""
        ...

    @property
    def labels(self) -> tuple[Label, ...]:
        """All labels, by row."""
        ...

    @property
    def input_size(self) -> tuple[int, int]:
        """Width and height of the crops it takes, pixels."""
        ...

    def scores(self, crops: Sequence[Image]) -> Scores:
        """The probability of each label for each crop: RGB ``uint8`` of ``input_size`` in, (crops, labels) out."""
        ...

    def close(self) -> None:
        """Let the model go."""
        ...


class Localizer(Protocol):
    """Finds where objects are, without naming them."""

    @property
    def name(self) -> str:
        """Which model speaks, for people and files."""
        ...

    @property
    def input_size(self) -> tuple[int, int]:
        """Width and height of the whole-frame picture it takes, pixels."""
        ...

    @property
    def score_threshold(self) -> float:
        """The score (0..1) from which a region is worth labelling, where the settings do not say otherwise."""
        ...

    def regions(self, picture: Image) -> list[Region]:
        """Candidate regions, best first, before any non-maximum suppression.

        ``picture`` is the whole frame squashed to ``input_size``, RGB ``uint8``; boxes may run slightly outside 0..1.
        """
        ...

    def close(self) -> None:
        """Let the model go."""
        ...
