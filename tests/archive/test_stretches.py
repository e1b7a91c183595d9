"""Stretches of a label on a track."""

import pytest

from tests.movie.streams import BOTTLE, CONTAINER, MUG, moment, thing
from video_labeler.archive.stretches import StretchBuilder, TrackStretch
from video_labeler.frames import LabeledObject


def stretches_of(shown: list[tuple[LabeledObject, ...]], rate: float = 10) -> list[TrackStretch]:
    """The stretches of evenly timed frames with these objects."""
    builder = StretchBuilder()
    found = [done for index, items in enumerate(shown) for done in builder.add(moment(index, index / rate, *items))]
    return sorted(found + builder.finish(len(shown) / rate), key=lambda item: (item.track_id, item.start_s))


def test_short_gaps_are_bridged_and_long_ones_are_not() -> None:
    bottle = (thing(BOTTLE),)
    assert [(s.start_s, s.end_s) for s in stretches_of([bottle, (), (), bottle])] == [(0, 0.4)]
    parts = [(s.start_s, s.end_s) for s in stretches_of([bottle, *[()] * 8, bottle])]
    assert parts == [(0, pytest.approx(0.1)), (0.9, 1.0)]


def test_each_track_and_label_has_its_own_with_the_best_of_its_moments() -> None:
    frames = [
        (thing(BOTTLE, CONTAINER, confidence=0.6), thing(MUG, track=2), thing(track=3)),
        (thing(BOTTLE, CONTAINER, confidence=0.9), thing(MUG, track=2)),
        (thing(BOTTLE, confidence=0.7),),
    ]
    bottle, mug = stretches_of(frames, 1)
    assert (bottle.track_id, bottle.label, bottle.confidence, bottle.start_s, bottle.end_s) == (1, BOTTLE, 0.9, 0, 3)
    assert [(other.label, other.confidence) for other in bottle.broader] == [(CONTAINER, pytest.approx(0.89))]
    assert (mug.track_id, mug.start_s, mug.end_s) == (2, 0, 2)


def test_only_open_stretches_are_remembered() -> None:
    builder = StretchBuilder()
    done = 0
    for index in range(5000):
        done += len(builder.add(moment(index, index, thing(BOTTLE, track=index), size=(8, 8))))
    assert done >= 4990
    assert len(builder.finish(5000)) <= 10
