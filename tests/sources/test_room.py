"""How much memory, disk and how many streams a source may take: each limit holds where it is reached."""

import shutil
import tempfile
from collections import namedtuple
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from tests.clips import moving_square, write_clip
from tests.session.waiting import until
from tests.sources.web_server import Manners, WebServer
from video_labeler import limits
from video_labeler.errors import SourceError
from video_labeler.sources.containers import open_file
from video_labeler.sources.network_stream import NetworkStream
from video_labeler.sources.opening import source_from_text
from video_labeler.sources.packet_reader import PacketReader
from video_labeler.sources.web_access import open_address

_PACKET = limits.QUEUED_PACKETS // 8


class _Sending:
    """A connection over which twelve large packets come, as fast as they are taken."""

    sent = 0
    closed = False

    def demux(self, _: object) -> Iterator[Any]:
        while self.sent < 12:
            packet = av.Packet(_PACKET)
            packet.pts = self.sent
            self.sent += 1
            yield packet

    def close(self) -> None:
        self.closed = True


def test_a_recording_is_read_no_further_than_memory_allows() -> None:
    sending: Any = _Sending()
    reader = PacketReader(sending, None, live=False)  # type: ignore[arg-type]
    try:
        # The ninth has come, and waits for its place.
        until(lambda: sending.sent == 9, 60)
        assert reader.waiting == 8
        stamps, most = [], 0
        while (arrival := _next(reader)) is not None:
            most = max(most, reader.waiting)
            stamps.append(arrival)
    finally:
        reader.close()
    assert stamps == list(range(12))
    assert most <= 8
    until(lambda: sending.closed, 60)


def test_a_live_stream_loses_its_oldest_packets_where_memory_ends() -> None:
    sending: Any = _Sending()
    reader = PacketReader(sending, None, live=True)  # type: ignore[arg-type]
    try:
        until(lambda: reader.has_ended, 60)
        assert reader.waiting == 8
        assert _next(reader) == 4
    finally:
        reader.close()


def _next(reader: PacketReader) -> int | None:
    """The time of the next packet."""
    try:
        arrival = reader.take(60)
    except EOFError:
        return None
    return None if arrival is None else arrival.packet.pts


@pytest.mark.parametrize(
    ("manners", "free_at_first", "free_later"),
    [
        pytest.param(Manners(), limits.COPY_RESERVE, limits.COPY_RESERVE * 9, id="announced"),
        pytest.param(Manners(length=False), limits.COPY_RESERVE * 9, limits.COPY_RESERVE - 1, id="sent"),
    ],
)
def test_a_copy_leaves_room_on_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, manners: Manners, free_at_first: int, free_later: int
) -> None:
    (tmp_path / "web").mkdir()
    (tmp_path / "copies").mkdir()
    noise = np.random.default_rng(1).integers(0, 255, (6, 120, 160, 3), np.uint8)
    write_clip(tmp_path / "web" / "index-last.mp4", list(noise))
    free = iter([free_at_first])
    usage = namedtuple("usage", ["total", "used", "free"])
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(0, 0, next(free, free_later)))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "copies"))
    monkeypatch.setattr(limits, "COPY_CHECKED", 1)
    with (
        WebServer(tmp_path / "web", manners) as server,
        NetworkStream(server.url("index-last.mp4")) as source,
        pytest.raises(SourceError, match="no room for it in"),
    ):
        source.open()
    assert not list((tmp_path / "copies").iterdir())


def test_a_file_has_a_bounded_number_of_streams(tmp_path: Path) -> None:
    path = tmp_path / "many.mkv"
    with av.open(str(path), "w") as container:
        video: Any = container.add_stream("mpeg4", rate=5)
        video.width, video.height, video.pix_fmt = 32, 32, "yuv420p"
        for _ in range(limits.STREAMS + 40):
            container.add_stream("pcm_s16le", rate=8000)
        for picture in moving_square(3):
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture[:32, :32]), format="bgr24")
            container.mux(video.encode(frame.reformat(format="yuv420p")))
        container.mux(video.encode(None))
    with av.open(str(path)) as container:
        assert len(container.streams) > limits.STREAMS, "the file has more of them"
    with open_file(str(path)) as container:
        assert len(container.streams) == limits.STREAMS + 1
    with WebServer(tmp_path) as server, open_address(server.url("many.mkv"), (5.0, 5.0), {}) as container:
        assert len(container.streams) == limits.STREAMS + 1
    # Of pictures that follow those, FFmpeg loses some without a word.
    with pytest.raises(SourceError, match=f"more than the {limits.STREAMS} tracks and attachments"):
        source_from_text(str(path)).open()
