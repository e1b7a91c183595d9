"""Without a camera the demo clip shows what a stand is for."""

from dataclasses import replace

from video_labeler.assets import asset
from video_labeler.interface import VideoLabeler
from video_labeler.kiosk.gallery import Gallery
from video_labeler.kiosk.journey import CameraGlance, Journey
from video_labeler.labeling.tracking_labeler import TrackingLabeler
from video_labeler.settings import LabelingSettings, LabelListSettings, ModelSettings, Settings
from video_labeler.sources.still_moments import DEMO_MOMENTS_S, StillMoments
from video_labeler.sources.video_file import VideoFile

_EVERY = 4


def _celebrated(hold_s: float, until_s: float) -> list[str]:
    """What is celebrated up to that time, on a computer that labels six pictures a second."""
    journey = Journey(Settings(), Gallery({}))
    names = []
    source = StillMoments(VideoFile(asset("demo.mp4")), DEMO_MOMENTS_S, hold_s)
    with VideoLabeler(ModelSettings(model="builtin", localizer="builtin")) as labeler, source:
        tracking = TrackingLabeler(labeler.models, LabelingSettings(), LabelListSettings())
        source.open()
        while (frame := source.read()) is not None and frame.time_s < until_s:
            if frame.index % _EVERY:
                continue
            at_s = 100.0 + frame.time_s
            labeled = tracking.label(replace(frame, captured_s=at_s))
            step = journey.advance(at_s, CameraGlance(labeled))
            if step.celebrated is not None:
                names.append(step.celebrated.label.name)
    return names


def test_where_the_clip_stands_still_something_is_celebrated_soon() -> None:
    assert _celebrated(2.5, 5.0) == ["Mug"]
