"""Labels that do not flicker."""

import numpy as np

from video_labeler.frames import Label
from video_labeler.labeling.hierarchy import LabelHierarchy
from video_labeler.labeling.label_mask import LabelMask, label_mask
from video_labeler.labeling.smoothing import SmoothedLabels
from video_labeler.settings import LabelListSettings

NAMES = ("Container", "Bottle", "Mug")
LABELS = tuple(Label(row, f"/m/{row}", name) for row, name in enumerate(NAMES))
HIERARCHY = LabelHierarchy.from_parents(NAMES, [(), (0,), (0,)])


def smoothed(threshold: float = 0.35) -> SmoothedLabels:
    return SmoothedLabels(HIERARCHY, LABELS, threshold, 3)


def said(labels: SmoothedLabels, scores: list[float], time_s: float) -> list[str]:
    return [p.label.name for p in labels.update(np.array(scores, dtype=np.float32), time_s)]


def test_the_first_frame_speaks_at_once() -> None:
    assert said(smoothed(), [0.9, 0.41, 0.36], 0.0) == ["Bottle", "Container"], (
        "clear labels at once, doubtful ones not"
    )


def test_what_is_certain_is_said_whatever_the_threshold() -> None:
    assert said(smoothed(threshold=0.98), [1.0, 1.0, 0.99], 0.0) == ["Bottle", "Container"]


def test_nothing_below_the_threshold_is_ever_said() -> None:
    labels = smoothed()
    rng = np.random.default_rng(3)
    for step in range(300):
        for prediction in labels.update(rng.random(3).astype(np.float32), step / 30):
            assert prediction.confidence >= 0.35


def test_scores_that_flicker_around_the_threshold_do_not_flicker_on_screen() -> None:
    labels = smoothed()
    changes, before = 0, None
    for step in range(300):
        now = said(labels, [0.9, 0.38 if step % 2 else 0.30, 0.0], step / 30)
        changes += before is not None and now != before
        before = now
    assert changes <= 1


def test_what_has_gone_must_come_back_in_full() -> None:
    labels = smoothed()
    # After ten seconds a new score counts in full.
    assert said(labels, [0.9, 0.8, 0.0], 0.0) == ["Bottle", "Container"]
    assert said(labels, [0.9, 0.38, 0.0], 10.0) == ["Bottle", "Container"], "it stays down to the threshold"
    assert said(labels, [0.9, 0.30, 0.0], 20.0) == ["Container"]
    assert said(labels, [0.9, 0.38, 0.0], 30.0) == ["Container"], "and comes back above it alone"
    assert said(labels, [0.9, 0.42, 0.0], 40.0) == ["Container"], "which has led, and goes on for a moment"
    assert said(labels, [0.9, 0.42, 0.0], 40.5) == ["Bottle", "Container"]


def test_another_list_holds_at_once_for_what_was_not_marked() -> None:
    def hiding(name: str) -> LabelMask | None:
        return label_mask(LabelListSettings(hide=(name,)), HIERARCHY)

    labels = SmoothedLabels(HIERARCHY, LABELS, 0.35, 3, hiding("Bottle"))
    scores = np.array([0.9, 0.8, 0.0], np.float32)
    labels.update(scores, 0.0)
    assert labels.left_out
    labels.adopt(0.35, 3, hiding("Mug"))
    labels.update(scores, 0.1)
    assert not labels.left_out


def test_a_rival_must_lead_for_a_while() -> None:
    labels = smoothed()
    bottle, mug = [0.9, 0.8, 0.5], [0.9, 0.5, 0.95]

    def heading(scores: list[float], time_s: float) -> str:
        return said(labels, scores, time_s)[0]

    # After ten seconds a new score counts in full: the rival leads at once, and what is measured is its wait alone.
    assert heading(bottle, 0.0) == "Bottle"
    assert [heading(mug, time_s) for time_s in (10.0, 10.1, 10.29)] == ["Bottle"] * 3
    assert heading(bottle, 20.0) == "Bottle"
    assert [heading(mug, time_s) for time_s in (30.0, 30.2)] == ["Bottle"] * 2, "its earlier lead does not count"
    assert [heading(mug, time_s) for time_s in (30.31, 30.4)] == ["Mug"] * 2


def test_a_rival_that_has_led_for_exactly_that_while_takes_the_heading() -> None:
    labels = smoothed()
    assert said(labels, [0.9, 0.8, 0.5], -10.0)[0] == "Bottle"
    # From zero on, the difference is the very number.
    assert [said(labels, [0.9, 0.5, 0.95], time_s)[0] for time_s in (0.0, 0.2999, 0.3)] == ["Bottle", "Bottle", "Mug"]


def test_a_heading_that_is_gone_goes_at_once() -> None:
    labels = smoothed()
    said(labels, [0.9, 0.4, 0.0], 0.0)
    assert said(labels, [0.9, 0.0, 0.0], 5.0) == ["Container"]


def test_the_speed_of_the_source_does_not_matter() -> None:
    fast, slow = smoothed(), smoothed()
    start, end = np.array([0.9, 0.9, 0.0], np.float32), np.array([0.9, 0.0, 0.0], np.float32)
    fast.update(start, 0.0)
    slow.update(start, 0.0)
    for step in range(1, 61):
        fast.update(end, step / 200)
    for step in range(1, 4):
        slow.update(end, step / 10)
    confidence = {p.label.name: p.confidence for p in fast.predictions}
    other = {p.label.name: p.confidence for p in slow.predictions}
    assert abs(confidence["Bottle"] - other["Bottle"]) < 0.01


def test_what_is_above_another_threshold_needs_no_margin() -> None:
    labels = smoothed(threshold=0.6)
    scores = [0.9, 0.42, 0.0]
    assert said(labels, scores, 0.0) == ["Container"]
    labels.adopt(0.4, 3, None)
    assert said(labels, scores, 0.1) == ["Container"], "it leads from now on"
    assert said(labels, scores, 0.5) == ["Bottle", "Container"]
    labels.adopt(0.4, 1, None)
    assert said(labels, scores, 0.6) == ["Bottle"]
