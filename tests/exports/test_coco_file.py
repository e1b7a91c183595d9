"""COCO JSON: read by COCO's own library, with ids that fit together."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.movie.streams import BOTTLE, CONTAINER, MUG, feed, moment, thing
from video_labeler.exports.coco_file import CocoFile
from video_labeler.frames import Box, Label, LabeledFrame
from video_labeler.labeling.hierarchy import LabelHierarchy
from video_labeler.sources.base import SourceInfo

NAMES = [f"label {row}" for row in range(400)]
NAMES[321], NAMES[12], NAMES[7] = "Bottle", "Container", "Mug"
PARENTS: list[tuple[int, ...]] = [()] * 400
PARENTS[321] = (12,)


def stream() -> list[LabeledFrame]:
    """Ten frames: a bottle that is once taken for a mug, something unsure, and frames with nothing."""
    bottle = thing(BOTTLE, CONTAINER, box=Box(-5.5, 10, 100.25, 300))
    unsure, untracked = thing(track=2), thing(MUG, track=0, confidence=0.5)
    shown = [(bottle, unsure)] * 5 + [(thing(MUG),), (untracked,), (), (), (thing(MUG, box=Box(400, 0, 500, 9)),)]
    return [moment(2 * index, index / 5, *objects) for index, objects in enumerate(shown)]


def written(folder: Path, hierarchy: LabelHierarchy | None = None) -> dict[str, Any]:
    target = folder / "out.json"
    feed(CocoFile(target, hierarchy), stream(), SourceInfo("a clip.mov", 320, 240, 29.97))
    assert [path.name for path in folder.iterdir()] == ["out.json"]
    content: dict[str, Any] = json.loads(target.read_text(encoding="utf-8"))
    return content


def test_everything_is_there_and_fits_together(tmp_path: Path) -> None:
    content = written(tmp_path, LabelHierarchy.from_parents(NAMES, PARENTS))
    assert content["info"]["description"].startswith("Objects in a clip.mov")
    assert content["licenses"] == []
    assert content["videos"] == [{"id": 1, "name": "a clip.mov", "width": 320, "height": 240, "fps": 29.97}]
    assert [image["id"] for image in content["images"]] == list(range(1, 21, 2)), "also frames without objects"
    assert content["images"][3] == {
        "id": 7,
        "video_id": 1,
        "frame_index": 6,
        "time_s": 0.6,
        "width": 320,
        "height": 240,
        "file_name": "a clip/000006.jpg",
    }
    assert content["categories"] == [
        {"id": 8, "name": "Mug", "supercategory": "Mug", "label_id": MUG.id},
        {"id": 322, "name": "Bottle", "supercategory": "Container", "label_id": BOTTLE.id},
    ]
    assert content["tracks"] == [{"id": 1, "video_id": 1, "category_id": 322}]
    assert content["annotations"][0] == {
        "id": 1,
        "image_id": 1,
        "video_id": 1,
        "category_id": 322,
        "bbox": [0, 10, 100.25, 230],
        "area": 23057.5,
        "iscrowd": 0,
        "score": 0.9,
        "track_id": 1,
    }
    assert len(content["annotations"]) == 7, "not what is unsure, nor what lies outside"
    assert "track_id" not in content["annotations"][-1]


def test_a_label_of_another_model_is_its_own_supercategory(tmp_path: Path) -> None:
    other = LabelHierarchy.from_parents(["Dog", "Cat"], [(1,), ()])
    content = written(tmp_path, other)
    assert all(category["supercategory"] == category["name"] for category in content["categories"])


def test_cocos_own_library_reads_and_evaluates_it(tmp_path: Path) -> None:
    pycocotools = pytest.importorskip("pycocotools.coco", reason="pycocotools is not installed")
    evaluation = pytest.importorskip("pycocotools.cocoeval")
    content = written(tmp_path)
    truth = pycocotools.COCO(str(tmp_path / "out.json"))
    assert len(truth.getImgIds()) == 10
    assert truth.getAnnIds(imgIds=[1], catIds=truth.getCatIds(catNms=["Bottle"])) == [1]
    score = evaluation.COCOeval(truth, truth.loadRes(content["annotations"]), "bbox")
    score.evaluate()
    score.accumulate()
    score.summarize()
    assert score.stats[0] == pytest.approx(1.0), "the same boxes agree with themselves"


def test_nothing_at_all_is_valid_and_a_failure_leaves_a_readable_partial_file(tmp_path: Path) -> None:
    feed(CocoFile(tmp_path / "empty.json"), [])
    content = json.loads((tmp_path / "empty.json").read_text())
    assert content["images"] == content["annotations"] == content["categories"] == content["tracks"] == []
    feed(CocoFile(tmp_path / "out.json"), stream(), completed=False)
    assert not (tmp_path / "out.json").exists()
    assert len(json.loads((tmp_path / "out.partial.json").read_text())["images"]) == 10


def test_names_are_kept_letter_by_letter(tmp_path: Path) -> None:
    name = 'Größe "<script>" \\ \n日本'
    feed(CocoFile(tmp_path / "out.json"), [moment(0, 0.0, thing(Label(0, "", name)))], SourceInfo(name))
    content = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert content["categories"][0]["name"] == name
    assert content["videos"][0]["name"] == name
