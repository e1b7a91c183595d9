"""The threads: order, policies, failures, stopping."""

import gc
import threading
import time
import weakref
from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.fakes import FixedLabeler, grey_frame, labeled
from video_labeler.errors import OutputError, SourceUnavailableError
from video_labeler.frames import Frame, LabeledFrame
from video_labeler.pipeline.frame_queue import QueueClosedError
from video_labeler.pipeline.pipeline import Pipeline
from video_labeler.pipeline.sinks import SinkBranch
from video_labeler.sources.base import Delivery, Source, SourceInfo, SourceState, SourceStatus


class ListSource(Source):
    """``count`` frames, ``interval_s`` apart; may hang or fail."""

    def __init__(self, count: int, delivery: Delivery, interval_s: float = 0.0) -> None:
        self.delivery = delivery
        self.count = count
        self.interval_s = interval_s
        self.next = 0
        self.closed_by: list[str] = []
        self.hang = threading.Event()
        self.fail_at: int | None = None

    def open(self) -> SourceInfo:
        return SourceInfo("list", 320, 240, frame_count=self.count)

    def read(self, timeout_s: float = 0.5) -> Frame | None:
        if self.next == self.fail_at:
            raise SourceUnavailableError("The camera has gone.")
        if self.next >= self.count:
            return None
        time.sleep(self.interval_s)
        self.next += 1
        return grey_frame(self.next - 1)

    def close(self) -> None:
        self.closed_by.append(threading.current_thread().name)

    @property
    def status(self) -> SourceStatus:
        return SourceStatus(SourceState.ENDED if self.next >= self.count else SourceState.RUNNING)


class ListSink:
    """Remembers what it was given; may be slow or fail."""

    name = "list"

    def __init__(self, delay_s: float = 0.0, fail_at: int | None = None) -> None:
        self.delay_s = delay_s
        self.fail_at = fail_at
        self.frames: list[int] = []
        self.info: SourceInfo | None = None
        self.completed: bool | None = None

    def open(self, info: SourceInfo) -> None:
        self.info = info

    def write(self, labeled: LabeledFrame) -> None:
        if labeled.frame.index == self.fail_at:
            raise OutputError("The disk is full.")
        time.sleep(self.delay_s)
        self.frames.append(labeled.frame.index)

    def close(self, *, completed: bool) -> None:
        self.completed = completed


def test_a_file_loses_nothing_however_slow_the_rest_is() -> None:
    source = ListSource(60, Delivery.EVERY_FRAME)
    sinks = [ListSink(), ListSink(delay_s=0.002)]
    labeler = FixedLabeler(delay_s=0.001)
    with Pipeline(source, lambda: labeler, sinks) as pipeline:
        assert pipeline.wait(20)
    assert [sink.frames for sink in sinks] == [list(range(60))] * 2
    assert [sink.completed for sink in sinks] == [True, True]
    assert pipeline.statistics.captured == pipeline.statistics.labelled == 60
    assert pipeline.statistics.drops.labelling == 0
    assert labeler.closed
    assert sinks[0].info is not None
    assert sinks[0].info.name == "list"


def test_live_frames_are_dropped_when_labelling_is_slow_and_each_is_accounted_for() -> None:
    source = ListSource(80, Delivery.NEWEST, interval_s=0.002)
    sink = ListSink()
    pipeline = Pipeline(source, lambda: FixedLabeler(delay_s=0.02), [sink])
    pipeline.start()
    assert pipeline.wait(20)
    statistics = pipeline.statistics
    assert statistics.drops.labelling > 0
    assert statistics.labelled + statistics.drops.labelling == statistics.captured == 80
    assert sink.frames[-1] == 79, "the newest is what is kept"
    assert sink.frames == sorted(sink.frames)


def test_a_picture_that_is_repeated_does_not_count_as_late() -> None:
    class Repeating(ListSource):
        def read(self, timeout_s: float = 0.5) -> Frame | None:
            frame = super().read(timeout_s)
            return frame if frame is None or not frame.index else replace(frame, captured_s=time.monotonic() - 1000)

    pipeline = Pipeline(Repeating(5, Delivery.EVERY_FRAME), FixedLabeler)
    pipeline.start()
    assert pipeline.wait(60)
    assert pipeline.statistics.labelled == 5
    assert pipeline.statistics.latency_p95_s < 500


