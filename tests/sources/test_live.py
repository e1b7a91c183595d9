"""The watchdog on an injected clock: hours of faults without hardware and without waiting."""

import itertools
import threading
from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest

from tests.sources.fake_clock import FakeClock
from video_labeler.errors import SourceFormatError, SourceUnavailableError
from video_labeler.frames import Frame
from video_labeler.pixels import Colours, Image, Pixels, Planes, planes_of
from video_labeler.sources.base import SourceInfo, SourceState
from video_labeler.sources.fault_script import Fault, FaultKind, SyntheticDevice
from video_labeler.sources.live import EndOfPictures, LiveSource
from video_labeler.sources.watchdog import LivenessLimits, PictureWatch, SilenceWatch


class Run:
    """Plays a fault script and keeps what was delivered and which states were seen, by the time since the start."""

    def __init__(self, *faults: Fault, must_answer: bool = True, limits: LivenessLimits | None = None) -> None:
        self.clock = FakeClock()
        self.device = SyntheticDevice(64, 48, 10, faults, clock=self.clock, sleep=self.clock.sleep)
        self.source = LiveSource(self.device, must_answer, limits=limits, clock=self.clock, sleep=self.clock.sleep)
        self.frames: list[tuple[float, Frame]] = []
        self.states: list[tuple[float, SourceState]] = []
        self.longest_read_s = 0.0

    @property
    def elapsed_s(self) -> float:
        return self.clock.now_s - 1000.0

    def until(self, end_s: float) -> "Run":
        if self.source.status.state is SourceState.CLOSED:
            self.source.open()
        while self.elapsed_s < end_s:
            started_s = self.elapsed_s
            frame = self.source.read(0.5)
            self.longest_read_s = max(self.longest_read_s, self.elapsed_s - started_s)
            if frame is not None:
                self.frames.append((self.elapsed_s, frame))
            state = self.source.status.state
            if not self.states or self.states[-1][1] is not state:
                self.states.append((self.elapsed_s, state))
        return self

    def frames_between(self, start_s: float, end_s: float) -> int:
        return sum(start_s <= time_s < end_s for time_s, _ in self.frames)

    @property
    def state_names(self) -> list[str]:
        return [state.value for _, state in self.states]


def test_a_healthy_device_just_runs() -> None:
    run = Run().until(60)
    assert run.state_names == ["running"]
    assert len(run.frames) == pytest.approx(600, abs=2)
    assert run.source.reconnects == 0


@pytest.mark.parametrize("kind", [FaultKind.STALL, FaultKind.DISAPPEAR])
def test_a_fault_is_told_with_the_time_when_it_began(kind: FaultKind) -> None:
    run = Run(Fault(kind, 10, 60)).until(20)
    first = run.source.status
    assert first.state is not SourceState.RUNNING
    run.until(50)
    assert run.source.status.state is first.state
    assert run.source.status.since_s == first.since_s
    began_s = next(at_s for at_s, state in run.states if state is first.state)
    assert first.since_s == pytest.approx(1000.0 + began_s, abs=0.6)


@pytest.mark.parametrize("kind", list(FaultKind))
def test_every_fault_is_a_status_and_passes(kind: FaultKind) -> None:
    run = Run(Fault(kind, 10, 40)).until(60)
    assert run.states[-1][1] is SourceState.RUNNING
    expected = {
        FaultKind.STALL: "stalled",
        FaultKind.FREEZE: "frozen",
        FaultKind.BLACK: "black",
        FaultKind.DISAPPEAR: "reconnecting",
    }
    assert expected[kind] in run.state_names
    # What is delivered is handed out, whatever it shows. The rest is back within one pause and a bit.
    delivers = kind in (FaultKind.FREEZE, FaultKind.BLACK)
    assert run.frames_between(13.2, 40) == (pytest.approx(268, abs=4) if delivers else 0)
    assert run.source.reconnects == 0 or not delivers
    assert run.frames_between(47.2, 60) > 100
    indices = [frame.index for _, frame in run.frames]
    assert indices == list(range(len(indices)))
    times = [frame.time_s for _, frame in run.frames]
    assert times == sorted(times)
    # The device's own time-out of 2 s, plus the 0.5 s asked for.
    assert run.longest_read_s <= 2.7


@pytest.mark.parametrize(
    ("kind", "limits", "at_s"),
    [
        (FaultKind.FREEZE, LivenessLimits(), 20),
        (FaultKind.FREEZE, LivenessLimits(frozen_after_s=30), 40),
        (FaultKind.BLACK, LivenessLimits(), 15),
        (FaultKind.BLACK, LivenessLimits(black_after_s=2), 12),
    ],
)
def test_frozen_and_black_are_said_at_their_limits(kind: FaultKind, limits: LivenessLimits, at_s: float) -> None:
    run = Run(Fault(kind, 10, 80), limits=limits).until(60)
    assert [time_s for time_s, state in run.states if state is not SourceState.RUNNING] == [
        pytest.approx(at_s, abs=0.25)
    ]


