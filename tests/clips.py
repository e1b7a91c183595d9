"""Small video files made on the spot."""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from video_labeler.pixels import Image

_CLOCK = 90_000
_NEARLY_LOSSLESS = {"crf": "4", "bf": "0"}


def write_clip(
    path: Path,
    images: Iterable[Image],
    times_s: Sequence[float] | None = None,
    rate: int = 30,
    *,
    codec: str = "libx264",
    pixel_format: str = "yuv420p",
    encoding: Mapping[str, str] | None = None,
    container: Mapping[str, str] | None = None,
    rotation: float = 0,
    matrix: Sequence[int] | None = None,
    sound_s: float = 0,
) -> Path:
    """A video of BGR ``images`` at ``times_s`` (seconds; else evenly at ``rate``), nearly lossless with libx264.

    ``encoding`` and ``container`` are FFmpeg's options; ``sound_s`` seconds of silence go with it.
    """
    with av.open(str(path), "w", options=dict(container or {})) as output:
        stream = output.add_stream(codec, rate=rate)
        stream.pix_fmt = pixel_format
        stream.time_base = stream.codec_context.time_base = Fraction(1, _CLOCK)
        stream.options = dict(encoding if encoding is not None else _NEARLY_LOSSLESS if codec == "libx264" else {})
        if rotation:
            stream.set_display_rotation(rotation)
        if matrix is not None:
            a, b, c, d = matrix
            stream.set_display_matrix([a << 16, b << 16, 0, c << 16, d << 16, 0, 0, 0, 1 << 30])
        sound = output.add_stream("aac", rate=8000, layout="mono") if sound_s else None
        for index, image in enumerate(images):
            if index == 0:
                stream.height, stream.width = image.shape[:2]
            frame = av.VideoFrame.from_ndarray(image, format="bgr24")
            time_s = index / rate if times_s is None else times_s[index]
            frame.pts, frame.time_base = round(time_s * _CLOCK), Fraction(1, _CLOCK)
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
        if sound is not None:
            write_silence(output, sound, sound_s)
    return path


def write_silence(output: av.container.OutputContainer, stream: av.AudioStream, seconds: float) -> None:
    """Mono silence at 8 kHz."""
    for start in range(0, int(seconds * 8000), 1024):
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), format="fltp", layout="mono")
        frame.sample_rate, frame.pts = 8000, start
        output.mux(stream.encode(frame))
    output.mux(stream.encode(None))


def moving_square(count: int, width: int = 320, height: int = 240) -> list[Image]:
    """Pictures of a bright square that moves over grey."""
    images = []
    for index in range(count):
        image = np.full((height, width, 3), 90, dtype=np.uint8)
        left = 20 + 2 * index % (width - 100)
        image[60:140, left : left + 80] = (60, 180, 240)
        images.append(image)
    return images


def times_of(path: Path) -> list[float]:
    """The presentation times of a video's frames, in seconds, as decoded."""
    with av.open(str(path)) as container:
        return [float(frame.pts * frame.time_base) for frame in container.decode(video=0)]
