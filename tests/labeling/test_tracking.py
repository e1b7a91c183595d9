"""Numbers that stay with their objects."""

import random

from video_labeler.frames import Box
from video_labeler.labeling.tracking import Tracker


def square(x: float, y: float, side: float = 60) -> Box:
    return Box(x, y, x + side, y + side)


def test_a_moving_object_keeps_its_number() -> None:
    tracker = Tracker()
    noise = random.Random(1)
    ids = set()
    for step in range(100):
        x = 4 * step + noise.uniform(-3, 3)
        (track,) = tracker.update(step / 30, [square(x, 50)])
        ids.add(track.id)
        assert abs(track.box.x_min - x) < 12
    assert ids == {1}


def test_two_that_cross_the_list_order_keep_theirs() -> None:
    tracker = Tracker()
    first = tracker.update(0.0, [square(0, 0), square(200, 0)])
    second = tracker.update(0.03, [square(202, 0), square(2, 0)])
    assert [track.id for track in first] == [1, 2]
    assert [track.id for track in second] == [2, 1]


def test_two_detections_never_share_a_number() -> None:
    tracker = Tracker()
    tracker.update(0.0, [square(0, 0)])
    assert [track.id for track in tracker.update(0.03, [square(6, 0), square(3, 0)])] == [2, 1]


def test_a_short_gap_is_bridged_with_the_same_number() -> None:
    tracker = Tracker()
    for step in range(10):
        tracker.update(step / 30, [square(5 * step, 0)])
    (unseen,) = tracker.update(10 / 30, [])
    assert (unseen.id, unseen.seen) == (1, False)
    assert abs(unseen.box.x_min - 50) < 8, "it is shown where it was heading"
    assert tracker.update(20 / 30, []) == [], "not for long"
    (again,) = tracker.update(25 / 30, [square(125, 0)])
    assert (again.id, again.seen) == (1, True)


def test_after_a_long_gap_it_is_another_object() -> None:
    tracker = Tracker()
    for step in range(5):
        tracker.update(step / 30, [square(0, 0)])
    (later,) = tracker.update(5.0, [square(0, 0)])
    assert later.id == 2
    assert tracker.live_ids == {2}


def test_for_a_second_its_number_waits() -> None:
    for gap_s, number in ((0.95, 1), (1.05, 2)):
        tracker = Tracker()
        tracker.update(0.0, [square(0, 0)])
        (later,) = tracker.update(gap_s, [square(0, 0)])
        assert later.id == number


def test_something_seen_once_is_not_bridged() -> None:
    tracker = Tracker()
    tracker.update(0.0, [square(0, 0)])
    assert tracker.update(0.03, []) == []


def test_a_fast_object_without_overlap_is_still_followed() -> None:
    tracker = Tracker()
    ids = [tracker.update(step / 10, [square(20 * step, 0, 24)])[0].id for step in range(10)]
    assert set(ids) == {1}


def test_a_small_box_beside_a_large_one_is_no_continuation() -> None:
    tracker = Tracker()
    tracker.update(0.0, [square(0, 0, 200)])
    (other,) = tracker.update(0.03, [square(90, 90, 20)])
    assert other.id == 2


def test_winding_back_starts_again() -> None:
    tracker = Tracker()
    tracker.update(10.0, [square(0, 0)])
    (track,) = tracker.update(0.0, [square(0, 0)])
    assert track.id == 2


def test_the_work_does_not_grow_with_time() -> None:
    tracker = Tracker()
    place = random.Random(2)
    for step in range(3000):
        tracker.update(step / 30, [square(place.uniform(0, 5000), place.uniform(0, 5000))])
        assert len(tracker.live_ids) <= 31


def test_between_two_looks_objects_are_where_they_are_heading() -> None:
    tracker = Tracker()
    for step in range(6):
        tracker.update(step / 10, [square(10 * step, 0), square(300, 0)])
    first, second = tracker.between(0.55)
    assert [(track.id, track.seen) for track in (first, second)] == [(1, False), (2, False)]
    assert abs(first.box.x_min - 55) < 4
    assert abs(second.box.x_min - 300) < 1
    assert [track.id for track in tracker.update(0.6, [square(300, 0), square(60, 0)])] == [2, 1]
    assert not tracker.has_new
    tracker.update(0.7, [square(300, 0), square(70, 0), square(150, 100)])
    assert tracker.has_new
    assert len(tracker.between(0.75)) == 3, "what is new is not gone because nobody looks"
    assert tracker.between(1.0) == [], "where nobody looks for long, nothing is known"
    tracker.restart()
    assert tracker.between(1.0) == []
    assert [track.id for track in tracker.update(1.1, [square(300, 0)])] == [4]
