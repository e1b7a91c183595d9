"""Judges from its heartbeats whether a kiosk is healthy."""

from dataclasses import dataclass

from video_labeler.kiosk.failure import Failure, of_memory, of_silence, of_slow_start


@dataclass(frozen=True, slots=True)
class Limits:
    """The supervisor's limits: MB of memory, and seconds.

    ``silence_s``: without a heartbeat; ``start_s``: until the first one; ``polite_s``: for ending when it
    is to restart; ``stop_s``: for ending for good, with its recording completed on a slow disk; ``late_s``: how
    late a reading of the clock may be before that time is left out.
    """

    memory_mb: float
    silence_s: float = 10.0
    start_s: float = 20.0
    polite_s: float = 2.0
    stop_s: float = 30.0
    late_s: float = 3.0


class VitalSigns:
    """The life of one kiosk process, from ``now_s`` on. Times are seconds on a clock that stops during suspension."""

    def __init__(self, limits: Limits, now_s: float) -> None:
        self._limits = limits
        self._since_s = now_s
        self._heard_s: float | None = None
        self._up_since_s: float | None = None
        self._memory_mb = 0.0

    def heard(self, now_s: float, memory_mb: float) -> float:
        """Record a heartbeat, and return the seconds since the previous one."""
        gap_s = 0.0 if self._heard_s is None else now_s - self._heard_s
        self._since_s = self._heard_s = now_s
        self._memory_mb = memory_mb
        return gap_s

    def came_up(self, now_s: float) -> None:
        """Record that its picture is on the screen."""
        self._since_s = self._up_since_s = now_s

    def forgive(self, now_s: float) -> None:
        """Restart waiting, after the computer was suspended."""
        self._since_s = now_s

    def up_s(self, now_s: float) -> float | None:
        """How long its picture has been on the screen; ``None``: not yet."""
        return None if self._up_since_s is None else now_s - self._up_since_s

    @property
    def last_sign_s(self) -> float:
        """When the last heartbeat came, or it started."""
        return self._since_s

    def look(self, now_s: float) -> Failure | None:
        """The failure, if there is one."""
        limits = self._limits
        if self._memory_mb > limits.memory_mb:
            return of_memory(self._memory_mb, limits.memory_mb)
        waited_s = now_s - self._since_s
        if self._heard_s is None and self._up_since_s is None:
            return of_slow_start(limits.start_s) if waited_s > limits.start_s else None
        return of_silence(limits.silence_s) if waited_s > limits.silence_s else None
