"""Run as a program: labels a picture with the models that the settings name, and opens the attract video.

``python -m video_labeler.kiosk.check.labels_trial SETTINGS``
"""

import sys
import time
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from video_labeler.diagnosis import Finding, Health
from video_labeler.errors import SettingsError, VideoLabelerError
from video_labeler.interface import VideoLabeler
from video_labeler.kiosk.check.finding_line import write_finding
from video_labeler.kiosk.check.subjects import ATTRACT_VIDEO, MODELS
from video_labeler.models.catalog import AUTO, BUILT_IN, ModelRole
from video_labeler.models.store import ModelStore
from video_labeler.pixels import Image
from video_labeler.settings import ModelSettings, Settings
from video_labeler.settings_file import load_settings
from video_labeler.sources.naming import DEMO
from video_labeler.sources.opening import source_from_text

_TIMES = 5
_SLOW_MS = 150.0
_READ_S = 3.0


def try_models(settings: Settings, image: Image) -> Finding:
    """Load the models, and label a picture several times."""
    models = replace(settings.models, downloads=False)
    try:
        with VideoLabeler(models, settings.labeling, settings.labels) as labeler:
            name = labeler.labeler.name
            time_ms = min(_label_ms(labeler, image) for _ in range(_TIMES))
    except SettingsError as error:
        # A stand runs anyway, but does not hide what its staff expect to be hidden.
        return Finding(MODELS, Health.LIMITED, str(error))
    except VideoLabelerError as error:
        return Finding(MODELS, Health.BROKEN, str(error))
    found = f"{name}, {time_ms:.0f} ms per picture."
    if is_basic(models):
        advice = "Get the full model while there is a network: video-labeler models fetch."
        return Finding(MODELS, Health.LIMITED, f"{found} That is the basic model.", advice)
    if time_ms > _SLOW_MS:
        return Finding(MODELS, Health.LIMITED, found, "That is slow: close other programs, or use smaller models.")
    return Finding(MODELS, Health.WORKS, found)


def is_basic(models: ModelSettings) -> bool:
    """Whether a basic model is used, by name or because no better one is installed."""
    named = ((models.model, ModelRole.LABELER), (models.localizer, ModelRole.LOCALIZER))
    return any(
        name == BUILT_IN or (name == AUTO and ModelStore().best_available(role).is_built_in) for name, role in named
    )


def try_video(path: str | None) -> tuple[Finding, Image | None]:
    """Open the attract video (``None``: the demo clip), and take its first picture."""
    try:
        with source_from_text(path or DEMO) as source:
            info = source.open()
            frame = source.read(_READ_S)
    except VideoLabelerError as error:
        return Finding(ATTRACT_VIDEO, Health.LIMITED, str(error), "Without it the demo clip plays."), None
    if frame is None:
        return Finding(ATTRACT_VIDEO, Health.LIMITED, f"{info.name} has no pictures.", "Use another."), None
    height, width = frame.image.shape[:2]
    length = f", {info.duration_s:.0f} s" if info.duration_s else ""
    name = "the demo clip" if path is None else info.name
    return Finding(ATTRACT_VIDEO, Health.WORKS, f"{name}, {width}x{height}{length}."), frame.image


def _label_ms(labeler: VideoLabeler, image: Image) -> float:
    began_s = time.perf_counter()
    labeler.label_image(image)
    return 1000 * (time.perf_counter() - began_s)


def _findings(settings: Settings) -> Iterable[Finding]:
    # The models are tried on the clip that ships with the program: a damaged video must not hide their state.
    demo, image = try_video(None)
    yield demo if image is None else try_models(settings, image)
    path = settings.kiosk.attract_video
    yield demo if path is None else try_video(path)[0]


if __name__ == "__main__":
    for each in _findings(load_settings(Path(sys.argv[1]))):
        write_finding(each)
