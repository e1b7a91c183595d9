"""Interlaced videos: whole pictures, as many as there are, at their times."""

import subprocess
from pathlib import Path

import av
import numpy as np
import pytest

from tests import clips
from video_labeler.frames import Frame
from video_labeler.pixels import Image, Planes, bgr
from video_labeler.sources.containers import open_file
from video_labeler.sources.decoding import main_video_stream
from video_labeler.sources.packet_reader import PacketReader
from video_labeler.sources.stream_connection import StreamConnection, StreamPast
from video_labeler.sources.video_file import VideoFile

SECONDS, RATE = 2, 25

KINDS = {
    "camcorder.avi": ["-c:v", "dvvideo", "-pix_fmt", "yuv420p"],
    "disc.mpg": ["-c:v", "mpeg2video", "-b:v", "4M"],
    "broadcast.ts": ["-c:v", "libx264", "-x264opts", "tff=1"],
    "bottom.mp4": ["-c:v", "libx264", "-x264opts", "bff=1"],
    "film.mkv": ["-c:v", "mpeg2video", "-b:v", "4M"],
}


def interlaced(path: Path) -> Path:
    """A box that moves fast, coded in halves."""
    field_order = "bff" if path.name in ("camcorder.avi", "bottom.mp4") else "tff"
    first = "interleave_bottom" if field_order == "bff" else "interleave_top"
    moving = f"color=gray:s=720x576:r={2 * RATE}:d={SECONDS}[a];color=white:s=120x300:r={2 * RATE}:d={SECONDS}[b];"
    moving += f"[a][b]overlay=x='40+t*250':y=120,tinterlace={first},setfield={field_order}"
    command = ["ffmpeg", "-v", "error", "-y", "-filter_complex", moving, "-flags", "+ildct+ilme", *KINDS[path.name]]
    subprocess.run([*command, str(path)], check=True, timeout=60)
    return path


def combing(image: Image) -> float:
    lines = image[130:410, :, 1].astype(int)
    return float((np.abs(2 * lines[1:-1] - lines[:-2] - lines[2:]) > 120).mean())


def frames_of(source: VideoFile) -> list[Frame]:
    frames = []
    while (frame := source.read()) is not None:
        frames.append(frame)
    return frames


@pytest.mark.parametrize("name", KINDS)
def test_no_picture_is_combed_or_lost(tmp_path: Path, name: str) -> None:
    with VideoFile(interlaced(tmp_path / name)) as source:
        source.open()
        frames = frames_of(source)
        losses = source.losses
        source.seek(1.0)
        sought = source.read()

    assert losses is None
    assert len(frames) == SECONDS * RATE
    assert [frame.time_s for frame in frames] == pytest.approx([at / RATE for at in range(len(frames))], abs=0.002)
    assert frames[-1].duration_s is None or frames[-1].duration_s == pytest.approx(1 / RATE, abs=0.002)
    # Without it: more than 0.005 in each of them.
    assert max(combing(frame.image) for frame in frames[1:-1]) < 0.002
    assert sought is not None
    same = next(frame for frame in frames if abs(frame.time_s - sought.time_s) < 0.001)
    np.testing.assert_array_equal(sought.image, same.image)


def test_a_live_stream_is_not_combed_either(tmp_path: Path) -> None:
    container = open_file(str(interlaced(tmp_path / "broadcast.ts")))
    stream = main_video_stream(container, "broadcast")
    packets = PacketReader(container, stream, live=False)
    connection = StreamConnection(stream, packets, "broadcast", StreamPast(), paced=False)
    try:
        images = [bgr(pixels) for _ in range(SECONDS * RATE - 10) if (pixels := connection.read()) is not None]
    finally:
        connection.close()

    assert len(images) == SECONDS * RATE - 10
    assert max(combing(image) for image in images[1:]) < 0.002


def test_a_progressive_file_is_left_as_it_is(tmp_path: Path) -> None:
    path = clips.write_clip(tmp_path / "a.mp4", clips.moving_square(5))

    with VideoFile(path) as source:
        source.open()
        frames = frames_of(source)

    with av.open(str(path)) as container:
        decoded = [picture.to_ndarray() for picture in container.decode(video=0)]
    assert len(frames) == len(decoded)
    for frame, planes in zip(frames, decoded, strict=True):
        assert isinstance(frame.pixels, Planes)
        np.testing.assert_array_equal(frame.pixels.y, planes[: frame.height])