@pytest.mark.parametrize("end", [Pipeline.stop, Pipeline.finish])
def test_whoever_ends_it_hurries_the_source(end: Callable[[Pipeline], None]) -> None:
    class Copying(ListSource):
        """Takes its time, unless it is hurried."""

        def __init__(self) -> None:
            super().__init__(1, Delivery.EVERY_FRAME)
            self.hurried = threading.Event()

        def open(self) -> SourceInfo:
            assert self.hurried.wait(60)
            return super().open()

        def hurry(self) -> None:
            self.hurried.set()

    source = Copying()
    pipeline = Pipeline(source, FixedLabeler)
    pipeline.start()
    end(pipeline)
    assert source.hurried.is_set()
    source.hurry()
    assert pipeline.wait(60)


def test_the_first_failure_is_the_one_that_counts() -> None:
    pipeline = Pipeline(ListSource(0, Delivery.EVERY_FRAME), FixedLabeler)
    first = OutputError("The disk is full.")
    pipeline._fail(first)
    pipeline._fail(SourceUnavailableError("The camera has gone."))
    assert pipeline.error is first


def test_a_sink_tells_of_its_end_before_nothing_more_can_be_given() -> None:
    taken: list[bool] = []

    def ended(failure: Exception | None) -> None:
        assert isinstance(failure, OutputError)
        branch.give(labeled(grey_frame(1), "Mug"))
        taken.append(True)

    branch = SinkBranch(ListSink(fail_at=0), Delivery.NEWEST, lambda: None, may_complete=lambda: True, on_end=ended)
    branch.thread.start()
    branch.give(labeled(grey_frame(0), "Mug"))
    branch.thread.join(60)
    assert taken == [True], "whoever finds it closed can be told why"
    with pytest.raises(QueueClosedError):
        branch.give(labeled(grey_frame(2), "Mug"))


def test_a_slow_sink_drops_for_itself_alone() -> None:
    source = ListSource(80, Delivery.NEWEST, interval_s=0.004)
    slow, quick = ListSink(delay_s=0.05), ListSink()
    pipeline = Pipeline(source, FixedLabeler, [slow, quick])
    pipeline.start()
    assert pipeline.wait(20)
    statistics = pipeline.statistics
    drops = [count for _, count in statistics.drops.sinks]
    assert drops[0] > 0
    assert len(slow.frames) + drops[0] == statistics.labelled
    assert len(quick.frames) + drops[1] == statistics.labelled


@pytest.mark.parametrize(
    ("break_it", "message"),
    [
        (lambda source, labeler, sink: setattr(source, "fail_at", 80), "The camera has gone"),
        (lambda source, labeler, sink: setattr(labeler, "fail_at", 80), "the labeler broke"),
        (lambda source, labeler, sink: setattr(sink, "fail_at", 80), "The disk is full"),
    ],
)
def test_the_first_failure_of_any_thread_ends_all_and_is_raised(
    break_it: Callable[[ListSource, FixedLabeler, ListSink], None], message: str
) -> None:
    source, labeler, sink = ListSource(500, Delivery.EVERY_FRAME, 0.001), FixedLabeler(), ListSink()
    break_it(source, labeler, sink)
    pipeline = Pipeline(source, lambda: labeler, [sink])
    pipeline.start()
    with pytest.raises(Exception, match=message):
        pipeline.wait(20)
    pipeline.stop()
    assert not pipeline.running
    assert sink.completed is False
    assert source.closed_by == ["capture"], "the thread that reads is the one that closes"
    assert labeler.closed


def test_a_labeler_that_cannot_be_made_ends_the_pipeline() -> None:
    def broken() -> FixedLabeler:
        raise OutputError("no such model")

    pipeline = Pipeline(ListSource(500, Delivery.EVERY_FRAME), broken, [ListSink()])
    pipeline.start()
    with pytest.raises(OutputError, match="no such model"):
        pipeline.wait(20)
    assert not pipeline.running


def test_finishing_early_keeps_what_was_labelled() -> None:
    sink = ListSink(delay_s=0.005)
    pipeline = Pipeline(ListSource(10_000, Delivery.EVERY_FRAME, 0.001), FixedLabeler, [sink])
    pipeline.start()
    while not sink.frames:
        time.sleep(0.005)
    pipeline.finish()
    assert sink.completed is True
    assert sink.frames == list(range(pipeline.statistics.labelled))
    assert len(sink.frames) < 10_000


