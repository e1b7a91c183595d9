"""The common life cycle of cameras and network streams: they stall, freeze, go black, vanish and come back."""

import time
from collections.abc import Callable
from typing import Protocol

from video_labeler.errors import SourceError, SourceNotFoundError, SourceUnavailableError
from video_labeler.frames import Frame
from video_labeler.pixels import Pixels
from video_labeler.sources.base import Delivery, Source, SourceInfo, SourceState, SourceStatus, shown_aspect
from video_labeler.sources.watchdog import LivenessLimits, PictureWatch, SilenceWatch

_FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 5.0

_FIRST_REOPENING_S = 60.0
_LONGEST_REOPENING_S = 3600.0
"""Pauses between reopening a device that delivers useless pictures, which might help."""


class EndOfPictures(Exception):  # noqa: N818 - an end is not an error
    """The device has sent everything, as a recording on a web server does."""


class Connection(Protocol):
    """An open device."""

    @property
    def info(self) -> SourceInfo:
        """What it delivers."""
        ...

    @property
    def captured_s(self) -> float | None:
        """When the last picture arrived (monotonic); ``None``: when it was read."""
        ...

    def read(self) -> Pixels | None:
        """The next picture; ``None`` if none arrived within the device's time-out.

        Raises:
            SourceError: the device is gone.
            EndOfPictures: it has sent everything.
        """
        ...

    def close(self) -> None:
        """Release the device. Never raises."""
        ...


class Device(Protocol):
    """A device that can be opened repeatedly."""

    @property
    def name(self) -> str:
        """Its name for people, with which messages begin."""
        ...

    def open(self) -> Connection:
        """Open it, within its own time-out.

        Raises:
            SourceNotFoundError: it is not connected, but may be later.
            SourceUnavailableError: it does not answer now.
            SourceError: no later try could succeed.
            EndOfPictures: it has sent everything already, and starts again.
        """
        ...


