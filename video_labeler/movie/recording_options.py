"""The options of a recording."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import Self

from video_labeler.errors import SettingsError

_AMOUNT = re.compile(r"(?P<number>\d+(?:\.\d+)?)\s*(?P<unit>[a-z]+)", re.IGNORECASE)
_SECONDS = {"s": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0}
_BYTES = {"kb": 10**3, "mb": 10**6, "gb": 10**9, "tb": 10**12}

_SHORTEST_S = 1.0
_SMALLEST_BYTES = 100_000
"""A shorter or smaller segment would be little more than a key frame and an index."""


class Quality(StrEnum):
    """What matters most: low CPU use, a good picture, or a small file."""

    FAST = "fast"
    BALANCED = "balanced"
    SMALL = "small"


@dataclass(frozen=True, slots=True)
class Segment:
    """When a recording continues in a new file: after that many seconds or bytes; one of the two is set."""

    seconds: float | None = None
    size_bytes: int | None = None

    def __str__(self) -> str:
        """As on the command line: ``600s``, ``500MB``."""
        return f"{self.seconds:g}s" if self.seconds is not None else f"{(self.size_bytes or 0) / _BYTES['mb']:g}MB"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``30s``, ``10m``, ``1h``, ``500MB`` or ``2GB`` (1 MB is 1,000,000 bytes).

        Raises:
            SettingsError: it is something else, or too little for a file.
        """
        match = _AMOUNT.fullmatch(text.strip())
        number = float(match["number"]) if match else 0.0
        unit = match["unit"].lower() if match else ""
        if unit in _SECONDS and number * _SECONDS[unit] >= _SHORTEST_S:
            return cls(seconds=number * _SECONDS[unit])
        if unit in _BYTES and number * _BYTES[unit] >= _SMALLEST_BYTES:
            return cls(size_bytes=round(number * _BYTES[unit]))
        raise SettingsError(
            f"The segment length {text!r} is not understood or too short. "
            "Give a time from 1s or a size from 100KB, such as 10m, 1h, 500MB or 2GB."
        )


@dataclass(frozen=True, slots=True)
class RecordingOptions:
    """How a recording is written; the defaults are those of the command line.

    Of what a source holds beside its pictures the sound comes along only with ``with_sound``.
    ``keep_times``: time 0 of the frames, not the first frame, is where the recording begins, as always with the sound
    of a source. ``pixel_aspect`` is the width of a pixel divided by its height (``None``: that of the source).
    ``reserve_bytes`` stay free on the disk (``None``: the larger of 200 MB and 30 s of the recording, but no
    more than a fifth of the disk). ``metadata`` is written into the file for people, such as
    ``{"model": "mobile_object_labeler_v1"}``. With ``durable``, all but about the last second survives a power cut.
    """

    quality: Quality = Quality.BALANCED
    burn_in: bool = True
    show_rate: bool = False
    subtitles: bool = False
    segment: Segment | None = None
    with_sound: bool = True
    keep_times: bool = False
    pixel_aspect: Fraction | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)
    durable: bool = True
    hardware: bool = True
    overwrite: bool = False
    reserve_bytes: int | None = None
