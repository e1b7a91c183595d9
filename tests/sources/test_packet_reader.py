"""What has come of a stream and is not yet wanted waits within bounds of number and of bytes."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path

import av
import pytest

from video_labeler import limits
from video_labeler.sources.packet_reader import PacketReader

COUNT, PACKET = 40, 20_000
ROOM = 4
"""Packets that there is room for, by their bytes."""
END = 1
"""FFmpeg's last packet, which is empty."""


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Packets of equal size: nobody decodes them here."""
    path = tmp_path_factory.mktemp("packets") / "packets.avi"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mjpeg", rate=25)
        stream.width, stream.height, stream.pix_fmt = 320, 240, "yuvj420p"
        for number in range(COUNT):
            packet = av.Packet(b"\xff\xd8" + bytes([number]) * (PACKET - 2))
            packet.stream, packet.pts, packet.dts, packet.time_base = stream, number, number, Fraction(1, 25)
            packet.is_keyframe = True
            container.mux(packet)
    return path


@contextmanager
def reading(path: Path, *, live: bool) -> Iterator[PacketReader]:
    container = av.open(str(path))
    reader = PacketReader(container, container.streams.video[0], live=live)
    try:
        yield reader
    finally:
        reader.close()


def wait_until(condition: Callable[[], bool]) -> None:
    end_s = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end_s, "it did not happen in time"
        time.sleep(0.005)


@pytest.fixture
def little_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "QUEUED_PACKETS", ROOM * PACKET + PACKET // 2)


@pytest.mark.usefixtures("little_room")
def test_a_live_stream_loses_the_oldest_beyond_the_bytes(recording: Path) -> None:
    with reading(recording, live=True) as reader:
        wait_until(lambda: reader.has_ended)
        assert reader.waiting == ROOM + END
        newest = reader.take(1)
        assert newest is not None
        assert newest.packet.pts == COUNT - 1
    assert reader.waiting == 0, "nothing is kept of what was closed"


@pytest.mark.usefixtures("little_room")
def test_a_recording_is_read_no_further_beyond_the_bytes(recording: Path) -> None:
    with reading(recording, live=False) as reader:
        for number in range(COUNT):
            wait_until(lambda: reader.waiting == ROOM or reader.has_ended)
            assert reader.waiting <= (ROOM + END if reader.has_ended else ROOM)
            taken = reader.take(60)
            assert taken is not None
            assert taken.packet.pts == number


def test_a_packet_that_is_larger_than_all_the_room_comes_alone(
    recording: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "QUEUED_PACKETS", PACKET // 2)
    with reading(recording, live=False) as reader:
        for number in range(COUNT):
            taken = reader.take(60)
            assert taken is not None
            assert taken.packet.pts == number
            assert reader.waiting <= 1 + END
