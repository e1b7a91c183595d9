"""The pixel format of a model: plain bytes, shifted bytes, or numbers in a range."""

from dataclasses import dataclass
from enum import Enum
from typing import Any

import numpy as np
import numpy.typing as npt

from video_labeler.models.base import Pictures


class RangeOrigin(Enum):
    """How the range of a model's pixels is known."""

    TYPE = "its type"
    METADATA = "the model's metadata"
    QUANTISATION = "the model's first quantised layer"
    CONVENTION = "the convention of TensorFlow Hub"
    ASSUMED = "nothing in the model, so it is assumed"


@dataclass(frozen=True, slots=True)
class PixelRange:
    """Converts 0..255 for a model: ``(pixel - mean) / std`` as ``dtype``, mean and std for each colour or for all."""

    dtype: str
    mean: tuple[float, ...] = (0.0,)
    std: tuple[float, ...] = (1.0,)
    origin: RangeOrigin = RangeOrigin.TYPE

    def prepare(self, pictures: Pictures) -> npt.NDArray[Any]:
        """Pixels in the model's type and range, of the same shape."""
        if self.dtype == "uint8":
            return pictures
        if self.dtype == "int8":
            return (pictures ^ np.uint8(128)).view(np.int8)
        mean, std = np.array(self.mean, np.float32), np.array(self.std, np.float32)
        return (pictures.astype(np.float32) - mean) / std

    @property
    def limits(self) -> tuple[float, float]:
        """The values of the pixels 0 and 255, at the widest of the colours."""
        if self.dtype == "int8":
            return -128.0, 127.0
        pairs = list(zip(self.mean, self.std, strict=True))
        return min((0 - mean) / std for mean, std in pairs), max((255 - mean) / std for mean, std in pairs)


UNIT = PixelRange("float32", (0.0,), (255.0,), RangeOrigin.CONVENTION)
"""0..1, which TensorFlow Hub's common image signature prescribes."""


def from_limits(low: float, high: float, origin: RangeOrigin) -> PixelRange:
    """The range in which the pixel 0 becomes ``low`` and the pixel 255 ``high``."""
    std = 255.0 / (high - low)
    return PixelRange("float32", (-low * std,), (std,), origin)
