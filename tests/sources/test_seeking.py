"""Going to a moment of a file: the frame that is shown then, exactly."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image as Pillow

from tests.sources.clips import write_test_clip
from video_labeler.frames import Frame
from video_labeler.opencv import cv2
from video_labeler.sources.animation import Animation
from video_labeler.sources.base import SeekableSource, SourceState
from video_labeler.sources.image_folder import ImageFolder
from video_labeler.sources.moving_picture import MovingPicture
from video_labeler.sources.video_file import VideoFile

COUNT, RATE = 45, 10


def mp4(folder: Path) -> SeekableSource:
    return VideoFile(write_test_clip(folder / "a.mp4", count=COUNT, rate=RATE))


def mkv_that_starts_late(folder: Path) -> SeekableSource:
    times = [5000 + round(1000 * i / RATE) for i in range(COUNT)]
    return VideoFile(write_test_clip(folder / "a.mkv", times_ms=times))


def transport_stream(folder: Path) -> SeekableSource:
    return VideoFile(write_test_clip(folder / "a.ts", count=COUNT, rate=RATE))


def bidirectional(folder: Path) -> SeekableSource:
    """Frames that are coded in another order than they are shown."""
    path = folder / "b.mp4"
    picture = MovingPicture(160, 120)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=RATE, options={"bf": "3", "g": "12"})
        stream.width, stream.height, stream.pix_fmt = 160, 120, "yuv420p"
        stream.time_base = stream.codec_context.time_base = Fraction(1, 1000)
        for index in range(COUNT):
            frame = av.VideoFrame.from_ndarray(picture.draw(index), format="bgr24")
            frame.pts, frame.time_base = index * 1000 // RATE, Fraction(1, 1000)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return VideoFile(path)


def bare_stream(folder: Path) -> SeekableSource:
    """H.264 without a container: no times, no index."""
    path = folder / "a.h264"
    write_test_clip(folder / "a.mp4", count=COUNT, rate=25)
    with av.open(str(folder / "a.mp4")) as source, av.open(str(path), "w", format="h264") as target:
        stream = target.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(video=0):
            if packet.dts is not None:
                packet.stream = stream
                target.mux(packet)
    return VideoFile(path)


def pictures(folder: Path) -> SeekableSource:
    picture = MovingPicture(160, 120)
    for index in range(12):
        (folder / f"{index}.png").write_bytes(cv2.imencode(".png", picture.draw(index))[1].tobytes())
    return ImageFolder(folder, rate=2.0)


def animation(folder: Path) -> SeekableSource:
    moving = MovingPicture(160, 120)
    first, *others = [Pillow.fromarray(moving.draw(4 * index)) for index in range(12)]
    first.save(folder / "a.webp", save_all=True, append_images=others, duration=250, quality=90)
    return Animation(folder / "a.webp")


@pytest.fixture(params=[mp4, mkv_that_starts_late, transport_stream, bidirectional, bare_stream, pictures, animation])
def source(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SeekableSource]:
    made: SeekableSource = request.param(tmp_path)
    with made:
        made.open()
        yield made


def all_frames(source: SeekableSource) -> list[Frame]:
    frames = []
    while (frame := source.read()) is not None:
        frames.append(frame)
    return frames


def same_picture(first: Frame, second: Frame) -> bool:
    return float(np.abs(first.image.astype(int) - second.image).mean()) < 1


def test_a_seek_leads_to_the_frame_shown_then_and_on_from_there(source: SeekableSource) -> None:
    frames = all_frames(source)
    assert source.ended
    gap = frames[1].time_s - frames[0].time_s
    for place in (7, 0, len(frames) - 1, 3, 8):
        for offset in (0.0, 0.6):
            source.seek(frames[place].time_s + offset * gap)
            assert source.status.state is SourceState.RUNNING
            for expected in frames[place : place + 3]:
                frame = source.read()
                assert frame is not None
                assert frame.time_s == pytest.approx(expected.time_s, abs=1e-6)
                assert same_picture(frame, expected)
    rest = all_frames(source)
    assert rest[-1].time_s == pytest.approx(frames[-1].time_s)
    assert source.losses is None


def test_times_outside_lead_to_the_first_and_the_last(source: SeekableSource) -> None:
    frames = all_frames(source)
    for time_s, expected in ((-5.0, frames[0]), (1e6, frames[-1])):
        source.seek(time_s)
        frame = source.read()
        assert frame is not None
        assert frame.time_s == pytest.approx(expected.time_s, abs=1e-6)
        assert same_picture(frame, expected)


def test_what_is_passed_over_is_left_out_and_nothing_is_told_missing(source: SeekableSource) -> None:
    frames = all_frames(source)
    step_s = frames[1].time_s - frames[0].time_s
    source.seek(0.0)
    read = [source.read()]
    for i in range(6, 60, 6):
        source.pass_over(frames[0].time_s + i * step_s)
        read.append(source.read())
    passed = [frame for frame in read if frame is not None]
    indices = [frame.index for frame in passed]
    assert indices == list(range(indices[0], indices[0] + len(indices)))
    assert source.can_pass_over
    assert passed[-1].time_s == pytest.approx(frames[-1].time_s)
    for i, frame in enumerate(passed[1:-1], 1):
        # A picture that no other one is made of may be left out, too.
        assert -0.01 <= (frames[0].time_s - frame.time_s) / step_s + i * 6 <= 3.01
        nearest = min(frames, key=lambda each: abs(each.time_s - frame.time_s))
        assert same_picture(frame, nearest)
    all_frames(source)
    assert source.losses is None


def test_indices_continue_rising(source: SeekableSource) -> None:
    indices = [frame.index for frame in (source.read(), source.read()) if frame]
    source.seek(0.3)
    indices += [frame.index for frame in (source.read(), source.read()) if frame]
    assert indices == sorted(set(indices))


def test_damage_that_is_only_passed_on_the_way_is_no_loss(tmp_path: Path) -> None:
    path = write_test_clip(tmp_path / "a.mp4", count=COUNT, rate=RATE)
    with av.open(str(path)) as container:
        packets = [(packet.pos, packet.size) for packet in container.demux(video=0) if packet.pos]
        keys = [index for index, packet in enumerate(container.demux(video=0)) if packet.is_keyframe]
    data = bytearray(path.read_bytes())
    position, size = packets[5]
    data[position : position + size] = b"\xff" * size
    path.write_bytes(data)
    assert not any(5 <= key < 9 for key in keys), "the way to the ninth frame leads over the fifth"
    with VideoFile(path) as source:
        source.open()
        source.seek(0.9)
        assert source.read() is not None
        assert source.losses is None
        source.seek(0.0)
        all_frames(source)
        assert source.losses is not None
        assert "damaged packet" in source.losses


def test_damage_that_is_passed_on_the_way_is_counted_once(tmp_path: Path) -> None:
    path = write_test_clip(tmp_path / "a.mkv", count=COUNT, rate=RATE)
    cut = tmp_path / "cut.mkv"
    cut.write_bytes(path.read_bytes()[: path.stat().st_size * 2 // 3])
    with VideoFile(cut) as source:
        source.open()
        frames = all_frames(source)
        assert len(frames) < COUNT
        losses = source.losses
        assert losses is not None
        assert "ends early" in losses
        for _ in range(3):
            source.seek(4.4)
            frame = source.read()
            assert frame is not None
            assert frame.time_s <= frames[-1].time_s
        all_frames(source)
        assert source.losses == losses