@pytest.mark.parametrize("kind", [FaultKind.FREEZE, FaultKind.BLACK])
def test_with_a_limit_of_0_a_picture_may_stand_still_or_be_black_for_ever(kind: FaultKind) -> None:
    run = Run(Fault(kind, 10, 2000), limits=LivenessLimits(frozen_after_s=0, black_after_s=0)).until(600)
    assert run.state_names == ["running"]
    assert run.source.reconnects == 0


@pytest.mark.parametrize("kind", [FaultKind.FREEZE, FaultKind.BLACK])
def test_a_device_that_delivers_is_opened_again_only_now_and_then(
    kind: FaultKind, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = Run(Fault(kind, 10, 100_000))
    closed: list[float] = []
    monkeypatch.setattr(run.device, "close", lambda: closed.append(run.elapsed_s))
    run.until(1500)
    assert len(closed) == 4, "each time it was let go before"
    # After 60, 120, 240, 480 s.
    assert run.source.reconnects == 4
    assert len(run.frames) == pytest.approx(15_000, rel=0.01)


def test_what_was_seen_again_meanwhile_is_opened_soon_again() -> None:
    run = Run(Fault(FaultKind.FREEZE, 10, 200), Fault(FaultKind.FREEZE, 300, 100_000)).until(290)
    before = run.source.reconnects
    # Frozen after 10 s, and opened 60 s after that.
    assert run.until(365).source.reconnects == before
    assert run.until(375).source.reconnects == before + 1


def test_a_camera_with_a_picture_every_ten_seconds_is_not_silent() -> None:
    clock = FakeClock()

    class Slow(Scripted):
        def read(self) -> Image | None:
            clock.sleep(2.0)
            if round(clock.now_s - 1000.0) % 10:
                return None
            return super().read()

    device = Slow([np.full((8, 8, 3), 50 + number, np.uint8) for number in range(12)])
    source = LiveSource(device, clock=clock, sleep=clock.sleep)
    source.open()
    frames = []
    while not source.ended:
        frame = source.read(0.5)
        if frame is not None:
            frames.append(frame)
        assert source.status.state is not SourceState.STALLED
    assert len(frames) == 12
    assert source.reconnects == 0


@pytest.mark.parametrize(("interval_s", "limit_s"), [(0.04, 2.0), (0.5, 5.0), (3.0, 15.0), (None, 15.0)])
def test_the_quicker_a_device_was_the_sooner_it_is_silent(interval_s: float | None, limit_s: float) -> None:
    watch = SilenceWatch(15.0, 100.0)
    watch.begin(100.0, may_pause=False)
    for number in range(10 if interval_s else 1):
        watch.note_picture(100.0 + number * (interval_s or 0.0))
    assert watch.limit_s == pytest.approx(limit_s)
    assert not watch.is_silent(watch.alive_s + limit_s - 0.01)
    assert watch.is_silent(watch.alive_s + limit_s + 0.01)
    watch.begin(200.0, may_pause=True)
    for number in range(10):
        watch.note_picture(200.0 + 0.04 * number)
    assert watch.limit_s == 15.0
    assert not SilenceWatch(0.0, 0.0).is_silent(1e9)


def test_the_time_of_a_frame_is_when_its_picture_came() -> None:
    clock = FakeClock()

    class Late(Scripted):
        """Its pictures came 0.1 s apart, and were read in a lump."""

        def __init__(self, pictures: list[Image]) -> None:
            super().__init__(pictures)
            self.captured_s: float | None = None

        def read(self) -> Image | None:
            self.captured_s = 1000.0 + 0.1 * (5 - len(self.pictures))
            return super().read()

    source = LiveSource(Late([np.full((8, 8, 3), 50 + i, np.uint8) for i in range(5)]), clock=clock, sleep=clock.sleep)
    source.open()
    clock.sleep(3.0)
    frames = [source.read() for _ in range(5)]
    assert [frame.time_s for frame in frames if frame] == pytest.approx([0.0, 0.1, 0.2, 0.3, 0.4])


def test_what_a_device_delivers_is_known_once_it_has_come() -> None:
    run = Run(Fault(FaultKind.DISAPPEAR, 0, 5), must_answer=False).until(2)
    assert run.source.info is not None
    assert run.source.info.width is None
    run.until(15)
    assert (run.source.info.width, run.source.info.height, run.source.info.rate) == (64, 48, 10)


def test_a_device_that_thaws_runs_at_once() -> None:
    run = Run(Fault(FaultKind.FREEZE, 10, 25)).until(35)
    assert run.state_names == ["running", "frozen", "running"]
    assert run.states[-1][0] == pytest.approx(25, abs=0.25)


def test_the_pause_between_tries_grows_to_five_seconds() -> None:
    run = Run(Fault(FaultKind.DISAPPEAR, 10, 100))
    tries: list[float] = []
    original = run.device.open

    def counted() -> SyntheticDevice:
        tries.append(run.elapsed_s)
        return original()

    run.device.open = counted  # type: ignore[method-assign]
    run.until(110)
    pauses = np.diff([time_s for time_s in tries if time_s >= 10])
    assert pauses[:5] == pytest.approx([1.0, 2.0, 4.0, 5.0, 5.0], abs=0.15)
    assert pauses.max() <= 5.15
    assert tries[1] == pytest.approx(10.5, abs=0.15)


def test_the_pause_begins_small_again_once_pictures_have_come() -> None:
    run = Run(Fault(FaultKind.DISAPPEAR, 10, 40), Fault(FaultKind.DISAPPEAR, 60, 100))
    tries: list[float] = []
    original = run.device.open

    def counted() -> SyntheticDevice:
        tries.append(run.elapsed_s)
        return original()

    run.device.open = counted  # type: ignore[method-assign]
    run.until(75)
    assert [time_s for time_s in tries if time_s >= 60][:4] == pytest.approx([60.5, 61.5, 63.5, 67.5], abs=0.3)


def test_what_is_back_has_time_for_its_first_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    run = Run(Fault(FaultKind.DISAPPEAR, 10, 60))
    opened, read = run.device.open, run.device.read
    late: list[bool] = []

    def open_late() -> SyntheticDevice:
        device = opened()
        late.append(True)
        return device

    def read_late() -> Image | None:
        if late:
            late.clear()
            run.clock.sleep(1.0)
            return None
        return read()

    monkeypatch.setattr(run.device, "open", open_late)
    monkeypatch.setattr(run.device, "read", read_late)
    run.until(80)
    assert run.state_names == ["connecting", "running", "reconnecting", "running"]


def test_tries_in_vain_are_one_state_that_lasts_since_the_first() -> None:
    run = Run(Fault(FaultKind.DISAPPEAR, 0, 100), must_answer=False)
    run.until(5)
    first_s = run.source.status.since_s
    run.until(40)
    assert run.source.status.state is SourceState.RECONNECTING
    assert run.source.status.since_s == first_s


def test_during_a_pause_a_read_takes_no_longer_than_asked() -> None:
    run = Run(Fault(FaultKind.DISAPPEAR, 1, 100)).until(20)
    for timeout_s in (0.0, 0.1, 0.5):
        started_s = run.clock.now_s
        assert run.source.read(timeout_s) is None
        assert run.clock.now_s - started_s <= timeout_s + 0.11


def test_messages_say_what_is_wrong() -> None:
    for kind, words in (
        (FaultKind.STALL, "sends no pictures"),
        (FaultKind.FREEZE, "same picture"),
        (FaultKind.BLACK, "only black"),
        (FaultKind.DISAPPEAR, "is not connected"),
    ):
        message = Run(Fault(kind, 1, 50)).until(13).source.status.message
        assert message.startswith("The test camera")
        assert words in message
        assert message.endswith((".", "?"))


def test_must_answer_decides_what_a_first_failure_is() -> None:
    fault = Fault(FaultKind.DISAPPEAR, 0, 5)
    strict = Run(fault)
    with pytest.raises(SourceUnavailableError):
        strict.source.open()
    assert strict.source.status.state is SourceState.CLOSED
    patient = Run(fault, must_answer=False).until(15)
    assert patient.state_names == ["reconnecting", "running"]
    assert patient.frames[0][1].index == 0
    assert patient.frames[0][1].time_s == 0.0


def test_a_picture_that_is_repeated_is_no_newer_than_the_first_of_its_kind() -> None:
    run = Run(Fault(FaultKind.FREEZE, 2.0, 4.0)).until(6.0)
    ages = {round(at_s, 1): at_s + 1000.0 - frame.captured_s for at_s, frame in run.frames}
    assert max(age for at_s, age in ages.items() if at_s < 2.0) == pytest.approx(0.0, abs=1e-6)
    assert ages[3.9] == pytest.approx(2.0, abs=0.2)
    assert max(age for at_s, age in ages.items() if at_s > 4.2) == pytest.approx(0.0, abs=1e-6)


def test_the_pauses_between_tries_grow_no_longer_than_asked() -> None:
    clock = FakeClock()
    opened: list[float] = []

    class Gone(Scripted):
        def open(self) -> "Scripted":
            opened.append(clock.now_s)
            raise SourceUnavailableError("It is not there.")

    source = LiveSource(Gone([]), must_answer=False, longest_pause_s=1.0, clock=clock, sleep=clock.sleep)
    source.open()
    while clock.now_s < 1030.0:
        source.read(0.5)
    pauses = [later - earlier for earlier, later in itertools.pairwise(opened)]
    assert pauses[0] == pytest.approx(0.5)
    assert max(pauses) == pytest.approx(1.0)


def test_an_error_for_good_is_raised_even_to_the_patient() -> None:
    class Malformed:
        name = "Nothing"

        def open(self) -> SyntheticDevice:
            raise SourceFormatError("This is no address.")

    source = LiveSource(Malformed(), must_answer=False)
    with pytest.raises(SourceFormatError):
        source.open()
    assert source.status.state is SourceState.CLOSED


class Scripted:
    """A device that hands out the given pictures, then ends."""

    name = "The script"
    info = SourceInfo("The script", pixel_aspect=Fraction(4, 3))
    captured_s: float | None = None

    def __init__(self, pictures: list[Image]) -> None:
        self.pictures = list(pictures)
        self.closed = 0

    def open(self) -> "Scripted":
        return self

    def read(self) -> Image | None:
        if not self.pictures:
            raise EndOfPictures
        return self.pictures.pop(0)

    def close(self) -> None:
        self.closed += 1


def test_a_device_that_has_sent_everything_ends_the_source() -> None:
    device = Scripted([np.full((8, 8, 3), 50 + i, np.uint8) for i in range(3)])
    source = LiveSource(device)
    source.open()
    frames = [frame for _ in range(3) if (frame := source.read())]
    assert [frame.index for frame in frames] == [0, 1, 2]
    assert frames[0].pixel_aspect == pytest.approx(4 / 3)
    assert source.read() is None
    assert source.ended
    assert device.closed == 1


def test_a_stall_shows_while_another_thread_waits_in_read() -> None:
    clock = FakeClock()
    reading, release = threading.Event(), threading.Event()

    class Blocking(Scripted):
        def read(self) -> Image | None:
            if self.pictures:
                return self.pictures.pop(0)
            reading.set()
            release.wait(10)
            return None

    source = LiveSource(Blocking([np.full((8, 8, 3), 90, np.uint8)]), clock=clock, sleep=clock.sleep)
    source.open()
    assert source.read() is not None
    reader = threading.Thread(target=source.read, args=(0.0,))
    reader.start()
    assert reading.wait(10)
    clock.sleep(14.9)
    assert source.status.state is SourceState.RUNNING
    clock.sleep(0.2)
    status = source.status
    assert status.state is SourceState.STALLED
    assert status.since_s == pytest.approx(1015.0)
    release.set()
    reader.join(10)
    source.close()


def as_planes(image: Image) -> Planes:
    return planes_of(image, Colours())


def as_full_planes(image: Image) -> Planes:
    return planes_of(image, Colours(full_range=True))


FORMS = pytest.mark.parametrize("form", [np.asarray, as_planes, as_full_planes])
"""The forms that pixels come in."""


@FORMS
def test_a_night_scene_and_sensor_noise_are_told_from_black(form: Callable[[Image], Pixels]) -> None:
    dice = np.random.default_rng(1)
    noise = [dice.integers(0, 12, (120, 160, 3), dtype=np.uint8) for _ in range(40)]
    lit = [image.copy() for image in noise]
    for image in lit:
        image[40:60, 60:90] = 180

    def verdicts(pictures: list[Image]) -> set[SourceState]:
        watch = PictureWatch(LivenessLimits(black_after_s=2.0))
        return {watch.judge(form(image), 0.1 * index) for index, image in enumerate(pictures)}

    assert verdicts(noise) == {SourceState.RUNNING, SourceState.BLACK}
    assert verdicts(lit) == {SourceState.RUNNING}


def test_times_never_fall_whatever_a_stream_says() -> None:
    arrivals_s = iter([10.0, 10.5, 10.2, 11.0])

    class Unsteady(Scripted):
        def read(self) -> Image | None:
            image = super().read()
            self.captured_s = next(arrivals_s)
            return image

    source = LiveSource(Unsteady([np.full((8, 8, 3), 50 + i, np.uint8) for i in range(4)]))
    source.open()
    assert [frame.time_s for _ in range(4) if (frame := source.read())] == [0.0, 0.5, 0.5, 1.0]


@FORMS
def test_one_different_pixel_is_enough_to_be_alive(form: Callable[[Image], Pixels]) -> None:
    watch = PictureWatch(LivenessLimits())
    image = np.full((120, 160, 3), 90, np.uint8)
    for index in range(100):
        changed = image.copy()
        changed[77, 33] = 2 * index
        assert watch.judge(form(changed), 0.1 * index) is SourceState.RUNNING
