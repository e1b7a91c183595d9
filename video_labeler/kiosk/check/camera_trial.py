"""Run as a program: opens the camera, and reports whether its pictures are fresh, bright and frequent.

``python -m video_labeler.kiosk.check.camera_trial SETTINGS [SOURCE]``
"""

import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path

from video_labeler.diagnosis import Finding, Health
from video_labeler.errors import SourceError, SourceNotFoundError
from video_labeler.frames import Frame
from video_labeler.kiosk.check.finding_line import write_finding
from video_labeler.kiosk.check.subjects import CAMERA
from video_labeler.pixels import Image
from video_labeler.settings import CameraSettings
from video_labeler.settings_file import load_settings
from video_labeler.sources.base import Delivery, Source, SourceInfo, SourceState
from video_labeler.sources.camera_list import list_cameras
from video_labeler.sources.opening import source_from_text

_WATCHED_S = 3.5
_DOUBTED_AFTER_S = 3.0
"""A working camera's pictures never stay identical for this long."""

_READ_S = 0.2
_SLOW_RATE = 10.0
_DARK = 40
"""The mean brightness, of 255, below which labels get worse."""

_PLUG_IN = "Plug it in, or give another as SOURCE."


@dataclass(frozen=True, slots=True)
class _Watched:
    """What arrived within ``seconds`` of the first picture."""

    count: int
    seconds: float
    newest: Frame | None
    state: SourceState


def try_camera(source: str | None, settings: CameraSettings) -> Finding:
    """The finding about the named camera; ``None``: the first one."""
    if source is None:
        cameras = list_cameras()
        if not cameras:
            return Finding(CAMERA, Health.BROKEN, "none is connected.", _PLUG_IN)
        source = cameras[0].stable_id
    # A limit of 0 means a camera whose pictures may well be frozen or black.
    watched = replace(
        settings,
        frozen_after_s=min(settings.frozen_after_s, _DOUBTED_AFTER_S),
        black_after_s=min(settings.black_after_s, _DOUBTED_AFTER_S),
    )
    try:
        with source_from_text(source, watched) as opened:
            return _judge(opened.open(), _watch(opened), opened.delivery)
    except SourceNotFoundError as error:
        return Finding(CAMERA, Health.BROKEN, f"none answers. {error}", _PLUG_IN)
    except SourceError as error:
        # It is connected: the sentence says what to do about it.
        return Finding(CAMERA, Health.BROKEN, f"none answers. {error}")


def _watch(source: Source) -> _Watched:
    began_s = time.monotonic()
    count, newest = 0, None
    while time.monotonic() - began_s < _WATCHED_S and not source.ended:
        frame = source.read(_READ_S)
        if frame is not None:
            began_s = began_s if count else time.monotonic()
            count, newest = count + 1, frame
            if source.delivery is Delivery.EVERY_FRAME:
                break
    return _Watched(count, time.monotonic() - began_s, newest, source.status.state)


def _judge(info: SourceInfo, watched: _Watched, delivery: Delivery) -> Finding:
    if watched.newest is None:
        return Finding(CAMERA, Health.BROKEN, f"{info.name} opens, but sends no picture.", "Unplug it and plug it in.")
    height, width = watched.newest.image.shape[:2]
    what = f"{info.name}, {width}x{height}"
    if delivery is Delivery.EVERY_FRAME:
        return Finding(CAMERA, Health.LIMITED, f"{what}: a file, not a camera.", "Give a camera as SOURCE, or nothing.")
    if watched.state is SourceState.FROZEN:
        found, advice = f"{what}, keeps sending the same picture.", "Unplug it and plug it in again."
        return Finding(CAMERA, Health.BROKEN, found, advice)
    if watched.state is SourceState.BLACK:
        return Finding(CAMERA, Health.BROKEN, f"{what}, sends only black pictures.", "Is its lens covered?")
    if watched.state is not SourceState.RUNNING:
        return Finding(CAMERA, Health.BROKEN, f"{what}, stops after a moment.", "Use another cable or USB port.")
    return _judge_running(what, (watched.count - 1) / max(watched.seconds, 1e-3), watched.newest.image)


def _judge_running(what: str, rate: float, image: Image) -> Finding:
    found = f"{what}, {rate:.0f} pictures per second."
    if float(image[::8, ::8].mean()) < _DARK:
        return Finding(CAMERA, Health.LIMITED, f"{found} The picture is very dark.", "Put a lamp beside the stand.")
    if rate < _SLOW_RATE:
        return Finding(CAMERA, Health.LIMITED, found, "That is slow: give it more light, or another USB port.")
    return Finding(CAMERA, Health.WORKS, found)


if __name__ == "__main__":
    write_finding(try_camera(sys.argv[2] if len(sys.argv) > 2 else None, load_settings(Path(sys.argv[1])).camera))
