"""What is tried for a stand."""

from pathlib import Path

from video_labeler.diagnosis import Health
from video_labeler.kiosk.check.subjects import (
    ATTRACT_VIDEO,
    CAMERA,
    CLOCK,
    DISK,
    INHIBITION,
    LOGO,
    MODELS,
    POWER,
    SCREEN,
    STATE,
)
from video_labeler.kiosk.check.trial import Trial

_HERE = "video_labeler.kiosk.check"
_WINDOW = "video_labeler.window.kiosk"
"""The trials with Qt in them: the kiosk's own modules know only their names."""


def trials(settings_file: Path, source: str | None) -> tuple[Trial, ...]:
    """All trials, in the order of the report; ``settings_file`` holds the settings to be tried."""
    settings = (str(settings_file),)
    named = () if source is None else (source,)
    return (
        Trial(
            (CAMERA,), f"{_HERE}.camera_trial", (*settings, *named), 8.0, Health.BROKEN,
            "Unplug the camera, plug it in again, and close other programs that use it.",
        ),
        Trial(
            (MODELS, ATTRACT_VIDEO), f"{_HERE}.labels_trial", settings, 8.0, Health.BROKEN,
            "Try `video-labeler doctor`.",
        ),
        Trial(
            (SCREEN,), f"{_WINDOW}.screen_trial", settings, 7.0, Health.BROKEN,
            "Start this check on the stand's own screen.", crashed="none can be opened from here.",
        ),
        Trial(
            (LOGO,), f"{_WINDOW}.logo_trial", settings, 7.0, Health.LIMITED, "Use a PNG file.",
        ),
        Trial(
            (INHIBITION,), f"{_WINDOW}.inhibition", (), 8.0, Health.LIMITED,
            "Turn off screen saver and sleep in the desktop's settings.",
        ),
        Trial(
            (DISK, STATE, POWER, CLOCK), f"{_HERE}.computer_trial", settings, 6.0, Health.LIMITED,
            "Is the recordings folder on a disk that has gone, or on a network?",
        ),
    )  # fmt: skip
