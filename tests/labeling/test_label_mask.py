"""Labels that may not be said, and objects that may not be marked."""

import logging
from collections.abc import Sequence

import numpy as np
import pytest

from tests.fakes import grey_frame
from tests.labeling.test_object_labeler import TableLabeler, TableLocalizer
from video_labeler.errors import SettingsError
from video_labeler.frames import Frame, LabeledFrame
from video_labeler.labeling.hierarchy import LabelHierarchy
from video_labeler.labeling.label_mask import check_label_names, label_mask
from video_labeler.labeling.object_labeler import Models, StillLabeler
from video_labeler.labeling.tracking_labeler import TrackingLabeler
from video_labeler.models.labels import known_labels
from video_labeler.settings import LabelingSettings, LabelListSettings, RegionMode

NAMES = ("Container", "Bottle", "Wine bottle", "Person", "Mouse", "Mouse")
HIERARCHY = LabelHierarchy.from_parents(NAMES, [(), (0,), (1,), (), (), ()])
THRESHOLD = 0.35


def sayable(only: Sequence[str] = (), hide: Sequence[str] = ()) -> list[int]:
    mask = label_mask(LabelListSettings(tuple(only), tuple(hide)), HIERARCHY)
    assert mask is not None
    return np.flatnonzero(mask.masked(np.ones(len(NAMES), dtype=np.float32))).tolist()


def left_out(scores: Sequence[float], only: Sequence[str] = (), hide: Sequence[str] = ()) -> bool:
    mask = label_mask(LabelListSettings(tuple(only), tuple(hide)), HIERARCHY)
    assert mask is not None
    return mask.suppresses(np.array(scores, dtype=np.float32), THRESHOLD)


def test_names_stand_for_their_narrower_labels_in_any_case() -> None:
    assert sayable(hide=["bottle"]) == [0, 3, 4, 5]
    assert sayable(only=["BOTTLE "]) == [1, 2]
    assert sayable(only=["Container"], hide=["Wine  bottle"]) == [0, 1], "hiding wins"
    assert sayable(hide=["Mouse"]) == [0, 1, 2, 3], "every label of that name"
    assert sayable(only=["Submarine"]) == [], "a list of unknown names lets nothing be said"
    assert label_mask(LabelListSettings(), HIERARCHY) is None


def test_what_a_hidden_label_names_is_left_out() -> None:
    person = ["Person"]
    assert left_out([0.1, 0.0, 0.0, 0.9, 0.0, 0.0], hide=person)
    assert left_out([0.9, 0.8, 0.0, 0.5, 0.0, 0.0], hide=person), "a person, though something else says more"
    assert left_out([0.9, 0.9, 0.0, 0.4, 0.0, 0.0], hide=person), "also where that would be its heading"
    assert left_out([0.1, 0.0, 0.0, 0.3, 0.0, 0.0], hide=person), "probably a person"
    assert not left_out([0.9, 0.8, 0.0, 0.3, 0.0, 0.0], hide=person)
    assert not left_out([0.3, 0.1, 0.0, 0.1, 0.0, 0.0], hide=person), "not sure, but no person"
    assert left_out([0.9, 0.9, 0.36, 0.0, 0.0, 0.0], hide=["Wine bottle"]), "it would be its heading"
    assert not left_out([0.9, 0.9, 0.36, 0.0, 0.9, 0.0], hide=["Wine bottle"]), "a mouse, and some bottle"


def test_with_a_list_of_wanted_labels_the_others_are_left_out() -> None:
    bottle = ["Bottle"]
    assert not left_out([0.99, 0.5, 0.0, 0.0, 0.0, 0.0], only=bottle), "broader labels score higher"
    assert not left_out([0.0, 0.5, 0.0, 0.9, 0.0, 0.0], only=bottle), "it is there"
    assert left_out([0.9, 0.2, 0.0, 0.0, 0.0, 0.0], only=bottle)
    assert left_out([0.0, 0.0, 0.0, 0.9, 0.0, 0.0], only=bottle)
    assert not left_out([0.0, 0.3, 0.0, 0.2, 0.0, 0.0], only=bottle), "perhaps one"


