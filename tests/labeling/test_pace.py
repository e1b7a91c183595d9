"""When the networks are asked, decided by what the pictures show and by their times."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from tests.labeling.test_glance import scene
from video_labeler.frames import Box, Frame, PictureFile
from video_labeler.labeling.pace import Answer, LastNaming, Pace
from video_labeler.pixels import Image
from video_labeler.settings import Effort

ASK, REPEAT, CARRY_ON = Answer.ASK, Answer.REPEAT, Answer.CARRY_ON
BOX = Box(200, 100, 400, 300)


def moving(count: int, rate: float = 25.0, begin: int = 0) -> list[Frame]:
    """Frames of a camera that pans."""
    return [Frame(i, i / rate, np.roll(scene(1), 7 * i, axis=1)) for i in range(begin, begin + count)]


def still(count: int, image: Image, rate: float = 25.0) -> list[Frame]:
    return [Frame(i, i / rate, image) for i in range(count)]


def looks(pace: Pace, frames: Sequence[Frame], *, has_new_tracks: bool = False) -> list[Answer]:
    return [pace.look(frame, has_new_tracks=has_new_tracks) for frame in frames]


def test_full_effort_asks_everything_in_every_frame() -> None:
    pace = Pace(Effort.FULL)
    assert set(looks(pace, still(5, scene(1)))) == {ASK}
    last = LastNaming(9, 0.0, 0.0, None)
    assert pace.name(last, BOX, 0.01, is_settled=True) is ASK


@pytest.mark.parametrize(
    ("effort", "rate", "expected"),
    [
        (Effort.BALANCED, 25.0, [ASK, CARRY_ON] * 3),
        (Effort.BALANCED, 60.0, [ASK, CARRY_ON] * 3),
        (Effort.BALANCED, 10.0, [ASK] * 6),
        (Effort.LIGHT, 25.0, [ASK, CARRY_ON, CARRY_ON] * 2),
        (Effort.LIGHT, 10.0, [ASK, CARRY_ON] * 3),
        (Effort.LIGHT, 5.0, [ASK] * 6),
    ],
)
def test_a_picture_that_moves_is_looked_at_by_its_own_time(effort: Effort, rate: float, expected: list[Answer]) -> None:
    assert looks(Pace(effort), moving(6, rate)) == expected


def test_a_new_track_is_looked_at_until_it_is_known_where_it_is_heading() -> None:
    assert looks(Pace(Effort.BALANCED), moving(4), has_new_tracks=True) == [ASK] * 4


def test_nothing_is_asked_while_nothing_changes_and_the_first_change_is_seen_at_once() -> None:
    pace = Pace(Effort.BALANCED)
    image = scene(1)
    assert looks(pace, still(200, image)) == [ASK, *[REPEAT] * 199]
    image = image.copy()
    image[150:190, 300:340] = 255 - image[150:190, 300:340]
    assert pace.look(Frame(200, 8.0, image), has_new_tracks=False) is ASK


def test_a_picture_that_only_seems_to_stand_still_is_looked_at_every_second() -> None:
    noise = np.random.default_rng(1)
    pace = Pace(Effort.BALANCED)
    frames = [Frame(i, i / 25, np.clip(scene(1) + noise.normal(0, 1.5, (360, 640, 3)), 0, 255).astype(np.uint8))
              for i in range(60)]  # fmt: skip
    asked = [i for i, answer in enumerate(looks(pace, frames)) if answer is ASK]
    assert asked == [0, 25, 50]


def test_slow_dimming_is_looked_at_now_and_then() -> None:
    frames = [Frame(i, i / 25, (scene(1) * (1 - 0.003 * i)).astype(np.uint8)) for i in range(100)]
    asked = looks(Pace(Effort.BALANCED), frames).count(ASK)
    assert 8 <= asked <= 50


def test_a_cut_is_seen_in_its_first_frame() -> None:
    pace = Pace(Effort.LIGHT)
    assert looks(pace, moving(2)) == [ASK, CARRY_ON]
    assert not pace.is_new_scene
    assert pace.look(Frame(2, 0.08, scene(5)), has_new_tracks=False) is ASK
    assert pace.is_new_scene
    assert pace.name(LastNaming(9, 0.04, 0.04, None), BOX, 0.08, is_settled=True) is ASK


def test_a_frame_that_is_shown_again_and_every_picture_of_a_folder_are_asked_about() -> None:
    pace = Pace(Effort.BALANCED)
    frame = Frame(0, 0.0, scene(1))
    picture = replace(frame, index=1, time_s=1.0, file=PictureFile("a.jpg", 1, 1))
    assert looks(pace, [frame, frame, picture, replace(picture, time_s=1.04)]) == [ASK] * 4
    assert pace.look(replace(frame, time_s=1.08), has_new_tracks=False) is REPEAT
    pace.ask_all()
    assert pace.look(replace(frame, time_s=1.12), has_new_tracks=False) is ASK
    assert pace.look(replace(frame, time_s=1.16), has_new_tracks=False) is REPEAT


def named(pace: Pace, frames: Sequence[Frame], *, is_settled: bool = True) -> list[Answer]:
    """What is done about the name of an object in :data:`BOX` in each frame."""
    last: LastNaming | None = None
    answers = []
    for frame in frames:
        pace.look(frame, has_new_tracks=False)
        answer = pace.name(last, BOX, frame.time_s, is_settled=is_settled)
        if answer is not CARRY_ON:
            last = pace.named(last, BOX, frame.time_s, answer)
        answers.append(answer)
    return answers


def slowly(count: int) -> list[Frame]:
    """Frames in which everything changes a little, so that no box holds quite the same again."""
    return [Frame(i, i / 25, np.roll(scene(1), i, axis=1)) for i in range(count)]


def test_a_known_track_is_named_every_fifth_of_a_second_and_a_new_one_at_once() -> None:
    asked = [i for i, answer in enumerate(named(Pace(Effort.BALANCED), slowly(20))) if answer is not CARRY_ON]
    assert asked == [0, 1, 2, 7, 12, 17]
    asked = [i for i, answer in enumerate(named(Pace(Effort.LIGHT), slowly(30))) if answer is not CARRY_ON]
    assert asked == [0, 1, 2, 12, 22]


def test_a_track_is_named_while_its_heading_or_its_crop_changes() -> None:
    assert CARRY_ON not in named(Pace(Effort.BALANCED), slowly(12), is_settled=False)
    turning = [Frame(i, i / 25, np.roll(scene(1), 40 * i, axis=1)) for i in range(12)]
    assert set(named(Pace(Effort.BALANCED), turning)) == {ASK}


def test_what_a_box_holds_unchanged_is_not_asked_about_again() -> None:
    answers = named(Pace(Effort.BALANCED), still(100, scene(1)))
    assert answers.count(ASK) == 3
    assert answers.count(REPEAT) > 10
    assert CARRY_ON not in named(Pace(Effort.BALANCED), still(20, scene(1)), is_settled=False)[3:]
