"""How long a download may take, and how it tells its progress."""

from collections.abc import Callable
from dataclasses import dataclass

Progress = Callable[[int, int], None]
"""Called with the bytes so far and the size in bytes (0 where unknown)."""


@dataclass(frozen=True, slots=True)
class DownloadLimits:
    """Seconds to wait for a connection, for the next bytes, and for the whole of one address."""

    connect_s: float = 5.0
    silence_s: float = 10.0
    total_s: float = 600.0
