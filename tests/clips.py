"""Small video files made on the spot."""

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from video_labeler.frames import Image


def write_clip(path: Path, images: Sequence[Image], times_s: Sequence[float] | None = None, rate: int = 30) -> Path:
    """A video of BGR ``images`` at ``times_s`` (seconds; else evenly at ``rate``), nearly lossless."""
    times_s = times_s or [index / rate for index in range(len(images))]
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=rate, options={"crf": "4", "bf": "0"})
        stream.height, stream.width = images[0].shape[:2]
        stream.pix_fmt = "yuv420p"
        stream.time_base = stream.codec_context.time_base = Fraction(1, 90_000)
        for image, time_s in zip(images, times_s, strict=True):
            frame = av.VideoFrame.from_ndarray(image, format="bgr24")
            frame.pts, frame.time_base = round(time_s * 90_000), Fraction(1, 90_000)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


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
