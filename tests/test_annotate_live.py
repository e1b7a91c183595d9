"""Live sources in `annotate`: they end when they are to, also when nothing comes any more."""

import time
from pathlib import Path
from typing import Any

import pytest

from tests.clips import times_of
from tests.sources.fake_clock import FakeClock
from tests.sources.mjpeg_server import MjpegServer, Mode
from video_labeler.annotate import AnnotateRequest, Progress, annotate
from video_labeler.errors import SourceUnavailableError
from video_labeler.frames import Frame
from video_labeler.recording.recording_options import Quality, RecordingOptions
from video_labeler.settings import ModelSettings, Settings
from video_labeler.sources.base import Delivery, Source, SourceInfo, SourceState, SourceStatus
from video_labeler.sources.excerpt import Excerpt
from video_labeler.targets import Targets

BUILT_IN = Settings(ModelSettings("builtin", "builtin"))


def request(camera: MjpegServer, video: Path, **rest: Any) -> AnnotateRequest:
    recording = RecordingOptions(quality=Quality.FAST, durable=False)
    return AnnotateRequest(camera.url, Targets(video), recording=recording, settings=BUILT_IN, index=False, **rest)


@pytest.mark.parametrize("mode", [Mode.STALL, Mode.MISSING])
@pytest.mark.parametrize("rest", [{"give_up_s": 3.0}, {"end_s": 4.0, "give_up_s": 0.0}])
def test_a_camera_that_falls_silent_ends_and_keeps_what_came(
    mode: Mode, rest: dict[str, float], tmp_path: Path
) -> None:
    with MjpegServer() as camera:

        def fall_silent(progress: Progress) -> None:
            if progress.frames >= 10 and camera.mode is Mode.OK:
                camera.mode = Mode.DROP if mode is Mode.MISSING else mode
                time.sleep(0.1)
                camera.mode = mode

        started_s = time.monotonic()
        result = annotate(request(camera, tmp_path / "a.mp4", **rest), fall_silent)
        assert time.monotonic() - started_s < 60
    assert len(times_of(tmp_path / "a.mp4")) == result.frames >= 10
    assert ("sent nothing for 3 s" in " ".join(result.losses)) == ("end_s" not in rest)
    assert not result.stopped


def test_a_camera_that_never_sends_anything_is_an_error(tmp_path: Path) -> None:
    with MjpegServer() as camera:
        camera.mode = Mode.SILENT
        with pytest.raises(SourceUnavailableError, match="does not answer"):
            annotate(request(camera, tmp_path / "a.mp4", give_up_s=1.0))
    assert list(tmp_path.iterdir()) == []


def test_the_end_of_an_excerpt_comes_while_nothing_comes() -> None:
    class Silent(Source):
        delivery = Delivery.NEWEST

        def open(self) -> SourceInfo:
            return SourceInfo("silent")

        def read(self, timeout_s: float = 0.5) -> Frame | None:
            clock.sleep(timeout_s)
            return None

        def close(self) -> None:
            pass

        @property
        def status(self) -> SourceStatus:
            return SourceStatus(SourceState.STALLED)

    clock = FakeClock()
    excerpt = Excerpt(Silent(), 1.0, 3.0, clock=clock)
    excerpt.open()
    reads = 0
    while not excerpt.ended:
        assert excerpt.read(0.5) is None
        reads += 1
    assert reads == 6
