"""What is counted of a session, over all the sources that it opens."""

from dataclasses import replace

from tests.window.fake_session import running_view
from video_labeler.kiosk.stand import SessionTally
from video_labeler.kiosk.tally import Tally
from video_labeler.pipeline.stats import Drops, Statistics
from video_labeler.session.view import SessionView


def view(captured: int, labelled: int, drops: Drops = Drops(), reconnects: int = 0) -> SessionView:  # noqa: B008
    statistics = Statistics(captured=captured, labelled=labelled, drops=drops, reconnects=reconnects)
    return replace(running_view(), statistics=statistics)


def test_only_what_is_new_counts() -> None:
    tally = SessionTally()
    tally.take(view(10, 8, Drops(2), 1))
    taken = tally.take(view(15, 11, Drops(4), 3))
    assert taken == Tally(captured=5, labelled=3, dropped={"labelling busy": 2}, reconnects=2)
    assert tally.take(view(15, 11, Drops(4), 3)) == Tally()


def test_another_source_begins_at_nothing() -> None:
    tally = SessionTally()
    tally.take(view(1000, 900, Drops(100), 7))
    assert tally.take(view(5, 4, Drops(1))) == Tally(captured=5, labelled=4, dropped={"labelling busy": 1})


def test_a_recording_that_follows_another_counts_for_itself() -> None:
    tally = SessionTally()
    tally.take(view(10, 10, Drops(0, (("recording", 6), ("replay", 1)))))
    taken = tally.take(view(20, 20, Drops(0, (("recording", 2), ("replay", 1)))))
    assert taken.dropped == {"recording busy": 2}


def test_kinds_without_number_are_counted_within_bounds() -> None:
    total = Tally()
    for start in range(0, 12_000, 1000):
        total += Tally(labels={f"thing {start + number}": 1 for number in range(1000)}, scenes={"x" * 10_000: 1.0})
    assert len(total.labels) <= 5_001
    assert sum(total.labels.values()) == 12_000
    assert max(map(len, total.scenes)) == 300
    assert Tally.from_json({"labels": dict.fromkeys(map(str, range(6000)), 1)}).labels["(others)"] == 1000
