"""How long the last picture is shown: known to the source, kept by what is made of it."""

import struct
import time
from fractions import Fraction
from pathlib import Path

import av
import pytest

from tests import clips
from video_labeler.errors import SettingsError
from video_labeler.frames import Frame, LabeledFrame, StageTimes
from video_labeler.movie.movie_file import container_format
from video_labeler.movie.sound import SoundReader
from video_labeler.recording.video_recorder import VideoRecorder
from video_labeler.sources.excerpt import Excerpt
from video_labeler.sources.moving_picture import MovingPicture
from video_labeler.sources.playback import Playback
from video_labeler.sources.video_file import VideoFile

TIMES_S = [0.0, 1.5, 4.4]
LASTS_S = [1.5, 2.9, 4.9]


def write_slow(path: Path, codec: str = "libx264", pixel_format: str = "yuv420p") -> Path:
    """Three pictures, the last one shown for 4.9 s."""
    with av.open(str(path), "w") as output:
        stream = output.add_stream(codec, rate=30)
        stream.width, stream.height, stream.pix_fmt = 160, 120, pixel_format
        stream.time_base = stream.codec_context.time_base = Fraction(1, 1000)
        if codec == "libx264":
            stream.options = {"bf": "0", "tune": "zerolatency"}
        packets = []
        for index, time_s in enumerate(TIMES_S):
            picture = av.VideoFrame.from_ndarray(MovingPicture(160, 120).draw(index), format="bgr24")
            picture = picture.reformat(format=pixel_format)
            picture.pts, picture.time_base = round(time_s * 1000), Fraction(1, 1000)
            packets += stream.encode(picture)
        packets += stream.encode(None)
        for packet, lasts_s in zip(packets, LASTS_S, strict=True):
            packet.duration = round(lasts_s * 1000)
            output.mux(packet)
    return path


def frames_of(source: VideoFile | Excerpt) -> list[Frame]:
    source.open()
    frames = []
    while not source.ended:
        frame = source.read()
        if frame is not None:
            frames.append(frame)
    return frames


KINDS = [
    ("a.mp4", "libx264", "yuv420p"),
    ("a.mov", "libx264", "yuv420p"),
    ("a.mkv", "libx264", "yuv420p"),
    ("a.webm", "libvpx", "yuv420p"),
    ("a.flv", "libx264", "yuv420p"),
    ("a.gif", "gif", "rgb8"),
]


@pytest.mark.parametrize(("name", "codec", "pixel_format"), KINDS)
def test_the_last_picture_lasts_as_long_as_the_file_says(
    tmp_path: Path, name: str, codec: str, pixel_format: str
) -> None:
    with VideoFile(write_slow(tmp_path / name, codec, pixel_format)) as source:
        frames = frames_of(source)
        losses = source.losses

    assert [frame.time_s for frame in frames] == pytest.approx(TIMES_S, abs=0.01)
    assert frames[-1].duration_s == pytest.approx(4.9, abs=0.02)
    assert losses is None


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
def test_a_recording_keeps_it(tmp_path: Path, suffix: str) -> None:
    path = write_slow(tmp_path / "a.mp4")
    target = tmp_path / f"o{suffix}"
    recorder = VideoRecorder(target, sound=SoundReader(path, container_format(target)))

    with VideoFile(path) as source:
        recorder.open(source.open())
        while (frame := source.read()) is not None:
            recorder.write(LabeledFrame(frame, (), StageTimes(frame.captured_s)))
    recorder.close(completed=True)

    with VideoFile(target) as recorded:
        frames = frames_of(recorded)
        assert recorded.losses is None
    assert frames[-1].time_s + (frames[-1].duration_s or 0) == pytest.approx(9.3, abs=0.02)


