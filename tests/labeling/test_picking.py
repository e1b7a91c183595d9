"""What is said of an object: the most specific confident label, its broader ones, then the rest."""

from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from video_labeler.assets import asset
from video_labeler.frames import Box, Label, LabeledObject, Prediction
from video_labeler.labeling.hierarchy import HIERARCHY_FILE, LabelHierarchy
from video_labeler.labeling.picking import named_first, order_rows, pick
from video_labeler.models.base import Scores

HIERARCHY = LabelHierarchy.load(asset(HIERARCHY_FILE))
LABELS = tuple(Label(row, f"/m/{row}", name) for row, name in enumerate(HIERARCHY.names))


def scores_of(named: Mapping[str, float]) -> Scores:
    scores = np.zeros(len(LABELS), np.float32)
    for name, score in named.items():
        scores[HIERARCHY.names.index(name)] = score
    return scores


def said(named: Mapping[str, float], threshold: float = 0.35, top_k: int = 10) -> list[str]:
    return [found.label.name for found in pick(scores_of(named), HIERARCHY, LABELS, threshold, top_k)]


def test_the_most_specific_confident_label_comes_first() -> None:
    assert said({"Container": 1.0, "Bottle": 0.99, "Water bottle": 0.5}) == ["Water bottle", "Bottle", "Container"]


def test_a_specific_label_below_the_threshold_is_not_said() -> None:
    assert said({"Container": 1.0, "Bottle": 0.99, "Water bottle": 0.34}) == ["Bottle", "Container"]


def test_the_threshold_itself_is_confident() -> None:
    assert said({"Bottle": 0.5}, threshold=0.5) == ["Bottle"]


def test_nothing_confident_says_nothing() -> None:
    assert said({"Bottle": 0.3}) == []


def test_broader_labels_follow_their_own_label_before_other_things() -> None:
    names = said({"Tiger": 0.95, "Mug": 0.9, "cup": 0.99, "Container": 1.0})
    assert names == ["Tiger", "Mug", "cup", "Container"]


def test_a_gap_in_the_chain_does_not_matter() -> None:
    assert said({"Water bottle": 0.6, "Container": 0.9}) == ["Water bottle", "Container"]


def test_a_general_word_yields_to_a_specific_one_of_about_its_confidence() -> None:
    assert said({"Food": 0.9, "Plate": 0.8})[0] == "Plate"


def test_a_general_word_stays_ahead_of_a_much_less_confident_one() -> None:
    assert said({"Car": 0.99, "Street light": 0.36})[0] == "Car"


def test_top_k_cuts_the_end() -> None:
    assert said({"Container": 1.0, "Bottle": 0.99, "Water bottle": 0.5}, top_k=2) == ["Water bottle", "Bottle"]


def test_predictions_carry_their_label_and_confidence() -> None:
    (mouse,) = pick(np.eye(1, 631, 334, dtype=np.float32)[0], HIERARCHY, LABELS, 0.35, 3)
    assert (mouse.label.row, mouse.confidence) == (334, 1.0)


def test_without_a_hierarchy_the_order_is_by_confidence() -> None:
    flat = LabelHierarchy.flat(["a", "b", "c"])
    labels = [Label(row, "", name) for row, name in enumerate(flat.names)]
    scores = np.asarray([0.4, 0.9, 0.6], np.float32)
    assert [found.label.name for found in pick(scores, flat, labels, 0.35, 3)] == ["b", "c", "a"]


@settings(deadline=None)
@given(st.dictionaries(st.integers(0, 630), st.floats(0.375, 1.0, width=32), max_size=40))
def test_every_confident_label_is_said_once_and_a_narrower_one_leads_each_broader_one(
    confident: dict[int, float],
) -> None:
    scores = np.zeros(631, np.float32)
    for row, score in confident.items():
        scores[row] = score
    ordered = order_rows(confident, scores, HIERARCHY)
    assert sorted(ordered) == sorted(confident)
    place = {row: index for index, row in enumerate(ordered)}
    for row in ordered:
        narrower = [place[other] for other in HIERARCHY.descendants(row) if other in place]
        assert not narrower or min(narrower) < place[row]


def test_equal_scores_have_one_order() -> None:
    names = dict.fromkeys(("Tiger", "Zebra", "Lion", "Bear"), 0.5)
    assert said(names) == said(dict(reversed(names.items())))


def test_named_objects_come_before_nameless_ones_in_their_order() -> None:
    box = Box(0.0, 0.0, 1.0, 1.0)
    word = Prediction(LABELS[0], 0.9)
    objects = [LabeledObject(box, said_of, track) for track, said_of in enumerate([(), (word,), (), (word,)])]
    assert [found.track_id for found in named_first(objects)] == [1, 3, 0, 2]
    assert named_first([]) == ()


@pytest.mark.parametrize("count", [0, 1, 5])
def test_nothing_named_keeps_the_order(count: int) -> None:
    box = Box(0.0, 0.0, 1.0, 1.0)
    objects = tuple(LabeledObject(box, (), track) for track in range(count))
    assert named_first(objects) == objects
