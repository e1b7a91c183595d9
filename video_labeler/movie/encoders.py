"""Chooses the H.264 encoder: the computer's hardware encoder where it is proven to work, otherwise x264."""

import logging
import os
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from video_labeler.movie.i420 import even_size
from video_labeler.movie.recording_options import Quality
from video_labeler.system.python_child import python_command, python_environment

_log = logging.getLogger(__name__)

_TRIAL_LIMIT_S = 10.0

_SLICES_AT_MOST = 4
_FRAMES_AT_MOST = 4
"""How many frames are encoded at once; more cores than that have other work."""
_BESIDE_S = 0.15
"""For how long frames may wait in the encoder while others are encoded beside them."""
_STEADY_RATE = 15.0
"""From this rate on, a lookahead of three frames takes no more than 0.2 s."""
_LOOKAHEAD = 3


@dataclass(frozen=True, slots=True)
class Encoder:
    """An encoder by FFmpeg's name, with its options."""

    name: str
    options: Mapping[str, str]

    @property
    def is_software(self) -> bool:
        """Whether it works on every computer."""
        return self.name == "libx264"


# Without B-frames the decoding order is the presentation order, so that fragmented MP4 keeps the times exactly; and
# nothing may wait long inside the encoder, where a crash would lose it.
_COMMON = {"bf": "0", "forced-idr": "1"}

_PRESETS: dict[Quality, tuple[str, str]] = {
    Quality.FAST: ("ultrafast", "22"),
    Quality.BALANCED: ("superfast", "20"),
    Quality.SMALL: ("veryfast", "23"),
}

_HARDWARE: dict[str, dict[Quality, dict[str, str]]] = {
    "h264_nvenc": {
        quality: {"preset": preset, "rc": "vbr", "cq": level, "zerolatency": "1", "delay": "0", "rc-lookahead": "0"}
        for quality, preset, level in (
            (Quality.FAST, "p1", "24"),
            (Quality.BALANCED, "p4", "22"),
            (Quality.SMALL, "p6", "26"),
        )
    },
    "h264_qsv": {
        quality: {"preset": preset, "global_quality": level, "async_depth": "1", "look_ahead": "0"}
        for quality, preset, level in (
            (Quality.FAST, "veryfast", "24"),
            (Quality.BALANCED, "medium", "22"),
            (Quality.SMALL, "slower", "26"),
        )
    },
    "h264_videotoolbox": {
        quality: {"q:v": level, "realtime": "1", "allow_sw": "0"}
        for quality, level in ((Quality.FAST, "60"), (Quality.BALANCED, "65"), (Quality.SMALL, "50"))
    },
}


_trying = threading.Lock()
_tried: dict[tuple[Quality, tuple[int, int]], Encoder | None] = {}
"""The results of trials in this process, by quality and size."""


def software_encoder(quality: Quality, rate: float | None) -> Encoder:
    """x264. At a steady rate its lookahead is three frames, which halves the file (see the decision record).

    Where frames follow quickly they are encoded beside each other; otherwise, and where none may wait, their slices.
    """
    preset, crf = _PRESETS[quality]
    ahead = 0 if quality is Quality.FAST or rate is None or rate < _STEADY_RATE else _LOOKAHEAD
    cores = os.cpu_count() or 1
    beside = 0 if quality is Quality.FAST else min(int(_BESIDE_S * (rate or 0.0)), _FRAMES_AT_MOST - 1, cores)
    threads = 1 + beside if beside else min(_SLICES_AT_MOST, max(1, cores // 2))
    details = (
        f"threads={threads}:sliced-threads={int(not beside)}:sync-lookahead=0:"
        f"rc-lookahead={ahead}:mbtree={int(ahead > 0)}"
    )
    return Encoder("libx264", {**_COMMON, "preset": preset, "crf": crf, "x264-params": details})


def choose_encoder(quality: Quality, rate: float | None, size: tuple[int, int], *, hardware: bool = True) -> Encoder:
    """The hardware encoder that has passed its trial for frames of that size (width, height), or x264.

    It never waits: without :func:`try_encoders` beforehand it is x264.
    """
    tried = _tried.get((quality, even_size(*size))) if hardware else None
    return tried or software_encoder(quality, rate)


def try_encoders(quality: Quality, size: tuple[int, int]) -> None:
    """Find the first hardware encoder that works for frames of that size (width, height); slow the first time.

    Waits for trials that are already running, up to ten seconds for each encoder.
    """
    size = even_size(*size)
    with _trying:
        if (quality, size) not in _tried:
            candidates = (Encoder(name, {**_COMMON, **_HARDWARE[name][quality]}) for name in _candidates())
            proven = (encoder for encoder in candidates if is_proven(encoder, size))
            _tried[quality, size] = next(proven, None)


def is_proven(encoder: Encoder, size: tuple[int, int]) -> bool:
    """Whether the encoder makes pictures that can be decoded; tried in a child process, since drivers crash."""
    name = encoder.name
    arguments = [name, str(size[0]), str(size[1]), *(f"{key}={value}" for key, value in encoder.options.items())]
    command = python_command("video_labeler.movie.encoder_trial", *arguments)
    try:
        trial = subprocess.run(
            command, capture_output=True, timeout=_TRIAL_LIMIT_S, env=python_environment(), check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        _log.debug("The trial of %s failed: %s", name, error)
        return False
    _log.debug("The trial of %s: %s", name, "good" if trial.returncode == 0 else trial.stderr.decode(errors="replace"))
    return trial.returncode == 0


def _candidates() -> tuple[str, ...]:
    """The hardware encoders that FFmpeg has here and whose device exists."""
    import av

    there = {
        "h264_videotoolbox": sys.platform == "darwin",
        "h264_nvenc": sys.platform == "win32" or Path("/dev/nvidiactl").exists(),
        "h264_qsv": sys.platform == "win32" or any(Path("/dev/dri").glob("renderD*")),
    }
    return tuple(name for name, present in there.items() if present and name in av.codecs_available)
