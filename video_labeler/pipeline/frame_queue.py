"""The bounded queue between two threads, which counts what it drops."""

import threading
from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

from video_labeler import limits
from video_labeler.sources.base import Delivery

T = TypeVar("T")


class QueueClosedError(Exception):
    """The queue is closed and, for the consumer, empty."""


class FrameQueue(Generic[T]):
    """A bounded first-in, first-out queue for one producer and one consumer.

    With :attr:`Delivery.EVERY_FRAME`, :meth:`give` waits for room; with :attr:`Delivery.NEWEST` it never waits, and the
    oldest item is dropped and counted in :attr:`dropped`.

    One item being processed and one waiting is the usual balance of live systems, hence the default
    capacity of 1. Of items that are large by ``size``, in bytes, fewer find room: as many as fit into
    :data:`limits.QUEUED_FRAMES`, and one in any case.
    """

    def __init__(self, delivery: Delivery, capacity: int = 1, size: Callable[[T], int] = lambda _: 0) -> None:
        if capacity < 1:
            raise ValueError("a queue holds at least one item")
        self._delivery = delivery
        self._capacity = capacity
        self._size = size
        self._items: deque[T] = deque()
        self._closed = False
        self._dropped = 0
        # The lock is entered directly, not through the condition, whose Python code Ctrl-C can interrupt between taking
        # the lock and the block that releases it: it would stay locked for ever.
        self._lock = threading.Lock()
        self._changed = threading.Condition(self._lock)

    def change(self, delivery: Delivery, capacity: int) -> None:
        """Switch to another policy."""
        with self._lock:
            self._delivery = delivery
            self._capacity = capacity
            self._changed.notify_all()

    def give(self, item: T) -> None:
        """Hand over an item; for files, wait for room.

        Raises:
            QueueClosedError: the consumer has ended.
        """
        with self._lock:
            if self._delivery is Delivery.EVERY_FRAME:
                self._changed.wait_for(lambda: self._closed or self._has_room(item))
            if self._closed:
                raise QueueClosedError
            while not self._has_room(item):
                self._items.popleft()
                self._dropped += 1
            self._items.append(item)
            self._changed.notify_all()

    def _has_room(self, item: T) -> bool:
        if not self._items:
            return True
        waiting = sum(map(self._size, self._items))
        return len(self._items) < self._capacity and waiting + self._size(item) <= limits.QUEUED_FRAMES

    def take(self, timeout_s: float) -> T | None:
        """The oldest item, or ``None`` if none arrived within ``timeout_s`` seconds.

        Raises:
            QueueClosedError: the queue is closed and empty.
        """
        with self._lock:
            self._changed.wait_for(lambda: self._closed or self._items, timeout_s)
            if self._items:
                item = self._items.popleft()
                self._changed.notify_all()
                return item
            if self._closed:
                raise QueueClosedError
            return None

    def close(self) -> None:
        """Close the queue: waiting items can still be taken, but none can be added."""
        with self._lock:
            self._closed = True
            self._changed.notify_all()

    def discard(self) -> None:
        """Close the queue, and discard the waiting items."""
        with self._lock:
            self._closed = True
            self._items.clear()
            self._changed.notify_all()

    @property
    def dropped(self) -> int:
        """How many items were dropped."""
        with self._lock:
            return self._dropped

    def __len__(self) -> int:
        """How many items wait."""
        with self._lock:
            return len(self._items)
