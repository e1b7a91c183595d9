import subprocess
from pathlib import Path

import av
import pytest

from tests.sources.joined import write_part
from video_labeler.sources.video_file import VideoFile


def fragmented(tmp_path: Path) -> bytes:
    whole = write_part(tmp_path / "whole.mp4", seconds=6.0, b_frames=3)
    target = tmp_path / "fragmented.mp4"
    with (
        av.open(str(whole)) as source,
        av.open(str(target), "w", options={"movflags": "frag_keyframe+empty_moov"}) as out,
    ):
        streams = {stream.index: out.add_stream_from_template(stream) for stream in source.streams}
        for packet in source.demux():
            if packet.dts is not None:
                packet.stream = streams[packet.stream_index]
                out.mux(packet)
    return target.read_bytes()


def readable_one_by_one(path: Path) -> int:
    """What a decoder in one thread gives that is asked for the pictures alone."""
    count = 0
    with av.open(str(path)) as container:
        for stream in container.streams.audio:
            stream.discard = av.stream.Discard.all
        video = container.streams.video[0]
        video.thread_type, video.codec_context.thread_count = "SLICE", 1
        for packet in container.demux(video):
            try:
                count += len(packet.decode())
            except (av.FFmpegError, EOFError):
                continue
    return count


@pytest.mark.parametrize("tenths", range(3, 10))
def test_a_cut_fragmented_file_gives_every_picture_and_tells_the_loss(tmp_path: Path, tenths: int) -> None:
    data = fragmented(tmp_path)
    path = tmp_path / "cut.mp4"
    path.write_bytes(data[: len(data) * tenths // 10])

    times = []
    with VideoFile(path) as source:
        source.open()
        while (frame := source.read()) is not None:
            times.append(frame.time_s)
        losses = source.losses

    assert len(times) == readable_one_by_one(path)
    assert times == sorted(times)
    in_whole_fragments = len(times) % 10 == 0
    assert in_whole_fragments or losses is not None


def test_a_whole_file_tells_no_loss(tmp_path: Path) -> None:
    path = tmp_path / "whole.mp4"
    path.write_bytes(fragmented(tmp_path))

    with VideoFile(path) as source:
        source.open()
        count = 0
        while source.read() is not None:
            count += 1

    assert count == 60
    assert source.losses is None


def losses_of(path: Path) -> str | None:
    with VideoFile(path) as source:
        source.open()
        while source.read() is not None:
            pass
        return source.losses


def test_a_cut_avi_tells_how_much_of_it_is_missing(tmp_path: Path) -> None:
    """Its index is at its end, and FFmpeg makes the duration fit what is left."""
    path = tmp_path / "clip.avi"
    picture = ["-f", "lavfi", "-i", "testsrc2=s=160x120:r=10:d=4", "-c:v", "mpeg4"]
    subprocess.run(["ffmpeg", "-v", "error", *picture, str(path)], check=True, timeout=60)
    assert losses_of(path) is None
    data = path.read_bytes()
    path.write_bytes(data[: len(data) * 6 // 10])
    losses = losses_of(path)
    assert losses is not None
    assert losses.startswith("The file ends early: ")
    assert losses.endswith(" of 4.0 s could be read.")
