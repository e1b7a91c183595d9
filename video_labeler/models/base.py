"""The interfaces of labelers and localizers, independent of the engine that runs them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
import numpy.typing as npt

from video_labeler.frames import Box, Label
from video_labeler.pixels import Image

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
    """A region that may contain an object: a box in fractions of the frame (0..1), and the localizer's score (0..1)."""

    box: Box
    score: float


@dataclass(frozen=True, slots=True)
class TensorSpec:
    """One input or output. Its real values are ``(stored - zero_point) * scale``, or with scale 0 the stored ones."""

    name: str
    index: int
    shape: tuple[int, ...]
    dtype: str
    scale: float = 0.0
    zero_point: int = 0

    @property
    def is_quantised(self) -> bool:
        """Whether the values are quantised."""
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
        """Release the model. May be called again."""
        ...


class DescribedEngine(Engine, Protocol):
    """An engine that describes its model's inputs and outputs."""

    @property
    def inputs(self) -> tuple[TensorSpec, ...]:
        """The model's inputs."""
        ...

    @property
    def outputs(self) -> tuple[TensorSpec, ...]:
        """The model's outputs, in order; unknown for a SavedModel that has not run yet."""
        ...

    @property
    def pixel_range(self) -> "PixelRange":
        """The type and range of pixels that the model expects."""
        ...


class Labeler(Protocol):
    """Names what fills a picture."""

    @property
    def name(self) -> str:
        """The name of the model, for people and files."""
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
        """Release the model."""
        ...


class Localizer(Protocol):
    """Finds where objects are, without naming them."""

    @property
    def name(self) -> str:
        """The name of the model, for people and files."""
        ...

    @property
    def input_size(self) -> tuple[int, int]:
        """Width and height of the whole-frame picture it takes, pixels."""
        ...

    @property
    def score_threshold(self) -> float:
        """The score (0..1) from which a region is labelled, unless the settings say otherwise."""
        ...

    def regions(self, picture: Image) -> list[Region]:
        """Candidate regions, best first, before any non-maximum suppression.

        ``picture`` is the whole frame squashed to ``input_size``, RGB ``uint8``; boxes may run slightly outside 0..1.
        """
        ...

    def close(self) -> None:
        """Release the model."""
        ...
