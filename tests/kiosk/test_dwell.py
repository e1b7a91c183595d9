"""The ring that fills while an object is held steady."""

import random
from dataclasses import replace

import pytest

from tests.kiosk.camera_play import Thing, frame_of
from video_labeler.kiosk.dwell import DwellRing

DWELL_S = 1.5
MUG = Thing("Mug", 1, 0.5, 0.5)
BALL = Thing("Ball", 2, 0.3, 0.5)


class Hand:
    """Holds things in front of a ring; what it holds is the hero."""

    def __init__(self) -> None:
        self.ring = DwellRing(DWELL_S)
        self.now_s = 50.0

    def hold(self, seconds: float, thing: Thing | None, *others: Thing, rate: float = 30.0) -> list[float]:
        """When something was celebrated, in seconds from the beginning."""
        start_s, times = self.now_s, []
        while self.now_s - start_s < seconds - 1e-9:
            labeled = frame_of(self.now_s, [thing, *others] if thing else others)
            if self.ring.update(self.now_s, labeled.objects[0] if thing else None, labeled):
                times.append(self.now_s - start_s)
            self.now_s += 1 / rate
        return times

    @property
    def share(self) -> float:
        return self.ring.dwell.share if self.ring.dwell else 0.0


@pytest.mark.parametrize("rate", [8.0, 30.0, 60.0])
def test_it_fills_in_its_time(rate: float) -> None:
    hand = Hand()
    assert hand.hold(10, MUG, rate=rate) == [pytest.approx(DWELL_S, abs=1.01 / rate)]


def test_the_share_grows_evenly() -> None:
    hand = Hand()
    for ninth in range(1, 9):
        hand.hold(DWELL_S / 9, MUG, rate=30)
        assert hand.share == pytest.approx(ninth / 9, abs=0.04)


def test_a_trembling_hand_is_steady() -> None:
    hand, rng = Hand(), random.Random(1)
    times = [
        time_s
        for _ in range(60)
        for time_s in hand.hold(1 / 30, replace(MUG, x=MUG.x + rng.uniform(-0.02, 0.02), y=rng.uniform(0.48, 0.52)))
    ]
    assert len(times) == 1


def test_what_is_waved_about_is_not_celebrated_and_the_ring_shrinks() -> None:
    hand = Hand()
    hand.hold(1.0, MUG)
    shares = [hand.share]
    for step in range(300):
        assert not hand.hold(1 / 30, replace(MUG, x=0.5 + 0.3 * (-1) ** (step // 5)))
        shares.append(hand.share)
    assert 0 < shares[2] < shares[0]
    assert max(shares[30:]) < 0.3


def test_a_new_track_at_the_place_continues() -> None:
    hand = Hand()
    hand.hold(1.0, MUG)
    assert hand.hold(1.0, replace(MUG, track=9, x=0.51)) == [pytest.approx(0.5, abs=0.1)]


@pytest.mark.parametrize("flicker", [None, replace(MUG, name="Vase")])
def test_a_flicker_only_pauses_the_ring(flicker: Thing | None) -> None:
    hand = Hand()
    hand.hold(1.0, MUG)
    hand.hold(0.3, flicker)
    assert hand.share == pytest.approx(1.0 / DWELL_S, abs=0.05)
    assert hand.hold(1.0, MUG) == [pytest.approx(0.5, abs=0.1)]


def test_another_name_starts_over() -> None:
    hand = Hand()
    hand.hold(1.0, MUG)
    assert hand.hold(3.0, replace(MUG, name="Vase")) == [pytest.approx(0.4 + DWELL_S, abs=0.1)]


def test_what_goes_lets_the_ring_shrink_to_nothing() -> None:
    hand = Hand()
    hand.hold(1.2, MUG)
    hand.hold(0.5, None)
    assert 0 < hand.share < 0.8
    hand.hold(0.6, None)
    assert hand.ring.dwell is None


def test_a_pause_of_the_program_fills_nothing() -> None:
    hand = Hand()
    hand.hold(0.2, MUG)
    hand.now_s += 4.0
    assert not hand.hold(0.5, MUG)


def test_it_is_celebrated_again_only_after_it_was_away() -> None:
    hand = Hand()
    assert len(hand.hold(60, MUG)) == 1
    hand.hold(1.0, None)
    assert not hand.hold(10, replace(MUG, track=5))
    hand.hold(2.1, None)
    assert len(hand.hold(10, replace(MUG, track=6))) == 1


def test_moved_while_it_is_followed_it_is_still_the_same() -> None:
    hand = Hand()
    hand.hold(2, MUG)
    for step in range(20):
        hand.hold(0.1, replace(MUG, x=0.5 + 0.02 * step))
    assert not hand.hold(10, replace(MUG, x=0.9))


def test_a_name_that_changes_to_and_fro_is_celebrated_once_each() -> None:
    hand = Hand()
    turns = [hand.hold(3, replace(MUG, name="Mug" if turn % 2 == 0 else "Cup")) for turn in range(20)]
    assert sum(map(len, turns)) == 2


def test_two_things_side_by_side_are_celebrated_once_each() -> None:
    hand = Hand()
    turns = [hand.hold(4, *pair) for pair in [(MUG, BALL), (BALL, MUG)] * 8]
    assert sum(map(len, turns)) == 2


def test_two_things_in_turn_are_celebrated_each_time() -> None:
    hand = Hand()
    turns = [hand.hold(3, replace(thing, track=turn + 1, x=0.5)) for turn, thing in enumerate([MUG, BALL] * 4)]
    assert [len(times) for times in turns] == [1] * 8


def test_nothing_fills_while_it_must_not() -> None:
    ring = DwellRing(DWELL_S)
    for step in range(300):
        labeled = frame_of(step / 30, [MUG])
        assert not ring.update(step / 30, labeled.objects[0], labeled, fills=False)
        assert ring.dwell is None
