"""Runs one part of the soak: makes things go wrong one after the other, and waits each time until all is well."""

import os
import signal
import time
from collections.abc import Callable

from tests.soak.cameras import Camera
from tests.soak.causes import CAMERA_CAUSES, Cause, Fault, Script
from tests.soak.outcome import Outcome
from tests.soak.recovery import ATTRACT, LIVE, Recovery
from tests.soak.shared_memory import Order, Orders
from tests.soak.visits import Visits
from tests.soak.watch import Watch

_TICK_S = 0.02
_SETTLE_S = 0.3
"""So long all must be well before the next thing goes wrong."""

_GIVE_UP_S = 40.0
_STARTS_WITHIN_S = 30.0
_APART_S = 15.0
"""A kill comes so long after the last: more than four in a minute, and the supervisor shows its card, as it should."""

_FILE_AGAIN_WITHIN_S = 70.0
_MENDED_WITHIN_S = 20.0


class KioskEndedError(Exception):
    """The kiosk or its child has ended by itself, which it must not."""


class Conductor:
    """Goes through a script of faults, while visitors come and go."""

    def __init__(
        self,
        watch: Watch,
        camera: Camera,
        orders: Orders,
        visits: Visits,
        kiosk_ended: Callable[[], bool],
        tell: Callable[[int], None],
    ) -> None:
        self._watch = watch
        self._camera = camera
        self._orders = orders
        self._visits = visits
        self._kiosk_ended = kiosk_ended
        self._tell = tell
        self._disk_faults: list[Fault] = []
        self._begun_s = 0.0
        self._disk: tuple[float, float] | None = None
        """When the disk's trouble began, and when it is over."""
        self.outcomes: list[Outcome] = []
        self.ends_s: list[float] = []
        """When a child was killed or stopped."""
        self._may_end_s = 0.0

    def start(self) -> None:
        """Wait for the first live picture.

        Raises:
            KioskEndedError: it never comes.
        """
        begun_s = time.monotonic()
        while self._watch.scene != LIVE or not self._watch.pictures:
            if time.monotonic() - begun_s > _STARTS_WITHIN_S:
                raise KioskEndedError("The kiosk did not show a live picture within 30 s.")
            self._tick()

    def run(self, script: Script) -> None:
        """Make everything go wrong that the script holds.

        Raises:
            KioskEndedError: the kiosk or its child ends by itself.
        """
        self._begun_s = time.monotonic()
        self._disk_faults = [fault for fault in script.faults if fault.cause is Cause.DISK]
        for fault in script.faults:
            if fault.cause is not Cause.DISK:
                self._wait_until(self._begun_s + fault.start_s)
                self._settle()
                self._do(fault)
                self._tell(len(self.outcomes))
        # The disk may still have something before it, and what a killed child has left is being mended.
        self._wait_for(lambda: not self._disk_faults and self._disk is None, _GIVE_UP_S)
        if self.ends_s:
            ended_at = time.time() - time.monotonic() + self.ends_s[-1]
            self._wait_for(lambda: not self._watch.recordings.cut_off(ended_at), _MENDED_WITHIN_S)

    def _do(self, fault: Fault) -> None:
        if fault.cause is Cause.KILL:
            self._end_child(fault.cause, signal.SIGKILL)
        elif fault.cause is Cause.HANG:
            self._end_child(fault.cause, signal.SIGSTOP)
        else:
            self._break(fault)

    def _break(self, fault: Fault) -> None:
        """Something of the picture goes wrong for a while."""
        recovery = Recovery(self._watch.scene)
        self._watch.waiting = [recovery]
        begun_s = time.monotonic()
        self._begin(fault)
        if fault.lasts_s:
            self._wait_until(begun_s + fault.lasts_s)
        self._end(fault)
        gone_s = time.monotonic()
        recovery.gone(gone_s)
        self._wait_for(lambda: recovery.back_s is not None, _GIVE_UP_S)
        self._watch.waiting = []
        back_s = recovery.back_s
        self.outcomes.append(Outcome(fault.cause, gone_s - begun_s, None if back_s is None else back_s - gone_s))

    def _begin(self, fault: Fault) -> None:
        if fault.cause in CAMERA_CAUSES:
            self._camera.begin(fault.cause)
        elif fault.cause is Cause.CAPTURE:
            self._orders.count_up(Order.CAPTURE_RAISES)
        else:
            self._orders.set(Order.LABELER_FAILS_UNTIL, time.monotonic() + fault.lasts_s)

    def _end(self, fault: Fault) -> None:
        if fault.cause in CAMERA_CAUSES:
            self._camera.end()
        self._orders.set(Order.LABELER_FAILS_UNTIL, 0.0)

    def _end_child(self, cause: Cause, number: signal.Signals) -> None:
        """The child is killed, or hangs until the supervisor kills it; back is the first picture of the next one."""
        self._wait_until(self._may_end_s)
        child = self._watch.child
        assert child is not None, "it has started"
        pictures = len(self._watch.pictures)
        recovery = Recovery()
        self._watch.waiting = [recovery]
        begun_s = time.monotonic()
        self.ends_s.append(begun_s)
        recovery.gone(begun_s)
        try:
            os.kill(child.pid, number)
        except ProcessLookupError:
            raise KioskEndedError("The kiosk's child has ended by itself.") from None
        self._wait_for(lambda: len(self._watch.pictures) > pictures and recovery.back_s is not None, _GIVE_UP_S)
        # A child that hangs counts as failed when the supervisor kills it.
        self._may_end_s = time.monotonic() + _APART_S
        self._watch.waiting = []
        back = self._watch.pictures[pictures:]
        live_s = recovery.back_s
        self.outcomes.append(
            Outcome(cause, 0.0, back[0] - begun_s if back else None, None if live_s is None else live_s - begun_s)
        )

    def _settle(self) -> None:
        """Let some quiet time pass, and measure in it."""
        self._wait_until(time.monotonic() + _SETTLE_S)
        if self._disk is None and self._watch.scene in (LIVE, ATTRACT):
            self._watch.sample()

    def _wait_until(self, until_s: float) -> None:
        while time.monotonic() < until_s:
            self._tick()

    def _wait_for(self, condition: Callable[[], bool], limit_s: float) -> None:
        until_s = time.monotonic() + limit_s
        while not condition() and time.monotonic() < until_s:
            self._tick()

    def _tick(self) -> None:
        time.sleep(_TICK_S)
        now_s = time.monotonic()
        if self._kiosk_ended():
            raise KioskEndedError("The kiosk has ended by itself.")
        self._camera.hold_up(self._visits.thing_at(now_s))
        self._watch.look()
        self._trouble_disk(now_s)

    def _trouble_disk(self, now_s: float) -> None:
        """The disk has its trouble beside all that; it is over when a recording grows again."""
        if self._disk is not None:
            self._end_disk_trouble(*self._disk, now_s)
        elif self._disk_faults and now_s >= self._begun_s + self._disk_faults[0].start_s:
            fault = self._disk_faults.pop(0)
            self._disk = now_s, now_s + fault.lasts_s
            self._orders.set(Order.DISK_IS_SHORT_UNTIL, now_s + fault.lasts_s)

    def _end_disk_trouble(self, begun_s: float, gone_s: float, now_s: float) -> None:
        if now_s < gone_s:
            return
        recorded_s = self._watch.recordings.written_s() - time.time() + now_s
        back_s = recorded_s - gone_s if recorded_s > gone_s else None
        if back_s is not None or now_s - gone_s > _FILE_AGAIN_WITHIN_S:
            self.outcomes.append(Outcome(Cause.DISK, gone_s - begun_s, back_s))
            self._disk = None
