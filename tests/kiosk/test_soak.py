"""The soak tool: its pure parts, its cameras, and a short soak of the real kiosk."""

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.soak.causes import PER_HOUR, PROCESS_CAUSES, Cause, plan
from tests.soak.measuring import Life, Sample, grows, slope_mb_s
from tests.soak.network_camera import NetworkCamera
from tests.soak.outcome import Outcome, PartResult, lost, quantile
from tests.soak.pictures import Pictures, make_pictures
from tests.soak.recovery import Recovery
from tests.soak.shared_memory import Order, Orders, Sighting, Sightings, What
from tests.soak.synthetic_camera import OrderedDevice
from tests.soak.visits import Visits
from video_labeler.errors import SourceError
from video_labeler.kiosk.day import Day
from video_labeler.kiosk.tally import Tally
from video_labeler.sources.base import SourceState
from video_labeler.sources.network_stream import NetworkStream
from video_labeler.sources.watchdog import LivenessLimits


def test_a_day_holds_a_thousand_faults_of_every_kind_and_a_seed_repeats_them() -> None:
    script = plan(24.0, 30.0, seed=1)
    assert len(script.faults) >= 1000
    assert {fault.cause for fault in script.faults} == set(Cause)
    assert script.seconds == pytest.approx(24 * 3600 / 30)
    assert script == plan(24.0, 30.0, seed=1)
    assert script != plan(24.0, 30.0, seed=2)


def test_kills_come_at_the_end_of_a_long_life() -> None:
    script = plan(24.0, 30.0, seed=3)
    first = min(fault.start_s for fault in script.faults if fault.cause in PROCESS_CAUSES)
    assert first > 0.9 * script.seconds
    starts = [fault.start_s for fault in script.faults if fault.cause is not Cause.DISK]
    assert starts == sorted(starts)


def test_short_soaks_have_their_faults_too() -> None:
    script = plan(1.0, 60.0, seed=1)
    assert len(script.faults) >= PER_HOUR
    assert max(fault.start_s for fault in script.faults) < script.seconds
    assert {fault.cause for fault in script.faults} == set(Cause)


def labelled(at_s: float, *, well: bool = True) -> Sighting:
    return Sighting(What.LABELLED, at_s, at_s - 0.01, number=float(well))


def painted(at_s: float) -> Sighting:
    return Sighting(What.PAINTED, at_s, at_s - 0.03)


def scene(at_s: float, name: str) -> Sighting:
    return Sighting(What.SCENE, at_s, text=name)


def back_after(*sightings: Sighting, begins: str = "live", gone_s: float = 10.0) -> float | None:
    """Seconds from the end of the cause until the picture is back."""
    recovery = Recovery(begins)
    gone = False
    for sighting in sorted(sightings, key=lambda item: item.at_s):
        if not gone and sighting.at_s >= gone_s:
            gone = True
            recovery.gone(gone_s)
        recovery.see(sighting)
    return None if recovery.back_s is None else pytest.approx(recovery.back_s - gone_s)


STEADY = tuple(labelled(11.0 + 0.04 * step) for step in range(12))
SHOWN = tuple(painted(11.05 + 0.04 * step) for step in range(12))


def test_the_picture_is_back_with_the_first_of_several_frames_that_is_painted() -> None:
    assert back_after(*STEADY, *SHOWN) == 1.05


def test_frames_of_before_and_single_ones_do_not_count() -> None:
    before = [labelled(9.5 + 0.04 * step) for step in range(12)]
    single = [labelled(10.3), labelled(10.34), painted(10.36)]
    assert back_after(*before, *single, *STEADY, *SHOWN) == 1.05
    assert back_after(*before, *single) is None


def test_frames_that_could_not_be_labelled_do_not_count() -> None:
    failed = [labelled(10.1 + 0.04 * step, well=False) for step in range(20)]
    assert back_after(*failed, *STEADY, *SHOWN) == 1.05


def test_where_nobody_is_there_labelled_frames_are_enough() -> None:
    assert back_after(*STEADY, begins="attract") == 1.0
    assert back_after(*STEADY) is None


