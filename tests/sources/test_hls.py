"""Live playlists: their segments come at once, and are shown as they were taken."""

import itertools
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from tests.sources.mjpeg_server import wait_until
from tests.sources.web_server import Manners, WebServer
from video_labeler import limits
from video_labeler.sources.base import Delivery
from video_labeler.sources.network_stream import NetworkStream
from video_labeler.sources.web_recording import open_web

pytestmark = pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="the ffmpeg command is not installed")


def test_the_pictures_of_segments_follow_each_other_as_they_were_taken_and_the_end_is_the_end(tmp_path: Path) -> None:
    command = ["ffmpeg", "-v", "error", "-re", "-f", "lavfi", "-i", "testsrc2=s=160x120:r=10", "-t", "8"]
    command += ["-c:v", "libx264", "-preset", "ultrafast", "-g", "10", "-f", "hls", "-hls_time", "2"]
    command += ["-hls_list_size", "3", "-hls_flags", "delete_segments", str(tmp_path / "live.m3u8")]
    sender = subprocess.Popen(command)
    frames = []
    try:
        assert wait_until((tmp_path / "live.m3u8").exists, 20)
        server = WebServer(tmp_path, Manners("HTTP/1.1", ranges=True))
        with server, NetworkStream(server.url("live.m3u8")) as source:
            source.open()
            assert source.delivery is Delivery.NEWEST
            deadline_s = time.monotonic() + 40
            while not source.ended and time.monotonic() < deadline_s:
                frame = source.read(0.2)
                if frame is not None:
                    frames.append(frame)
            assert source.ended, source.status
    finally:
        sender.kill()
        sender.wait(10)
    assert len(frames) >= 76
    gaps = [later.time_s - earlier.time_s for earlier, later in itertools.pairwise(frames)]
    assert sum(gap < 0.3 for gap in gaps) >= 0.95 * len(gaps)


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a finished list of eight seconds in eight pieces."""
    folder = tmp_path_factory.mktemp("film")
    command = ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc2=s=160x120:r=10", "-t", "8", "-c:v", "libx264"]
    command += ["-preset", "ultrafast", "-g", "10", "-f", "hls", "-hls_time", "1", "-hls_playlist_type", "vod"]
    subprocess.run([*command, str(folder / "film.m3u8")], check=True)
    return folder


def test_pieces_are_on_their_way_before_they_are_asked_for(film: Path) -> None:
    with WebServer(film) as server, open_web(server.url("film.m3u8")) as container:
        next(container.demux(video=0))
        assert wait_until(lambda: "/film2.ts" in server.asked, 60)
        assert "/film6.ts" not in server.asked


def test_a_piece_that_is_too_long_to_be_kept_is_read_all_the_same(film: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "PIECE", 1_000)
    assert (film / "film0.ts").stat().st_size > limits.PIECE
    with WebServer(film) as server, open_web(server.url("film.m3u8")) as container:
        assert sum(packet.size > 0 for packet in container.demux()) == 80


def test_a_finished_playlist_is_a_recording(film: Path) -> None:
    with WebServer(film) as server, NetworkStream(server.url("film.m3u8")) as source:
        info = source.open()
        assert info.duration_s == pytest.approx(8.0)
        assert source.delivery is Delivery.EVERY_FRAME
        frames = []
        while not source.ended:
            frame = source.read(0.2)
            if frame is not None:
                frames.append(frame)
        # Whoever wants the sound reads the same once more; a slow server is asked only once.
        with open_web(server.url("film.m3u8"), pieces=info.pieces) as again:
            assert sum(packet.size > 0 for packet in again.demux()) == 80
        assert sorted(path for path in server.asked if path.endswith(".ts")) == [f"/film{n}.ts" for n in range(8)]
    assert [frame.time_s for frame in frames] == pytest.approx([index / 10 for index in range(80)], abs=0.001)
