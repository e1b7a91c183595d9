"""Planes against BGR, and against FFmpeg's own conversion."""

import av
import numpy as np
import pytest
from av.video.reformatter import ColorRange, Colorspace

from video_labeler.frames import Box, Frame
from video_labeler.pixels import Colours, Image, Planes, planes_of, rows_of
from video_labeler.sources.decoding import PictureConverter

FORMS = [
    (Colorspace.ITU601, ColorRange.MPEG, 6),
    (Colorspace.ITU709, ColorRange.MPEG, 1),
    (Colorspace.ITU709, ColorRange.JPEG, 1),
    (Colorspace.ITU601, ColorRange.JPEG, 5),
    (Colorspace.SMPTE240M, ColorRange.MPEG, 7),
]


def coloured(width: int = 96, height: int = 64) -> Image:
    """Smooth colours of every kind, so that halved colour loses nothing."""
    rows, columns = np.mgrid[0:height, 0:width]
    channels = (columns * 255 / width, rows * 255 / height, 255 - (rows + columns) * 255 / (width + height))
    return np.dstack(channels).astype(np.uint8)


def by_ffmpeg(image: Image, space: Colorspace, extent: ColorRange, matrix: int) -> Planes:
    picture = av.VideoFrame.from_ndarray(image, format="bgr24").reformat(
        format="yuv420p", dst_colorspace=space, dst_color_range=extent
    )
    y, u, v = (rows_of(plane)[: plane.height, : plane.width] for plane in picture.planes)
    return Planes(y, u, v, Colours(matrix, extent is ColorRange.JPEG))


@pytest.mark.parametrize(("space", "extent", "matrix"), FORMS)
def test_what_planes_mean_is_what_ffmpeg_means(space: Colorspace, extent: ColorRange, matrix: int) -> None:
    image = coloured()
    planes = by_ffmpeg(image, space, extent, matrix)
    assert np.abs(planes.image.astype(int) - image).max() <= 9
    ours = planes_of(image, planes.colours)
    for plane, expected in ((ours.y, planes.y), (ours.u, planes.u), (ours.v, planes.v)):
        assert np.abs(plane.astype(int) - expected).max() <= 2
    for colour in ((255, 0, 0), (0, 255, 0), (0, 0, 255), (20, 20, 20), (255, 255, 255)):
        plain = by_ffmpeg(np.full((16, 16, 3), colour, np.uint8), space, extent, matrix)
        middle = (int(plain.y[8, 8]), int(plain.u[4, 4]), int(plain.v[4, 4]))
        assert planes.colours.of(colour) == pytest.approx(middle, abs=1)


@pytest.mark.parametrize("size", [(96, 64), (97, 63), (2, 2), (3, 1)])
def test_a_picture_of_any_size_comes_back(size: tuple[int, int]) -> None:
    image = np.full((size[1], size[0], 3), (40, 120, 200), np.uint8)
    planes = planes_of(image, Colours())
    assert (planes.width, planes.height) == size
    assert planes.image.shape == image.shape
    assert np.abs(planes.image.astype(int) - image).max() <= 3


def test_crops_and_samples_are_those_of_the_same_picture_in_bgr() -> None:
    image = coloured(321, 241)
    given, plain = Frame(0, 0.0, planes_of(image, Colours(1))), Frame(0, 0.0, image)
    for box in (plain.bounds, Box(10.4, 20.6, 150.2, 199.9), Box(311, 231, 321, 241), Box(-5, -5, 3, 3)):
        for size in ((192, 192), (16, 8)):
            crop = given.crop(box, size)
            assert crop.shape == (size[1], size[0], 3)
            assert np.abs(crop.astype(int) - plain.crop(box, size)).mean() < 4
    assert np.abs(given.grey_samples((96, 96)).astype(int) - plain.grey_samples((96, 96))).max() <= 40
    grey = np.full((64, 64, 3), 77, np.uint8)
    for colours in (Colours(), Colours(full_range=True)):
        assert np.abs(Frame(0, 0.0, planes_of(grey, colours)).grey_samples((8, 8)).astype(int) - 77).max() <= 1
    assert np.abs(given.resized((100, 80)).astype(int) - plain.resized((100, 80))).mean() < 4


def test_planes_of_a_frame_cannot_be_written_and_a_copy_can() -> None:
    frame = Frame(0, 0.0, planes_of(coloured(), Colours()))
    assert isinstance(frame.pixels, Planes)
    with pytest.raises(ValueError, match="read-only"):
        frame.pixels.u[0, 0] = 1
    with pytest.raises(ValueError, match="read-only"):
        frame.image[0, 0] = 1
    copy = frame.pixels.copy()
    copy.y[:] = 16
    assert frame.pixels.y.max() > 16
    assert frame.image is frame.image, "it is made once"


def test_memory_counts_the_picture_that_was_made() -> None:
    planes = planes_of(coloured(96, 64), Colours())
    assert planes.nbytes == 96 * 64 * 3 // 2
    assert planes.image.nbytes == 96 * 64 * 3
    assert planes.nbytes == 96 * 64 * 9 // 2


@pytest.mark.parametrize("matrix", [0, 2, 3, 8, 10, 11, 14, 17, 255])
def test_a_matrix_that_ffmpeg_does_not_convert_is_no_reason_to_show_nothing(matrix: int) -> None:
    image = np.full((16, 16, 3), (90, 90, 90), np.uint8)
    assert np.abs(planes_of(image, Colours(matrix)).image.astype(int) - 90).max() <= 3
    picture = av.VideoFrame.from_ndarray(image, format="bgr24").reformat(format="yuv422p")
    picture.colorspace = matrix
    pixels = PictureConverter()(picture)
    assert isinstance(pixels, np.ndarray)
    assert np.abs(pixels.astype(int) - 90).max() <= 3
