"""A synthetic camera inside the kiosk's child, which goes wrong when the soak orders it."""

import time

from tests.soak.causes import CAMERA_CAUSES, Cause
from tests.soak.pictures import HEIGHT, RATE, WIDTH, Pictures
from tests.soak.shared_memory import Order, Orders
from video_labeler.errors import SourceUnavailableError
from video_labeler.pixels import Image
from video_labeler.sources.fault_script import FaultKind, SyntheticDevice

SYNTHETIC = f"synthetic:{WIDTH}x{HEIGHT}@{RATE:g}"
"""Names it on the kiosk's command line."""

_KINDS = {
    Cause.UNPLUG: FaultKind.DISAPPEAR,
    Cause.FREEZE: FaultKind.FREEZE,
    Cause.BLACK: FaultKind.BLACK,
}
"""Stalls are this camera's own: those of the synthetic device always last two seconds."""

_SLOW_S = 0.5


class OrderedDevice(SyntheticDevice):
    """The synthetic device whose faults are ordered while it runs; it shows what the soak holds up.

    A damaged picture is none at all, as from a driver that notices it.
    """

    def __init__(self, pictures: Pictures, orders: Orders) -> None:
        super().__init__(WIDTH, HEIGHT, RATE)
        self._picture = _HeldUp(pictures, orders)
        self._orders = orders
        self._drops = orders.get(Order.CAMERA_DROPS)

    def read(self) -> Image | None:
        """The next picture, late or missing where that was ordered."""
        if self._drops != self._orders.get(Order.CAMERA_DROPS):
            self._drops = self._orders.get(Order.CAMERA_DROPS)
            raise SourceUnavailableError(f"{self.name} is not connected.")
        cause = self._cause()
        if cause is Cause.STALL:
            self._stall()
            return None
        image = super().read()
        if cause is Cause.SLOW:
            self._wait(_SLOW_S, Cause.SLOW)
        return None if cause is Cause.DAMAGED else image

    def _stall(self) -> None:
        self._wait(2.0, Cause.STALL)

    def _wait(self, seconds: float, cause: Cause) -> None:
        until_s = time.monotonic() + seconds
        while time.monotonic() < until_s and self._cause() is cause:
            time.sleep(0.02)

    def _cause(self) -> Cause | None:
        if not self._orders.is_due(Order.CAMERA_CAUSE_UNTIL):
            return None
        return CAMERA_CAUSES[int(self._orders.get(Order.CAMERA_CAUSE))]

    def _fault(self) -> FaultKind | None:
        cause = self._cause()
        return None if cause is None else _KINDS.get(cause)


class _HeldUp:
    """Draws what is held up."""

    def __init__(self, pictures: Pictures, orders: Orders) -> None:
        self._pictures = pictures
        self._orders = orders

    def draw(self, index: int) -> Image:
        variants = self._pictures[int(self._orders.get(Order.THING))]
        return variants[index % len(variants)].copy()
