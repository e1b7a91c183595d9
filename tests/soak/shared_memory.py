"""What the soak and the kiosk's child tell each other, through two small files that outlive a killed child.

Both processes read the same monotonic clock, so a time that one writes is a time for the other.
"""

import mmap
import os
import struct
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

FOLDER_VARIABLE = "VIDEO_LABELER_SOAK"
"""Names the folder with the two files, for the child."""

_COUNT_BYTES = 8
_ENTRY = struct.Struct("<qddd32s")
_ENTRIES = 2048
"""At 75 a second these are 27 s, and they are read 50 times a second."""


class Order(IntEnum):
    """What the child is told, one number each; ``UNTIL`` is a time."""

    LABELER_FAILS_UNTIL = 0
    DISK_IS_SHORT_UNTIL = 1
    CAPTURE_RAISES = 2
    """Counts up: the next read of the camera raises."""
    CAMERA_CAUSE = 3
    """A place in ``CAMERA_CAUSES``, for the synthetic camera."""
    CAMERA_CAUSE_UNTIL = 4
    CAMERA_DROPS = 5
    """Counts up: the synthetic camera is gone for one moment."""
    THING = 6
    """What is held up: a place among the pictures, 0 being nothing."""


class Orders:
    """The numbers that the child is told; made by the soak, read by the child."""

    def __init__(self, folder: Path) -> None:
        self._size = len(Order) * 8
        self._map = _mapped(folder / "orders", self._size)
        self._numbers = memoryview(self._map).cast("d")

    def get(self, order: Order) -> float:
        """What it says now."""
        return float(self._numbers[order])

    def set(self, order: Order, value: float) -> None:
        """Tell the child."""
        self._numbers[order] = value

    def is_due(self, order: Order) -> bool:
        """Whether a time has not come yet."""
        return time.monotonic() < self.get(order)

    def count_up(self, order: Order) -> None:
        """Tell the child to do it once more."""
        self.set(order, self.get(order) + 1)

    def close(self) -> None:
        """Close the file."""
        self._numbers.release()
        self._map.close()


class What(IntEnum):
    """What the child has seen of itself."""

    STARTED = 1
    """``number``: its process id."""
    LABELLED = 2
    """A frame of the camera, captured at ``captured_s``; ``number``: 1 where the models did their work, else 0."""
    PAINTED = 3
    """A live frame, captured at ``captured_s``, on the screen."""
    PICTURE = 4
    """The first real picture on the screen, live or of the attract video."""
    SCENE = 5
    """Another scene; ``text`` names it."""
    CELEBRATED = 6
    """``text``: the name of what was celebrated."""
    OLD = 7
    """A live frame left the screen later than it should have; ``number``: its age in seconds."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """Something that the child has seen, at ``at_s`` on the monotonic clock."""

    what: What
    at_s: float
    captured_s: float = 0.0
    number: float = 0.0
    text: str = ""


class Sightings:
    """A ring of sightings: the child writes, the soak reads what is new."""

    def __init__(self, folder: Path) -> None:
        self._map = _mapped(folder / "sightings", _COUNT_BYTES + _ENTRIES * _ENTRY.size)
        # A number in native order is stored at once; the reader never meets half of it.
        self._counter = memoryview(self._map)[:_COUNT_BYTES].cast("q")
        self._lock = threading.Lock()
        self._read = 0

    def write(self, sighting: Sighting) -> None:
        """Add one, from any thread of the child."""
        name = sighting.text.encode()[:32]
        with self._lock:
            count = self._count()
            _ENTRY.pack_into(
                self._map,
                self._place(count),
                sighting.what,
                sighting.at_s,
                sighting.captured_s,
                sighting.number,
                name,
            )
            self._counter[0] = count + 1

    def news(self) -> Iterator[Sighting]:
        """What was written since the last call, the oldest first.

        Raises:
            RuntimeError: the reader came so late that something was overwritten.
        """
        count = self._count()
        if count - self._read > _ENTRIES - 64:
            raise RuntimeError(f"{count - self._read} sightings at once are more than the ring holds")
        for index in range(self._read, count):
            what, at_s, captured_s, number, name = _ENTRY.unpack_from(self._map, self._place(index))
            yield Sighting(What(what), at_s, captured_s, number, name.rstrip(b"\0").decode(errors="replace"))
        self._read = count

    def close(self) -> None:
        """Close the file."""
        self._counter.release()
        self._map.close()

    def _count(self) -> int:
        return int(self._counter[0])

    @staticmethod
    def _place(index: int) -> int:
        return _COUNT_BYTES + index % _ENTRIES * _ENTRY.size


def _mapped(path: Path, size: int) -> mmap.mmap:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if os.fstat(descriptor).st_size < size:
            os.ftruncate(descriptor, size)
        return mmap.mmap(descriptor, size)
    finally:
        os.close(descriptor)