def test_a_stop_does_not_wait_for_a_device_that_hangs() -> None:
    source = ListSource(500, Delivery.NEWEST)
    released = threading.Event()
    real_read = source.read
    source.read = lambda timeout_s=0.5: (released.wait(30), real_read(timeout_s))[1]  # type: ignore[method-assign]
    pipeline = Pipeline(source, FixedLabeler)
    pipeline.start()
    begun = time.monotonic()
    pipeline.stop()
    assert time.monotonic() - begun < 5
    released.set()
    assert pipeline.wait(5)
    assert source.closed_by == ["capture"]


def test_stage_times_are_in_order() -> None:
    pipeline = Pipeline(ListSource(5, Delivery.EVERY_FRAME), FixedLabeler)
    pipeline.start()
    assert pipeline.wait(10)
    latest = pipeline.latest
    assert latest is not None
    assert latest.times.dequeued_s is not None
    assert latest.times.labelled_s is not None
    assert latest.times.captured_s <= latest.times.dequeued_s <= latest.times.labelled_s


def _running_live(source: ListSource, sinks: list[ListSink] | None = None) -> Pipeline:
    pipeline = Pipeline(source, FixedLabeler, sinks or [])
    pipeline.start()
    _until(lambda: pipeline.latest is not None)
    return pipeline


def _until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.005)


def test_a_sink_can_come_and_go_while_the_pipeline_runs() -> None:
    pipeline = _running_live(ListSource(100_000, Delivery.NEWEST, 0.002))
    for _ in range(3):
        guest, ended = ListSink(), []
        pipeline.attach(guest, ended.append)
        _until(lambda guest=guest: len(guest.frames) >= 5)  # type: ignore[misc]
        pipeline.detach(guest)
        _until(lambda ended=ended: bool(ended))  # type: ignore[misc]
        assert ended == [None]
        assert guest.completed is True
        assert guest.info is not None
        assert guest.frames == sorted(set(guest.frames))
    assert pipeline.running
    assert pipeline.statistics.drops.sinks == ()
    pipeline.stop()


def test_an_attached_sink_that_fails_detaches_itself_alone() -> None:
    permanent = ListSink()
    pipeline = _running_live(ListSource(100_000, Delivery.NEWEST, 0.002), [permanent])
    guest, ended = ListSink(), []
    latest = pipeline.latest
    assert latest is not None
    guest.fail_at = None
    guest.write = lambda labeled: (_ for _ in ()).throw(OutputError("The disk is full."))  # type: ignore[method-assign]
    pipeline.attach(guest, ended.append)
    _until(lambda: bool(ended))
    assert str(ended[0]) == "The disk is full."
    assert guest.completed is False
    labelled = pipeline.statistics.labelled
    _until(lambda: pipeline.statistics.labelled > labelled + 5)
    assert pipeline.error is None
    pipeline.stop()
    assert permanent.completed is True


def test_a_file_waits_for_an_attached_sink_too() -> None:
    source = ListSource(400, Delivery.EVERY_FRAME, 0.001)
    pipeline = Pipeline(source, FixedLabeler)
    pipeline.start()
    guest, ended = ListSink(delay_s=0.002), []
    pipeline.attach(guest, ended.append)
    assert pipeline.wait(20)
    assert ended == [None]
    assert guest.frames == list(range(guest.frames[0], 400))


def test_a_guest_that_may_lose_frames_does_not_slow_a_file_down() -> None:
    pipeline = Pipeline(ListSource(200, Delivery.EVERY_FRAME, 0.001), FixedLabeler)
    pipeline.start()
    guest, ended = ListSink(delay_s=0.02), []
    pipeline.attach(guest, ended.append, Delivery.NEWEST)
    assert pipeline.wait(20)
    assert ended == [None]
    dropped = dict(pipeline.statistics.drops.sinks)[guest.name]
    assert dropped > 50
    assert guest.frames[-1] == 199


def test_a_sink_attached_after_the_end_is_told_so() -> None:
    pipeline = Pipeline(ListSource(5, Delivery.EVERY_FRAME), FixedLabeler)
    pipeline.start()
    assert pipeline.wait(10)
    guest, ended = ListSink(), []
    pipeline.attach(guest, ended.append)
    _until(lambda: bool(ended))
    assert ended == [None]
    assert guest.completed is None, "it was never opened"


