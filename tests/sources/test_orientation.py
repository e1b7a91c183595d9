from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from tests import clips
from video_labeler.sources.orientation import Orientation, orientation_of
from video_labeler.sources.video_file import VideoFile

RED, GREEN, BLUE, WHITE = (0, 0, 220), (0, 160, 0), (220, 0, 0), (250, 250, 250)
COLOURS = {"R": RED, "G": GREEN, "B": BLUE, "W": WHITE}

SHOWN = {
    (1, 0, 0, 1): "RG/BW",
    (0, 1, -1, 0): "BR/WG",
    (-1, 0, 0, -1): "WB/GR",
    (0, -1, 1, 0): "GW/RB",
    (-1, 0, 0, 1): "GR/WB",
    (1, 0, 0, -1): "BW/RG",
    (0, 1, 1, 0): "RB/GW",
    (0, -1, -1, 0): "WG/BR",
}
"""The corners of a picture that is coded as RG/BW, as players show it under each matrix."""


def four_corners() -> np.ndarray:
    image = np.zeros((64, 96, 3), dtype=np.uint8)
    image[:32, :48], image[:32, 48:], image[32:, :48], image[32:, 48:] = RED, GREEN, BLUE, WHITE
    return image


def corners(image: np.ndarray) -> str:
    def name(y: int, x: int) -> str:
        return min(COLOURS, key=lambda key: np.abs(image[y, x].astype(int) - COLOURS[key]).sum())

    return f"{name(8, 8)}{name(8, -8)}/{name(-8, 8)}{name(-8, -8)}"


@pytest.mark.parametrize("suffix", [".mp4", ".mov", ".mkv"])
@pytest.mark.parametrize("matrix", SHOWN)
def test_all_eight_orientations(tmp_path: Path, matrix: tuple[int, ...], suffix: str) -> None:
    path = clips.write_clip(tmp_path / f"a{suffix}", [four_corners()] * 2, matrix=matrix)

    with VideoFile(path) as source:
        info = source.open()
        frame = source.read()

    assert frame is not None
    assert corners(frame.image) == SHOWN[matrix]
    assert (info.width, info.height) == (frame.width, frame.height) == ((64, 96) if matrix[0] == 0 else (96, 64))


@pytest.mark.parametrize("matrix", SHOWN)
def test_the_shape_of_the_pixels_turns_with_the_picture(tmp_path: Path, matrix: tuple[int, ...]) -> None:
    path = tmp_path / "a.mp4"
    with av.open(str(path), "w") as output:
        stream = output.add_stream("mpeg4", rate=10)
        stream.width, stream.height, stream.pix_fmt = 96, 64, "yuv420p"
        stream.codec_context.sample_aspect_ratio = Fraction(4, 3)
        a, b, c, d = matrix
        stream.set_display_matrix([a << 16, b << 16, 0, c << 16, d << 16, 0, 0, 0, 1 << 30])
        output.mux(stream.encode(av.VideoFrame.from_ndarray(four_corners(), format="bgr24")))
        output.mux(stream.encode(None))

    with VideoFile(path) as source:
        info = source.open()

    expected = Fraction(3, 4) if matrix[0] == 0 else Fraction(4, 3)
    assert info.pixel_aspect == expected
    with VideoFile(path) as video:
        video.open()
        frame = video.read()
        assert frame is not None
        assert frame.pixel_aspect == pytest.approx(float(expected))


@pytest.mark.parametrize(
    ("matrix", "nearest"),
    [
        ((65536 * 2, 0, 0, 65536), Orientation.UPRIGHT),
        ((64000, 14000, -14000, 64000), Orientation.UPRIGHT),
        ((14000, 64000, -64000, 14000), Orientation.TURNED_RIGHT),
        ((-64000, 14000, 14000, 64000), Orientation.MIRRORED),
        ((0, 0, 0, 0), Orientation.UPRIGHT),
    ],
)
def test_other_angles_and_scales_are_rounded(tmp_path: Path, matrix: tuple[int, ...], nearest: Orientation) -> None:
    path = tmp_path / "a.mp4"
    with av.open(str(path), "w") as output:
        stream = output.add_stream("mpeg4", rate=10)
        stream.width, stream.height, stream.pix_fmt = 96, 64, "yuv420p"
        a, b, c, d = matrix
        stream.set_display_matrix([a, b, 0, c, d, 0, 0, 0, 1 << 30])
        output.mux(stream.encode(av.VideoFrame.from_ndarray(four_corners(), format="bgr24")))
        output.mux(stream.encode(None))

    with av.open(str(path)) as container:
        assert orientation_of(next(container.decode(video=0))) is nearest
