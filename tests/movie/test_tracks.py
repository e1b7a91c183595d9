"""The tracks of a file, each by itself: exact times, and ends that hold everything."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from video_labeler.movie.coded_track import CodedPicture, CodedTrack
from video_labeler.movie.cues import Cue
from video_labeler.movie.decoded_sound import DecodedSound, Samples, SoundFormat, Stretch
from video_labeler.movie.encoded_track import EncodedTrack
from video_labeler.movie.frame_clock import FrameClock
from video_labeler.movie.subtitle_track import SubtitleTrack

RATE = 48_000
SOUND = SoundFormat(RATE, 1, "mono")


class Given(DecodedSound):
    """Sound that is there already."""

    def __init__(self, *stretches: Stretch) -> None:
        super().__init__(SOUND)
        self._given = list(stretches)

    def take(self, until: int | None = None) -> Iterator[Stretch]:
        given, self._given = self._given, []
        return iter(given)


def tone(start: int, count: int) -> Stretch:
    return Stretch(start, np.sin(np.arange(count, dtype=np.float32) / 20)[np.newaxis])


def heard(path: Path, sound: DecodedSound, origin_s: float = 0.0) -> Samples:
    """How loud each hundredth of a second of a file with this sound is."""
    with av.open(str(path), "w", format="matroska") as container:
        track = EncodedTrack(container, sound, origin_s)
        track.finish(100.0)
    with av.open(str(path)) as container:
        samples = np.zeros(3 * RATE, np.float32)
        for frame in container.decode(audio=0):
            assert frame.pts is not None
            assert frame.time_base is not None
            start = max(0, round(frame.pts * frame.time_base * RATE))
            piece = frame.to_ndarray()[0]
            samples[start : start + len(piece)] = piece
    loud: Samples = np.abs(samples).reshape(-1, RATE // 100).max(axis=1)
    return loud


def test_the_last_samples_are_heard(tmp_path: Path) -> None:
    # One second and most of a frame of AAC.
    loud = heard(tmp_path / "a.mkv", Given(tone(0, 47 * 1024 + 1000)))
    assert loud[101] > 0.5


def test_sound_before_the_file_begins_is_left_out(tmp_path: Path) -> None:
    loud = heard(tmp_path / "a.mkv", Given(tone(0, RATE), tone(RATE, RATE)), origin_s=1.0)
    assert loud[50] > 0.5
    assert not loud[105:].any(), "a second of it is left"


def test_a_gap_stays_a_gap(tmp_path: Path) -> None:
    loud = heard(tmp_path / "a.mkv", Given(tone(0, 24 * 1024 + 1000), tone(2 * RATE, RATE // 2)))
    assert loud[52] > 0.5, "the rest of a frame before it"
    assert loud[56:190].max() < 0.1
    assert loud[220] > 0.5


def test_the_last_frame_lasts_as_it_says_itself_and_not_as_one_before_said() -> None:
    clock = FrameClock(rate=10.0)
    assert clock.end_s == 0
    clock.tick(0.0, 5.0)
    assert clock.end_s == 5
    clock.tick(1.0)
    assert clock.end_s == 2, "as long as the one before it lasted"


def test_coded_pictures_never_share_a_time(tmp_path: Path) -> None:
    path = tmp_path / "a.mkv"
    encoder = av.CodecContext.create("libx264", "w")
    assert isinstance(encoder, av.VideoCodecContext)
    encoder.width, encoder.height, encoder.pix_fmt, encoder.time_base = 64, 48, "yuv420p", Fraction(1, 30)
    encoder.options = {"tune": "zerolatency"}
    with av.open(str(path), "w") as container:
        track = CodedTrack(container, (64, 48), Fraction(1, 1000), 30.0)
        for number, time_s in enumerate((0.0, 0.0, 0.1)):
            picture = av.VideoFrame(64, 48, "yuv420p")
            picture.pts, picture.time_base = number, encoder.time_base
            for packet in encoder.encode(picture):
                track.write(CodedPicture(bytes(packet), time_s, packet.is_keyframe), time_s)
        track.finish(0.2)
    with av.open(str(path)) as container:
        times = [
            round(packet.pts * packet.time_base * 1000) for packet in container.demux(video=0) if packet.pts is not None
        ]
    assert times == [0, 1, 100]


@pytest.mark.parametrize("form", ["mp4", "matroska"])
def test_a_text_that_nobody_could_see_is_left_out(tmp_path: Path, form: str) -> None:
    path = tmp_path / "a"
    with av.open(str(path), "w", format=form) as container:
        track = SubtitleTrack(container, form)
        track.write([Cue(1.0, 1.0005, "blink"), Cue(2.0, 3.0, "text")], 0.0)
    with av.open(str(path)) as container:
        texts = [bytes(packet)[2 if form == "mp4" else 0 :] for packet in container.demux(subtitles=0)]
    assert [text for text in texts if text] == [b"text"]
