"""What the kiosk costs over time: memory, threads and descriptors of its two processes, and how they grow."""

import csv
import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import astuple, dataclass, field, fields
from pathlib import Path

import psutil

_WARM_S = 180.0
"""The first minutes of a life belong to its start: models, buffers, the replay and the attract video come up."""

_MOST_GROWTH = 2
"""So many threads or descriptors may come and go."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One look at a process: seconds since it was first seen, megabytes in memory, threads, descriptors."""

    age_s: float
    memory_mb: float
    threads: int
    descriptors: int


@dataclass(slots=True)
class Life:
    """One process from its start to its end."""

    process: psutil.Process
    begun_s: float
    samples: list[Sample] = field(default_factory=list)

    def look(self, now_s: float) -> None:
        """Add a sample; a process that has ended gives none."""
        try:
            with self.process.oneshot():
                memory_mb = self.process.memory_info().rss / 1e6
                threads = self.process.num_threads()
            descriptors = self.process.num_fds()
        except psutil.Error:
            return
        self.samples.append(Sample(now_s - self.begun_s, memory_mb, threads, descriptors))


def write_samples(lives: Iterable[Life], path: Path) -> None:
    """All samples as a table, for whoever wants to see how a figure went."""
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(("life", *(item.name for item in fields(Sample))))
        table.writerows((index, *astuple(sample)) for index, life in enumerate(lives) for sample in life.samples)


def slope_mb_s(lives: Iterable[Sequence[Sample]]) -> float | None:
    """Megabytes a second by which memory grows: one line for all lives, each with a start of its own (least squares).

    Lives of less than two minutes tell nothing; ``None`` where there are no others.
    """
    products = squares = 0.0
    for life in lives:
        late = _settled(life)
        if len(late) < 5:
            continue
        mean_s = statistics.fmean(sample.age_s for sample in late)
        mean_mb = statistics.fmean(sample.memory_mb for sample in late)
        products += sum((sample.age_s - mean_s) * (sample.memory_mb - mean_mb) for sample in late)
        squares += sum((sample.age_s - mean_s) ** 2 for sample in late)
    return products / squares if squares else None


def growth(life: Sequence[Sample], figure: Callable[[Sample], float]) -> float | None:
    """By how much the last quarter's median lies above the first quarter's; ``None`` where the life was too short."""
    late = _settled(life)
    quarter = len(late) // 4
    if quarter < 2:
        return None
    return statistics.median(map(figure, late[-quarter:])) - statistics.median(map(figure, late[:quarter]))


def grows(life: Sequence[Sample], figure: Callable[[Sample], float]) -> bool:
    """Whether threads or descriptors become more and more."""
    difference = growth(life, figure)
    return difference is not None and difference > _MOST_GROWTH


def _settled(life: Sequence[Sample]) -> list[Sample]:
    return [sample for sample in life if sample.age_s >= _WARM_S]
