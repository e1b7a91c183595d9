"""The object that is named large."""

from collections.abc import Sequence

from tests.kiosk.camera_play import Thing, frame_of
from video_labeler.kiosk.hero import HeroChoice

MUG = Thing("Mug", 1, 0.3)
BALL = Thing("Ball", 2, 0.7)
UNNAMED = Thing("", 3, 0.5)


class Viewer:
    def __init__(self) -> None:
        self.choice = HeroChoice()
        self.now_s = 10.0

    def watch(self, seconds: float, things: Sequence[Thing], furniture: frozenset[int] = frozenset()) -> list[str]:
        """The names shown, without repetition."""
        names: list[str] = []
        for _ in range(round(seconds * 30)):
            self.choice.update(self.now_s, frame_of(self.now_s, things), furniture)
            name = self.choice.hero.name if self.choice.hero else ""
            if not names or names[-1] != name:
                names.append(name)
            self.now_s += 1 / 30
        return names


def test_the_first_with_a_name_is_shown_with_its_broader_names() -> None:
    viewer = Viewer()
    assert viewer.watch(1, [UNNAMED, MUG, BALL]) == ["Mug"]
    assert viewer.choice.hero is not None
    assert viewer.choice.hero.broader == ("Kind of mug",)


def test_the_name_does_not_jump_with_the_order() -> None:
    viewer = Viewer()
    viewer.watch(1, [MUG, BALL])
    for _ in range(10):
        assert viewer.watch(0.3, [BALL, MUG]) == ["Mug"]
        assert viewer.watch(0.1, [MUG, BALL]) == ["Mug"]
    assert viewer.watch(1, [BALL, MUG]) == ["Mug", "Ball"]


def test_a_name_stays_while_its_object_is_lost_for_a_moment() -> None:
    viewer = Viewer()
    viewer.watch(1, [MUG])
    assert viewer.watch(0.3, []) == ["Mug"]
    assert viewer.watch(1, [MUG]) == ["Mug"]
    assert viewer.watch(0.3, [BALL]) == ["Mug"]
    assert viewer.watch(1, [BALL]) == ["Mug", "Ball"]
    assert viewer.watch(1, []) == ["Ball", ""]


def test_a_new_track_at_the_place_is_the_same() -> None:
    viewer = Viewer()
    viewer.watch(1, [MUG])
    assert viewer.watch(1, [Thing("Mug", 8, 0.31), BALL]) == ["Mug"]
    assert viewer.choice.hero is not None
    assert viewer.choice.hero.track_id == 8


def test_furniture_is_named_only_where_there_is_nothing_else() -> None:
    viewer = Viewer()
    assert viewer.watch(1, [MUG], frozenset({0})) == ["Mug"]
    assert viewer.watch(0.5, [MUG, BALL], frozenset({0})) == ["Mug", "Ball"]
    assert viewer.watch(5, [MUG, BALL], frozenset({0})) == ["Ball"]
    labeled = frame_of(viewer.now_s, [MUG])
    assert viewer.choice.update(viewer.now_s + 1, labeled, frozenset({0})) is None
