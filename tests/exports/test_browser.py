"""A finished recording in a real headless Chromium: it plays, and every jump lands on its frame."""

import contextlib
import shutil
import threading
import time
from collections.abc import Iterator, Sequence
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.clips import moving_square, write_clip
from tests.fakes import labeled
from tests.movie.sounds import add_sound
from video_labeler.frames import Frame
from video_labeler.movie.movie_file import container_format
from video_labeler.movie.recording_options import RecordingOptions
from video_labeler.movie.sound import SoundReader
from video_labeler.recording.video_recorder import VideoRecorder
from video_labeler.sources.base import SourceInfo

PAGE = b"<!doctype html><meta charset=utf-8><title>.</title><video src='/video' muted></video>"

SEEK = """async time => {
    const video = document.querySelector("video");
    await new Promise(done => { video.onseeked = done; video.currentTime = time; });
}"""

COLOUR = """() => {
    const video = document.querySelector("video");
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
    const paint = canvas.getContext("2d");
    paint.drawImage(video, 0, 0);
    return Array.from(paint.getImageData(canvas.width / 2, canvas.height / 2, 1, 1).data);
}"""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """A headless Chromium, where one is installed."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        pytest.skip("Chromium is not installed")
    with playwright.sync_playwright() as started:
        chromium = started.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--autoplay-policy=no-user-gesture-required"]
        )
        yield chromium
        chromium.close()


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """A file to fill, and the address of a page that shows it."""
    video = tmp_path / "out.mp4"

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            content = video.read_bytes() if self.path == "/video" else PAGE
            start = int(self.headers.get("Range", "bytes=0-").removeprefix("bytes=").split("-")[0])
            self.send_response(HTTPStatus.PARTIAL_CONTENT if "Range" in self.headers else HTTPStatus.OK)
            self.send_header("Content-Type", "video/mp4" if self.path == "/video" else "text/html")
            self.send_header("Accept-Ranges", "bytes")
            self.send_header("Content-Length", str(len(content) - start))
            if "Range" in self.headers:
                self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
            self.end_headers()
            try:
                self.wfile.write(content[start:])
            except ConnectionError:
                self.close_connection = True

        def log_message(self, *_: Any) -> None:
            """Stay quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield video, f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


def colour_at(index: int) -> tuple[int, int, int]:
    """A colour (blue, green, red) that tells a frame from its neighbours."""
    return (index * 37 % 200 + 20, index * 91 % 200 + 20, index * 13 % 200 + 20)


@pytest.mark.parametrize("with_sound", [False, True])
def test_every_jump_lands_on_its_frame_in_its_colours(
    chromium: Any, served: tuple[Path, str], tmp_path: Path, with_sound: bool
) -> None:
    target, address = served
    times = [0.0]
    for index in range(79):
        times.append(times[-1] + (0.05 if index % 3 else 0.12))
    sound = None
    if with_sound:
        clip = add_sound(write_clip(tmp_path / "s.mp4", moving_square(8, 64, 48), rate=1), tmp_path / "sound.mp4")
        sound = SoundReader(clip, container_format(target))
    recorder = VideoRecorder(target, RecordingOptions(subtitles=True, burn_in=False), sound)
    recorder.open(SourceInfo("clip", 320, 240, rate=15.0))
    for index, time_s in enumerate(times):
        image = np.full((240, 320, 3), colour_at(index), dtype=np.uint8)
        recorder.write(labeled(Frame(index, time_s, image), "Mug"))
    recorder.close(completed=True)

    with contextlib.closing(chromium.new_page()) as page:
        page.goto(address)
        look_at(page, times)


def look_at(page: Any, times: Sequence[float]) -> None:
    page.wait_for_function("document.querySelector('video').readyState >= 2")
    assert page.evaluate("document.querySelector('video').duration") == pytest.approx(times[-1] + 0.05, abs=0.1)
    for index in (70, 3, 41, 42, 0, 79, 15):
        page.evaluate(SEEK, times[index] + 0.02)
        # The picture may reach the page a moment after the jump is told to be done.
        deadline = time.monotonic() + 20
        while (colour := page.evaluate(COLOUR)[2::-1]) != (expected := pytest.approx(colour_at(index), abs=8)):
            assert time.monotonic() < deadline, f"frame {index}: {colour} in place of {expected}"
    page.evaluate("document.querySelector('video').currentTime = 0")
    page.evaluate("document.querySelector('video').play()")
    page.wait_for_function("document.querySelector('video').currentTime > 1", timeout=20_000)
    assert page.evaluate("document.querySelector('video').error") is None
    assert page.evaluate("document.querySelector('video').textTracks.length") in (0, 1)
