"""Videos with transparency are looked at on white, as pictures are."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from video_labeler.sources.video_file import VideoFile


@pytest.mark.parametrize(("name", "codec", "form"), [("a.mov", "qtrle", "argb"), ("a.mkv", "ffv1", "bgra")])
@pytest.mark.parametrize(("alpha", "expected"), [(128, 127), (255, 0)])
def test_what_is_transparent_is_white(
    tmp_path: Path, name: str, codec: str, form: str, alpha: int, expected: int
) -> None:
    pixels = np.zeros((48, 64, 4), np.uint8)
    pixels[8:16, 8:16] = (0, 0, 255, 255)
    pixels[24:32, 8:16, 3] = alpha
    with av.open(str(tmp_path / name), "w") as container:
        stream: Any = container.add_stream(codec, rate=10)
        stream.width, stream.height, stream.pix_fmt = 64, 48, form
        frame = av.VideoFrame.from_ndarray(pixels, format="bgra").reformat(format=form)
        frame.pts, frame.time_base = 0, Fraction(1, 10)
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))

    with VideoFile(tmp_path / name) as source:
        source.open()
        frame = source.read()

    assert frame is not None
    assert frame.image[10, 10].tolist() == [0, 0, 255]
    assert frame.image[40, 50].tolist() == [255, 255, 255]
    assert frame.image[28, 10].tolist() == [expected] * 3
