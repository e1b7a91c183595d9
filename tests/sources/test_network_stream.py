import itertools
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import numpy as np
import pytest

from tests.sources.clips import write_test_clip
from tests.sources.mjpeg_server import HEIGHT, WIDTH, MjpegServer, Mode, closed_port, wait_until
from video_labeler.errors import SourceError, SourceFormatError, SourceNotFoundError, SourceUnavailableError
from video_labeler.frames import Frame
from video_labeler.sources import network_stream
from video_labeler.sources.base import SourceState
from video_labeler.sources.moving_picture import MovingPicture
from video_labeler.sources.network_stream import NetworkStream
from video_labeler.sources.watchdog import LivenessLimits


@pytest.fixture
def server() -> Iterator[MjpegServer]:
    with MjpegServer() as running:
        yield running


def read_frames(source: NetworkStream, count: int, within_s: float = 10) -> list[Frame]:
    frames: list[Frame] = []
    deadline_s = time.monotonic() + within_s
    while len(frames) < count and time.monotonic() < deadline_s:
        frame = source.read(0.2)
        if frame is not None:
            frames.append(frame)
    assert len(frames) == count, source.status
    return frames


def read_until(source: NetworkStream, state: SourceState, within_s: float = 60) -> None:
    def there() -> bool:
        source.read(0.1)
        return source.status.state is state

    assert wait_until(there, within_s), source.status


def test_pictures_come_with_times_and_indices(server: MjpegServer) -> None:
    with NetworkStream(server.url) as source:
        info = source.open()
        assert (info.width, info.height) == (160, 120)
        frames = read_frames(source, 20)
    assert [frame.index for frame in frames] == list(range(20))
    assert frames[0].time_s == 0.0
    assert all(a.time_s < b.time_s for a, b in itertools.pairwise(frames))


@pytest.mark.parametrize("mode", [Mode.DROP, Mode.RESET])
def test_a_broken_connection_is_made_again(server: MjpegServer, mode: Mode) -> None:
    with NetworkStream(server.url) as source:
        source.open()
        before = read_frames(source, 3)
        server.mode = mode
        read_until(source, SourceState.RECONNECTING)
        assert "127.0.0.1" in source.status.message
        server.mode = Mode.OK
        after = read_frames(source, 5)
        assert source.status.state is SourceState.RUNNING
        assert source.reconnects >= 1
    assert after[0].index > before[-1].index
    assert after[0].time_s > before[-1].time_s


def test_a_stall_is_seen_and_passes(server: MjpegServer) -> None:
    with NetworkStream(server.url) as source:
        source.open()
        read_frames(source, 10)
        server.mode = Mode.STALL
        read_until(source, SourceState.STALLED)
        server.mode = Mode.OK
        read_frames(source, 5)
        assert source.status.state is SourceState.RUNNING


@pytest.mark.parametrize(("mode", "state"), [(Mode.FREEZE, SourceState.FROZEN), (Mode.BLACK, SourceState.BLACK)])
def test_frozen_and_black_pictures_are_said_and_shown(server: MjpegServer, mode: Mode, state: SourceState) -> None:
    with NetworkStream(server.url, limits=LivenessLimits(frozen_after_s=1, black_after_s=1)) as source:
        source.open()
        read_frames(source, 3)
        server.mode = mode
        read_until(source, state)
        read_frames(source, 5)
        assert source.reconnects == 0
        server.mode = Mode.OK
        read_frames(source, 5, within_s=5)
        assert source.status.state is SourceState.RUNNING


@pytest.mark.parametrize(
    ("mode", "kind", "words"),
    [
        (Mode.SILENT, SourceUnavailableError, "does not answer within 1 s"),
        (Mode.STALL, SourceUnavailableError, "127.0.0.1"),
        (Mode.MISSING, SourceNotFoundError, "Check the path"),
        (Mode.LOCKED, SourceUnavailableError, "password"),
        (Mode.TEXT, SourceUnavailableError, "not a video"),
    ],
)
def test_a_first_try_that_fails(
    server: MjpegServer, monkeypatch: pytest.MonkeyPatch, mode: Mode, kind: type[SourceError], words: str
) -> None:
    monkeypatch.setattr(network_stream, "_HEAD_TIMEOUT_S", 1.0)
    server.mode = mode
    started_s = time.monotonic()
    with pytest.raises(kind, match=words), NetworkStream(server.url) as source:
        source.open()
    assert time.monotonic() - started_s < 15
    assert source.status.state is SourceState.CLOSED


def test_nobody_listens() -> None:
    for scheme in ("http", "rtsp", "tcp"):
        with pytest.raises(SourceUnavailableError, match="refuses the connection"):
            NetworkStream(f"{scheme}://127.0.0.1:{closed_port()}/x").open()


def test_a_patient_source_waits_for_the_server(server: MjpegServer) -> None:
    server.mode = Mode.MISSING
    with NetworkStream(server.url, must_answer=False) as source:
        source.open()
        assert source.status.state is SourceState.RECONNECTING
        assert source.read(0.1) is None
        server.mode = Mode.OK
        assert read_frames(source, 2)[0].index == 0


@pytest.mark.parametrize("url", ["rtsp://", "http://host:port/", "gopher://host/x", "http://[::1/x", "http:///path"])
def test_a_malformed_address_is_an_error_even_to_the_patient(url: str) -> None:
    with pytest.raises(SourceFormatError):
        NetworkStream(url, must_answer=False).open()


