"""The hand-off: order, policy, counting, letting go."""

import signal
import sys
import threading
import time
from types import FrameType

import pytest

from video_labeler import limits
from video_labeler.pipeline.frame_queue import FrameQueue, QueueClosedError
from video_labeler.sources.base import Delivery


def test_newest_drops_the_oldest_and_counts_it() -> None:
    queue: FrameQueue[int] = FrameQueue(Delivery.NEWEST, 2)
    for item in range(5):
        queue.give(item)
    assert queue.dropped == 3
    assert [queue.take(0), queue.take(0), queue.take(0)] == [3, 4, None]


def test_every_frame_waits_for_room_and_loses_nothing() -> None:
    queue: FrameQueue[int] = FrameQueue(Delivery.EVERY_FRAME, 2)
    giver = threading.Thread(target=lambda: [queue.give(item) for item in range(50)])
    giver.start()
    time.sleep(0.05)
    assert len(queue) == 2
    taken = [queue.take(1) for _ in range(50)]
    giver.join(2)
    assert taken == list(range(50))
    assert queue.dropped == 0


def test_another_policy_holds_for_whoever_waits_already() -> None:
    queue: FrameQueue[int] = FrameQueue(Delivery.EVERY_FRAME, 1)
    queue.give(1)
    giver = threading.Thread(target=queue.give, args=(2,), daemon=True)
    giver.start()
    time.sleep(0.05)
    queue.change(Delivery.EVERY_FRAME, 2)
    giver.join(30)
    assert not giver.is_alive()
    assert len(queue) == 2
    queue.close()


def test_closing_lets_a_waiting_giver_and_taker_go() -> None:
    full: FrameQueue[int] = FrameQueue(Delivery.EVERY_FRAME, 1)
    full.give(1)
    empty: FrameQueue[int] = FrameQueue(Delivery.NEWEST)
    ends: list[str] = []

    def give() -> None:
        with pytest.raises(QueueClosedError):
            full.give(2)
        ends.append("giver")

    def take() -> None:
        with pytest.raises(QueueClosedError):
            empty.take(10)
        ends.append("taker")

    threads = [threading.Thread(target=give), threading.Thread(target=take)]
    for thread in threads:
        thread.start()
    time.sleep(0.05)
    full.close()
    empty.close()
    for thread in threads:
        thread.join(2)
    assert sorted(ends) == ["giver", "taker"]


def test_what_waits_at_the_close_is_still_taken_unless_discarded() -> None:
    queue: FrameQueue[int] = FrameQueue(Delivery.EVERY_FRAME, 2)
    queue.give(1)
    queue.close()
    assert queue.take(0) == 1
    with pytest.raises(QueueClosedError):
        queue.take(0)
    other: FrameQueue[int] = FrameQueue(Delivery.EVERY_FRAME, 2)
    other.give(1)
    other.discard()
    with pytest.raises(QueueClosedError):
        other.take(0)


def test_a_queue_needs_room() -> None:
    with pytest.raises(ValueError, match="at least one"):
        FrameQueue(Delivery.NEWEST, 0)


@pytest.mark.skipif(sys.platform == "win32", reason="no interval timer")
def test_an_interrupt_while_looking_leaves_the_queue_to_the_others() -> None:
    class InterruptError(Exception):
        pass

    def interrupt(number: int, frame: FrameType | None) -> None:
        raise InterruptError

    queue: FrameQueue[int] = FrameQueue(Delivery.NEWEST)
    before = signal.signal(signal.SIGVTALRM, interrupt)
    try:
        for _ in range(20):
            try:
                signal.setitimer(signal.ITIMER_VIRTUAL, 0.001)
                while True:
                    assert queue.dropped == len(queue) == 0
            except InterruptError:
                pass
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
    giver = threading.Thread(target=lambda: queue.give(1), daemon=True)
    giver.start()
    giver.join(30)
    assert queue.take(0) == 1


def test_of_large_items_only_as_many_wait_as_memory_allows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "QUEUED_FRAMES", 100)
    queue: FrameQueue[int] = FrameQueue(Delivery.NEWEST, 4, lambda item: item)
    for item in (30, 31, 32, 33, 200):
        queue.give(item)
        assert len(queue) <= 3
    # One that is larger than all that may wait still comes through, alone.
    assert [queue.take(0), queue.take(0)] == [200, None]
    assert queue.dropped == 4


def test_a_giver_of_large_items_waits_and_loses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "QUEUED_FRAMES", 100)
    queue: FrameQueue[int] = FrameQueue(Delivery.EVERY_FRAME, 8, lambda item: item)
    giver = threading.Thread(target=lambda: [queue.give(60 + number) for number in range(20)])
    giver.start()
    taken = []
    while len(taken) < 20 and (item := queue.take(60)) is not None:
        taken.append(item)
        assert len(queue) <= 1
    giver.join(60)
    assert taken == [60 + number for number in range(20)]
