"""A camera that fails on purpose, for seeing and testing what the program does then."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np

from video_labeler.errors import SourceUnavailableError
from video_labeler.pixels import Image
from video_labeler.sources.base import SourceInfo
from video_labeler.sources.moving_picture import MovingPicture

_READ_TIMEOUT_S = 2.0


class FaultKind(Enum):
    """How a camera fails."""

    STALL = "stall"
    """It stays open, but sends no pictures."""
    FREEZE = "freeze"
    """It repeats its last picture."""
    BLACK = "black"
    """It sends black pictures."""
    DISAPPEAR = "disappear"
    """It is unplugged."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A failure from ``start_s`` until before ``end_s``, seconds since the device was first opened."""

    kind: FaultKind
    start_s: float
    end_s: float


class SyntheticDevice:
    """The moving test picture as a device for :class:`~video_labeler.sources.live.LiveSource`, with faults."""

    name = "The test camera"
    captured_s: float | None = None

    def __init__(
        self,
        width: int = 1280,
        height: int = 720,
        rate: float = 30.0,
        faults: Sequence[Fault] = (),
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.info = SourceInfo(self.name, width, height, rate)
        self._picture = MovingPicture(width, height)
        self._black = np.zeros((height, width, 3), dtype=np.uint8)
        self._interval_s = 1.0 / rate
        self._faults = tuple(faults)
        self._clock = clock
        self._sleep = sleep
        self._started_s: float | None = None
        self._tick = 0
        self._due_s = 0.0

    def open(self) -> "SyntheticDevice":
        """Plug in.

        Raises:
            SourceUnavailableError: it has disappeared.
        """
        if self._started_s is None:
            self._started_s = self._clock()
        self._refuse_if_gone()
        self._due_s = self._clock()
        return self

    def read(self) -> Image | None:
        """The next picture when it is due; ``None`` after stalling for 2 s.

        Raises:
            SourceUnavailableError: it has disappeared.
        """
        self._due_s = max(self._due_s + self._interval_s, self._clock())
        self._sleep(max(0.0, self._due_s - self._clock()))
        self._refuse_if_gone()
        fault = self._fault()
        if fault is FaultKind.STALL:
            self._sleep(_READ_TIMEOUT_S)
            return None
        if fault is FaultKind.BLACK:
            return self._black.copy()
        if fault is not FaultKind.FREEZE:
            self._tick += 1
        return self._picture.draw(self._tick)

    def close(self) -> None:
        """Unplug; it can be opened again."""

    def _fault(self) -> FaultKind | None:
        elapsed_s = self._clock() - (self._started_s or 0.0)
        return next((fault.kind for fault in self._faults if fault.start_s <= elapsed_s < fault.end_s), None)

    def _refuse_if_gone(self) -> None:
        if self._fault() is FaultKind.DISAPPEAR:
            raise SourceUnavailableError(f"{self.name} is not connected.")