def test_a_cut_file_is_still_told(tmp_path: Path) -> None:
    path = clips.write_clip(tmp_path / "a.mkv", clips.moving_square(60), rate=10)
    data = path.read_bytes()
    path.write_bytes(data[: len(data) * 6 // 10])

    with VideoFile(path) as source:
        frames_of(source)
        assert source.losses is not None
        assert "ends early" in source.losses


def test_an_excerpt_ends_the_last_picture_with_itself(tmp_path: Path) -> None:
    with Excerpt(VideoFile(write_slow(tmp_path / "a.mp4")), 1.0, 6.0) as excerpt:
        frames = frames_of(excerpt)

    assert [frame.time_s for frame in frames] == pytest.approx([0.5, 3.4])
    assert frames[-1].duration_s == pytest.approx(1.6)


def test_an_excerpt_from_within_the_last_picture_shows_it(tmp_path: Path) -> None:
    with Excerpt(VideoFile(write_slow(tmp_path / "a.mp4")), 6.0) as excerpt:
        frames = frames_of(excerpt)

    assert [(frame.index, frame.time_s) for frame in frames] == [(0, 0.0)]
    assert frames[0].duration_s == pytest.approx(3.3)


def with_header(path: Path, seconds: int) -> Path:
    """The MP4 with another length in all of its headers."""
    data = bytearray(path.read_bytes())
    for kind, place in ((b"mvhd", 20), (b"tkhd", 24), (b"mdhd", 20)):
        begin = data.index(kind)
        scale_at = begin + 16
        scale = struct.unpack_from(">I", data, scale_at)[0] if kind != b"tkhd" else 1000
        struct.pack_into(">I", data, begin + place, seconds * scale)
    path.write_bytes(data)
    return path


def short_header(tmp_path: Path) -> Path:
    whole = clips.write_clip(tmp_path / "a.mp4", clips.moving_square(60), rate=10)
    return with_header(whole, 1)


def test_a_start_is_refused_only_behind_the_real_end(tmp_path: Path) -> None:
    path = short_header(tmp_path)

    with Excerpt(VideoFile(path), 3.0) as excerpt:
        frames = frames_of(excerpt)
    assert [round(frame.time_s, 3) for frame in frames] == [round(i / 10, 3) for i in range(30)]
    assert [frame.index for frame in frames] == list(range(30))
    with Excerpt(VideoFile(path), 8.0) as excerpt, pytest.raises(SettingsError, match=r"6\.0 s long"):
        excerpt.open()


def test_a_header_that_says_too_much_is_no_start(tmp_path: Path) -> None:
    path = with_header(clips.write_clip(tmp_path / "a.mp4", clips.moving_square(20), rate=10), 600)

    with Excerpt(VideoFile(path), 300.0) as excerpt, pytest.raises(SettingsError, match=r"2\.0 s long"):
        frames_of(excerpt)


def test_playback_learns_the_real_length(tmp_path: Path) -> None:
    with Playback(VideoFile(short_header(tmp_path))) as playback:
        playback.open()
        playback.set_speed(4)
        deadline_s = time.monotonic() + 20
        while not playback.position.ended and time.monotonic() < deadline_s:
            playback.read(0.1)
        assert playback.position.duration_s == pytest.approx(6.0)


def test_a_loop_of_one_picture_costs_next_to_nothing(tmp_path: Path) -> None:
    path = clips.write_clip(tmp_path / "a.mp4", clips.moving_square(1))

    with Playback(VideoFile(path), loop=True) as playback:
        playback.open()
        shown = [frame for _ in range(8) if (frame := playback.read(0.2)) is not None]

    assert 1 <= len(shown) <= 4


def test_a_loop_shows_the_last_picture_for_its_time(tmp_path: Path) -> None:
    images = clips.moving_square(2)
    path = clips.write_clip(tmp_path / "a.mp4", images, rate=4)

    with Playback(VideoFile(path), loop=True) as playback:
        playback.open()
        shown: list[Frame] = []
        while len(shown) < 3:
            frame = playback.read(0.5)
            if frame is not None:
                shown.append(frame)

    assert shown[2].time_s == 0.0
    assert shown[2].captured_s - shown[1].captured_s > 0.2
    assert shown[2].index > shown[1].index + 1, "a jump leaves a gap"
