"""Live sources in `annotate`: they end when they are to, also when nothing comes any more."""

import time
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from tests.annotate.test_annotate import annotate
from tests.clips import times_of
from tests.sources.fake_clock import FakeClock
from tests.sources.mjpeg_server import MjpegServer, Mode
from tests.sources.web_server import Manners, WebServer
from video_labeler.annotate.annotation import AnnotateOptions, Progress
from video_labeler.annotate.targets import Targets
from video_labeler.errors import SourceUnavailableError
from video_labeler.frames import Frame
from video_labeler.movie.recording_options import Quality, RecordingOptions
from video_labeler.settings import ModelSettings, Settings
from video_labeler.sources import network_stream
from video_labeler.sources.base import Delivery, Source, SourceInfo, SourceState, SourceStatus
from video_labeler.sources.excerpt import Excerpt
from video_labeler.sources.moving_picture import MovingPicture
from video_labeler.sources.naming import NamedSource, named_source

BUILT_IN = Settings(ModelSettings("builtin", "builtin"))


def request(address: str, video: Path, **rest: Any) -> tuple[NamedSource, Targets, AnnotateOptions]:
    recording = RecordingOptions(quality=Quality.FAST, durable=False)
    options = AnnotateOptions(recording=recording, settings=BUILT_IN, index=False, **rest)
    return named_source(address), Targets(video), options


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
        result = annotate(*request(camera.url, tmp_path / "a.mp4", **rest), fall_silent)
        assert time.monotonic() - started_s < 60
    assert len(times_of(tmp_path / "a.mp4")) == result.frames >= 10
    assert ("sent nothing for 3 s" in " ".join(result.losses)) == ("end_s" not in rest)
    assert not result.stopped


def test_a_camera_that_never_sends_anything_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network_stream, "_HEAD_TIMEOUT_S", 1.0)
    with MjpegServer() as camera:
        camera.mode = Mode.SILENT
        with pytest.raises(SourceUnavailableError, match="does not answer"):
            annotate(*request(camera.url, tmp_path / "a.mp4", give_up_s=1.0))
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


@pytest.fixture(scope="module")
def talking(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an anamorphic film that has sound."""
    folder = tmp_path_factory.mktemp("talking")
    picture = MovingPicture(160, 120)
    for name, options in (("a.mp4", {"movflags": "faststart"}), ("index-last.mp4", {})):
        _write_talking(folder / name, picture, options)
    return folder


def _write_talking(path: Path, picture: MovingPicture, options: dict[str, str]) -> None:
    with av.open(str(path), "w", options=options) as container:
        video: Any = container.add_stream("libx264", rate=10, options={"g": "10"})
        video.width, video.height, video.pix_fmt = 160, 120, "yuv420p"
        video.codec_context.sample_aspect_ratio = Fraction(64, 45)
        audio = container.add_stream("aac", rate=16000)
        for index in range(20):
            frame = av.VideoFrame.from_ndarray(picture.draw(index), format="bgr24")
            frame.pts, frame.time_base = index, Fraction(1, 10)
            container.mux(video.encode(frame))
            tone = (8000 * np.sin(np.arange(1600) * 0.2)).astype(np.float32)[None] / 32768
            sound = av.AudioFrame.from_ndarray(tone, format="fltp", layout="mono")
            sound.rate, sound.pts = 16000, index * 1600
            container.mux(audio.encode(sound))
        container.mux(video.encode(None))
        container.mux(audio.encode(None))


@pytest.mark.parametrize("name", ["a.mp4", "index-last.mp4"])
@pytest.mark.parametrize(
    "manners",
    [Manners(), Manners(length=False), Manners("HTTP/1.1", ranges=True)],
    ids=["plain", "no length", "ranges"],
)
def test_a_recording_at_an_address_keeps_its_sound_and_the_shape_of_its_pixels(
    talking: Path, manners: Manners, name: str, tmp_path: Path
) -> None:
    with WebServer(talking, manners) as server:
        result = annotate(*request(server.url(name), tmp_path / "a.mp4"))
    assert result.frames == 20
    assert result.dropped == 0
    assert result.losses == ()
    with av.open(str(tmp_path / "a.mp4")) as made:
        assert made.streams.video[0].sample_aspect_ratio == Fraction(64, 45)
        assert float(made.streams.audio[0].duration * made.streams.audio[0].time_base) == pytest.approx(2.0, abs=0.15)
    assert times_of(tmp_path / "a.mp4") == pytest.approx([index / 10 for index in range(20)], abs=0.002)
