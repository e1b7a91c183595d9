"""The figures of `bench --quality`, on truths made by hand."""

import json
from pathlib import Path

import pytest

from tests.fakes import grey_frame
from video_labeler.errors import SourceFormatError
from video_labeler.evaluation.quality import TrueObject, Truth, measure, read_truth
from video_labeler.frames import Box, Label, LabeledFrame, LabeledObject, Prediction, StageTimes
from video_labeler.labeling.hierarchy import LabelHierarchy

HIERARCHY = LabelHierarchy.from_parents(("Container", "Bottle", "Mug"), [(), (0,), (0,)])
PLACE, ELSEWHERE = Box(10, 10, 60, 60), Box(200, 100, 260, 160)


def shown(index: int, *objects: tuple[Box, str, int]) -> LabeledFrame:
    found = tuple(
        LabeledObject(box, (Prediction(Label(0, "", name), 0.9),) if name else (), track)
        for box, name, track in objects
    )
    return LabeledFrame(grey_frame(index), found, StageTimes(0.0))


def bottles(count: int) -> Truth:
    return Truth(((TrueObject("Bottle", PLACE),),) * count, 10.0)


def test_a_perfect_chain() -> None:
    quality = measure([shown(i, (PLACE, "Bottle", 1)) for i in range(10)], bottles(10), HIERARCHY)
    assert (quality.found, quality.overlap, quality.named, quality.precision) == (1, 1, 1, 1)
    assert (quality.flicker, quality.switches, quality.elsewhere) == (0, 0, 0)


def test_broader_words_count_apart() -> None:
    quality = measure([shown(i, (PLACE, "Container", 1)) for i in range(10)], bottles(10), HIERARCHY)
    assert (quality.named, quality.named_broadly, quality.precision, quality.precision_broadly) == (0, 1, 0, 1)


def test_wrong_silent_and_misplaced_labels() -> None:
    frames = [
        shown(0, (PLACE, "Mug", 1)),
        shown(1, (PLACE, "", 1)),
        shown(2, (ELSEWHERE, "Bottle", 2)),
        shown(3),
    ]
    quality = measure(frames, bottles(4), HIERARCHY)
    assert (quality.found, quality.named, quality.precision, quality.elsewhere) == (0.5, 0, 0, 0.25)


def test_flicker_and_switches_are_counted() -> None:
    frames = [shown(i, (PLACE, "Bottle" if i % 2 else "Mug", 1 + i // 5)) for i in range(10)]
    quality = measure(frames, bottles(10), HIERARCHY)
    assert quality.switches == 1
    assert quality.flicker == pytest.approx(9.0)


def test_a_box_serves_one_object_only() -> None:
    truth = Truth(((TrueObject("Bottle", PLACE), TrueObject("Mug", PLACE)),), 10.0)
    assert measure([shown(0, (PLACE, "Bottle", 1))], truth, HIERARCHY).found == 0.5


def test_an_edge_of_an_object_counts_neither_for_nor_against() -> None:
    truth = Truth(((TrueObject("Bottle", PLACE), TrueObject("Mug", ELSEWHERE, visible=0.3)),) * 3, 10.0)
    frames = [shown(i, (PLACE, "Bottle", 1), (ELSEWHERE, "Container", 2)) for i in range(3)]
    quality = measure(frames, truth, HIERARCHY)
    assert (quality.found, quality.named, quality.precision, quality.elsewhere) == (1, 1, 1, 0)


def test_the_truth_is_read_and_a_bad_one_explained(tmp_path: Path) -> None:
    path = tmp_path / "truth.json"
    objects = [{"name": "Mug", "box": [1, 2, 3, 4]}]
    path.write_text(json.dumps({"rate": 25, "frames": [{"frame": 0, "objects": objects}]}))
    assert read_truth(path) == Truth(((TrueObject("Mug", Box(1, 2, 3, 4)),),), 25.0)
    for content in ("{", "{}", '{"rate": 1, "frames": [{}]}'):
        path.write_text(content)
        with pytest.raises(SourceFormatError, match=r"truth\.json"):
            read_truth(path)
