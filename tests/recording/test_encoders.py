"""Hardware encoders are used only where they are proven to work."""

from fractions import Fraction
from pathlib import Path

import av
import pytest

from tests.clips import times_of
from tests.fakes import grey_frame, labeled
from video_labeler.recording import encoders
from video_labeler.recording.encoder_trial import try_encoder
from video_labeler.recording.encoders import choose_encoder, is_proven, software_encoder
from video_labeler.recording.recording_options import Quality
from video_labeler.recording.video_recorder import VideoRecorder
from video_labeler.sources.base import SourceInfo


def test_a_good_encoder_passes_the_trial() -> None:
    encoder = software_encoder(Quality.BALANCED, 30.0)
    assert is_proven(encoder.name, tuple(encoder.options.items()), (320, 240))


@pytest.mark.parametrize("name", ["h264_nvenc", "h264_qsv", "h264_v4l2m2m", "no_such_encoder"])
def test_one_without_its_hardware_fails_it(name: str) -> None:
    # Where such hardware is there, a size that it cannot take makes the trial fail as well.
    assert not is_proven(name, (("bf", "0"),), (2, 2))


def test_an_encoder_that_makes_something_else_is_noticed() -> None:
    with pytest.raises((RuntimeError, av.FFmpegError)):
        try_encoder("mpeg4", (64, 64), {})


def test_without_hardware_it_is_x264(monkeypatch: pytest.MonkeyPatch) -> None:
    # The computer claims to have all of them; the trials find out.
    monkeypatch.setattr(encoders, "_candidates", lambda: ("h264_nvenc", "h264_qsv"))
    assert choose_encoder(Quality.FAST, 30.0, (64, 64)).is_software
    assert choose_encoder(Quality.FAST, 30.0, (64, 64), hardware=False).is_software


def test_an_encoder_that_fails_after_its_trial_is_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoders, "_candidates", lambda: ("h264_nvenc",))
    monkeypatch.setattr(encoders, "is_proven", lambda *_: True)
    recorder = VideoRecorder(tmp_path / "out.mp4")
    recorder.open(SourceInfo("clip", 320, 240, rate=30.0))
    for index in range(5):
        recorder.write(labeled(grey_frame(index), "Mug"))
    recorder.close(completed=True)
    assert len(times_of(tmp_path / "out.mp4")) == 5


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
            assert index <= (4 if rate == 30.0 else 1)
            return
    pytest.fail("no packet came")
