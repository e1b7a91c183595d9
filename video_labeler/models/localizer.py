"""Localizers: find objects by decoding the outputs of either kind of model."""

from collections.abc import Callable, Sequence

import numpy as np

from video_labeler.errors import ModelFormatError
from video_labeler.frames import Box
from video_labeler.models.base import Engine, Region, Tensor
from video_labeler.pixels import Image

_LEAST_SCORE = 0.05
_MOST_REGIONS = 100

Decoder = Callable[[Sequence[Tensor]], tuple[Tensor, Tensor]]
"""Outputs for one picture in; boxes (n, 4) as x_min, y_min, x_max, y_max in fractions, and scores (n,), out."""


class ModelLocalizer:
    """A localizer that runs on an engine; ``digest`` identifies the model's content."""

    def __init__(self, name: str, engine: Engine, decode: Decoder, *, score_threshold: float, digest: str = "") -> None:
        self.name = name
        self.digest = digest
        self.score_threshold = score_threshold
        self._engine = engine
        self._decode = decode

    @property
    def input_size(self) -> tuple[int, int]:
        """Width and height of the whole-frame picture it takes, pixels."""
        return self._engine.input_size

    def regions(self, picture: Image) -> list[Region]:
        """Candidate regions, best first, before any non-maximum suppression: at most 100, each above 0.05.

        ``picture`` is the whole frame squashed to ``input_size``, RGB ``uint8``; boxes may run slightly outside 0..1.

        Raises:
            ValueError: the picture is not of ``input_size``, or not ``uint8``.
            ModelFormatError: the model fails while computing.
        """
        width, height = self.input_size
        if picture.shape != (height, width, 3) or picture.dtype != np.uint8:
            raise ValueError(f"A picture must be uint8 ({height}, {width}, 3), not {picture.dtype} {picture.shape}")
        outputs = [output[0] for output in self._engine.run(picture[np.newaxis])]
        try:
            boxes, scores = self._decode(outputs)
        except (StopIteration, ValueError, IndexError, OverflowError) as error:
            raise ModelFormatError(f"The model {self.name} returned different outputs: use another one.") from error
        usable = np.isfinite(boxes).all(axis=1) & (boxes[:, 2:] > boxes[:, :2]).all(axis=1) & (scores > _LEAST_SCORE)
        rows = np.flatnonzero(usable)
        best = rows[np.argsort(-scores[rows], kind="stable")][:_MOST_REGIONS]
        return [Region(Box(*map(float, boxes[row])), min(float(scores[row]), 1.0)) for row in best]

    def close(self) -> None:
        """Release the model."""
        self._engine.close()


def decoder_for(shapes: Sequence[tuple[int, ...]], name: str) -> Decoder:
    """The decoder that fits a model with outputs of these shapes, each with its batch dimension.

    Raises:
        ModelFormatError: no decoder fits.
    """
    boxes = [shape for shape in shapes if len(shape) == 3 and shape[-1] == 4]
    if boxes and sum(shape == boxes[0][:2] for shape in shapes) >= 2:
        return decode_detections
    maps = [shape for shape in shapes if len(shape) == 4]
    if sorted(shape[-1] for shape in maps) == [1, 4] and maps[0][:3] == maps[1][:3]:
        return decode_maps
    raise ModelFormatError(
        f"{name} is not a localizer: its outputs are {', '.join(str(list(shape)) for shape in shapes)}, "
        "where boxes with scores, or an objectness map with distances, are needed."
    )


def decode_detections(outputs: Sequence[Tensor]) -> tuple[Tensor, Tensor]:
    """Decode the outputs of TFLite's detection post-processing: boxes (ymin, xmin, ymax, xmax), classes, scores,
    count.
    """
    corners = next(output for output in outputs if output.ndim == 2 and output.shape[-1] == 4)
    count = next((int(output) for output in outputs if output.ndim == 0), len(corners))
    classes, scores = [output for output in outputs if output.ndim == 1 and len(output) == len(corners)][:2]
    # Some converters put the scores first; classes are whole numbers, scores are not.
    if np.any(classes % 1) and not np.any(scores % 1):
        scores = classes
    return corners[:count, [1, 0, 3, 2]], scores[:count]


def decode_maps(outputs: Sequence[Tensor]) -> tuple[Tensor, Tensor]:
    """Decode the basic localizer's maps: objectness (rows, columns, 1) and distances (rows, columns, 4).

    Distances run from a cell's centre to the box's left, top, right and bottom edge, in fractions of the frame
    (docs/built-in-models.md).
    """
    distances, objectness = sorted(outputs, key=lambda output: output.shape[-1], reverse=True)
    rows, columns, _ = objectness.shape
    y, x = np.meshgrid((np.arange(rows) + 0.5) / rows, (np.arange(columns) + 0.5) / columns, indexing="ij")
    left, top, right, bottom = np.moveaxis(distances, -1, 0)
    boxes = np.stack([x - left, y - top, x + right, y + bottom], axis=-1).reshape(-1, 4)
    return np.clip(boxes, 0.0, 1.0).astype(np.float32), objectness.reshape(-1)
