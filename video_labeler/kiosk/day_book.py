"""The days of a stand on the disk: a file for each date, so that no failure loses what was counted."""

import json
import logging
import time
from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path

from video_labeler.files.durability import write_atomically
from video_labeler.files.opening import make_private, private_folder
from video_labeler.files.reading import read_json
from video_labeler.kiosk.day import Day
from video_labeler.kiosk.day_summary import write_summary
from video_labeler.kiosk.failure import Failure
from video_labeler.kiosk.tally import Tally
from video_labeler.system.log_file import log_folder

_log = logging.getLogger(__name__)

_SAVE_EVERY_S = 4.0
"""Together with the second between two heartbeats, the most that can be lost."""
_SUMMARY_EVERY_S = 60.0

_LARGEST = 16_000_000
"""Bytes; more than the most kinds with the longest names need."""

_MOST_UNSAVED = 7
"""The most days kept in memory while the disk refuses them."""


def kiosk_folder() -> Path:
    """The folder of the days, their summaries and the lock of the running kiosk."""
    return log_folder() / "kiosk"


def local_now() -> datetime:
    """The local time, with its offset."""
    return datetime.now().astimezone()


def read_kinds(folder: Path, today: date) -> Mapping[str, int]:
    """How often each label was celebrated today; empty if nothing is known yet."""
    try:
        return _read(_path(folder, today.isoformat())).tally.labels
    except (OSError, ValueError):
        return {}


class DayBook:
    """Adds to the current day, however the clock is set. For one thread; never raises because of the disk."""

    def __init__(
        self,
        folder: Path,
        now: Callable[[], datetime] = local_now,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._folder = folder
        self._now = now
        self._clock = clock
        self._day: Day | None = None
        self._unsaved: dict[str, Day] = {}
        self._saved_s = self._summary_s = clock()
        self._is_refused = False
        # Earlier versions made them readable for everybody.
        for older in folder.glob("*-????-??-??.*"):
            make_private(older)

    def beat(self, tally: Tally, memory_mb: float = 0.0, gap_s: float = 0.0) -> None:
        """Add what the kiosk has done in the ``gap_s`` since the last heartbeat."""
        day = self._changed()
        day.add_heartbeat(self._now(), tally, memory_mb, gap_s)
        if tally.labels:
            # They are rare, and visitors would miss them.
            self.save()

    def failed(self, failure: Failure, silent_s: float = 0.0) -> None:
        """Add a failure of the kiosk, after ``silent_s`` without a sign of life."""
        self._changed().failed(self._now(), failure, silent_s)

    def is_back(self, after_s: float) -> None:
        """Record that the kiosk is back from its last failure."""
        self._changed().is_back(after_s)

    def save_when_due(self) -> None:
        """Save what has changed, from time to time; call it often."""
        now_s = self._clock()
        if self._unsaved and now_s - self._saved_s >= _SAVE_EVERY_S:
            self.save()
        if self._day is not None and now_s - self._summary_s >= _SUMMARY_EVERY_S:
            self._summarise(self._day)

    def save(self) -> None:
        """Save everything."""
        self._saved_s = self._clock()
        for name, day in list(self._unsaved.items()):
            try:
                private_folder(self._folder)
                content = json.dumps(day.to_json(), ensure_ascii=False, indent=1)
                write_atomically(_path(self._folder, name), f"{content}\n", private=True)
            except OSError as error:
                self._refused(error)
                continue
            self._is_refused = False
            del self._unsaved[name]

    def close(self) -> None:
        """Save everything, with the summary of the day."""
        self.save()
        if self._day is not None:
            self._summarise(self._day)

    def _today(self) -> Day:
        """The current day; the previous one is completed."""
        today = self._now().date().isoformat()
        before = self._day
        if before is None or before.date != today:
            self._day = self._unsaved.get(today) or self._load(today)
            if before is not None:
                self.save()
                self._summarise(before)
        assert self._day is not None
        return self._day

    def _changed(self) -> Day:
        day = self._today()
        self._unsaved[day.date] = day
        while len(self._unsaved) > _MOST_UNSAVED:
            del self._unsaved[next(iter(self._unsaved))]
        return day

    def _load(self, name: str) -> Day:
        path = _path(self._folder, name)
        try:
            day = _read(path)
        except FileNotFoundError:
            return Day(name)
        except (OSError, ValueError) as error:
            _log.warning("%s cannot be used (%s), and is put aside. Counting starts at zero.", path, error)
            _put_aside(path)
            return Day(name)
        day.date = name
        return day

    def _summarise(self, day: Day) -> None:
        self._summary_s = self._clock()
        try:
            private_folder(self._folder)
            write_summary(day, self._folder)
        except OSError as error:
            self._refused(error)

    def _refused(self, error: OSError) -> None:
        if not self._is_refused:
            _log.error("The day's counts cannot be written to %s: %s", self._folder, error.strerror)
        self._is_refused = True


def _path(folder: Path, name: str) -> Path:
    return folder / f"day-{name}.json"


def _read(path: Path) -> Day:
    return Day.from_json(read_json(path, _LARGEST))


def _put_aside(path: Path) -> None:
    number = 1
    while (aside := path.with_name(f"{path.name}.damaged-{number}")).exists():
        number += 1
    try:
        path.rename(aside)
    except OSError as error:
        _log.warning("%s cannot be renamed: %s", path, error.strerror)