def test_an_attached_sink_is_finished_although_the_source_hangs_or_fails() -> None:
    source = ListSource(100_000, Delivery.NEWEST, 0.002)
    released = threading.Event()
    real_read = source.read
    pipeline = _running_live(source)
    guest, ended = ListSink(), []
    pipeline.attach(guest, ended.append)
    _until(lambda: len(guest.frames) > 3)
    source.read = lambda timeout_s=0.5: (released.wait(30), real_read(timeout_s))[1]  # type: ignore[method-assign]
    pipeline.stop()
    assert ended == [None]
    assert guest.completed is True
    released.set()
    assert pipeline.wait(5)

    failing = ListSource(100_000, Delivery.NEWEST, 0.002)
    failing.fail_at = 40
    pipeline = Pipeline(failing, FixedLabeler)
    pipeline.start()
    guest, ended = ListSink(), []
    pipeline.attach(guest, ended.append)
    with pytest.raises(SourceUnavailableError):
        pipeline.wait(10)
    assert ended == [None]
    assert guest.completed is True, "what was recorded is whole, whatever became of the source"


def test_the_newest_frame_is_there_before_any_labels() -> None:
    ready = threading.Event()

    def late() -> FixedLabeler:
        ready.wait(30)
        return FixedLabeler()

    source = ListSource(100_000, Delivery.NEWEST, 0.002)
    pipeline = Pipeline(source, late)
    pipeline.start()
    _until(lambda: pipeline.newest is not None and pipeline.newest.index > 5)
    assert pipeline.latest is None
    ready.set()
    _until(lambda: pipeline.latest is not None)
    latest, newest = pipeline.latest, pipeline.newest
    assert latest is not None
    assert newest is not None
    assert newest.index >= latest.frame.index
    pipeline.stop()


def test_a_guest_that_fails_is_let_go_while_the_source_continues() -> None:
    class Full(ListSink):
        def write(self, labeled: LabeledFrame) -> None:
            raise OutputError("The disk is full.")

    pipeline = _running_live(ListSource(100_000, Delivery.NEWEST, 0.002))
    try:
        guest, ended = Full(), []
        gone = weakref.ref(guest)
        pipeline.attach(guest, ended.append)
        _until(lambda: bool(ended))
        assert isinstance(ended.pop(), OutputError)
        del guest
        _until(lambda: gc.collect() is not None and gone() is None)
    finally:
        pipeline.stop()


def test_a_labeler_that_cannot_be_made_ends_every_sink_also_those_that_come_later() -> None:
    begun, go_on = threading.Event(), threading.Event()

    def cannot() -> FixedLabeler:
        begun.set()
        go_on.wait(30)
        raise OSError("no such model")

    pipeline = Pipeline(ListSource(100_000, Delivery.EVERY_FRAME), cannot, [ListSink()])
    pipeline.start()
    before, ends = ListSink(), []
    begun.wait(10)
    pipeline.attach(before, ends.append)
    go_on.set()
    with pytest.raises(OSError, match="no such model"):
        pipeline.wait(10)
    later = ListSink()
    pipeline.attach(later, ends.append)
    _until(lambda: len(ends) == 2 and not pipeline.running)
    assert ends == [None, None]
    assert before.completed is later.completed is None, "neither was ever opened"


def test_a_labeler_that_fails_to_close_still_ends_every_sink() -> None:
    labeler = FixedLabeler()
    labeler.close = lambda: (_ for _ in ()).throw(RuntimeError("still in use"))  # type: ignore[method-assign]
    guest, ends = ListSink(), []
    pipeline = Pipeline(ListSource(5, Delivery.EVERY_FRAME), lambda: labeler, [ListSink()])
    pipeline.start()
    with pytest.raises(RuntimeError, match="still in use"):
        pipeline.wait(10)
    pipeline.attach(guest, ends.append)
    _until(lambda: bool(ends) and not pipeline.running)


