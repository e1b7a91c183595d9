"""Video Labeler: labels what a webcam or a video shows, in real time, on an ordinary computer, offline."""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from video_labeler.errors import VideoLabelerError
    from video_labeler.frames import Box, Frame, Label, LabeledFrame, LabeledObject, Prediction
    from video_labeler.interface import VideoLabeler
    from video_labeler.overlay.drawing import draw_overlay
    from video_labeler.settings import LabelingSettings, LabelListSettings, ModelSettings

__version__ = "0.1.0"

__all__ = [
    "Box",
    "Frame",
    "Label",
    "LabelListSettings",
    "LabeledFrame",
    "LabeledObject",
    "LabelingSettings",
    "ModelSettings",
    "Prediction",
    "VideoLabeler",
    "VideoLabelerError",
    "draw_overlay",
]

_HOMES = {
    "VideoLabeler": "interface",
    "VideoLabelerError": "errors",
    "LabelListSettings": "settings",
    "LabelingSettings": "settings",
    "ModelSettings": "settings",
    "draw_overlay": "overlay.drawing",
}


def __getattr__(name: str) -> Any:
    """Import a public name on first use, so that every command starts quickly."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOMES.get(name, 'frames')}"), name)
