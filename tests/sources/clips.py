"""Clips that the tests make: real files, written with PyAV."""

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from video_labeler.frames import Image
from video_labeler.sources.moving_picture import MovingPicture


def write_clip(
    path: Path,
    *,
    size: tuple[int, int] = (160, 120),
    count: int = 20,
    rate: int = 10,
    codec: str = "libx264",
    pixel_format: str = "yuv420p",
    rotation: float = 0,
    times_ms: Sequence[int] | None = None,
    image: Image | None = None,
    sound_s: float = 0,
    container_options: dict[str, str] | None = None,
) -> Path:
    """Write a clip of the moving test picture (or of one image), its first frame at ``times_ms[0]``."""
    times = times_ms if times_ms is not None else [round(1000 * i / rate) for i in range(count)]
    picture = MovingPicture(*size)
    with av.open(str(path), "w", options=container_options or {}) as container:
        stream = container.add_stream(codec, rate=rate)
        stream.width, stream.height, stream.pix_fmt = *size, pixel_format
        stream.time_base = stream.codec_context.time_base = Fraction(1, 1000)
        if codec == "libx264":
            stream.options = {"g": "10", "bf": "0"}
        if rotation:
            stream.set_display_rotation(rotation)
        sound = container.add_stream("aac", rate=8000, layout="mono") if sound_s else None
        for index, time_ms in enumerate(times):
            frame = av.VideoFrame.from_ndarray(picture.draw(index) if image is None else image, format="bgr24")
            frame.pts, frame.time_base = time_ms, Fraction(1, 1000)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
        if sound is not None:
            _write_sound(container, sound, sound_s)
    return path


def write_sound(path: Path, seconds: float = 1.0) -> Path:
    with av.open(str(path), "w") as container:
        _write_sound(container, container.add_stream("aac", rate=8000, layout="mono"), seconds)
    return path


def _write_sound(container: av.container.OutputContainer, stream: av.AudioStream, seconds: float) -> None:
    for start in range(0, int(seconds * 8000), 1024):
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), format="fltp", layout="mono")
        frame.sample_rate, frame.pts = 8000, start
        container.mux(stream.encode(frame))
    container.mux(stream.encode())
