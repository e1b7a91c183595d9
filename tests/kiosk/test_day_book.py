"""The days' counts: whatever the clock does and whatever ends the program, they are on the disk."""

import json
import tempfile
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from video_labeler.kiosk.day import Day
from video_labeler.kiosk.day_book import DayBook, read_kinds
from video_labeler.kiosk.failure import of_exit, of_silence
from video_labeler.kiosk.tally import Tally

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=timezone(timedelta(hours=1)))


class FakeTime:
    """The time of day, which anybody may set, and the clock that nobody can."""

    def __init__(self) -> None:
        self.day = NOON
        self.clock_s = 100.0

    def book(self, folder: Path) -> DayBook:
        return DayBook(folder, lambda: self.day, lambda: self.clock_s)

    def goes_on(self, seconds: float) -> None:
        self.day += timedelta(seconds=seconds)
        self.clock_s += seconds


@pytest.fixture
def time() -> FakeTime:
    return FakeTime()


def saved(folder: Path, name: str = "2026-11-22") -> Day:
    return Day.from_json(json.loads((folder / f"day-{name}.json").read_text(encoding="utf-8")))


def test_a_day_is_written_before_five_seconds_are_lost(time: FakeTime, tmp_path: Path) -> None:
    book = time.book(tmp_path / "state" / "kiosk")
    on_disk = 0
    for second in range(1, 60):
        time.goes_on(1)
        book.beat(Tally(captured=30), 400, 1.0)
        book.save_when_due()
        path = tmp_path / "state" / "kiosk" / "day-2026-11-22.json"
        on_disk = saved(path.parent).tally.captured if path.exists() else 0
        # A beat holds the second before it, so that these are five at the most.
        assert 30 * second - on_disk <= 4 * 30
    assert on_disk > 0


def test_what_was_celebrated_is_on_the_disk_at_once(time: FakeTime, tmp_path: Path) -> None:
    book = time.book(tmp_path)
    book.beat(Tally(labels={"Mug": 1}))
    book.beat(Tally(labels={"Mug": 1, "Brille": 1}))
    assert read_kinds(tmp_path, NOON.date()) == {"Mug": 2, "Brille": 1}
    assert read_kinds(tmp_path, date(2026, 11, 23)) == {}


def test_labels_in_any_letters_come_back_as_they_were(time: FakeTime, tmp_path: Path) -> None:
    labels = {"Brötchen": 1, "咖啡": 2, "damaged \ud800": 3, 'with "quotes"\n': 4}
    time.book(tmp_path).beat(Tally(labels=labels))
    assert read_kinds(tmp_path, NOON.date()) == labels
    assert "Brötchen" in (tmp_path / "day-2026-11-22.json").read_text(encoding="utf-8")


def test_a_second_life_continues_where_the_first_ended(time: FakeTime, tmp_path: Path) -> None:
    first = time.book(tmp_path)
    first.beat(Tally(captured=5, labels={"Mug": 1}), 300, 0)
    first.failed(of_silence(10), 10.5)
    first.save()
    time.goes_on(60)
    second = time.book(tmp_path)
    second.beat(Tally(captured=7, labels={"Mug": 2}), 900, 1.5)
    second.is_back(2.25)
    second.failed(of_exit(-9))
    second.close()
    day = saved(tmp_path)
    assert (day.tally.captured, day.tally.labels) == (12, {"Mug": 3})
    assert (day.first, day.last) == ("2026-11-22T12:00:00+01:00", "2026-11-22T12:01:00+01:00")
    assert (day.up_s, day.down_s, day.most_memory_mb, day.longest_silence_s) == (1.5, 2.25, 900, 10.5)
    assert day.reasons == {"no sign of life": 1, "crashed": 1}
    assert [note.back_after_s for note in day.restarts] == [2.25, None]


def test_each_date_has_its_own_counts_and_a_summary_when_it_is_over(time: FakeTime, tmp_path: Path) -> None:
    time.day = NOON.replace(hour=23, minute=59, second=59)
    book = time.book(tmp_path)
    book.beat(Tally(captured=1))
    time.goes_on(2)
    book.beat(Tally(captured=10))
    assert saved(tmp_path).tally.captured == 1
    assert json.loads((tmp_path / "summary-2026-11-22.json").read_text())["frames"]["captured"] == 1
    book.close()
    assert saved(tmp_path, "2026-11-23").tally.captured == 10
    assert "2026-11-23" in (tmp_path / "summary-2026-11-23.txt").read_text()


