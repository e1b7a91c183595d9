"""The visitor's journey, in simulated time."""

import math
import random
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.kiosk.camera_play import Play, Thing, celebrated, frame_of, nothing
from video_labeler.kiosk.gallery import Gallery
from video_labeler.kiosk.journey import CameraGlance, Journey, Step
from video_labeler.kiosk.scene import FRESH_S, LIVE_LIMIT_S, Scene
from video_labeler.settings import KioskSettings, Settings

KIOSK = KioskSettings(idle_s=10.0, dwell_s=1.5, celebrate_s=3.0)
MUG = Thing("Mug", 1)
CHAIR = Thing("Chair", 50, 0.15, 0.6, 0.2, 0.5)


def mug(_time_s: float) -> Sequence[Thing]:
    return (MUG,)


def idle_play() -> Play:
    """A play whose attract video plays."""
    play = Play(KIOSK)
    play.run(KIOSK.idle_s + 1)
    assert play.look().scene is Scene.ATTRACT
    return play


def scenes(steps: Sequence[Step]) -> list[Scene]:
    """The scenes in their order, without repetition."""
    order: list[Scene] = []
    for step in steps:
        if not order or order[-1] is not step.scene:
            order.append(step.scene)
    return order


def test_it_waits_for_the_first_frame_and_then_plays_the_video() -> None:
    play = Play(KIOSK)
    assert scenes(play.run(4.9, camera=False)) == [Scene.WAIT]
    assert scenes(play.run(2.0, camera=False)) == [Scene.WAIT, Scene.ATTRACT]
    assert scenes(play.run(5.0)) == [Scene.LIVE]


def test_the_camera_is_shown_at_the_start_and_leaves_when_nothing_comes() -> None:
    steps = list(Play(KIOSK).steps(60))
    assert scenes([step for _, step in steps]) == [Scene.LIVE, Scene.ATTRACT]
    assert next(time_s for time_s, step in steps if step.scene is Scene.ATTRACT) == pytest.approx(10, abs=0.1)


def test_a_visitor_brings_the_live_picture_at_once() -> None:
    play = idle_play()
    live_s = next(time_s for time_s, step in play.steps(5, mug) if step.scene is Scene.LIVE)
    assert live_s <= 0.3


def test_from_the_attract_video_to_the_gallery_and_back() -> None:
    play = idle_play()
    steps = play.run(5, mug)
    assert scenes(steps) == [Scene.ATTRACT, Scene.LIVE]
    assert celebrated(steps) == ["Mug"]
    first = next(step for step in steps if step.celebrated)
    assert first.celebration is not None
    assert (first.celebration.is_new, first.celebration.kinds) == (True, 1)
    assert first.celebration.picture is not None
    assert first.celebration.picture.shape == (160, 160, 3)
    assert first.hero is not None
    assert first.hero.broader == ("Kind of mug",)
    assert [kind.name for kind in play.gallery.kinds] == ["Mug"]
    assert scenes(play.run(30)) == [Scene.LIVE, Scene.ATTRACT]
    again = play.run(5, lambda _: (replace(MUG, track=2),))
    assert celebrated(again) == ["Mug"]
    assert next(step.celebration.is_new for step in again if step.celebration) is False
    assert play.gallery.kinds[0].count == 2


def test_a_celebration_has_its_time_and_begins_in_one_step() -> None:
    play = idle_play()
    steps = [(time_s, step) for time_s, step in play.steps(20, mug) if step.celebration is not None]
    assert sum(step.celebrated is not None for _, step in steps) == 1
    assert steps[-1][0] - steps[0][0] == pytest.approx(KIOSK.celebrate_s, abs=0.1)


def test_what_is_held_for_a_minute_is_celebrated_once() -> None:
    rng = random.Random(2)

    def trembling(_time_s: float) -> Sequence[Thing]:
        return (replace(MUG, x=0.5 + rng.uniform(-0.02, 0.02), y=0.5 + rng.uniform(-0.02, 0.02)),)

    assert celebrated(idle_play().run(60, trembling)) == ["Mug"]


