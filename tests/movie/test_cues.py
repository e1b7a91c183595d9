"""Cues: in order, never overlapping, covering what is seen."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fakes import grey_frame
from video_labeler.frames import Box, Label, LabeledFrame, LabeledObject, Prediction, StageTimes
from video_labeler.movie.cues import Cue, CueBuilder, cue_text

TIMES = "\N{MULTIPLICATION SIGN}"
PLACE = Box(10, 10, 50, 50)
ROWS = {"Bottle": 321, "Mug": 7, "cup": 8}


def seen(time_s: float, *names: str) -> LabeledFrame:
    """A tiny frame at ``time_s`` with an object for each name; an empty name is an object without a label."""
    objects = tuple(
        LabeledObject(PLACE, (Prediction(Label(ROWS.get(name, 0), f"/m/{name}", name), 0.9),) if name else ())
        for name in names
    )
    return LabeledFrame(grey_frame(0, time_s, 64, 48), objects, StageTimes(0.0))


def cues_of(moments: list[tuple[float, str]], end_s: float, longest_s: float | None = None) -> list[Cue]:
    """The cues of frames at these times, with these names separated by commas."""
    builder = CueBuilder(longest_s)
    cues = [cue for time_s, names in moments for cue in builder.add(seen(time_s, *filter(None, names.split(","))))]
    return cues + builder.finish(end_s)


def test_a_fifth_of_a_second_is_long_enough_however_it_is_rounded() -> None:
    assert 0.3 - 0.1 < 0.2
    assert cues_of([(0.1, "Bottle"), (0.3, "Mug")], 1.0) == [Cue(0.1, 0.3, "Bottle"), Cue(0.3, 1.0, "Mug")]


def test_a_text_counts_what_is_seen_in_an_order_that_does_not_flicker() -> None:
    assert cue_text(seen(0, "Mug", "Bottle", "Bottle", "", "cup", "Bottle")) == f"Bottle {TIMES}3 · cup · Mug"
    assert cue_text(seen(0, "")) == ""
    mice = tuple(LabeledObject(PLACE, (Prediction(Label(row, "", "Mouse"), 0.9),)) for row in (144, 334))
    assert cue_text(LabeledFrame(grey_frame(), mice, StageTimes(0.0))) == "Mouse · Mouse", "two labels of one name"


def test_a_cue_for_each_stretch_of_unchanged_labels() -> None:
    moments = [(0.0, ""), (0.5, "Bottle"), (1.0, "Bottle"), (1.5, "Mug,Bottle"), (2.0, ""), (2.5, "Mug")]
    assert cues_of(moments, 3.0) == [
        Cue(0.5, 1.5, "Bottle"),
        Cue(1.5, 2.0, "Bottle · Mug"),
        Cue(2.5, 3.0, "Mug"),
    ]


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ("Mug Mug Mug Mug cup Mug Mug Mug", [Cue(0.0, 0.8, "Mug")]),
        ("Mug Mug Mug  Mug Mug Mug", [Cue(0.0, 0.7, "Mug")]),
        ("Mug Mug Mug cup Bottle Bottle Bottle", [Cue(0.0, 0.3, "Mug"), Cue(0.3, 0.7, "Bottle")]),
        ("   Mug   ", []),
        ("Mug Mug Mug Mug cup", [Cue(0.0, 0.5, "Mug")]),
        ("Mug", [Cue(0.0, 0.1, "Mug")]),
    ],
)
def test_flickers_are_part_of_their_neighbours(names: str, expected: list[Cue]) -> None:
    moments = [(index / 10, name) for index, name in enumerate(names.split(" "))]
    cues = cues_of(moments, len(moments) / 10)
    assert [cue.text for cue in cues] == [cue.text for cue in expected]
    assert [(cue.start_s, cue.end_s) for cue in cues] == [pytest.approx((cue.start_s, cue.end_s)) for cue in expected]


def test_a_long_stretch_is_cut_even_while_it_flickers() -> None:
    steady = [(index / 10, "Mug") for index in range(35)]
    assert [(cue.start_s, cue.end_s) for cue in cues_of(steady, 3.5, 1.0)] == [(0, 1), (1, 2), (2, 3), (3, 3.5)]
    flickering = [(index / 20, "Mug" if index % 2 == 0 or index < 10 else "cup") for index in range(200)]
    cues = cues_of(flickering, 10, 1.0)
    assert max(cue.end_s - cue.start_s for cue in cues) < 1.2
    assert cues_of(steady, 3.5) == [Cue(0.0, 3.5, "Mug")]
    with pytest.raises(ValueError, match="longest_s"):
        CueBuilder(0.1)


def test_nothing_at_all_and_an_end_before_the_last_frame() -> None:
    assert CueBuilder().finish(5.0) == []
    assert cues_of([(0.0, "Mug")], 0.0) == []
    assert cues_of([(0.0, "Mug"), (1.0, "Mug")], 0.5) == [Cue(0.0, 1.0, "Mug")]


steps = st.lists(st.tuples(st.floats(0, 1.5), st.sampled_from(["", "Mug", "cup", "Mug,cup"])), min_size=1, max_size=60)


@settings(deadline=None)
@given(steps=steps, last_s=st.floats(0, 1), longest_s=st.none() | st.floats(0.3, 3))
def test_cues_are_ordered_never_overlap_and_cover_what_is_seen(
    steps: list[tuple[float, str]], last_s: float, longest_s: float | None
) -> None:
    moments, time_s = [], 0.0
    for step_s, names in steps:
        time_s += step_s
        moments.append((time_s, names))
    end_s = time_s + last_s
    cues = cues_of(moments, end_s, longest_s)
    assert all(cue.end_s > cue.start_s and cue.text for cue in cues)
    assert all(earlier.end_s <= later.start_s for earlier, later in pairwise(cues))
    assert not cues or (cues[0].start_s >= moments[0][0] and cues[-1].end_s <= end_s)
    for start_s, stop_s, names in stretches(moments, end_s):
        text = cue_text(seen(0, *filter(None, names.split(","))))
        over = [cue for cue in cues if cue.start_s < stop_s and cue.end_s > start_s]
        if stop_s - start_s < 0.2:
            continue
        assert {cue.text for cue in over} == ({text} if text else set())
        if text:
            covered = sum(min(cue.end_s, stop_s) - max(cue.start_s, start_s) for cue in over)
            assert covered == pytest.approx(stop_s - start_s, abs=1e-6)
    if longest_s is None:
        assert all(a.text != b.text or a.end_s < b.start_s for a, b in pairwise(cues))


def stretches(moments: list[tuple[float, str]], end_s: float) -> list[tuple[float, float, str]]:
    """Runs of equal names, with their start and end."""
    runs: list[tuple[float, float, str]] = []
    ends = [time_s for time_s, _ in moments[1:]] + [end_s]
    for (start_s, names), stop_s in zip(moments, ends, strict=True):
        if runs and runs[-1][2] == names:
            runs[-1] = (runs[-1][0], stop_s, names)
        else:
            runs.append((start_s, stop_s, names))
    return runs
