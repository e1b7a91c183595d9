"""Tries changed inputs for as long as there is time, and tells which one did what."""

import os
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import psutil

from tests.fuzz.mutation import mutated
from video_labeler.errors import VideoLabelerError
from video_labeler.safe_text import shown

SECONDS = float(os.environ.get("FUZZ_SECONDS", "0"))
"""For each kind of input; 0 tries the few of the suite."""

_LONGEST_S = 20.0
_MOST_GROWTH = 400 * 1024**2


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of input: good samples, what reads them, and how many the suite tries."""

    samples: Callable[[], Sequence[bytes]]
    read: Callable[[bytes], object]
    tries: int


def try_changed(name: str, kind: Kind) -> int:
    """Read changed inputs, and return how many.

    Each may be read, or be refused by an error of this package with one sentence, within seconds and some memory.
    """
    samples = kind.samples()
    for sample in samples:
        kind.read(sample)
    process = psutil.Process()
    before = process.memory_info().rss
    deadline = time.monotonic() + SECONDS
    number = 0
    while number < kind.tries or time.monotonic() < deadline:
        content = mutated(samples[number % len(samples)], random.Random(f"{name} {number}"))
        begun = time.monotonic()
        told = "read"
        try:
            kind.read(content)
        except VideoLabelerError as error:
            told = str(error)
        except Exception as error:
            raise AssertionError(f"{name} {number} is not caught") from error
        assert told == shown(told), f"{name} {number} is told as {told!a:.300}"
        assert time.monotonic() - begun < _LONGEST_S, f"{name} {number} takes too long"
        assert process.memory_info().rss - before < _MOST_GROWTH, f"{name} {number} takes too much memory"
        number += 1
    return number