def test_summaries_are_brought_up_to_date_every_minute(time: FakeTime, tmp_path: Path) -> None:
    book = time.book(tmp_path)
    for _ in range(121):
        time.goes_on(1)
        book.beat(Tally(captured=1), 1, 1)
        book.save_when_due()
    assert json.loads((tmp_path / "summary-2026-11-22.json").read_text())["frames"]["captured"] == 120


def test_a_kiosk_that_comes_back_after_midnight_spoils_no_other_restart(time: FakeTime, tmp_path: Path) -> None:
    book = time.book(tmp_path)
    book.failed(of_exit(1))
    book.is_back(1.0)
    time.goes_on(12 * 3600)
    book.is_back(7.0)
    time.goes_on(-12 * 3600)
    book.is_back(9.0)
    book.close()
    assert [note.back_after_s for note in saved(tmp_path).restarts] == [1.0]


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff", b'{"date": "2026-11-22"}', b"null"])
def test_a_damaged_day_is_put_aside(
    content: bytes, time: FakeTime, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "day-2026-11-22.json"
    for number in (1, 2):
        path.write_bytes(content)
        assert read_kinds(tmp_path, NOON.date()) == {}
        book = time.book(tmp_path)
        book.beat(Tally(captured=number))
        book.close()
        assert saved(tmp_path).tally.captured == number
        assert (tmp_path / f"day-2026-11-22.json.damaged-{number}").read_bytes() == content
        assert "put aside" in caplog.text


@pytest.mark.logs_error("The day's counts cannot be written")
def test_a_folder_that_cannot_be_written_is_reported_once_and_nothing_is_forgotten(
    time: FakeTime, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "state").write_text("in the way")
    book = time.book(tmp_path / "state" / "kiosk")
    for _ in range(30):
        time.goes_on(1)
        book.beat(Tally(captured=1, labels={"Mug": 1}))
        book.save_when_due()
    time.goes_on(24 * 3600)
    book.beat(Tally(captured=100))
    assert caplog.text.count("cannot be written") == 1
    (tmp_path / "state").unlink()
    book.close()
    assert saved(tmp_path / "state" / "kiosk").tally.captured == 30
    assert saved(tmp_path / "state" / "kiosk", "2026-11-23").tally.captured == 100


def test_only_the_newest_restarts_are_listed_and_all_are_counted(time: FakeTime, tmp_path: Path) -> None:
    book = time.book(tmp_path)
    for number in range(700):
        book.failed(of_exit(number + 10))
    book.close()
    day = saved(tmp_path)
    assert len(day.restarts) == 500
    assert day.restarts[-1].reason == "ended with code 709"
    assert sum(day.reasons.values()) == 700


MOVES = st.sampled_from([1, 3, 30, 3600, -3600, 86_400, -86_400, -3 * 86_400, 40 * 86_400])
STEPS = st.lists(st.tuples(MOVES, st.sampled_from(["beat", "label", "fail", "new life", "look"])), max_size=30)


@settings(deadline=None, max_examples=60)
@given(STEPS)
def test_whatever_the_clock_does_nothing_is_lost_or_counted_twice(steps: list[tuple[int, str]]) -> None:
    time = FakeTime()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        book = time.book(folder)
        captured = failures = labels = 0
        for seconds, deed in steps:
            time.day += timedelta(seconds=seconds)
            time.clock_s += 1
            match deed:
                case "beat":
                    captured += seconds % 7
                    book.beat(Tally(captured=seconds % 7))
                case "label":
                    labels += 1
                    book.beat(Tally(labels={"Mug": 1}))
                case "fail":
                    failures += 1
                    book.failed(of_exit(1))
                case "new life":
                    book.close()
                    book = time.book(folder)
                case "look":
                    book.save_when_due()
        book.close()
        days = [Day.from_json(json.loads(path.read_text())) for path in folder.glob("day-*.json")]
        assert not list(folder.glob("*.partial"))
    assert sum(day.tally.captured for day in days) == captured
    assert sum(day.tally.labels.get("Mug", 0) for day in days) == labels
    assert sum(sum(day.reasons.values()) for day in days) == failures


def test_the_time_is_local_and_says_its_offset(tmp_path: Path) -> None:
    book = DayBook(tmp_path)
    book.beat(Tally(captured=1))
    book.close()
    (path,) = tmp_path.glob("day-*.json")
    first = Day.from_json(json.loads(path.read_text())).first
    assert first is not None
    assert abs(datetime.fromisoformat(first) - datetime.now(UTC)) < timedelta(minutes=1)