def test_a_source_that_turns_out_to_be_a_recording_loses_nothing_from_then_on() -> None:
    class Revealing(ListSource):
        """An address: what it is the address of shows when it has answered."""

        @property
        def info(self) -> SourceInfo | None:
            return SourceInfo("revealed", 320, 240) if self.next > 1 else None

        def open(self) -> SourceInfo:
            self.delivery = Delivery.EVERY_FRAME
            return super().open()

    source, sink = Revealing(60, Delivery.NEWEST), ListSink(delay_s=0.002)
    pipeline = Pipeline(source, lambda: FixedLabeler(delay_s=0.002), [sink])
    pipeline.start()
    assert pipeline.wait(20)
    assert sink.frames == list(range(60))
    assert pipeline.info is not None
    assert pipeline.info.name == "revealed"


def test_a_stop_and_a_finish_give_up_a_device_that_hangs_but_no_file() -> None:
    for end in (Pipeline.stop, Pipeline.finish):
        source, released = ListSource(100_000, Delivery.NEWEST, 0.002), threading.Event()
        real_read = source.read
        sink = ListSink()
        pipeline = _running_live(source, [sink])
        _until(lambda sink=sink: len(sink.frames) > 3)  # type: ignore[misc]
        slow = threading.Event()
        real_close = sink.close
        sink.close = lambda *, completed, slow=slow, close=real_close: (slow.wait(30), close(completed=completed))  # type: ignore[assignment, misc]
        source.read = lambda timeout_s=0.5, let=released, read=real_read: (let.wait(30), read(timeout_s))[1]  # type: ignore[method-assign, misc]
        ending = threading.Thread(target=end, args=(pipeline,))
        ending.start()
        ending.join(1.6)
        assert ending.is_alive(), "the file is not complete"
        slow.set()
        ending.join(5)
        assert not ending.is_alive(), "the device is left to its thread"
        assert sink.completed is True
        released.set()
        assert pipeline.wait(5)


def test_a_labeler_that_hangs_keeps_no_file_from_its_end() -> None:
    goes_on, labeler = threading.Event(), FixedLabeler()
    pipeline = Pipeline(ListSource(100_000, Delivery.NEWEST, 0.002), lambda: labeler)
    pipeline.start()
    guest, ended = ListSink(), []
    pipeline.attach(guest, ended.append)
    _until(lambda: len(guest.frames) > 3)
    real_label = labeler.label
    labeler.label = lambda frame: (goes_on.wait(30), real_label(frame))[1]  # type: ignore[method-assign]
    pipeline.stop(0.3)
    _until(lambda: bool(ended))
    assert guest.completed is True
    goes_on.set()
    assert pipeline.wait(5)


def test_a_frame_is_taken_when_it_is_its_turn_and_is_young_then() -> None:
    ages: list[float] = []

    class Aging(FixedLabeler):
        def label(self, frame: Frame) -> tuple[LabeledFrame, ...]:
            ages.append(time.monotonic() - frame.captured_s)
            return super().label(frame)

    source = ListSource(100, Delivery.NEWEST, interval_s=0.01)
    pipeline = Pipeline(source, Aging, wait_for_turn=lambda: time.sleep(0.3))
    pipeline.start()
    assert pipeline.wait(20)
    # A wait with a frame in hand would make every one old.
    assert min(ages[1:-1]) < 0.2


def test_frames_that_the_labeler_holds_back_come_in_order_with_their_own_times_and_none_is_lost() -> None:
    class HoldsTwo(FixedLabeler):
        held: tuple[LabeledFrame, ...] = ()

        def label(self, frame: Frame) -> tuple[LabeledFrame, ...]:
            self.held = (*self.held, *super().label(frame))
            if len(self.held) < 3:
                return ()
            return self.finish()

        def finish(self) -> tuple[LabeledFrame, ...]:
            held, self.held = self.held, ()
            return held

    taken: list[float] = []

    class Times(ListSink):
        def write(self, labeled: LabeledFrame) -> None:
            super().write(labeled)
            taken.append(labeled.times.dequeued_s or 0.0)

    sink = Times()
    pipeline = Pipeline(ListSource(20, Delivery.EVERY_FRAME), HoldsTwo, [sink])
    pipeline.start()
    assert pipeline.wait(60)
    assert sink.frames == list(range(20))
    assert taken == sorted(set(taken))
    assert pipeline.statistics.labelled == 20
    assert pipeline.latest is not None
    assert pipeline.latest.frame.index == 19