class LiveSource(Source):
    """Monitors a device, and reopens it after growing pauses (0.5 s to ``longest_pause_s``) when it fails.

    Pictures that stay the same, or black, for too long change the state, but are still returned. Indices continue over
    a reconnection, and ``time_s`` is when the picture arrived. A picture identical to the one before is not newer
    than it: it keeps its ``captured_s``.
    """

    delivery = Delivery.NEWEST

    def __init__(
        self,
        device: Device,
        must_answer: bool = True,
        *,
        longest_pause_s: float = LONGEST_PAUSE_S,
        limits: LivenessLimits | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._device = device
        self._must_answer = must_answer
        self._longest_pause_s = longest_pause_s
        self._first_pause_s = min(_FIRST_PAUSE_S, longest_pause_s)
        self._limits = limits or LivenessLimits()
        self._clock = clock
        self._sleep = sleep
        self._connection: Connection | None = None
        self._status = SourceStatus(SourceState.CLOSED, clock())
        self._reset()

    def _reset(self) -> None:
        self._watch = PictureWatch(self._limits)
        self._silence = SilenceWatch(self._limits.silent_after_s, self._clock())
        self._index = 0
        self._first_s: float | None = None
        self._last_s = 0.0
        self._info: SourceInfo | None = None
        self._pause_s = self._first_pause_s
        self._retry_s: float | None = None
        self._reopening_pause_s = _FIRST_REOPENING_S
        self._reopen_s: float | None = None
        self._reconnects = 0

    @property
    def reconnects(self) -> int:
        """How often the device was reopened since :meth:`open`."""
        return self._reconnects

    @property
    def info(self) -> SourceInfo | None:
        """What the device has delivered since it was last opened."""
        return self._info

    def open(self) -> SourceInfo:
        """Open the device.

        Raises:
            SourceError: it does not answer and ``must_answer`` is set, or no later try could succeed.
        """
        self.close()
        self._reset()
        self._become(SourceState.CONNECTING, f"Connecting to {self._device.name}.")
        try:
            self._connection = self._device.open()
        except (SourceNotFoundError, SourceUnavailableError) as error:
            if self._must_answer:
                self._become(SourceState.CLOSED)
                raise
            self._lose(SourceState.RECONNECTING, f"{error} Trying again.")
            self._info = SourceInfo(self._device.name)
            return self._info
        except BaseException:
            self._become(SourceState.CLOSED)
            raise
        self._silence.begin(self._clock(), may_pause=self._may_pause)
        self._info = self._connection.info
        return self._info

    def read(self, timeout_s: float = 0.5) -> Frame | None:
        """The next frame, or ``None`` after about ``timeout_s``.

        While the device is silent, its own time-out (at most 2 s) is added. Never raises: whatever happens
        to the device is a status.
        """
        deadline_s = self._clock() + timeout_s
        while self._status.state not in (SourceState.CLOSED, SourceState.ENDED):
            image = self._next_image(deadline_s)
            frame = None if image is None else self._accept(image)
            if frame is not None or self._clock() >= deadline_s:
                return frame
        return None

    def _next_image(self, deadline_s: float) -> Pixels | None:
        now_s = self._clock()
        if self._retry_s is not None and now_s >= self._retry_s:
            self._reconnect()
            return None
        if self._connection is not None and self._reopen_s is not None and now_s >= self._reopen_s:
            self._reopen()
            return None
        if self._connection is None:
            until_s = deadline_s if self._retry_s is None else min(self._retry_s, deadline_s)
            self._sleep(max(0.0, until_s - now_s))
            return None
        return self._read_from(self._connection)

    def _read_from(self, connection: Connection) -> Pixels | None:
        try:
            image = connection.read()
        except EndOfPictures:
            self._disconnect()
            self._become(SourceState.ENDED)
            return None
        except SourceError as error:
            self._lose(SourceState.RECONNECTING, f"{error} Trying again.")
            return None
        if image is None and self._silence.is_silent(self._clock()):
            self._lose(SourceState.STALLED, self._stalled_message())
        return image

    def _accept(self, image: Pixels) -> Frame | None:
        now_s = self._clock()
        self._silence.note_picture(now_s)
        arrived_s = self._connection.captured_s if self._connection is not None else None
        came_s = now_s if arrived_s is None else arrived_s
        state = self._watch.judge(image, came_s)
        if state is SourceState.RUNNING:
            self._reopening_pause_s = _FIRST_REOPENING_S
            self._reopen_s = None
        elif self._reopen_s is None:
            self._reopen_s = now_s + self._reopening_pause_s
            self._reopening_pause_s = min(2 * self._reopening_pause_s, _LONGEST_REOPENING_S)
        if self._status.state is not state:
            self._become(state, self._doubt(state))
        self._pause_s = self._first_pause_s
        self._retry_s = None
        if self._first_s is None:
            self._first_s = came_s
        self._last_s = max(self._last_s, came_s - self._first_s)
        aspect = shown_aspect(None if self._info is None else self._info.pixel_aspect)
        frame = Frame(self._index, self._last_s, image, self._watch.same_since_s, pixel_aspect=aspect)
        self._index += 1
        return frame

    def _doubt(self, state: SourceState) -> str:
        if state is SourceState.FROZEN:
            return f"{self._device.name} keeps sending the same picture. Is that what it should show?"
        if state is SourceState.BLACK:
            return f"{self._device.name} shows only black. Check the lens cover and the light."
        return ""

    def _reopen(self) -> None:
        """Reopen a device that delivers pictures in which nothing can be seen."""
        self._reopen_s = None
        self._reconnect()

    def _reconnect(self) -> None:
        self._disconnect()
        self._retry_s = None
        try:
            self._connection = self._device.open()
        except EndOfPictures:
            self._become(SourceState.ENDED)
            return
        except SourceError as error:
            self._lose(SourceState.RECONNECTING, f"{error} Trying again.")
            return
        self._info = self._connection.info
        self._silence.begin(self._clock(), may_pause=self._may_pause)
        self._reconnects += 1
        if self._status.state is SourceState.STALLED:
            # A continuing stall counts as a new one: the device does not hang.
            self._become(SourceState.STALLED, self._stalled_message())

    @property
    def _may_pause(self) -> bool:
        """Whether many seconds without a picture are normal, even if it is usually fast."""
        return False

    def _lose(self, state: SourceState, message: str) -> None:
        self._disconnect()
        self._become(state, message)
        self._schedule()

    def _schedule(self) -> None:
        self._retry_s = self._clock() + self._pause_s
        self._pause_s = min(2 * self._pause_s, self._longest_pause_s)

    def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _stalled_message(self) -> str:
        return f"{self._device.name} sends no pictures. Trying again."

    def _become(self, state: SourceState, message: str = "") -> None:
        # Repeated tries are one state, which began with the first.
        before = self._status
        goes_on = state is before.state or (
            state is SourceState.RECONNECTING and before.state is SourceState.CONNECTING
        )
        self._status = SourceStatus(state, before.since_s if goes_on else self._clock(), message)

    def close(self) -> None:
        """Release the device.

        Call it from the thread that reads: releasing a capture while it reads crashes the process.
        """
        self._disconnect()
        if self._status.state is not SourceState.ENDED:
            self._become(SourceState.CLOSED)

    @property
    def status(self) -> SourceStatus:
        """What the device is doing; shows a stall even while another thread waits in :meth:`read`."""
        status, silence = self._status, self._silence
        if status.state is SourceState.RUNNING and silence.is_silent(self._clock()):
            return SourceStatus(SourceState.STALLED, silence.alive_s + silence.limit_s, self._stalled_message())
        return status