def test_two_things_in_turn() -> None:
    play = idle_play()
    names = []
    for turn, name in enumerate(["Mug", "Ball", "Mug", "Shoe"]):
        shown = Thing(name, turn + 1, 0.45 + 0.03 * turn)
        names += celebrated(play.run(6, lambda _, shown=shown: (shown,)))
        play.run(1)
    assert names == ["Mug", "Ball", "Mug", "Shoe"]
    assert [(kind.name, kind.count) for kind in play.gallery.kinds] == [("Shoe", 1), ("Mug", 2), ("Ball", 1)]


def test_furniture_neither_keeps_it_live_nor_is_celebrated_again() -> None:
    def hall(time_s: float) -> Sequence[Thing]:
        """A chair that is found now and then, each time as another track and sometimes under another name."""
        turn = int(time_s / 4)
        found = random.Random(turn).random() < 0.4
        name = random.Random(turn + 1000).choice(["Chair", "Furniture", "Table"])
        x = CHAIR.x + random.Random(turn + 2000).uniform(-0.01, 0.01)
        return (replace(CHAIR, name=name, track=turn, x=x),) if found else ()

    play = Play(KIOSK)
    play.run(120, hall, unfound=(CHAIR,))
    steps = play.run(600, lambda time_s: hall(time_s + 120), unfound=(CHAIR,))
    assert scenes(steps) == [Scene.ATTRACT]
    live_s = next(time_s for time_s, step in play.steps(5, lambda _: (CHAIR, MUG)) if step.scene is Scene.LIVE)
    assert live_s <= 0.3
    steps = play.run(5, lambda _: (CHAIR, MUG))
    assert celebrated(steps) == ["Mug"]


def test_the_next_visitor_at_the_same_place_is_seen_too() -> None:
    play = idle_play()
    for turn in range(5):
        play.run(8, lambda _, turn=turn: (replace(MUG, track=turn),))
        last_s = max(time_s for time_s, step in play.steps(20) if step.scene is Scene.LIVE)
        assert last_s < KIOSK.idle_s
        assert scenes(play.run(1, lambda _, turn=turn: (replace(MUG, track=100 + turn),)))[-1] is Scene.LIVE
        play.run(KIOSK.idle_s + 1)


def test_flicker_does_not_end_the_attract_video() -> None:
    def flicker(time_s: float) -> Sequence[Thing]:
        return (Thing("Ghost", int(time_s), 0.2 + 0.06 * (int(time_s) % 10)),) if time_s % 1 < 0.12 else ()

    assert scenes(idle_play().run(120, flicker)) == [Scene.ATTRACT]


def test_a_visitor_who_plays_with_a_thing_keeps_it_live() -> None:
    def waved(time_s: float) -> Sequence[Thing]:
        return (replace(MUG, x=0.5 + 0.35 * math.sin(1.7 * time_s), y=0.5 + 0.2 * math.sin(2.3 * time_s)),)

    steps = idle_play().run(180, waved)
    assert scenes(steps) == [Scene.ATTRACT, Scene.LIVE]


def test_a_stall_is_covered_and_a_loss_shows_the_video_until_the_camera_is_back() -> None:
    play = Play(KIOSK)
    play.run(2)
    times = {step.scene: time_s for time_s, step in reversed(list(play.steps(5, camera=False)))}
    assert times[Scene.WAIT] == pytest.approx(FRESH_S, abs=0.08)
    assert times[Scene.ATTRACT] == pytest.approx(2.0, abs=0.1)
    steps = play.run(KIOSK.idle_s + 5)
    assert scenes(steps) == [Scene.LIVE, Scene.ATTRACT]
    assert scenes(play.run(1.0, camera=False)) == [Scene.ATTRACT]
    assert scenes(play.run(5.0)) == [Scene.ATTRACT]


