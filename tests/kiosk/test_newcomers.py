"""What is new in front of the camera, and what is furniture."""

import random
from collections.abc import Sequence

import pytest

from tests.kiosk.camera_play import RATE, Thing, frame_of
from video_labeler.kiosk.newcomers import Newcomers, Noticed
from video_labeler.settings import KioskSettings

IDLE_S = 10.0
FURNITURE_S = 15.0
CHAIR = Thing("Chair", 1, 0.2, 0.6, 0.25, 0.5)
MUG = Thing("Mug", 2, 0.6, 0.5)


class Watch:
    def __init__(self) -> None:
        self.newcomers = Newcomers(KioskSettings(idle_s=IDLE_S))
        self.now_s = 100.0

    def look(self, *things: Thing, unfound: Sequence[Thing] = ()) -> Noticed:
        self.now_s += 1 / RATE
        return self.newcomers.update(self.now_s, frame_of(self.now_s, things, unfound))

    def run(self, seconds: float, *things: Thing, unfound: Sequence[Thing] = ()) -> list[bool]:
        return [self.look(*things, unfound=unfound).is_new for _ in range(round(seconds * RATE))]


def test_what_comes_is_new_once_and_soon() -> None:
    watch = Watch()
    watch.run(1.0)
    news = watch.run(IDLE_S / 2, MUG)
    assert sum(news) == 1
    assert any(news[: round(0.3 * RATE)])


def test_a_frame_shown_again_brings_nothing_new() -> None:
    watch = Watch()
    frame = frame_of(101.0, [MUG])
    assert not any(watch.newcomers.update(101.0 + step / 30, frame).is_new for step in range(60))


@pytest.mark.parametrize("frames", [1, 2])
def test_a_flicker_is_nothing(frames: int) -> None:
    watch = Watch()
    for turn in range(200):
        place = Thing("Glass", turn + 1, x=0.2 + 0.6 * random.Random(turn).random())
        assert not any(watch.look(place).is_new for _ in range(frames))
        assert not any(watch.run(0.6))


def test_three_frames_at_once_are_not_long_enough() -> None:
    newcomers = Newcomers(KioskSettings(idle_s=IDLE_S))
    times = [100.0 + step / 100 for step in range(17)]
    news = [newcomers.update(time_s, frame_of(time_s, [MUG])).is_new for time_s in times]
    assert news.index(True) == 15


def test_what_stays_is_furniture_and_new_again_when_it_is_picked_up() -> None:
    watch = Watch()
    watch.run(FURNITURE_S + 1, CHAIR)
    assert watch.look(CHAIR).furniture == {0}
    assert not any(watch.run(60, CHAIR))
    lifted = Thing("Chair", 1, 0.45, 0.4, 0.25, 0.5)
    assert sum(watch.run(1, lifted)) == 1
    assert watch.look(lifted).furniture == frozenset()


def test_furniture_is_known_under_new_tracks_and_names() -> None:
    watch = Watch()
    watch.run(FURNITURE_S + 1, CHAIR)
    for turn in range(30):
        assert not any(watch.run(5))
        again = Thing(f"Seat {turn}", 10 + turn, CHAIR.x + 0.02, CHAIR.y, CHAIR.width, CHAIR.height * 0.9)
        assert not any(watch.run(1, again))
        assert watch.look(again).furniture == {0}


@pytest.mark.parametrize(("found_s", "unfound_s"), [(1.0, 9.0), (0.5, 3.0), (3.0, 20.0), (1.0, 60.0)])
def test_what_is_found_now_and_then_is_furniture_as_it_is_always_there(found_s: float, unfound_s: float) -> None:
    watch = Watch()
    rng = random.Random(1)
    news = []
    for turn in range(20):
        found = Thing("Chair", 10 + turn, CHAIR.x + rng.uniform(-0.01, 0.01), CHAIR.y, CHAIR.width, CHAIR.height)
        began_s = watch.now_s
        there = any(watch.run(found_s, found, unfound=[CHAIR]))
        news.append(there or any(watch.run(unfound_s, unfound=[CHAIR])))
        if began_s - 100 > FURNITURE_S + 2:
            assert not news[-1]
    assert news[0]


def test_what_is_shown_again_and_again_at_the_very_same_place_is_not_furniture() -> None:
    watch = Watch()
    for turn in range(60):
        shown = Thing("Mug", 10 + turn, MUG.x, MUG.y)
        assert any(watch.run(5, shown))
        assert watch.look(shown).furniture == frozenset()
        watch.run(IDLE_S + 1)


def test_things_changed_by_hand_without_a_pause_are_not_furniture() -> None:
    watch = Watch()
    for turn in range(30):
        shown = Thing(f"Thing {turn}", 10 + turn, MUG.x, MUG.y)
        watch.run(4, shown)
        assert watch.look(shown).furniture == frozenset()


def test_visitors_who_take_turns_at_one_place_are_not_furniture() -> None:
    watch = Watch()
    rng = random.Random(3)
    noticed = 0
    for turn in range(60):
        shown = Thing("Mug", 10 + turn, *(rng.uniform(0.35, 0.65) for _ in range(2)), rng.uniform(0.15, 0.4), 0.4)
        entering = [Thing("Mug", shown.track, shown.x, 1.0 - (1.0 - shown.y) * step / 8, 0.2, 0.3) for step in range(8)]
        news = [watch.look(thing).is_new for thing in entering]
        news += watch.run(4, shown)
        assert watch.look(shown).furniture == frozenset()
        noticed += any(news)
        watch.run(4)
    assert noticed >= 55


def test_furniture_is_forgotten_after_ten_minutes() -> None:
    watch = Watch()
    watch.run(FURNITURE_S + 1, CHAIR)
    watch.run(605)
    assert any(watch.run(1, Thing("Chair", 9, CHAIR.x, CHAIR.y, CHAIR.width, CHAIR.height)))


@pytest.mark.parametrize(
    ("moved", "expected"),
    [
        (Thing("Mug", 2, MUG.x + 0.05, MUG.y), False),
        (Thing("Mug", 2, MUG.x + 0.25, MUG.y), True),
        (Thing("Mug", 2, MUG.x, MUG.y, MUG.width * 1.1, MUG.height * 1.1), False),
        (Thing("Mug", 2, MUG.x, MUG.y, MUG.width * 1.4, MUG.height * 1.4), True),
        (Thing("Mug", 2, MUG.x, MUG.y, MUG.width * 0.7, MUG.height * 0.7), True),
    ],
)
def test_a_clear_move_is_new(moved: Thing, expected: bool) -> None:
    watch = Watch()
    watch.run(5, MUG)
    assert any(watch.run(1, moved)) is expected


def test_a_box_that_jumps_between_two_sizes_is_soon_nothing_new() -> None:
    watch = Watch()
    sizes = [CHAIR, Thing("Chair", 1, 0.3, 0.6, 0.5, 0.6)]
    news = [any(watch.run(1.5, sizes[turn % 2])) for turn in range(60)]
    assert not any(news[8:])


def test_memory_is_bounded_whatever_comes() -> None:
    watch = Watch()
    rng = random.Random(5)

    def anything() -> Sequence[Thing]:
        return [Thing("", rng.randrange(3000), *(rng.uniform(0.1, 0.9) for _ in range(4))) for _ in range(5)]

    for _ in range(300):
        watch.run(0.3, *anything())
        assert watch.newcomers.remembered <= 50 + 5 * 31