def test_no_message_tells_the_password() -> None:
    with pytest.raises(SourceError) as caught:
        NetworkStream(f"http://anna:secret@127.0.0.1:{closed_port()}/").open()
    assert "secret" not in str(caught.value)


def test_a_recording_on_a_web_server_ends(tmp_path: Path) -> None:
    write_test_clip(tmp_path / "a.mp4", count=12, rate=10, container={"movflags": "faststart"})

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    web = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path)))
    thread = Thread(target=web.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        with NetworkStream(f"http://127.0.0.1:{web.server_address[1]}/a.mp4") as source:
            source.open()
            frames = read_frames(source, 12)
            assert source.read(1.0) is None
            assert source.ended
            # It plays at its own speed.
            assert frames[-1].time_s > 0.8
            assert source.reconnects == 0
    finally:
        web.shutdown()
        web.server_close()
        thread.join(5)


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGSTOP on Windows")
@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="the ffmpeg command is not installed")
def test_udp_stalls_and_continues() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = ["ffmpeg", "-v", "error", "-re", "-f", "lavfi", "-i", "testsrc2=s=160x120:r=25", "-c:v", "mpeg2video"]
    sender = subprocess.Popen([*command, "-g", "5", "-f", "mpegts", f"udp://127.0.0.1:{port}?pkt_size=1316"])
    try:
        with NetworkStream(f"udp://127.0.0.1:{port}", must_answer=False) as source:
            source.open()
            read_frames(source, 10)
            sender.send_signal(signal.SIGSTOP)
            read_until(source, SourceState.STALLED)
            sender.send_signal(signal.SIGCONT)
            read_frames(source, 5)
    finally:
        sender.kill()
        sender.wait(10)


_RTSP_SERVER = """
import gi, sys
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtspServer
Gst.init(None)
server = GstRtspServer.RTSPServer()
server.set_address("127.0.0.1")
server.set_service("0")
factory = GstRtspServer.RTSPMediaFactory()
factory.set_launch(
    "( videotestsrc is-live=true pattern=ball ! video/x-raw,width=160,height=120,framerate=25/1 "
    "! x264enc tune=zerolatency speed-preset=ultrafast key-int-max=10 ! rtph264pay name=pay0 )"
)
factory.set_shared(True)
server.get_mount_points().add_factory("/live", factory)
server.attach(None)
print(server.get_bound_port(), flush=True)
GLib.MainLoop().run()
"""


@pytest.fixture
def rtsp_server() -> Iterator[tuple[subprocess.Popen[str], str]]:
    """An RTSP camera made of GStreamer, run by the system's Python, which has its bindings."""
    python = shutil.which("python3", path="/usr/bin")
    check = "import gi; gi.require_version('GstRtspServer', '1.0'); from gi.repository import Gst, GstRtspServer; "
    check += "Gst.init(None); assert Gst.ElementFactory.find('x264enc') and Gst.ElementFactory.find('rtph264pay')"
    if python is None or subprocess.run([python, "-c", check], capture_output=True, check=False).returncode:
        pytest.skip("GStreamer's RTSP server is not installed (gir1.2-gst-rtsp-server-1.0, python3-gi and plugins)")
    process = subprocess.Popen([python, "-c", _RTSP_SERVER], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield process, f"rtsp://127.0.0.1:{int(process.stdout.readline())}/live"
    finally:
        process.kill()
        process.wait(10)
        process.stdout.close()


def test_rtsp_stalls_and_continues(rtsp_server: tuple[subprocess.Popen[str], str]) -> None:
    process, url = rtsp_server
    with pytest.raises(SourceNotFoundError), NetworkStream(url + "/none") as missing:
        missing.open()
    with NetworkStream(url) as source:
        info = source.open()
        assert (info.width, info.height) == (160, 120)
        before = read_frames(source, 10)
        process.send_signal(signal.SIGSTOP)
        read_until(source, SourceState.STALLED)
        assert source.read(0.2) is None
        process.send_signal(signal.SIGCONT)
        assert read_frames(source, 5, within_s=20)[0].index > before[-1].index


def test_a_picture_is_as_old_as_its_arrival_however_late_it_is_read(server: MjpegServer) -> None:
    with NetworkStream(server.url) as source:
        source.open()
        read_frames(source, 3)
        arrived = server.tick + 10
        assert wait_until(lambda: server.tick >= arrived, 60)
        server.mode = Mode.STALL
        time.sleep(0.5)
        all_had_come_s = time.monotonic()
        time.sleep(0.3)
        frame = source.read(1.0)
    assert frame is not None
    assert frame.captured_s < all_had_come_s


def test_a_reader_that_is_too_slow_gets_the_picture_of_now_and_not_that_of_the_past(server: MjpegServer) -> None:
    picture = MovingPicture(WIDTH, HEIGHT)

    def tick_of(frame: Frame) -> int:
        """Which of the server's last pictures it is."""
        now = server.tick
        return min(
            range(max(0, now - 100), now + 1),
            key=lambda tick: float(np.abs(picture.draw(tick).astype(int) - frame.image).mean()),
        )

    with NetworkStream(server.url) as source:
        source.open()
        for _ in range(5):
            time.sleep(0.6)
            frame = source.read(1.0)
            assert frame is not None
        # Whoever reads one picture after the other is three seconds behind by now, which are some 70 pictures.
        assert time.monotonic() - frame.captured_s < 1.0
        assert server.tick - tick_of(frame) < 25
