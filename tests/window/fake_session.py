"""A session made by hand for the window's tests: it shows what a test sets, and remembers what it was asked."""

import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from tests.fakes import BOTTLE, CONTAINER
from video_labeler.frames import Box, Frame, Label, LabeledFrame, LabeledObject, Prediction, StageTimes
from video_labeler.pipeline.stats import Drops, Statistics
from video_labeler.session.view import ModelState, ModelsView, Notice, PlaybackView, RecordingView, SessionView
from video_labeler.settings import CameraSettings, LabelingSettings, LabelListSettings, ModelSettings, Settings
from video_labeler.sources.base import SourceInfo, SourceState, SourceStatus
from video_labeler.sources.naming import named_source

CUP = Label(40, "/m/02p5f1q", "Coffee cup")

IDLE = SessionView(
    source=None,
    status=SourceStatus(SourceState.CLOSED),
    models=ModelsView(ModelState.READY, ModelSettings(), "builtin", "builtin", basic=True),
    labeling=LabelingSettings(),
)
"""No source is open, the basic models are ready."""


def frame_of(index: int = 0, width: int = 640, height: int = 360) -> Frame:
    """A picture with a slope of brightness, so that orientation and scale can be told from its pixels."""
    across = np.linspace(40, 200, width, dtype=np.uint8)
    down = np.linspace(30, 160, height, dtype=np.uint8)
    image = np.empty((height, width, 3), dtype=np.uint8)
    image[..., 0] = across[None, :]
    image[..., 1] = down[:, None]
    image[..., 2] = index % 256
    return Frame(index, index / 30, image)


def labeled_of(frame: Frame) -> LabeledFrame:
    """A bottle (track 1) on the left, a cup (track 2) on the right, something unsure (track 3) between them."""
    width, height = frame.width, frame.height
    objects = (
        LabeledObject(
            Box(width * 0.10, height * 0.25, width * 0.28, height * 0.85),
            (Prediction(BOTTLE, 0.93), Prediction(CONTAINER, 0.99)),
            1,
        ),
        LabeledObject(
            Box(width * 0.70, height * 0.40, width * 0.92, height * 0.80),
            (Prediction(CUP, 0.61), Prediction(CONTAINER, 0.88)),
            2,
        ),
        LabeledObject(Box(width * 0.42, height * 0.5, width * 0.55, height * 0.75), (), 3),
    )
    now_s = time.monotonic()
    return LabeledFrame(frame, objects, StageTimes(frame.captured_s, now_s, now_s))


def running_view(index: int = 0, *, playing: bool = False, recording: bool = False, **changes: Any) -> SessionView:
    """A source that runs and is labelled: a camera, or a file with ``playing``."""
    frame = frame_of(index)
    view = SessionView(
        source="clip.mp4" if playing else "0",
        status=SourceStatus(SourceState.RUNNING),
        models=IDLE.models,
        labeling=LabelingSettings(),
        info=SourceInfo("clip.mp4" if playing else "Test camera", frame.width, frame.height, 30.0),
        labeled=labeled_of(frame),
        newest=frame,
        statistics=Statistics(
            captured=index + 1,
            labelled=index + 1,
            capture_rate=30.0,
            labelling_rate=29.5,
            latency_median_s=0.021,
            latency_p95_s=0.034,
            drops=Drops(labelling=2, sinks=(("recording", 1),)),
        ),
        playback=PlaybackView(frame.time_s, 40.0, paused=False, speed=1.0) if playing else None,
        recording=RecordingView(Path("Video.mp4"), 65.0, 12_400_000, 80_000_000_000) if recording else None,
        cpu=0.8,
    )
    view = replace(view, **changes)
    return replace(view, named=None if view.source is None else named_source(view.source))


class FakeSession:
    """The session's interface without threads.

    ``view`` may be set; ``notices`` are handed out once; ``calls`` holds every request as (name, arguments...). With
    ``has_slow_disk`` nothing that is recorded is complete by itself.
    """

    def __init__(self, settings: Settings | None = None, view: SessionView = IDLE) -> None:
        self.settings = settings or Settings()
        self.view = view
        self.notices: list[Notice] = []
        self.calls: list[tuple[Any, ...]] = []
        self.snapshots: list[LabeledFrame | None] = []
        self.has_slow_disk = False

    def start(self) -> None:
        self.calls.append(("start",))

    def open(self, source: str, *, loop: bool = False, hold_s: float = 0.0) -> None:
        self.calls.append(("open", source))

    def set_min_label_interval(self, interval_s: float, *, replay_too: bool = False) -> None:
        self.calls.append(("set_min_label_interval", interval_s))

    def cancel_opening(self) -> None:
        self.calls.append(("cancel_opening",))
        self.view = replace(self.view, opening=None)

    def close_source(self) -> None:
        self.calls.append(("close_source",))

    def use_models(self, models: ModelSettings) -> None:
        self.calls.append(("use_models", models))

    def adjust(self, labeling: LabelingSettings) -> None:
        self.calls.append(("adjust", labeling))
        self.view = replace(self.view, labeling=labeling)

    def play(self) -> None:
        self.calls.append(("play",))

    def pause(self) -> None:
        self.calls.append(("pause",))

    def step(self) -> None:
        self.calls.append(("step",))

    def seek(self, time_s: float) -> None:
        self.calls.append(("seek", time_s))

    def set_speed(self, speed: float) -> None:
        self.calls.append(("set_speed", speed))

    def start_recording(self, folder: Path) -> None:
        self.calls.append(("start_recording", folder))

    def stop_recording(self) -> None:
        self.calls.append(("stop_recording",))

    def snapshot(self, folder: Path, shown: LabeledFrame | None = None) -> None:
        self.calls.append(("snapshot", folder))
        self.snapshots.append(shown)

    def save_replay(self, folder: Path) -> None:
        self.calls.append(("save_replay", folder))

    def keep_replay(self, seconds: float) -> None:
        self.calls.append(("keep_replay", seconds))

    def adjust_lists(self, lists: LabelListSettings) -> None:
        self.calls.append(("adjust_lists", lists))

    def use_camera(self, camera: CameraSettings) -> None:
        self.calls.append(("use_camera", camera))

    def problem_with_lists(self, lists: LabelListSettings) -> str:
        return f"There is no label {lists.only[0]!r}." if lists.only else ""

    def fetch_models(self) -> None:
        self.calls.append(("fetch_models",))

    def cancel_fetch(self) -> None:
        self.calls.append(("cancel_fetch",))

    def take_notices(self) -> list[Notice]:
        taken, self.notices = self.notices, []
        return taken

    def finish(self) -> None:
        self.calls.append(("finish",))
        if not self.has_slow_disk:
            self.view = replace(self.view, recording=None, saving=None)

    def leave_files(self) -> None:
        self.calls.append(("leave_files",))

    def close(self) -> None:
        self.calls.append(("close",))

    def asked(self, name: str) -> list[tuple[Any, ...]]:
        """The arguments of every request of that name."""
        return [call[1:] for call in self.calls if call[0] == name]