def test_a_stand_that_has_lost_its_camera_must_show_it_again() -> None:
    before = [labelled(7.0)]
    gone = [scene(7.5, "wait"), scene(9.0, "attract")]
    assert back_after(*before, *gone, *STEADY) is None
    assert back_after(*before, *gone, *STEADY, scene(11.02, "live"), *SHOWN) == 1.05


def test_a_stand_that_attracts_because_nobody_is_there_need_not() -> None:
    shortly_before = [labelled(9.98)]
    assert back_after(*shortly_before, scene(10.0, "attract"), *STEADY) == 1.0


def samples(slope_mb_s: float, start_mb: float, threads: int = 20) -> list[Sample]:
    return [Sample(age_s, start_mb + slope_mb_s * age_s, threads, 30) for age_s in range(0, 600, 5)]


def test_one_slope_is_found_in_lives_that_begin_at_different_heights() -> None:
    assert slope_mb_s([samples(0.01, 200.0), samples(0.01, 320.0)]) == pytest.approx(0.01)
    assert slope_mb_s([samples(0.01, 200.0)[:10]]) is None


def test_threads_that_become_more_are_noticed_and_those_that_come_and_go_are_not() -> None:
    steady = [Sample(s.age_s, 1.0, 20 + index % 3, 30) for index, s in enumerate(samples(0, 1))]
    rising = [Sample(s.age_s, 1.0, 20 + index // 20, 30) for index, s in enumerate(samples(0, 1))]
    assert not grows(steady, lambda sample: sample.threads)
    assert grows(rising, lambda sample: sample.threads)


def result(*outcomes: Outcome, **tally: object) -> PartResult:
    ended = sum(outcome.cause in PROCESS_CAUSES for outcome in outcomes)
    lives = [Life(psutil.Process(), 0.0) for _ in range(1 + ended)]
    part = PartResult("network", 1.0, 60.0, outcomes=list(outcomes), lives=lives, quota_bytes=1)
    part.day = Day("2026-01-01", tally=Tally(**tally))
    return part


def test_what_must_not_happen_is_reported() -> None:
    assert lost(result(*[Outcome(Cause.DROP, 0.0, 0.5)] * 100, Outcome(Cause.STALL, 1.0, 9.0))) == []
    assert "95 of 100" in lost(result(Outcome(Cause.DROP, 0.0, 2.5)))[0]
    assert "nothing came back" in lost(result(Outcome(Cause.DROP, 0.0, None)))[0]
    assert "3.50 s" in lost(result(Outcome(Cause.KILL, 0.0, 3.5)))[0]
    assert lost(result(Outcome(Cause.HANG, 0.0, 12.5))) == []


def test_a_child_that_ended_by_itself_is_noticed() -> None:
    part = result(Outcome(Cause.KILL, 0.0, 2.0))
    part.lives.append(part.lives[0])
    assert lost(part) == ["The child was started again 2 times, and ended from outside 1."]


def test_a_frame_that_was_live_for_too_long_is_noticed() -> None:
    part = result()
    part.old = [(0.62, 31.0), (0.55, 40.0)]
    assert "0.62 s, 31 s after" in lost(part)[0]


def test_counts_may_lose_only_what_came_shortly_before_a_kill() -> None:
    part = result(labels={"Mug": 3, "Vase": 2})
    part.celebrated.update(Mug=4, Vase=2)
    assert lost(part) == ["Mug was celebrated 4 times, and the day holds 3."]
    part.doubtful.update(Mug=1)
    assert lost(part) == []
    part.celebrated["Vase"] = 1
    assert lost(part) == ["Vase was celebrated 1 times, and the day holds 2."]


def test_quantiles_are_nearest_ranks() -> None:
    assert quantile([3.0, 1.0, 2.0], 0.5) == 2.0
    assert quantile([1.0], 0.95) == 1.0


def test_a_life_samples_a_real_process_and_survives_its_end() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        life = Life(psutil.Process(process.pid), 0.0)
        life.look(5.0)
        process.communicate(b"\n")
    life.look(10.0)
    assert [sample.age_s for sample in life.samples] == [5.0]
    assert life.samples[0].memory_mb > 0


def test_visitors_come_and_go_the_same_with_the_same_seed() -> None:
    def held_up(seed: int) -> list[int]:
        visits = Visits(4, seed)
        return [visits.thing_at(0.1 * step) for step in range(600)]

    assert held_up(1) == held_up(1)
    assert set(held_up(1)) == {0, 1, 2, 3}


def test_orders_and_sightings_reach_another_process(tmp_path: Path) -> None:
    orders, sightings = Orders(tmp_path), Sightings(tmp_path)
    orders.set(Order.THING, 3)
    script = (
        "import sys; from pathlib import Path; from tests.soak.shared_memory import *\n"
        "folder = Path(sys.argv[1])\n"
        "text = str(Orders(folder).get(Order.THING))\n"
        "sightings = Sightings(folder)\n"
        "for number in range(5): sightings.write(Sighting(What.CELEBRATED, 1.5, 2.5, number, text))\n"
    )
    subprocess.run([sys.executable, "-c", script, str(tmp_path)], check=True)
    assert list(sightings.news()) == [Sighting(What.CELEBRATED, 1.5, 2.5, number, "3.0") for number in range(5)]
    assert list(sightings.news()) == []
    sightings.close()
    orders.close()


@pytest.fixture(scope="module")
def pictures() -> Pictures:
    return make_pictures()


@pytest.fixture
def network_camera(pictures: Pictures) -> Iterator[NetworkCamera]:
    with NetworkCamera(pictures) as camera:
        yield camera


def wait_for_state(stream: NetworkStream, state: SourceState, within_s: float = 10.0) -> bool:
    deadline_s = time.monotonic() + within_s
    while stream.status.state is not state and time.monotonic() < deadline_s:
        stream.read(0.1)
    return stream.status.state is state


@pytest.mark.parametrize(
    ("cause", "state"),
    [
        (Cause.UNPLUG, SourceState.RECONNECTING),
        (Cause.DROP, SourceState.RECONNECTING),
        (Cause.STALL, SourceState.STALLED),
        (Cause.BLACK, SourceState.BLACK),
        (Cause.FREEZE, SourceState.FROZEN),
    ],
)
def test_the_network_camera_goes_wrong_and_comes_back(
    network_camera: NetworkCamera, cause: Cause, state: SourceState
) -> None:
    with NetworkStream(
        network_camera.url, longest_pause_s=0.5, limits=LivenessLimits(frozen_after_s=1, black_after_s=1)
    ) as stream:
        stream.open()
        # Only of a camera that has been quick is it known soon that it is silent.
        assert sum(stream.read(2.0) is not None for _ in range(10)) == 10
        network_camera.begin(cause)
        assert wait_for_state(stream, state)
        network_camera.end()
        assert wait_for_state(stream, SourceState.RUNNING)


@pytest.mark.parametrize("cause", [Cause.SLOW, Cause.DAMAGED])
def test_the_network_camera_limps_on(network_camera: NetworkCamera, cause: Cause) -> None:
    with NetworkStream(network_camera.url) as stream:
        stream.open()
        assert wait_for_state(stream, SourceState.RUNNING)
        network_camera.begin(cause)
        until_s = time.monotonic() + 0.5
        while time.monotonic() < until_s:
            stream.read(0.1)
        network_camera.end()
        assert wait_for_state(stream, SourceState.RUNNING)


def test_the_synthetic_camera_obeys(pictures: Pictures, tmp_path: Path) -> None:
    orders = Orders(tmp_path)
    device = OrderedDevice(pictures, orders).open()
    empty = device.read()
    orders.set(Order.THING, 2)
    held_up = device.read()
    assert empty is not None
    assert held_up is not None
    assert (held_up.astype(int) - empty).std() > 10
    orders.count_up(Order.CAMERA_DROPS)
    with pytest.raises(SourceError):
        device.read()
    assert device.read() is not None
    orders.close()


@pytest.mark.skipif(sys.platform != "linux", reason="the soak stops and kills processes as Linux does")
def test_a_short_soak_of_the_real_kiosk_loses_nothing() -> None:
    words = [
        sys.executable,
        "-m",
        "tests.soak",
        "--hours",
        "0.1",
        "--speed",
        "60",
        "--camera",
        "network",
        "--patience",
        "5",
    ]
    done = subprocess.run(words, capture_output=True, text=True, timeout=90, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"child killed +\d", done.stdout)
    assert "Nothing was lost" in done.stdout
