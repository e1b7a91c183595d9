"""How many pictures a decoder works on at once: fewer of larger ones, also where they grow midway."""

import io
import os
import tracemalloc
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image as Pillow

from tests.clips import moving_square, write_clip
from video_labeler import limits
from video_labeler.sources.decoding import bound_decoder
from video_labeler.sources.transparency import on_white
from video_labeler.sources.video_file import VideoFile

_SMALL, _LARGE = (160, 120), (640, 480)
_MOST_PIXELS = 2 * 16 * 160 * 128
"""Of sixteen small pictures at once, or two large ones."""


def _clip(path: Path, sizes: list[tuple[int, int]], form: str = "PNG") -> Path:
    """Pictures of these sizes, each brighter than the one before it."""
    codec = {"PNG": "png", "JPEG": "mjpeg"}[form]
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=5)
        stream.width, stream.height = sizes[0]
        stream.pix_fmt = "yuvj420p" if codec == "mjpeg" else "rgb24"
        for number, size in enumerate(sizes):
            memory = io.BytesIO()
            Pillow.new("RGB", size, (8 * number, 0, 0)).save(memory, form)
            packet = av.Packet(memory.getvalue())
            packet.stream, packet.pts, packet.dts, packet.time_base = stream, number, number, Fraction(1, 5)
            packet.duration, packet.is_keyframe = 1, True
            container.mux(packet)
    return path


@pytest.fixture
def many_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 64)


@pytest.mark.usefixtures("many_processors")
@pytest.mark.parametrize(
    ("size", "threads"), [((640, 480), 16), ((3840, 2160), 8), ((7680, 4320), 2), ((8192, 8192), 1)]
)
def test_the_larger_the_pictures_the_fewer_are_decoded_at_once(
    tmp_path: Path, size: tuple[int, int], threads: int
) -> None:
    with av.open(str(_clip(tmp_path / "clip.mov", [_SMALL]))) as container:
        stream = container.streams.video[0]
        stream.codec_context.width, stream.codec_context.height = size
        assert bound_decoder(stream, one_by_one=False) == threads
        assert stream.codec_context.thread_count == (threads if 1 < threads < 16 else 0)
        most = int(stream.codec_context.options["max_pixels"])
        assert most >= size[0] * size[1]
        assert most * threads <= limits.DECODED_PIXELS
        assert bound_decoder(stream, one_by_one=True) == 1


@pytest.mark.usefixtures("many_processors")
@pytest.mark.parametrize("begins_at", [0, 1, 7])
@pytest.mark.parametrize(("form", "suffix"), [("PNG", "mov"), ("JPEG", "avi")])
def test_pictures_that_grow_midway_are_all_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str, suffix: str, begins_at: int
) -> None:
    monkeypatch.setattr(limits, "DECODED_PIXELS", _MOST_PIXELS)
    sizes = [_SMALL] * begins_at + [_LARGE, _SMALL, _LARGE, _LARGE, _SMALL]
    path = _clip(tmp_path / f"grows.{suffix}", [_SMALL, *sizes], form)
    source = VideoFile(path)
    source.open()
    frames = [frame for _ in range(len(sizes) + 1) if (frame := source.read()) is not None]
    assert source.read() is None
    source.close()
    assert [(frame.width, frame.height) for frame in frames] == [_SMALL, *sizes]
    assert [round(int(frame.image[0, 0, 2]) / 8) for frame in frames] == list(range(len(sizes) + 1))
    assert [frame.index for frame in frames] == list(range(len(sizes) + 1))
    assert source.losses is None


@pytest.mark.usefixtures("many_processors")
@pytest.mark.parametrize("codec", ["libx264", "libx265"])
def test_predicted_pictures_that_grow_midway_are_all_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, codec: str
) -> None:
    monkeypatch.setattr(limits, "DECODED_PIXELS", _MOST_PIXELS)
    path = tmp_path / "grows.ts"
    parts = [
        write_clip(tmp_path / f"{size[0]}.ts", moving_square(20, *size), codec=codec, rate=25)
        for size in (_SMALL, _LARGE, _SMALL)
    ]
    path.write_bytes(b"".join(part.read_bytes() for part in parts))
    source = VideoFile(path)
    source.open()
    sizes: list[tuple[int, int]] = []
    while (frame := source.read()) is not None:
        sizes.append((frame.width, frame.height))
    source.close()
    assert sizes == [_SMALL] * 20 + [_LARGE] * 20 + [_SMALL] * 20
    assert source.losses is None


def test_what_is_transparent_takes_little_more_memory_than_its_picture() -> None:
    pixels = np.full((3000, 2000, 4), 128, dtype=np.uint8)
    pixels[0, 0] = 0
    tracemalloc.start()
    try:
        colours = on_white(pixels)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < colours.nbytes + 20_000_000
    assert colours[0, 0].tolist() == [255] * 3
    assert colours[-1, -1].tolist() == [191] * 3
