"""The synthetic source: the moving test picture, for trying everything without a camera."""

import time
from collections.abc import Callable

from video_labeler.errors import SourceFormatError
from video_labeler.frames import Frame
from video_labeler.sources.base import Delivery, SourceInfo, SourceState, SourceStatus, StatefulSource
from video_labeler.sources.moving_picture import MovingPicture

_SIZES = range(16, 16385)
_MAX_RATE = 1000.0


class SyntheticSource(StatefulSource):
    """The moving test picture, as fast as it is read, or with ``live=True`` at its rate like a camera.

    ``width`` and ``height`` are in pixels, ``rate`` in frames a second; ``frame_count=None`` never ends. Without
    ``live`` the picture depends on the index alone.
    """

    def __init__(
        self,
        width: int = 1280,
        height: int = 720,
        rate: float = 30.0,
        frame_count: int | None = None,
        live: bool = False,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        super().__init__()
        self.delivery = Delivery.NEWEST if live else Delivery.EVERY_FRAME
        self._size = (width, height)
        self._rate = rate
        self._frame_count = frame_count
        self._live = live
        self._clock = clock
        self._sleep = sleep
        self._picture: MovingPicture | None = None
        self._index = 0
        self._started_s = self._first_s = 0.0
        self._last_tick = -1

    def open(self) -> SourceInfo:
        """Start at the first picture.

        Raises:
            SourceFormatError: an impossible size or rate.
        """
        width, height = self._size
        if width not in _SIZES or height not in _SIZES or not 0.0 < self._rate <= _MAX_RATE:
            raise SourceFormatError(
                "The test picture can be 16 to 16384 pixels wide and high, with up to 1000 frames a second: "
                "for instance synthetic:640x360@30."
            )
        self._picture = MovingPicture(width, height)
        self._index = 0
        self._last_tick = -1
        self._started_s = self._clock()
        self._status = SourceStatus(SourceState.RUNNING)
        duration_s = None if self._frame_count is None else self._frame_count / self._rate
        return SourceInfo("Test picture", width, height, self._rate, self._frame_count, duration_s)

    def read(self, timeout_s: float = 0.5) -> Frame | None:
        """The next picture; live: ``None`` if it is not due within ``timeout_s``."""
        if self._picture is None:
            return None
        if self._frame_count is not None and self._index >= self._frame_count:
            self._status = SourceStatus(SourceState.ENDED)
            return None
        if not self._live:
            return self._frame(self._picture, self._index, self._index / self._rate)
        if not self._wait_for_tick(timeout_s):
            return None
        now_s = self._clock()
        # As with a camera, a late reader gets the current picture.
        self._last_tick = max(self._last_tick + 1, int((now_s - self._started_s) * self._rate))
        if self._index == 0:
            self._first_s = now_s
        return self._frame(self._picture, self._last_tick, now_s - self._first_s)

    def _wait_for_tick(self, timeout_s: float) -> bool:
        wait_s = self._started_s + (self._last_tick + 1) / self._rate - self._clock()
        if wait_s > 0:
            self._sleep(min(wait_s, timeout_s))
        return wait_s <= timeout_s

    def _frame(self, picture: MovingPicture, tick: int, time_s: float) -> Frame:
        frame = Frame(self._index, time_s, picture.draw(tick), self._clock())
        self._index += 1
        return frame

    def close(self) -> None:
        """Stop."""
        self._picture = None
        self._mark_closed()
