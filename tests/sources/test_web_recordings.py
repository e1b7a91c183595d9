"""Recordings on web servers of all manners: they play once, whole, and end where the body ends."""

import shutil
import tempfile
import time
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import av
import numpy as np
import pytest

from tests.fakes import FixedLabeler
from tests.sources.mjpeg_server import MjpegServer, Mode, wait_until
from tests.sources.web_server import Manners, WebServer
from video_labeler import limits
from video_labeler.errors import SourceError, SourceUnavailableError
from video_labeler.files.temporary import TemporaryCopy
from video_labeler.frames import Frame
from video_labeler.pipeline.pipeline import Pipeline
from video_labeler.sources import web_recording
from video_labeler.sources.base import Delivery, SourceState
from video_labeler.sources.excerpt import Excerpt
from video_labeler.sources.moving_picture import MovingPicture
from video_labeler.sources.network_stream import NetworkStream
from video_labeler.sources.video_file import VideoFile
from video_labeler.sources.web_recording import WebRecording

COUNT, RATE = 30, 10

MANNERS = {
    "length": Manners(),
    "no length": Manners(length=False),
    "chunks": Manners("HTTP/1.1", chunked=True),
    "ranges": Manners("HTTP/1.1", ranges=True),
}
KINDS = {
    "index-first.mp4": ("mp4", "libx264", {"movflags": "faststart"}),
    "index-last.mp4": ("mp4", "libx264", {}),
    "fragments.mp4": ("mp4", "libx264", {"movflags": "frag_keyframe+empty_moov"}),
    "live.webm": ("webm", "libvpx", {"live": "1"}),
    "whole.mkv": ("matroska", "libx264", {}),
    "broadcast.ts": ("mpegts", "libx264", {}),
    "no-duration.flv": ("flv", "libx264", {"flvflags": "no_duration_filesize"}),
    "motion.avi": ("avi", "mjpeg", {}),
    "moving.gif": ("gif", "gif", {}),
}


