"""The orientation of a video's pictures: rotated and mirrored as its display matrix says."""

import struct
from enum import Enum

import numpy as np
import numpy.typing as npt
from av.sidedata.sidedata import SideData
from av.video.frame import VideoFrame

from video_labeler.opencv import cv2


class Orientation(Enum):
    """One of the eight orientations of a picture, each as (a, b, c, d).

    The pixel at (x, y) is shown at (a x + c y, b x + d y), x to the right and y down, moved back into the frame.
    """

    UPRIGHT = (1, 0, 0, 1)
    TURNED_RIGHT = (0, 1, -1, 0)
    UPSIDE_DOWN = (-1, 0, 0, -1)
    TURNED_LEFT = (0, -1, 1, 0)
    MIRRORED = (-1, 0, 0, 1)
    MIRRORED_UPSIDE_DOWN = (1, 0, 0, -1)
    TRANSPOSED = (0, 1, 1, 0)
    ANTITRANSPOSED = (0, -1, -1, 0)

    @property
    def swaps_sides(self) -> bool:
        """Whether width and height are swapped."""
        return self in _ON_THEIR_SIDE

    def applied(self, image: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
        """The upright picture, or plane of one; the same array if it is upright already."""
        if self is Orientation.UPRIGHT:
            return image
        turn, flip = _TURNS.get(self), _FLIPS.get(self)
        if turn is not None:
            return np.asarray(cv2.rotate(image, turn), dtype=np.uint8)
        if flip is not None:
            return np.asarray(cv2.flip(image, flip), dtype=np.uint8)
        transposed = cv2.transpose(image)
        if self is Orientation.ANTITRANSPOSED:
            transposed = cv2.rotate(transposed, cv2.ROTATE_180)
        return np.asarray(transposed, dtype=np.uint8)


_TURNS = {
    Orientation.TURNED_RIGHT: cv2.ROTATE_90_CLOCKWISE,
    Orientation.UPSIDE_DOWN: cv2.ROTATE_180,
    Orientation.TURNED_LEFT: cv2.ROTATE_90_COUNTERCLOCKWISE,
}
_ON_THEIR_SIDE = frozenset(
    (Orientation.TURNED_RIGHT, Orientation.TURNED_LEFT, Orientation.TRANSPOSED, Orientation.ANTITRANSPOSED)
)
_FLIPS = {Orientation.MIRRORED: 1, Orientation.MIRRORED_UPSIDE_DOWN: 0}
"""In OpenCV's terms: about the y axis, about the x axis."""


def orientation_of(picture: VideoFrame) -> Orientation:
    """The orientation nearest to the picture's display matrix; upright if there is none."""
    matrix = picture.side_data.get("DISPLAYMATRIX")
    if not isinstance(matrix, SideData):
        return Orientation.UPRIGHT
    a, b, _, c, d, *_ = struct.unpack("=9i", bytes(matrix))
    # An angle would not distinguish a rotated picture from a mirrored one. Scale is not part of the orientation.
    across, down = np.hypot(a, b) or 1.0, np.hypot(c, d) or 1.0
    wanted = (a / across, b / across, c / down, d / down)
    return max(Orientation, key=lambda known: sum(x * y for x, y in zip(known.value, wanted, strict=True)))


class OrientationWatch:
    """The orientation of successive pictures, looked up only where it may have changed.

    A picture whose side data were read is not freed until Python's collector runs: reading those of every picture makes
    decoding a third slower.
    """

    def __init__(self) -> None:
        self._known: Orientation | None = None
        self._signs = (0, 0, 0)

    def of(self, picture: VideoFrame) -> Orientation:
        """The same as :func:`orientation_of`."""
        signs = (picture.width, picture.height, picture.rotation)
        if self._known is None or signs != self._signs:
            self._known, self._signs = orientation_of(picture), signs
        return self._known
