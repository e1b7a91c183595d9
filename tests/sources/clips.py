"""What the sources are tried on: clips of the moving test picture, and files without a picture."""

from collections.abc import Sequence
from pathlib import Path

import av

from tests import clips
from video_labeler.pixels import Image
from video_labeler.sources.moving_picture import MovingPicture

_SEEKABLE = {"g": "10", "bf": "0"}


def write_test_clip(
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
    container: dict[str, str] | None = None,
) -> Path:
    """Write a clip of the moving test picture (or of one image), its first frame at ``times_ms[0]``."""
    picture = MovingPicture(*size)
    times_s = None if times_ms is None else [time_ms / 1000 for time_ms in times_ms]
    images = (picture.draw(i) if image is None else image for i in range(len(times_s) if times_s else count))
    encoding = _SEEKABLE if codec == "libx264" else {}
    return clips.write_clip(
        path,
        images,
        times_s,
        rate,
        codec=codec,
        pixel_format=pixel_format,
        encoding=encoding,
        container=container,
        rotation=rotation,
        sound_s=sound_s,
    )


def write_sound(path: Path, seconds: float = 1.0) -> Path:
    """A file that holds nothing but silence."""
    with av.open(str(path), "w") as output:
        clips.write_silence(output, output.add_stream("aac", rate=8000, layout="mono"), seconds)
    return path
