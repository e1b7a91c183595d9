"""Videos, animations, pictures and playlists that are damaged or hostile."""

import functools
import io
import itertools
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

import av
import pytest
from PIL import Image as Pillow

from tests.fuzz.trying import Kind, try_changed
from tests.sources.web_server import WebServer
from video_labeler import limits
from video_labeler.sources.opening import source_from_text
from video_labeler.sources.pictures import read_picture
from video_labeler.sources.web_access import open_address

_FRAMES = 30
_PACKETS = 60

_BYTES_A_PIXEL = 10
_ANIMATION_BYTES = 40 * limits.ANIMATION_PIXELS
"""What the largest picture, and the largest that moves, may take while they are decoded."""


@functools.cache
def _clip(suffix: str, codec: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"clip{suffix}"
        command = ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc=s=64x48:r=10", "-f", "lavfi", "-i", "sine"]
        subprocess.run([*command, "-t", "0.8", "-c:v", codec, "-pix_fmt", "yuv420p", str(path)], check=True)
        return path.read_bytes()


def _animation(form: str) -> bytes:
    memory = io.BytesIO()
    pictures = [Pillow.new("RGB", (24, 16), (number * 60, 9, 200)) for number in range(4)]
    pictures[0].save(memory, form, save_all=True, append_images=pictures[1:], duration=50)
    return memory.getvalue()


def _still(form: str) -> bytes:
    memory = io.BytesIO()
    Pillow.linear_gradient("L").resize((40, 30)).convert("RGB").save(memory, form)
    return memory.getvalue()


def _play(suffix: str) -> Callable[[bytes], None]:
    def read(content: bytes) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"changed{suffix}"
            path.write_bytes(content)
            source = source_from_text(str(path))
            try:
                source.open()
                for _ in itertools.takewhile(lambda number: number < _FRAMES and not source.ended, itertools.count()):
                    source.read()
            finally:
                source.close()

    return read


def _look(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "changed.jpg"
        path.write_bytes(content)
        read_picture(path)


def _follow(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as name, WebServer(Path(name)) as server:
        folder = Path(name)
        (folder / "a0.ts").write_bytes(_clip(".ts", "libx264"))
        (folder / "list.m3u8").write_bytes(content)
        try:
            with open_address(server.url("list.m3u8"), (1.0, 1.0), {}) as container:
                for _ in itertools.islice(container.demux(), _PACKETS):
                    pass
        except (av.FFmpegError, OSError, ValueError):
            # What every caller tells in a sentence of its own.
            return


_LISTS = [
    b"#EXTM3U\n#EXT-X-VERSION:6\n#EXT-X-TARGETDURATION:1\n#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:0.8,\na0.ts\n#EXTINF:0.8,\n"
    b"a0.ts\n#EXT-X-ENDLIST\n",
    b"#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1000,RESOLUTION=64x48\nlist.m3u8?1\n#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"a\","
    b"NAME=\"b\",URI=\"a0.ts\"\n",
    b"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXT-X-MAP:URI=\"a0.ts\",BYTERANGE=\"188@0\"\n#EXTINF:0.8,\n#EXT-X-BYTERANGE:"
    b"1880@188\na0.ts\n#EXT-X-ENDLIST\n",
]  # fmt: skip

KINDS = {
    "mp4": Kind(lambda: [_clip(".mp4", "libx264"), _clip(".mov", "mjpeg")], _play(".mp4"), 60),
    "matroska": Kind(lambda: [_clip(".mkv", "libx264"), _clip(".webm", "libvpx")], _play(".mkv"), 60),
    "avi": Kind(lambda: [_clip(".avi", "mpeg4"), _clip(".avi", "mjpeg")], _play(".avi"), 60),
    "transport stream": Kind(lambda: [_clip(".ts", "libx264"), _clip(".mpg", "mpeg2video")], _play(".ts"), 40),
    "flv": Kind(lambda: [_clip(".flv", "flv1")], _play(".flv"), 30),
    "gif": Kind(lambda: [_animation("GIF")], _play(".gif"), 80, _ANIMATION_BYTES),
    "moving png": Kind(lambda: [_animation("PNG")], _play(".png"), 60, _ANIMATION_BYTES),
    "moving webp": Kind(lambda: [_animation("WEBP")], _play(".webp"), 60, _ANIMATION_BYTES),
    "picture": Kind(lambda: [_still(form) for form in ("JPEG", "PNG", "TIFF", "BMP", "WEBP", "GIF")], _look, 200,
                    _BYTES_A_PIXEL * limits.STILL_PIXELS),
    "playlist": Kind(lambda: _LISTS, _follow, 40),
}  # fmt: skip


@pytest.mark.parametrize("name", list(KINDS))
def test_changed_media_are_read_or_refused(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    try_changed(name, KINDS[name], capsys)
