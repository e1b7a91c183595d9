"""Plays a file at its true pace: pause, step, seek, speed."""

import threading
import time
from dataclasses import dataclass, replace
from typing import Protocol, runtime_checkable

from video_labeler.frames import Frame
from video_labeler.sources.base import Delivery, SeekableSource, Source, SourceInfo, SourceStatus

SPEEDS = (0.25, 4.0)
"""The slowest and the fastest."""

_LATE_S = 0.1
"""A reader later than this slows playback down, rather than catching up in a rush."""

_LONE_PICTURE_S = 1.0
"""How often a loop of a single picture returns it: cheap, and shows that it is alive."""


@dataclass(frozen=True, slots=True)
class PlaybackPosition:
    """The position of a playback, in seconds; ``duration_s`` is ``None`` if unknown."""

    time_s: float
    duration_s: float | None
    paused: bool
    speed: float
    ended: bool


@runtime_checkable
class BecomesPlayback(Protocol):
    """A source at an address that may turn out to be a recording, which it then plays."""

    @property
    def playback(self) -> "Playback | None":
        """Its playback; ``None`` if it is live, or has not answered yet."""
        ...


class Playback(Source):
    """Plays a file: returns each frame when it is due, and skips none.

    A slower reader slows playback down. The last picture is shown for its own duration. At the end it waits
    to be played again; with ``loop`` it restarts by itself. Every seek leaves a gap in the frames' indices. What
    follows :meth:`read` is for any thread, and returns at once.
    """

    delivery = Delivery.EVERY_FRAME

    def __init__(self, source: SeekableSource, *, loop: bool = False) -> None:
        self._source = source
        self._loop = loop
        self._changed = threading.Condition()
        self._reset()

    def _reset(self) -> None:
        self._next: Frame | None = None
        self._last: Frame | None = None
        self._due_s: float | None = None
        self._time_s = 0.0
        self._duration_s: float | None = None
        self._target_s: float | None = None
        self._paused = False
        self._speed = 1.0
        self._steps = 0
        self._interval_s = 0.0
        self._has_rested = False
        self._again = False
        self._has_read_all = False
        self._at_end = False
        self._loop_due_s: float | None = None
        self._step_s: float | None = None
        self._jumps = 0
        self._since_jump = 0

    def open(self) -> SourceInfo:
        """Open the file; it plays from the first frame.

        Raises:
            SourceError: as the file does.
        """
        info = self._source.open()
        with self._changed:
            target_s, paused, speed, interval_s = self._target_s, self._paused, self._speed, self._interval_s
            self._reset()
            # Requests made while the file was being opened still apply.
            self._target_s, self._paused, self._speed, self._interval_s = target_s, paused, speed, interval_s
            self._steps = int(paused)
            self._duration_s = info.duration_s
            self._step_s = 1 / info.rate if info.rate else None
        return info

    def read(self, timeout_s: float = 0.5) -> Frame | None:
        """The next frame, when it is due; ``None`` if none is within ``timeout_s``.

        Raises:
            SourceError: reading failed for good.
        """
        deadline_s = time.monotonic() + timeout_s
        while True:
            self._go_to_target()
            self._fetch()
            with self._changed:
                self._end_when_due()
                if self._target_s is not None:
                    continue
                frame = self._due_frame()
                left_s = deadline_s - time.monotonic()
                if frame is not None or left_s <= 0:
                    return frame
                self._changed.wait(min(left_s, self._wait_s()))

    @property
    def info(self) -> SourceInfo | None:
        """As of the file."""
        return self._source.info

    def _go_to_target(self) -> None:
        with self._changed:
            target_s, self._target_s = self._target_s, None
        if target_s is None:
            return
        self._next = None
        self._has_rested = False
        self._source.seek(target_s)
        with self._changed:
            self._at_end = self._has_read_all = False
            self._due_s = None
            self._jumps += 1
            self._since_jump = 0
            self._steps = int(self._paused)

    def _fetch(self) -> None:
        """Read the next frame, ahead of its time; at intervals, the one that is due after the interval."""
        if self._next is not None or self._has_read_all:
            return
        with self._changed:
            if self._rest_s() > 0:
                self._has_rested = True
                return
            now_at_s = self._now_at_s() if self._has_rested else None
        if now_at_s is not None:
            self._source.pass_over(now_at_s)
        frame = self._source.read(0.0)
        with self._changed:
            self._next = frame
            if frame is not None or not self._source.ended or self._target_s is not None:
                return
            self._has_read_all = True
            if self._last is not None:
                # The header may have been wrong.
                self._duration_s = self._last.time_s + self._lasts_s(self._last)

    def _rest_s(self) -> float:
        """How long nothing needs to be read, in seconds, because frames are returned at intervals."""
        if self._due_s is None or self._paused or self._target_s is not None or not self._source.can_pass_over:
            return 0.0
        return max(0.0, self._due_s + self._interval_s - time.monotonic()) if self._interval_s > 0 else 0.0

    def _now_at_s(self) -> float | None:
        """The current position in the file after an interval; ``None`` if it is paused."""
        if self._paused or self._due_s is None or self._last is None:
            return None
        return self._last.time_s + (time.monotonic() - self._due_s) * self._speed

    def _end_when_due(self) -> None:
        """End, or restart, once the last picture has been shown for its duration."""
        if not self._has_read_all or self._at_end or self._target_s is not None:
            return
        due_s = self._end_due_s()
        if due_s is not None and time.monotonic() < due_s:
            return
        if self._loop and self._last is not None:
            self._target_s, self._loop_due_s = 0.0, due_s
        else:
            self._at_end = True

    def _end_due_s(self) -> float | None:
        """When the last picture has been shown for its duration; ``None`` if there is nothing to wait for."""
        if self._paused or self._last is None or self._due_s is None:
            return None
        lasts_s = self._lasts_s(self._last)
        if self._loop and self._since_jump <= 1:
            lasts_s = max(lasts_s, _LONE_PICTURE_S)
        return self._due_s + lasts_s / self._speed

    def _lasts_s(self, frame: Frame) -> float:
        return frame.duration_s or self._step_s or _LONE_PICTURE_S

    def _due_frame(self) -> Frame | None:
        now_s = time.monotonic()
        if self._again and self._last is not None:
            self._again = False
            return replace(self._last, captured_s=now_s)
        frame = self._next
        if frame is None or self._wait_s() > 0:
            return None
        due_s = self._due_of(frame)
        is_late = due_s is not None and now_s - due_s > _LATE_S and not self._has_rested
        self._due_s = now_s if due_s is None or is_late else due_s
        self._has_rested = False
        self._steps = max(0, self._steps - 1)
        self._next = self._loop_due_s = None
        self._since_jump += 1
        if self._since_jump > 1 and self._last is not None and frame.time_s > self._last.time_s:
            self._step_s = frame.time_s - self._last.time_s
        self._time_s = frame.time_s
        if self._duration_s is not None:
            self._duration_s = max(self._duration_s, frame.time_s)
        self._last = replace(frame, index=frame.index + self._jumps, captured_s=now_s)
        return self._last

    def _wait_s(self) -> float:
        """How long until the next frame is due, in seconds; infinite while nothing plays."""
        if self._next is None and self._has_read_all and not self._at_end:
            return max(0.0, (self._end_due_s() or 0.0) - time.monotonic())
        if self._next is None and self._has_rested and not self._paused:
            return self._rest_s()
        if self._next is None or (self._paused and self._steps == 0):
            return threading.TIMEOUT_MAX
        due_s = None if self._paused else self._due_of(self._next)
        return 0.0 if due_s is None else max(0.0, due_s - time.monotonic())

    def _due_of(self, frame: Frame) -> float | None:
        if self._loop_due_s is not None:
            return self._loop_due_s
        if self._due_s is None or self._last is None:
            return None
        return self._due_s + max(0.0, frame.time_s - self._last.time_s) / self._speed

    def play(self) -> None:
        """Resume; from the beginning if the end has been reached."""
        with self._changed:
            if self._at_end:
                self._target_s = self._time_s = 0.0
            self._paused = False
            self._due_s = self._loop_due_s = None
            self._changed.notify_all()

    def pause(self) -> None:
        """Pause at the current frame; the first one after opening or seeking is still shown."""
        with self._changed:
            self._paused = True
            self._steps = int(self._since_jump == 0)
            self._changed.notify_all()

    def step(self) -> None:
        """Pause, and show the next frame."""
        with self._changed:
            self._paused = True
            self._steps += 1
            self._changed.notify_all()

    def seek(self, time_s: float) -> None:
        """Seek to a time of the file, in seconds; stays paused or playing."""
        with self._changed:
            end_s = time_s if self._duration_s is None else self._duration_s
            self._loop_due_s = None
            self._target_s = self._time_s = max(0.0, min(time_s, end_s))
            self._changed.notify_all()

    def set_speed(self, speed: float) -> None:
        """Play ``speed`` times as fast as the file says, kept within :data:`SPEEDS`."""
        with self._changed:
            self._speed = min(max(speed, SPEEDS[0]), SPEEDS[1])
            self._changed.notify_all()

    def spare(self, interval_s: float) -> None:
        """Return a frame every ``interval_s`` seconds while it plays, and spend little on the others; 0: every frame.

        Playback keeps its pace. If the file cannot skip frames, it returns all of them.
        """
        with self._changed:
            self._interval_s = interval_s
            self._changed.notify_all()

    @property
    def interval_s(self) -> float:
        """The interval last set by :meth:`spare`."""
        return self._interval_s

    def show_again(self) -> None:
        """Return the current frame once more while paused, because it is to be labelled again."""
        with self._changed:
            self._again = self._paused or self._at_end
            self._changed.notify_all()

    @property
    def position(self) -> PlaybackPosition:
        """The current position."""
        with self._changed:
            ended = self._at_end and self._target_s is None
            return PlaybackPosition(self._time_s, self._duration_s, self._paused, self._speed, ended)

    def hurry(self) -> None:
        """Stop slow work."""
        self._source.hurry()

    def close(self) -> None:
        """Close the file."""
        self._source.close()

    @property
    def status(self) -> SourceStatus:
        """The file's status; also after its end, which :meth:`play` and :meth:`seek` can leave."""
        return self._source.status

    @property
    def ended(self) -> bool:
        """Never: it can always be played again."""
        return False

    @property
    def losses(self) -> str | None:
        """As of the file."""
        return self._source.losses
