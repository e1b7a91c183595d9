"""What the staff reads in the evening."""

import json
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from video_labeler.kiosk.day import Day
from video_labeler.kiosk.day_summary import quantile, summary, summary_text, write_summary
from video_labeler.kiosk.failure import of_exit, of_memory
from video_labeler.kiosk.tally import Tally, latency_counts

NINE = datetime(2026, 11, 22, 9, 0, tzinfo=timezone(timedelta(hours=1)))


@pytest.fixture
def day() -> Day:
    day = Day("2026-11-22")
    labels = {f"Thing {number:02}": number for number in range(1, 31)}
    tally = Tally(
        captured=900_000,
        labelled=899_000,
        shown=800_000,
        dropped={"late": 900, "black": 100},
        latencies=latency_counts([0.04] * 60 + [0.09] * 34 + [0.3] * 6),
        oldest_live_s=0.41,
        labels=labels,
        scenes={"live": 20_000.5, "attract": 12_345.0},
        camera_losses=2,
        reconnects=1,
    )
    day.add_heartbeat(NINE, tally, 612, 0)
    day.add_heartbeat(NINE + timedelta(hours=9), Tally(), 500, 32_390)
    for hour, failure in enumerate((of_exit(-9), of_memory(1612, 1500))):
        day.failed(NINE + timedelta(hours=hour), failure, 0)
        day.is_back(2.5)
    return day


def test_figures_for_programs(day: Day) -> None:
    figures = summary(day)
    assert json.loads(json.dumps(figures)) == figures
    assert figures["up_share"] == pytest.approx(32_390 / 32_395, abs=1e-6)
    assert figures["restarts"] == 2
    assert figures["restarts_by_reason"] == {"crashed": 1, "too much memory": 1}
    assert figures["restarts_listed"][1] == {
        "at": "2026-11-22T10:00:00+01:00",
        "reason": "used 1612 MB, more than the 1500 MB allowed",
        "back_after_s": 2.5,
    }
    assert figures["latency"] == {"median_at_most_s": 0.05, "p95_at_most_s": 0.3, "oldest_live_s": 0.41}
    assert figures["dropped"] == {"late": 900, "black": 100}
    assert (figures["kinds"], figures["celebrated"]) == (30, sum(range(31)))
    assert list(figures["labels"].items())[:2] == [("Thing 30", 30), ("Thing 29", 29)]
    assert len(figures["labels"]) == 20


def test_lines_for_people(day: Day) -> None:
    text = summary_text(day)
    for line in (
        "Video Labeler on the stand, 2026-11-22",
        "Signs of life      09:00:00 to 18:00:00",
        "Up                 8 h 59 min (99.98 %), down 5 s",
        "Restarts           2 (crashed 1, too much memory 1)",
        "Frames             900,000 captured, 899,000 labelled, 800,000 shown live",
        "Dropped frames     1,000 (late 900, black 100)",
        "Age when shown     median at most 0.05 s, 95 % at most 0.3 s",
        "Oldest shown live  0.41 s",
        "Scenes             attract 3 h 25 min, live 5 h 33 min",
        "Camera             lost 2 times, opened again once",
        "Things             465 celebrated, 30 kinds",
        "  10:00:00  used 1612 MB, more than the 1500 MB allowed; back after 2.5 s",
        "     30  Thing 30",
    ):
        assert line in text.splitlines()
    assert len(text.splitlines()) < 45


def test_a_day_on_which_nothing_happened_has_a_summary_too() -> None:
    text = summary_text(Day("2026-11-22"))
    assert "Restarts           0" in text
    assert "None" not in text
    assert summary(Day("2026-11-22"))["up_share"] is None


def test_both_files_lie_beside_the_days(day: Day, tmp_path: Path) -> None:
    write_summary(day, tmp_path)
    write_summary(day, tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["summary-2026-11-22.json", "summary-2026-11-22.txt"]
    assert json.loads((tmp_path / "summary-2026-11-22.json").read_text()) == summary(day)
    assert (tmp_path / "summary-2026-11-22.txt").read_text() == summary_text(day)


@pytest.mark.parametrize(
    ("seconds", "share", "expected"),
    [([], 0.5, None), ([0.01], 0.5, 0.05), ([0.01] * 19 + [0.9], 0.95, 0.05), ([3.0], 0.5, None), ([0.5], 1, 0.5)],
)
def test_quantiles_are_given_as_upper_bounds(seconds: list[float], share: float, expected: float | None) -> None:
    assert quantile(latency_counts(seconds), share) == expected
