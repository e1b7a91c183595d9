"""Hardware encoders are used only where they are proven to work."""

import threading
from fractions import Fraction
from pathlib import Path

import av
import pytest

from tests.clips import times_of
from tests.fakes import grey_frame, labeled
from video_labeler.frames import LabeledFrame
from video_labeler.movie import encoders
from video_labeler.movie.encoder_trial import try_encoder
from video_labeler.movie.encoders import Encoder, choose_encoder, is_proven, software_encoder, try_encoders
from video_labeler.movie.recording_options import Quality
from video_labeler.pipeline.sinks import SinkBranch
from video_labeler.recording.video_recorder import VideoRecorder
from video_labeler.sources.base import Delivery, SourceInfo


@pytest.fixture(autouse=True)
def _nothing_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoders, "_tried", {})


def test_a_good_encoder_passes_the_trial() -> None:
    encoder = software_encoder(Quality.BALANCED, 30.0)
    assert is_proven(encoder, (320, 240))


@pytest.mark.parametrize("name", ["h264_nvenc", "h264_qsv", "h264_v4l2m2m", "no_such_encoder"])
def test_one_without_its_hardware_fails_it(name: str) -> None:
    # Where such hardware is there, a size that it cannot take makes the trial fail as well.
    assert not is_proven(Encoder(name, {"bf": "0"}), (2, 2))


def test_an_encoder_that_makes_something_else_is_noticed() -> None:
    with pytest.raises((RuntimeError, av.FFmpegError)):
        try_encoder("mpeg4", (64, 64), {})


def test_without_hardware_it_is_x264(monkeypatch: pytest.MonkeyPatch) -> None:
    # The computer claims to have all of them; the trials find out.
    monkeypatch.setattr(encoders, "_candidates", lambda: ("h264_nvenc", "h264_qsv"))
    try_encoders(Quality.FAST, (64, 64))
    assert choose_encoder(Quality.FAST, 30.0, (64, 64)).is_software
    assert choose_encoder(Quality.FAST, 30.0, (64, 64), hardware=False).is_software


def test_an_encoder_that_fails_after_its_trial_is_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoders, "_candidates", lambda: ("h264_nvenc",))
    monkeypatch.setattr(encoders, "is_proven", lambda *_: True)
    recorder = VideoRecorder(tmp_path / "out.mp4")
    info = SourceInfo("clip", 320, 240, rate=30.0)
    recorder.prepare(info)
    assert not choose_encoder(Quality.BALANCED, 30.0, (320, 240)).is_software
    recorder.open(info)
    for index in range(5):
        recorder.write(labeled(grey_frame(index), "Mug"))
    recorder.close(completed=True)
    assert len(times_of(tmp_path / "out.mp4")) == 5


def test_trials_are_made_before_any_frame_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two sinks of a live source, whose trials take long: none has a hole behind its first frame."""
    tried, opened = threading.Event(), threading.Event()

    def long_trial(*_: object) -> bool:
        tried.set()
        assert opened.wait(10)
        return False

    monkeypatch.setattr(encoders, "_candidates", lambda: ("h264_nvenc",))
    monkeypatch.setattr(encoders, "is_proven", long_trial)
    frames: list[int] = []

    class Recorder(VideoRecorder):
        def open(self, info: SourceInfo) -> None:
            """Nothing is written."""

        def write(self, labeled: LabeledFrame) -> None:
            frames.append(labeled.frame.index)

        def close(self, *, completed: bool) -> None:
            """Nothing was written."""

    ended: list[Exception | None] = []
    branch = SinkBranch(
        Recorder(Path("out.mp4")),
        Delivery.NEWEST,
        lambda: SourceInfo("camera", 320, 240),
        may_complete=lambda: True,
        on_end=ended.append,
    )
    branch.thread.start()
    assert tried.wait(10)
    for index in range(40):
        branch.give(labeled(grey_frame(index), "Mug"))
    opened.set()
    branch.close()
    branch.thread.join(10)
    assert ended == [None]
    assert frames == list(range(32, 40))


def test_a_frame_never_waits_for_a_trial(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(encoders, "_candidates", lambda: ("h264_nvenc",))
    monkeypatch.setattr(encoders, "is_proven", lambda *_: pytest.fail("a trial at the first frame"))
    recorder = VideoRecorder(tmp_path / "out.mp4")
    recorder.open(SourceInfo("a camera that has not answered yet"))
    recorder.write(labeled(grey_frame(0), "Mug"))
    recorder.close(completed=True)
    assert len(times_of(tmp_path / "out.mp4")) == 1


@pytest.mark.parametrize("quality", list(Quality))
@pytest.mark.parametrize("rate", [5.0, 30.0, None])
def test_little_waits_inside_the_encoder(quality: Quality, rate: float | None) -> None:
    encoder = software_encoder(quality, rate)
    context = av.CodecContext.create(encoder.name, "w")
    assert isinstance(context, av.VideoCodecContext)
    context.width, context.height, context.pix_fmt = 64, 64, "yuv420p"
    context.time_base = Fraction(1, 30)
    context.options = dict(encoder.options)
    for index in range(20):
        picture = av.VideoFrame(64, 64, "yuv420p")
        picture.pts, picture.time_base = index, context.time_base
        if context.encode(picture):
            steady = rate == 30.0
            assert index <= ((1 if quality is Quality.FAST else 7) if steady else 1)
            return
    pytest.fail("no packet came")
