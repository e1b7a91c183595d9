from pathlib import Path

import pytest

from video_labeler.errors import SourceFormatError, SourceNotFoundError
from video_labeler.opencv import cv2
from video_labeler.pixels import Image
from video_labeler.sources.image_folder import ImageFolder
from video_labeler.sources.moving_picture import MovingPicture

PICTURE = MovingPicture(96, 64).draw(7)


def save(path: Path, image: Image = PICTURE) -> Path:
    path.write_bytes(cv2.imencode(path.suffix, image)[1].tobytes())
    return path


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


def test_hidden_pictures_are_no_pictures_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(cv2.imencode(".png", MovingPicture(8, 8).draw(0))[1].tobytes())
    (tmp_path / "._a.png").write_bytes(b"\x00\x05\x16\x07Mac OS X")
    for name in (tmp_path, tmp_path / "*.png"):
        with ImageFolder(name) as source:
            assert source.open().frame_count == 1
            assert source.losses is None


def test_what_is_missing_of_pictures_is_told_a_few_times(tmp_path: Path) -> None:
    """Each with what is there of it, in natural order and at its own size."""
    for number in range(5):
        path = save(tmp_path / f"{number}.jpg", PICTURE[:, : 40 + 8 * number])
        path.write_bytes(path.read_bytes()[:-120])
    source = ImageFolder(tmp_path)
    assert [shape[1] for _, _, shape in play(source)] == [40, 48, 56, 64, 72]
    assert source.losses is not None
    assert source.losses.count("part of the picture is missing") == 3
    assert source.losses.endswith("The same is true of 2 more pictures.")
