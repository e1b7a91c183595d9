import itertools
import os
import random
import subprocess
import sys
from pathlib import Path

import av
import numpy as np
import pytest

from tests.sources.clips import write_sound, write_test_clip
from video_labeler.errors import SourceError, SourceFormatError, SourceNotFoundError, SourceUnavailableError
from video_labeler.frames import Frame
from video_labeler.opencv import cv2
from video_labeler.sources.base import SourceState
from video_labeler.sources.moving_picture import MovingPicture
from video_labeler.sources.video_file import VideoFile


def read_all(path: Path) -> tuple[list[Frame], VideoFile]:
    source = VideoFile(path)
    with source:
        source.open()
        frames = []
        while (frame := source.read()) is not None:
            frames.append(frame)
        assert source.ended
    return frames, source


def refusal(path: Path) -> SourceError:
    source = VideoFile(path)
    with pytest.raises(SourceError) as caught:
        source.open()
    assert source.status.state is SourceState.CLOSED
    assert str(path) in str(caught.value)
    return caught.value


def test_tells_size_rate_count_and_duration(tmp_path: Path) -> None:
    source = VideoFile(write_test_clip(tmp_path / "a.mp4", size=(160, 120), count=20, rate=10))
    with source:
        info = source.open()
    assert (info.name, info.width, info.height, info.rate, info.frame_count) == ("a.mp4", 160, 120, 10.0, 20)
    assert info.duration_s == pytest.approx(2.0, abs=0.11)


def test_every_frame_comes_with_its_own_picture(tmp_path: Path) -> None:
    frames, source = read_all(write_test_clip(tmp_path / "a.mp4", count=25))
    picture = MovingPicture(160, 120)
    assert len(frames) == 25
    for frame in frames:
        difference = np.abs(frame.image.astype(int) - picture.draw(frame.index)).mean()
        assert difference < 8
    assert source.losses is None


def test_variable_rate_keeps_each_presentation_time(tmp_path: Path) -> None:
    times_ms = [500, 540, 900, 910, 1500, 3000]
    frames, source = read_all(write_test_clip(tmp_path / "a.mkv", times_ms=times_ms))
    assert [round(frame.time_s * 1000) for frame in frames] == [0, 40, 400, 410, 1000, 2500]
    assert source.losses is None


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_rotation_is_honoured_as_opencv_does(tmp_path: Path, rotation: int) -> None:
    image = np.zeros((64, 96, 3), np.uint8)
    image[:, :, 2] = 200
    image[:24, :24] = (200, 0, 0)
    path = write_test_clip(tmp_path / "a.mp4", image=image, size=(96, 64), count=3, rotation=rotation)
    frames, _ = read_all(path)
    capture = cv2.VideoCapture(str(path))
    good, expected = capture.read()
    capture.release()
    assert good
    assert frames[0].image.shape == expected.shape == ((64, 96, 3) if rotation == 180 else (96, 64, 3))
    assert np.abs(frames[0].image.astype(int) - expected).mean() < 3
    assert frames[0].image.flags.c_contiguous


@pytest.mark.parametrize(
    ("codec", "pixel_format", "name"),
    [
        ("ffv1", "yuv420p10le", "ten_bits.mkv"),
        ("ffv1", "gray", "grey.mkv"),
        ("ffv1", "gray10le", "grey_ten_bits.mkv"),
        ("qtrle", "argb", "alpha.mov"),
        ("mjpeg", "yuvj422p", "a.avi"),
        ("gif", "rgb8", "a.gif"),
    ],
)
def test_every_pixel_format_becomes_bgr(tmp_path: Path, codec: str, pixel_format: str, name: str) -> None:
    image = np.full((48, 64, 3), (180, 90, 40), np.uint8)
    path = write_test_clip(tmp_path / name, size=(64, 48), count=3, codec=codec, pixel_format=pixel_format, image=image)
    frames, _ = read_all(path)
    assert len(frames) == 3
    assert frames[0].image.shape == (48, 64, 3)
    assert frames[0].image.dtype == np.uint8
    expected = (85, 85, 85) if "gray" in pixel_format else (180, 90, 40)
    assert np.abs(frames[0].image.reshape(-1, 3).mean(0) - expected).max() < 20