def test_unknown_names_are_refused_with_what_was_perhaps_meant(caplog: pytest.LogCaptureFixture) -> None:
    check_label_names(LabelListSettings(only=("tea pot", "Bottle"), hide=("person",)), [])
    with pytest.raises(SettingsError, match=r"no label 'Botle' .* Did you mean Bottle"):
        check_label_names(LabelListSettings(hide=("Person", "Botle")), known_labels())
    with pytest.raises(SettingsError, match="as the model writes them"):
        check_label_names(LabelListSettings(only=("xyzzy",)), known_labels())
    check_label_names(LabelListSettings(only=("bottle",), hide=("PERSON",)), known_labels())
    caplog.clear()
    with caplog.at_level(logging.WARNING):
        check_label_names(LabelListSettings(hide=("Botle",)), TableLabeler.labels)
    assert "no label called 'Botle'" in caplog.text


def models(localizer: TableLocalizer | None) -> Models:
    return Models(
        TableLabeler(), localizer, LabelHierarchy.from_parents(("Container", "Bottle", "Mug"), [(), (0,), (0,)])
    )


def frame(index: int) -> Frame:
    return grey_frame(index, width=320, height=240)


def names(labeled: LabeledFrame) -> list[list[str]]:
    return [[p.label.name for p in item.predictions] for item in labeled.objects]


def test_pictures_and_videos_keep_to_the_lists() -> None:
    for lists, said in (
        (LabelListSettings(hide=("Mug",)), [["Bottle", "Container"]] * 2),
        (LabelListSettings(only=("bottle",)), [["Bottle"]] * 2),
        (LabelListSettings(hide=("Bottle",)), []),
        (LabelListSettings(hide=("Container",)), []),
        (LabelListSettings(only=("Mug",)), []),
    ):
        used = models(TableLocalizer())
        assert names(StillLabeler(used, LabelingSettings(), lists).label(frame(0))) == said
        tracking = TrackingLabeler(used, LabelingSettings(), lists)
        for index in range(40):
            assert names(tracking.label(frame(index))) == said, "nor is the centre labelled in its place"


def test_the_centre_keeps_to_the_lists_too() -> None:
    center = LabelingSettings(regions=RegionMode.CENTER)
    for lists, said in (
        (LabelListSettings(only=("bottle",)), [["Bottle"]]),
        (LabelListSettings(hide=("Container",)), []),
    ):
        used = models(None)
        assert names(StillLabeler(used, center, lists).label(frame(0))) == said
        assert names(TrackingLabeler(used, center, lists).label(frame(0))) == said


def test_lists_act_from_the_next_frame() -> None:
    labeler = TrackingLabeler(models(TableLocalizer()), LabelingSettings())
    assert len(labeler.label(frame(0)).objects) == 2
    labeler.lists = LabelListSettings(hide=("Container",))
    assert labeler.label(frame(1)).objects == ()
    labeler.lists = LabelListSettings()
    assert names(labeler.label(frame(2))) == [["Bottle", "Container"]] * 2


def test_what_is_left_out_does_not_flicker() -> None:
    used = models(TableLocalizer())
    assert isinstance(used.labeler, TableLabeler)
    labeler = TrackingLabeler(used, LabelingSettings(), LabelListSettings(hide=("Mug",)))
    used.labeler.given = [0.9, 0.1, 0.8]
    assert labeler.label(frame(0)).objects == ()
    used.labeler.given = [0.9, 0.8, 0.1]
    shown = [bool(labeler.label(frame(index)).objects) for index in range(1, 90)]
    first = shown.index(True)
    assert not any(shown[:30])
    assert all(shown[first:])