def _write(path: Path, kind: str, codec: str, options: dict[str, str], *, black: int = 0) -> None:
    picture = MovingPicture(160, 120)
    with av.open(str(path), "w", format=kind, options=options) as container:
        stream: Any = container.add_stream(codec, rate=RATE, options={"g": "10"} if codec != "gif" else {})
        stream.width, stream.height = 160, 120
        stream.pix_fmt = {"gif": "rgb8", "mjpeg": "yuvj420p"}.get(codec, "yuv420p")
        for index in range(COUNT):
            image = picture.draw(index) if index >= black else np.zeros((120, 160, 3), np.uint8)
            frame = av.VideoFrame.from_ndarray(image, format="bgr24").reformat(format=stream.pix_fmt)
            frame.pts, frame.time_base = index, Fraction(1, RATE)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("web")
    for name, (kind, codec, options) in KINDS.items():
        _write(folder / name, kind, codec, options)
    _write(folder / "black.mp4", "mp4", "libx264", {"movflags": "faststart"}, black=28)
    whole = (folder / "index-first.mp4").read_bytes()
    (folder / "cut.mp4").write_bytes(whole[: len(whole) // 2])
    return folder


@pytest.fixture
def server(folder: Path) -> Iterator[WebServer]:
    with WebServer(folder) as running:
        yield running


def read_all(source: NetworkStream, within_s: float = 20) -> list[Frame]:
    frames: list[Frame] = []
    deadline_s = time.monotonic() + within_s
    while not source.ended and time.monotonic() < deadline_s:
        frame = source.read(0.2)
        if frame is not None:
            frames.append(frame)
    assert source.ended, source.status
    return frames


@pytest.mark.parametrize("manners", MANNERS)
@pytest.mark.parametrize("name", KINDS)
def test_a_recording_is_read_once_and_whole(server: WebServer, name: str, manners: str) -> None:
    server.manners = MANNERS[manners]
    with NetworkStream(server.url(name)) as source:
        source.open()
        assert source.delivery is Delivery.EVERY_FRAME
        frames = read_all(source)
        assert source.losses is None
    assert [frame.index for frame in frames] == list(range(COUNT))
    assert [frame.time_s for frame in frames] == pytest.approx([index / RATE for index in range(COUNT)], abs=0.011)


@pytest.mark.parametrize("manners", MANNERS)
@pytest.mark.parametrize("name", ["index-first.mp4", "fragments.mp4", "live.webm", "broadcast.ts"])
def test_a_part_is_the_same_whether_or_not_the_server_can_begin_there(
    server: WebServer, folder: Path, name: str, manners: str
) -> None:
    with VideoFile(folder / name) as file:
        file.open()
        expected = [frame for frame in iter(file.read, None) if 2.0 <= frame.time_s < 2.5]
    server.manners = MANNERS[manners]
    frames = []
    with Excerpt(NetworkStream(server.url(name)), 2.0, 2.5) as part:
        part.open()
        while not part.ended:
            frame = part.read(0.2)
            if frame is not None:
                frames.append(frame)
        assert part.losses is None
    assert [frame.time_s + 2.0 for frame in frames] == pytest.approx([frame.time_s for frame in expected])
    assert all(np.array_equal(a.image, b.image) for a, b in zip(frames, expected, strict=True))


def test_a_film_that_begins_black_is_not_a_covered_lens(server: WebServer) -> None:
    with NetworkStream(server.url("black.mp4")) as source:
        source.open()
        assert len(read_all(source)) == COUNT
        assert source.reconnects == 0


@pytest.mark.parametrize("manners", ["length", "no length", "ranges"])
def test_a_file_cut_short_on_the_server_ends_and_tells(server: WebServer, manners: str) -> None:
    server.manners = MANNERS[manners]
    with NetworkStream(server.url("cut.mp4")) as source:
        source.open()
        frames = read_all(source)
        assert 0 < len(frames) < COUNT
        assert "ends early" in (source.losses or "")


@pytest.mark.parametrize("name", ["index-first.mp4", "live.webm", "broadcast.ts", "motion.avi"])
def test_a_body_that_breaks_off_ends_and_tells(server: WebServer, name: str, folder: Path) -> None:
    server.manners = Manners(hang_up_after=(folder / name).stat().st_size * 2 // 3)
    with NetworkStream(server.url(name)) as source:
        source.open()
        frames = read_all(source)
        assert 0 < len(frames) < COUNT
        assert source.losses


@pytest.mark.parametrize("name", ["live.webm", "broadcast.ts"])
def test_chunks_without_the_last_one_are_no_whole_recording(server: WebServer, name: str, folder: Path) -> None:
    server.manners = Manners("HTTP/1.1", chunked=True, hang_up_after=(folder / name).stat().st_size * 2 // 3)
    with NetworkStream(server.url(name)) as source:
        source.open()
        assert 0 < len(read_all(source)) < COUNT
        assert "broke off before its end" in (source.losses or "")


def test_a_connection_that_breaks_continues_where_the_server_can(server: WebServer) -> None:
    server.manners = Manners("HTTP/1.1", ranges=True, hang_up_after=20_000)
    with NetworkStream(server.url("motion.avi")) as source:
        source.open()
        assert len(read_all(source)) == COUNT
        assert source.losses is None


def test_somebody_who_watches_sees_it_at_its_own_speed(server: WebServer) -> None:
    with NetworkStream(server.url("live.webm"), must_answer=False, paced=True) as source:
        source.open()
        assert source.playback is not None
        started_s = time.monotonic()
        seen = 0
        while seen < 10 and time.monotonic() < started_s + 10:
            seen += source.read(0.2) is not None
        assert seen == 10
        assert time.monotonic() - started_s > 0.8
        source.playback.seek(2.0)
        frame = None
        while frame is None and time.monotonic() < started_s + 20:
            frame = source.read(0.2)
        assert frame is not None
        assert frame.time_s == pytest.approx(2.0, abs=0.051)


def test_what_holds_no_picture_is_an_error(server: WebServer, folder: Path) -> None:
    with av.open(str(folder / "sound.mp3"), "w") as container:
        stream = container.add_stream("mp3", rate=8000)
        sound = av.AudioFrame.from_ndarray(np.zeros((1, 8000), np.int16), format="s16", layout="mono")
        sound.rate = 8000
        container.mux(stream.encode(sound))
        container.mux(stream.encode(None))
    source = NetworkStream(server.url("sound.mp3"))
    with pytest.raises(SourceError, match="no moving pictures"):
        source.open()


def test_a_camera_that_hangs_up_is_no_recording() -> None:
    with MjpegServer() as camera, NetworkStream(camera.url) as source:
        source.open()
        assert source.read(2.0) is not None
        camera.mode = Mode.DROP
        deadline_s = time.monotonic() + 5
        while source.status.state is not SourceState.RECONNECTING and time.monotonic() < deadline_s:
            source.read(0.2)
        camera.mode = Mode.OK
        while source.status.state is not SourceState.RUNNING and time.monotonic() < deadline_s:
            source.read(0.2)
        assert source.delivery is Delivery.NEWEST
        assert not source.ended


def test_copying_ends_as_soon_as_nobody_wants_it(
    server: WebServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    made: list[TemporaryCopy] = []

    def made_copy() -> TemporaryCopy:
        made.append(TemporaryCopy())
        return made[-1]

    monkeypatch.setattr(web_recording, "TemporaryCopy", made_copy)
    server.manners = Manners(bytes_per_s=8_000)
    source = WebRecording(server.url("index-last.mp4"), "film", copy_first=True)
    pipeline = Pipeline(source, FixedLabeler, [])
    pipeline.start()
    assert wait_until(lambda: bool(made), 60)
    pipeline.finish()
    assert wait_until(lambda: not pipeline.running, 60)
    assert made[0].file.closed
    assert list(tmp_path.iterdir()) == []


def test_a_slow_recording_without_length_that_begins_again_has_ended(server: WebServer) -> None:
    server.manners = Manners(length=False, bytes_per_s=12_000)
    with NetworkStream(server.url("broadcast.ts")) as source:
        source.open()
        frames = read_all(source, within_s=40)
    assert frames[-1].time_s > 1.0


@pytest.mark.parametrize("announced", [True, False])
def test_a_copy_leaves_room_on_the_disk(
    announced: bool, server: WebServer, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    size = (folder / "index-last.mp4").stat().st_size
    # Without an announcement there is room at first, and then it is used up.
    free = iter([limits.COPY_RESERVE + (size - 1 if announced else 1), *[limits.COPY_RESERVE - 1] * 1000])
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    if not announced:
        monkeypatch.setattr(limits, "COPY_CHECKED", size // 3)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=next(free)))
    server.manners = Manners(length=announced)
    source = WebRecording(server.url("index-last.mp4"), "clip.mp4", copy_first=True)
    with pytest.raises(SourceUnavailableError, match="no room for it"):
        source.open()
    assert list(tmp_path.iterdir()) == []


def test_a_copy_is_made_where_there_is_just_room_and_goes_with_the_source(
    server: WebServer, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    size = (folder / "index-last.mp4").stat().st_size
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=limits.COPY_RESERVE + size))
    source = WebRecording(server.url("index-last.mp4"), "clip.mp4", copy_first=True)
    copy = source.open().copy
    assert copy is not None
    assert copy.stat().st_size == size
    source.close()
    assert not copy.exists()
    assert list(tmp_path.iterdir()) == []
