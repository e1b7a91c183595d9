"""The shipped hierarchy is complete and sound, and a damaged one is refused in one sentence."""

import csv
import zipfile
from pathlib import Path

import pytest

from video_labeler.assets import asset
from video_labeler.errors import LabelFileError, VideoLabelerError
from video_labeler.frames import Label
from video_labeler.labeling.hierarchy import HIERARCHY_FILE, LabelHierarchy, hierarchy_for

HEADER = "row,name,parents,parent_names\n"


@pytest.fixture(scope="module")
def shipped() -> LabelHierarchy:
    return LabelHierarchy.load(asset(HIERARCHY_FILE))


def rows_named(hierarchy: LabelHierarchy, *names: str) -> set[int]:
    return {hierarchy.names.index(name) for name in names}


def test_every_label_of_the_published_model_is_there(shipped: LabelHierarchy) -> None:
    assert len(shipped) == 631
    assert all(shipped.names)
    assert {row for row, name in enumerate(shipped.names) if name == "Mouse"} == {144, 334}


def test_rows_and_names_are_those_of_the_published_model(shipped: LabelHierarchy, models_folder: Path) -> None:
    with zipfile.ZipFile(models_folder / "mobile_object_labeler_v1.tflite") as model:
        names = model.read("probability-labels-en.txt").decode().splitlines()
    assert list(shipped.names) == names


def test_the_readable_parent_names_agree_with_the_rows(shipped: LabelHierarchy) -> None:
    with asset(HIERARCHY_FILE).open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            parents = shipped.parents(int(line["row"]))
            assert "; ".join(shipped.names[parent] for parent in parents) == line["parent_names"], line["name"]


def test_a_label_may_have_several_parents_and_inherits_all_theirs(shipped: LabelHierarchy) -> None:
    (wine_bottle,) = rows_named(shipped, "Wine bottle")
    assert shipped.ancestors(wine_bottle) == rows_named(shipped, "Bottle", "Container", "Tableware")


@pytest.mark.parametrize(
    ("narrow", "broad"),
    [
        ("Mug", "Container"),
        ("Gas stove", "Home appliance"),
        ("Sneakers", "Clothing"),
        ("Suitcase", "Luggage & bags"),
        ("Single-lens reflex camera", "Electronic device"),
        ("Butterfly", "Insect"),
        ("Strawberry", "Food"),
        ("Limousine", "Car"),
        ("Virtual reality headset", "Display device"),
    ],
)
def test_narrow_labels_are_below_broad_ones(shipped: LabelHierarchy, narrow: str, broad: str) -> None:
    (below,), (above,) = rows_named(shipped, narrow), rows_named(shipped, broad)
    assert above in shipped.ancestors(below)
    assert below in shipped.descendants(above)
    assert shipped.depth(below) > shipped.depth(above)
    assert shipped.specificity(below) > shipped.specificity(above)


def test_the_longest_way_to_the_top_counts() -> None:
    hierarchy = LabelHierarchy.from_parents("abcd", [(), (0,), (1,), (0, 2)])
    assert [hierarchy.depth(row) for row in range(4)] == [0, 1, 2, 3]


def test_only_the_computer_mouse_is_an_electronic_device(shipped: LabelHierarchy) -> None:
    (device,) = rows_named(shipped, "Electronic device")
    assert device in shipped.ancestors(144)
    assert not shipped.parents(334)


def test_names_that_only_sound_alike_are_not_related(shipped: LabelHierarchy) -> None:
    for narrow, broad in [("Teddy bear", "Bear"), ("Punching bag", "Bag"), ("Red panda", "Panda"), ("Bat", "Ball")]:
        (below,), (above,) = rows_named(shipped, narrow), rows_named(shipped, broad)
        assert above not in shipped.ancestors(below)


def test_no_parent_is_already_above_another_parent(shipped: LabelHierarchy) -> None:
    for row, name in enumerate(shipped.names):
        parents = shipped.parents(row)
        for parent in parents:
            assert not shipped.ancestors(parent).intersection(parents), name


def test_specificity_is_one_at_the_bottom_and_falls_with_what_is_covered(shipped: LabelHierarchy) -> None:
    for row in range(len(shipped)):
        assert 0.0 < shipped.specificity(row) <= 1.0
        assert (shipped.specificity(row) == 1.0) == (not shipped.descendants(row))


def test_a_flat_hierarchy_relates_nothing() -> None:
    flat = LabelHierarchy.flat(["Widget"])
    assert len(flat) == 1
    assert not flat.ancestors(0)
    assert flat.depth(0) == 0
    assert flat.specificity(0) == 1.0


def test_a_custom_model_gets_a_flat_hierarchy_and_the_published_one_the_shipped(shipped: LabelHierarchy) -> None:
    labels = [Label(row, "", name) for row, name in enumerate(shipped.names)]
    assert hierarchy_for(labels).ancestors(9) == shipped.ancestors(9)
    assert not hierarchy_for(labels[:-1]).ancestors(9)
    labels[9] = Label(9, "", "Widget")
    assert not hierarchy_for(labels).ancestors(9)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "does not begin with the columns"),
        ("name,row,parents\n", "does not begin with the columns"),
        (HEADER + "0,Bottle,,\n2,Mug,,\n", "row 2 where row 1 belongs"),
        (HEADER + "0,Bottle,,\n0,Bottle,,\n", "row 0 where row 1 belongs"),
        (HEADER + "0,Bottle,7,\n", "parent 7"),
        (HEADER + "0,Bottle,-1,\n", "parent -1"),
        (HEADER + "0,Bottle,0,\n", "broader than itself"),
        (HEADER + "0,Bottle,1,\n1,Container,2,\n2,Thing,0,\n", "broader than itself"),
        (HEADER + "0,Bottle,Container,\n", "damaged"),
        (HEADER + "0,Bottle\n", "damaged"),
        (HEADER + "0,Bottle\xff\x00,,\n", "damaged"),
    ],
)
def test_a_damaged_file_is_refused(tmp_path: Path, text: str, complaint: str) -> None:
    path = tmp_path / "hierarchy.csv"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(LabelFileError, match=complaint) as caught:
        LabelHierarchy.load(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(LabelFileError, match=r"nowhere\.csv cannot be read"):
        LabelHierarchy.load(tmp_path / "nowhere.csv")


def test_lists_of_different_lengths_are_refused() -> None:
    with pytest.raises(LabelFileError, match="2 labels"):
        LabelHierarchy.from_parents(["Bottle", "Mug"], [()])


def test_an_asset_that_is_not_there_is_named() -> None:
    with pytest.raises(VideoLabelerError, match=r"no_such_file\.bin is missing"):
        asset("no_such_file.bin")
