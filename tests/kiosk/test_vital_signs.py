"""What is taken for a failure of a kiosk that still runs, and what is not."""

import pytest

from video_labeler.kiosk.failure import FailureKind, of_exit
from video_labeler.kiosk.supervisor import AwakeClock, clock_through_sleep
from video_labeler.kiosk.vital_signs import Limits, VitalSigns

LIMITS = Limits(memory_mb=1500)


def test_silence_from_the_start_is_a_slow_start_and_later_a_hang() -> None:
    signs = VitalSigns(LIMITS, 100)
    assert signs.look(119.9) is None
    slow = signs.look(120.1)
    assert slow is not None
    assert (slow.kind, slow.text) == (FailureKind.START, "did not start within 20 s")
    signs.heard(121, 300)
    assert signs.look(130.9) is None
    silent = signs.look(131.1)
    assert silent is not None
    assert (silent.kind, silent.text) == (FailureKind.SILENT, "gave no sign of life for 10 s")


def test_a_picture_alone_is_a_sign_of_life_and_is_what_counts_as_up() -> None:
    signs = VitalSigns(LIMITS, 0)
    signs.heard(1, 300)
    assert signs.up_s(5) is None
    signs.came_up(2)
    assert signs.up_s(5) == 3
    assert signs.look(11.9) is None


def test_memory_above_the_limit_is_reported_in_figures() -> None:
    signs = VitalSigns(LIMITS, 0)
    signs.heard(1, 1500)
    assert signs.look(1) is None
    signs.heard(2, 1612.4)
    failure = signs.look(2)
    assert failure is not None
    assert failure.text == "used 1612 MB, more than the 1500 MB allowed"


def test_gaps_between_heartbeats_are_reported() -> None:
    signs = VitalSigns(LIMITS, 0)
    assert [signs.heard(at, 1) for at in (3, 4, 6.5)] == [0, 1, 2.5]


@pytest.mark.parametrize("asleep_s", [3.5, 60, 8 * 3600])
def test_time_asleep_is_nobodys_silence(asleep_s: float) -> None:
    now = [1000.0]
    clock = AwakeClock(3, lambda: now[0])
    signs = VitalSigns(LIMITS, clock.read())
    signs.heard(clock.read(), 300)
    for _ in range(20):
        now[0] += 0.4
        assert signs.look(clock.read()) is None
    assert clock.missed_wakeups == 0
    now[0] += asleep_s
    signs.forgive(clock.read())
    assert clock.missed_wakeups == 1
    for _ in range(99):
        now[0] += 0.1
        assert signs.look(clock.read()) is None
    now[0] += 0.2
    assert signs.look(clock.read()) is not None
    assert clock.read() == pytest.approx(20 * 0.4 + 9.9 + 0.2)


def test_the_systems_clock_continues() -> None:
    assert clock_through_sleep() <= clock_through_sleep()


@pytest.mark.parametrize(
    ("code", "kind", "text"),
    [
        (-9, FailureKind.CRASHED, "crashed (signal 9, SIGKILL)"),
        (-200, FailureKind.CRASHED, "crashed (signal 200)"),
        (0, FailureKind.ENDED, "ended with code 0"),
        (1, FailureKind.ENDED, "ended with code 1"),
        (3, FailureKind.STUCK, "ended because a device hung"),
    ],
)
def test_exit_codes_in_words(code: int, kind: FailureKind, text: str) -> None:
    assert (of_exit(code).kind, of_exit(code).text) == (kind, text)
