"""The two cameras as the soak steers them."""

import time
from typing import Protocol

from tests.soak.causes import CAMERA_CAUSES, Cause
from tests.soak.network_camera import NetworkCamera
from tests.soak.shared_memory import Order, Orders

_LONG_S = 3600.0


class Camera(Protocol):
    """Goes wrong when told to, and sees what is held up."""

    def begin(self, cause: Cause) -> None:
        """Go wrong from now on."""
        ...

    def end(self) -> None:
        """Be well again."""
        ...

    def hold_up(self, thing: int) -> None:
        """Show a thing; 0: nothing."""
        ...


class Networked:
    """The camera on the loopback network."""

    def __init__(self, server: NetworkCamera) -> None:
        self._server = server

    def begin(self, cause: Cause) -> None:
        """Go wrong from now on."""
        self._server.begin(cause)

    def end(self) -> None:
        """Be well again."""
        self._server.end()

    def hold_up(self, thing: int) -> None:
        """Show a thing; 0: nothing."""
        self._server.thing = thing


class Ordered:
    """The synthetic camera inside the child."""

    def __init__(self, orders: Orders) -> None:
        self._orders = orders

    def begin(self, cause: Cause) -> None:
        """Go wrong from now on."""
        if cause is Cause.DROP:
            self._orders.count_up(Order.CAMERA_DROPS)
            return
        self._orders.set(Order.CAMERA_CAUSE, CAMERA_CAUSES.index(cause))
        self._orders.set(Order.CAMERA_CAUSE_UNTIL, time.monotonic() + _LONG_S)

    def end(self) -> None:
        """Be well again."""
        self._orders.set(Order.CAMERA_CAUSE_UNTIL, 0.0)

    def hold_up(self, thing: int) -> None:
        """Show a thing; 0: nothing."""
        self._orders.set(Order.THING, thing)