@pytest.mark.parametrize("size", [(101, 77), (17, 19), (333, 1)])
def test_odd_sizes_are_kept(tmp_path: Path, size: tuple[int, int]) -> None:
    image = np.zeros((size[1], size[0], 3), np.uint8)
    image[:, size[0] // 2 :] = 255
    path = write_test_clip(tmp_path / "a.mkv", size=size, count=2, codec="ffv1", pixel_format="bgr0", image=image)
    frames, _ = read_all(path)
    assert np.array_equal(frames[0].image, image)


def test_a_change_of_size_midway_gives_frames_of_the_new_size(tmp_path: Path) -> None:
    parts = [write_test_clip(tmp_path / f"{w}.ts", size=(w, w), count=10) for w in (96, 128)]
    joined = tmp_path / "joined.ts"
    joined.write_bytes(b"".join(part.read_bytes() for part in parts))
    frames, _ = read_all(joined)
    assert {frame.image.shape for frame in frames} == {(96, 96, 3), (128, 128, 3)}
    assert [frame.index for frame in frames] == list(range(len(frames)))
    assert all(a.time_s <= b.time_s for a, b in itertools.pairwise(frames))


def test_a_file_cut_short_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    whole = write_test_clip(tmp_path / "a.mp4", count=100, container={"movflags": "faststart"}).read_bytes()
    cut = tmp_path / "cut.mp4"
    cut.write_bytes(whole[: len(whole) // 2])
    frames, source = read_all(cut)
    assert 20 < len(frames) < 80
    assert source.losses is not None
    reached_s = frames[-1].time_s + 0.1
    assert f"The file ends early: {reached_s:.1f} of 10.0 s could be read." in source.losses


def test_a_cut_matroska_file_tells_what_is_missing(tmp_path: Path) -> None:
    whole = write_test_clip(tmp_path / "a.mkv", count=100).read_bytes()
    (tmp_path / "cut.mkv").write_bytes(whole[: len(whole) // 2])
    frames, source = read_all(tmp_path / "cut.mkv")
    assert 20 < len(frames) < 80
    assert "ends early" in (source.losses or "")


def test_sound_that_lasts_longer_is_no_loss(tmp_path: Path) -> None:
    frames, source = read_all(write_test_clip(tmp_path / "a.mp4", count=10, sound_s=4))
    assert len(frames) == 10
    assert source.losses is None
    _, source = read_all(write_test_clip(tmp_path / "a.mkv", count=10, sound_s=4))
    assert source.losses is None


def test_damaged_packets_are_skipped_and_counted(tmp_path: Path) -> None:
    path = write_test_clip(tmp_path / "a.mp4", count=60)
    with av.open(str(path)) as container:
        packets = [(packet.pos, packet.size) for packet in container.demux(video=0) if packet.pos]
    data = bytearray(path.read_bytes())
    for position, size in packets[20:23]:
        data[position : position + size] = b"\xff" * size
    path.write_bytes(data)
    frames, source = read_all(path)
    assert 50 <= len(frames) < 60
    assert source.losses is not None
    assert "damaged packet" in source.losses
    assert [frame.index for frame in frames] == list(range(len(frames)))


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("suffix", ["mp4", "mkv", "ts", "avi"])
def test_bit_flips_never_end_in_anything_but_a_sentence(tmp_path: Path, suffix: str, seed: int) -> None:
    codec, form = ("mjpeg", "yuvj420p") if suffix == "avi" else ("libx264", "yuv420p")
    path = write_test_clip(tmp_path / f"a.{suffix}", count=30, codec=codec, pixel_format=form)
    data = bytearray(path.read_bytes())
    dice = random.Random(seed)
    for _ in range(60):
        data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
    path.write_bytes(data)
    frames: list[Frame] = []
    refused: SourceError | None = None
    try:
        frames, _ = read_all(path)
    except SourceError as error:
        refused = error
    assert frames or str(refused).endswith(".")


def test_a_missing_file() -> None:
    assert isinstance(refusal(Path("/nowhere/a.mp4")), SourceNotFoundError)


def test_a_directory(tmp_path: Path) -> None:
    assert "is a folder" in str(refusal(tmp_path))


def test_an_empty_file(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").touch()
    assert "is empty" in str(refusal(tmp_path / "a.mp4"))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no FIFOs")
def test_a_fifo_without_a_writer_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.mp4")
    assert "pipe" in str(refusal(tmp_path / "pipe.mp4"))


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.mp4", b"no video at all " * 99), ("a.txt", b"plain words\n" * 99), ("a.mp4", os.urandom(4096))],
)
def test_something_else_than_a_video(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    assert isinstance(refusal(tmp_path / name), SourceFormatError)


def test_a_playlist_does_not_reach_out(tmp_path: Path) -> None:
    (tmp_path / "a.m3u8").write_text("#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:9/a.ts\n#EXT-X-ENDLIST\n")
    refusal(tmp_path / "a.m3u8")


def test_only_sound(tmp_path: Path) -> None:
    assert "only sound" in str(refusal(write_sound(tmp_path / "a.m4a")))


def test_the_cover_of_a_song_is_no_video(tmp_path: Path) -> None:
    song = write_sound(tmp_path / "plain.m4a")
    covered = tmp_path / "covered.m4a"
    with av.open(str(song)) as source, av.open(str(covered), "w", format="mp4") as target:
        out = target.add_stream_from_template(source.streams.audio[0])
        cover = target.add_stream("mjpeg", rate=1)
        cover.width, cover.height, cover.pix_fmt = 64, 64, "yuvj420p"
        cover.disposition = av.stream.Disposition.attached_pic
        picture = av.VideoFrame.from_ndarray(np.full((64, 64, 3), 99, np.uint8), format="bgr24")
        target.mux(cover.encode(picture))
        target.mux(cover.encode())
        for packet in source.demux(audio=0):
            if packet.dts is not None:
                packet.stream = out
                target.mux(packet)
    assert "only sound" in str(refusal(covered))


def test_a_video_track_without_a_picture(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    write_test_clip(path, count=1)
    with av.open(str(path)) as source, av.open(str(tmp_path / "none.mkv"), "w") as target:
        target.add_stream_from_template(source.streams.video[0])
        target.start_encoding()
    assert isinstance(refusal(tmp_path / "none.mkv"), SourceFormatError)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other permissions")
def test_no_permission(tmp_path: Path) -> None:
    path = write_test_clip(tmp_path / "a.mp4", count=1)
    path.chmod(0)
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        error = refusal(path)
    finally:
        if root:
            os.seteuid(0)
    assert isinstance(error, SourceUnavailableError)
    assert "permission" in str(error)


def test_a_name_beyond_ascii_and_with_signs_of_protocols(tmp_path: Path) -> None:
    frames, _ = read_all(write_test_clip(tmp_path / "Küche: 日本 %d #1.mp4", count=2))
    assert len(frames) == 2


def test_reopening_starts_at_the_beginning(tmp_path: Path) -> None:
    source = VideoFile(write_test_clip(tmp_path / "a.mp4", count=3))
    for _ in range(2):
        source.open()
        first = source.read()
        assert first is not None
        assert (first.index, first.time_s) == (0, 0.0)
        source.close()


def test_nothing_is_left_open(tmp_path: Path) -> None:
    if not Path("/proc/self/fd").is_dir():
        pytest.skip("this system has no /proc")
    path = write_test_clip(tmp_path / "a.mp4", count=3)
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(path.read_bytes()[:200])
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(5):
        read_all(path)
        refusal(broken)
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_the_published_videos(videos_folder: Path) -> None:
    frames, source = read_all(videos_folder / "car-detection.mp4")
    assert len(frames) == 377
    assert frames[-1].time_s == pytest.approx(30.08)
    assert source.losses is None


def test_the_module_needs_no_tensorflow() -> None:
    code = "import sys, video_labeler.sources.opening; print('av' in sys.modules, 'tensorflow' in sys.modules)"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.split() == ["False", "False"]


def test_a_loop_that_goes_back_while_its_losses_are_asked_for_has_lost_nothing(tmp_path: Path) -> None:
    class Looping(VideoFile):
        @property
        def ended(self) -> bool:
            was_at_end = super().ended
            if was_at_end:
                self.seek(0.0)
                assert self.read() is not None
            return was_at_end

    source = Looping(write_test_clip(tmp_path / "clip.mp4"))
    with source:
        source.open()
        while source.read() is not None:
            pass
        assert source.losses is None
