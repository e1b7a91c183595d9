"""Tries changed inputs for as long as there is time, and tells which one did what."""

import os
import random
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from tests.fuzz.mutation import mutated
from video_labeler.errors import VideoLabelerError
from video_labeler.text.shown import shown

SECONDS = float(os.environ.get("FUZZ_SECONDS", "0"))
"""For each kind of input; 0 tries the few of the suite."""

FIRST = int(os.environ.get("FUZZ_FIRST", "0"))
"""The number of the first input, for a run that goes on where another has ended."""

_MOST_WORK_S = 20.0
_LONGEST_S = 120.0
"""Of processor time, and of time on the clock, which a busy computer stretches."""
_MOST_FAULTS = 20


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of input: good samples, what reads them, how many the suite tries, and the bytes each may take."""

    samples: Callable[[], Sequence[bytes]]
    read: Callable[[bytes], object]
    tries: int
    most_memory: int = 400 * 1024**2


def try_changed(name: str, kind: Kind, capsys: pytest.CaptureFixture[str]) -> None:
    """Read changed inputs, and print a row of the table in docs/reliability.md.

    Each may be read, or be refused by an error of this package with one sentence, within seconds and some memory.
    """
    samples = kind.samples()
    for sample in samples:
        kind.read(sample)
    faults: list[str] = []
    first: Exception | None = None
    worst_s, worst_bytes, number = 0.0, 0, FIRST
    before = psutil.Process().memory_info().rss
    deadline = time.monotonic() + SECONDS
    while (number < FIRST + kind.tries or time.monotonic() < deadline) and len(faults) < _MOST_FAULTS:
        content = mutated(samples[number % len(samples)], random.Random(f"{name} {number}"))
        _forget_most_memory()
        begun, worked = time.monotonic(), time.process_time()
        told = "read"
        try:
            kind.read(content)
        except VideoLabelerError as error:
            told = str(error)
        except Exception as error:  # noqa: BLE001 - counted, and raised at the end
            faults.append(f"{name} {number} is not caught: {error!a:.300}")
            first = first or error
        took_s, grown = time.monotonic() - begun, _most_memory() - before
        worst_s, worst_bytes = max(worst_s, took_s), max(worst_bytes, grown)
        if told != shown(told):
            faults.append(f"{name} {number} is told as {told!a:.300}")
        work_s = time.process_time() - worked
        if work_s >= _MOST_WORK_S or took_s >= _LONGEST_S:
            faults.append(f"{name} {number} takes {took_s:.1f} s, {work_s:.1f} s of them at work")
        if grown >= kind.most_memory:
            faults.append(f"{name} {number} takes {grown >> 20} MB")
        number += 1
    with capsys.disabled():
        print(f"\n| {name} | {number - FIRST:,} | {len(faults)} | {worst_s:.2f} s | {worst_bytes / 1024**2:.0f} MB |")
    if faults:
        raise AssertionError("\n".join(faults)) from first


def _forget_most_memory() -> None:
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")


def _most_memory() -> int:
    """The most memory since it was last forgotten, in bytes; elsewhere than on Linux, the memory now."""
    with suppress(OSError):
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    return psutil.Process().memory_info().rss
