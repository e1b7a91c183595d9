import os
import sys
from pathlib import Path

import av
import numpy as np
import pytest

from video_labeler.errors import SourceError, SourceFormatError, SourceNotFoundError
from video_labeler.frames import Image
from video_labeler.opencv import cv2
from video_labeler.sources.image_folder import ImageFolder
from video_labeler.sources.moving_picture import MovingPicture
from video_labeler.sources.pictures import read_picture

PICTURE = MovingPicture(96, 64).draw(7)


def save(path: Path, image: Image = PICTURE) -> Path:
    path.write_bytes(cv2.imencode(path.suffix, image)[1].tobytes())
    return path


def exif_jpeg(orientation: int, image: Image) -> bytes:
    jpeg = cv2.imencode(".jpg", image)[1].tobytes()
    tiff = b"II*\x00\x08\x00\x00\x00\x01\x00" + b"\x12\x01\x03\x00\x01\x00\x00\x00" + bytes([orientation, 0, 0, 0])
    # A small JPEG of its own inside the header, as cameras write it, with an end marker.
    exif = b"Exif\x00\x00" + tiff + b"\x00" * 4 + cv2.imencode(".jpg", image[:8, :8])[1].tobytes()
    return jpeg[:2] + b"\xff\xe1" + (len(exif) + 2).to_bytes(2) + exif + jpeg[2:]


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".bmp", ".webp", ".tiff", ".ppm"])
def test_formats(tmp_path: Path, suffix: str) -> None:
    image = read_picture(save(tmp_path / f"a{suffix}"))
    assert image.shape == PICTURE.shape
    assert image.dtype == np.uint8
    assert np.abs(image.astype(int) - PICTURE).mean() < 4


@pytest.mark.parametrize(
    "image",
    [PICTURE[:, :, 0], PICTURE.astype(np.uint16) * 257, np.dstack([PICTURE, PICTURE[:, :, :1]])],
    ids=["grey", "16 bits", "alpha"],
)
def test_every_depth_becomes_bgr(tmp_path: Path, image: Image) -> None:
    read = read_picture(save(tmp_path / "a.png", image))
    assert read.shape == PICTURE.shape
    assert read.dtype == np.uint8


def test_exif_orientation_is_honoured(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(exif_jpeg(6, PICTURE))
    turned = read_picture(tmp_path / "a.jpg")
    assert turned.shape == (96, 64, 3)
    assert np.abs(turned.astype(int) - np.rot90(PICTURE, -1)).mean() < 6


def test_a_name_beyond_ascii(tmp_path: Path) -> None:
    assert read_picture(save(tmp_path / "Straße 日本.png")).shape == PICTURE.shape


@pytest.mark.parametrize("keep", [0.3, 0.6, 0.95])
@pytest.mark.parametrize("name", ["a.jpg", "exif.jpg", "a.png", "a.webp", "a.bmp"])
def test_a_picture_cut_short_is_refused(tmp_path: Path, name: str, keep: float) -> None:
    path = tmp_path / name
    if name == "exif.jpg":
        path.write_bytes(exif_jpeg(1, PICTURE))
    else:
        save(path)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * keep)])
    with pytest.raises(SourceFormatError, match=path.name):
        read_picture(path)


def test_bad_input_gets_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "words.jpg").write_text("no picture")
    (tmp_path / "empty.jpg").touch()
    cases = {"words.jpg": "not a picture", "empty.jpg": "is empty", "missing.jpg": "no file", ".": "is a folder"}
    if sys.platform != "win32":
        os.mkfifo(tmp_path / "pipe.jpg")
        cases["pipe.jpg"] = "pipe"
    for name, words in cases.items():
        with pytest.raises(SourceError, match=words):
            read_picture(tmp_path / name)


def play(source: ImageFolder) -> list[tuple[int, float, tuple[int, ...]]]:
    with source:
        source.open()
        frames = []
        while (frame := source.read()) is not None:
            frames.append((frame.index, frame.time_s, frame.image.shape))
    return frames


def test_natural_order_and_a_second_each(tmp_path: Path) -> None:
    for name, width in (("p10.png", 30), ("p2.png", 20), ("P1.PNG", 10)):
        (tmp_path / name).write_bytes(cv2.imencode(".png", PICTURE[:, :width])[1].tobytes())
    (tmp_path / "labels.json").write_text("{}")
    assert play(ImageFolder(tmp_path)) == [(0, 0.0, (64, 10, 3)), (1, 1.0, (64, 20, 3)), (2, 2.0, (64, 30, 3))]
    assert [time_s for _, time_s, _ in play(ImageFolder(tmp_path, rate=4))] == [0.0, 0.25, 0.5]


def test_a_pattern(tmp_path: Path) -> None:
    for name in ("a1.png", "a2.png", "b1.png"):
        save(tmp_path / name)
    assert len(play(ImageFolder(tmp_path / "a*.png"))) == 2


def test_unreadable_pictures_are_skipped_and_told(tmp_path: Path) -> None:
    for name in ("1.png", "3.png"):
        save(tmp_path / name)
    (tmp_path / "2.png").write_bytes(b"no picture")
    source = ImageFolder(tmp_path)
    assert [index for index, _, _ in play(source)] == [0, 1]
    assert source.losses == "1 of 3 pictures could not be read: 2.png."


def test_nothing_found(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "*.png", tmp_path / "missing"):
        with pytest.raises(SourceNotFoundError):
            ImageFolder(path).open()


def test_nothing_readable(tmp_path: Path) -> None:
    for name in ("1.png", "2.png"):
        (tmp_path / name).write_bytes(b"no picture")
    with pytest.raises(SourceFormatError, match="None of the 2 pictures"):
        ImageFolder(tmp_path).open()


def test_a_gif_of_a_video_tool_is_a_picture_too(tmp_path: Path) -> None:
    with av.open(str(tmp_path / "a.gif"), "w") as container:
        stream = container.add_stream("gif", rate=10)
        stream.width, stream.height, stream.pix_fmt = 96, 64, "rgb8"
        container.mux(stream.encode(av.VideoFrame.from_ndarray(PICTURE, format="bgr24")))
        container.mux(stream.encode())
    assert read_picture(tmp_path / "a.gif").shape == PICTURE.shape
