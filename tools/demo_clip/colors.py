"""Colours of vertices."""

import numpy as np
from numpy.typing import NDArray

from demo_clip.materials import Color
from demo_clip.meshes import Points


def uniform(color: Color, count: int) -> Points:
    """The same colour ``count`` times."""
    return np.tile(color, (count, 1))


def mixed(colors: Points, color: Color, share: NDArray[np.float64]) -> Points:
    """``colors`` with that share (0..1, one a vertex) of another colour in them."""
    return colors * (1 - share[:, None]) + np.array(color) * share[:, None]
