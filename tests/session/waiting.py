"""Waiting for what another thread does, with an end."""

import time
from collections.abc import Callable


def until(condition: Callable[[], object], limit_s: float = 60) -> None:
    """Return once the condition holds."""
    deadline = time.monotonic() + limit_s
    while not condition():
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.01)