def test_a_stall_ends_in_the_live_picture() -> None:
    play = Play(KIOSK)
    play.run(2)
    assert scenes(play.run(1.5, camera=False)) == [Scene.LIVE, Scene.WAIT]
    assert scenes(play.run(1.0)) == [Scene.LIVE]


def test_a_source_that_is_lost_is_not_waited_for() -> None:
    play = Play(KIOSK)
    play.run(2, mug)
    assert play.look(source_lost=True) == Step(Scene.ATTRACT)
    assert play.look().scene is Scene.LIVE


@pytest.mark.parametrize("gap_s", [6.0, 3600.0, 1e6, -50.0])
@pytest.mark.parametrize("held_s", [0.7, 3.0, 20.0])
def test_a_sleep_of_the_computer_celebrates_nothing_and_takes_no_time(gap_s: float, held_s: float) -> None:
    play = Play(KIOSK, start_s=2e6)
    play.run(held_s, mug)
    before = play.look().scene
    count = play.gallery.count
    play.now_s += gap_s
    step = play.look()
    assert (step.scene, step.celebration, step.dwell) == (
        Scene.ATTRACT if before is Scene.ATTRACT else Scene.WAIT,
        None,
        None,
    )
    steps = play.run(1.0, mug)
    assert scenes(steps) == [before]
    assert play.gallery.count == count
    assert scenes(play.run(KIOSK.idle_s - 3))[-1] is before


THINGS = st.builds(
    Thing,
    st.sampled_from(["Mug", "Ball", ""]),
    st.integers(0, 4),
    st.floats(0.1, 0.9),
    st.floats(0.1, 0.9),
    st.floats(0.0, 0.9),
    st.floats(0.0, 0.9),
)
GLANCES = st.lists(
    st.tuples(
        st.floats(-1.0, 40.0) | st.floats(0.0, 0.2) | st.just(1 / 30),
        st.none() | st.floats(-0.1, 4.0),
        st.lists(THINGS, max_size=4),
        st.booleans(),
    ),
    max_size=40,
)


@settings(max_examples=200, deadline=None)
@given(GLANCES)
def test_whatever_comes_nothing_old_is_ever_live(
    glances: list[tuple[float, float | None, list[Thing], bool]],
) -> None:
    journey = Journey(replace(Settings(), kiosk=KIOSK), Gallery({}))
    now_s = 1000.0
    for passed_s, age_s, things, lost in glances:
        now_s += passed_s
        labeled = None if age_s is None else frame_of(now_s - age_s, things)
        step = journey.advance(now_s, CameraGlance(labeled, lost))
        if step.scene is Scene.LIVE:
            assert labeled is not None
            assert now_s - labeled.frame.captured_s <= LIVE_LIMIT_S
            assert not lost
        else:
            assert (step.hero, step.dwell, step.celebrated) == (None, None, None)
        assert step.dwell is None or 0 <= step.dwell.share <= 1
        assert step.celebrated is None or step.celebration is not None


def test_a_day_of_visitors_stays_right_and_small() -> None:
    """An hour at a stand: visitors come and go, a chair is found now and then, the camera drops out."""
    rng = random.Random(6)
    play = Play(KIOSK)
    visits = 0
    for turn in range(150):
        name, centre = f"Kind {rng.randrange(40)}", (rng.uniform(0.35, 0.65), rng.uniform(0.4, 0.6))
        kind = Thing(name, 1000 + turn, *centre, rng.uniform(0.15, 0.35), rng.uniform(0.3, 0.6))
        play.run(rng.uniform(0, 20), lambda _: (CHAIR,) if rng.random() < 0.7 else (), unfound=(CHAIR,))
        visits += 1
        assert celebrated(play.run(7, lambda _, kind=kind: (kind, CHAIR)))[-1:] == [kind.name], turn
        play.run(rng.uniform(0, 3), camera=rng.random() < 0.8)
    assert sum(kind.count for kind in play.gallery.kinds if kind.name != "Chair") == visits
    assert play.journey._newcomers.remembered <= 60
    assert scenes(play.run(60, nothing))[-1] is Scene.ATTRACT
