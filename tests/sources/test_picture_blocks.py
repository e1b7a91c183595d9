"""Picture files that are small, but would keep a decoder busy for minutes: what they hold is counted first."""

import io
import struct
from pathlib import Path

import pytest
from PIL import Image as Pillow

from video_labeler import limits
from video_labeler.errors import SourceFormatError
from video_labeler.sources.animation import Animation
from video_labeler.sources.picture_blocks import gif_pictures, scanned_pixels
from video_labeler.sources.pictures import read_picture

_SIZE = (320, 240)
_PIXELS = _SIZE[0] * _SIZE[1]


def _gif(path: Path, pictures: int, **options: object) -> Path:
    all_ = [Pillow.effect_noise((24, 16), 90 + number) for number in range(pictures)]
    all_[0].save(path, "GIF", save_all=True, append_images=all_[1:], **options)
    return path


def _jpeg() -> bytes:
    memory = io.BytesIO()
    Pillow.effect_noise(_SIZE, 90).save(memory, "JPEG", progressive=True)
    return memory.getvalue()


@pytest.mark.parametrize("pictures", [1, 2, 7])
@pytest.mark.parametrize("options", [{}, {"comment": b"x" * 700, "loop": 0, "duration": 40}, {"disposal": 2}])
def test_the_pictures_of_a_gif_are_counted_as_they_are_played(
    tmp_path: Path, pictures: int, options: dict[str, object]
) -> None:
    path = _gif(tmp_path / "a.gif", pictures, **options)
    assert gif_pictures(path, 100) == pictures
    assert gif_pictures(path, 2) == min(2, pictures)
    content = path.read_bytes()
    for length in range(0, len(content), 97):
        path.write_bytes(content[:length])
        assert gif_pictures(path, 100) <= pictures


def test_an_animation_of_pictures_without_number_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = _gif(tmp_path / "a.gif", 7)
    assert "7 pictures" in (read_picture(path).note or "")
    monkeypatch.setattr(limits, "ANIMATION_PICTURES", 6)
    assert "more than 6 pictures" in (read_picture(path).note or "")
    with pytest.raises(SourceFormatError, match="more than the 6 pictures"):
        Animation(path).open()


def test_a_jpeg_that_draws_itself_over_and_over_again_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "JPEG_SCANNED", 20 * _PIXELS)
    path, content = tmp_path / "a.jpg", _jpeg()
    path.write_bytes(content)
    scans = scanned_pixels(path, *_SIZE) // _PIXELS
    assert 2 <= scans < 20
    last = content[content.rindex(b"\xff\xda") : -2]
    path.write_bytes(content[:-2] + last * 20 + content[-2:])
    with pytest.raises(SourceFormatError, match="over and over again"):
        read_picture(path)


def test_what_is_in_and_behind_a_jpeg_is_none_of_its_scans(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, content = tmp_path / "a.jpg", _jpeg()
    previews = b"\xff\xe7" + struct.pack(">H", 60_002) + b"\xff\xda" * 30_000
    path.write_bytes(content[:2] + previews + content[2:] + b"\xff\xda" * 30_000)
    monkeypatch.setattr(limits, "JPEG_SCANNED", 20 * _PIXELS)
    assert scanned_pixels(path, *_SIZE) < 20 * _PIXELS
    assert read_picture(path).image.shape[:2] == _SIZE[::-1]


def test_of_pages_without_number_some_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pages, tags = 300, [(256, 8), (257, 8), (258, 8), (259, 1), (262, 1), (273, 0), (278, 8), (279, 64)]
    size = 2 + 12 * len(tags) + 4
    content = b"II*\0" + struct.pack("<I", 8)
    for page in range(1, pages + 1):
        entries = [struct.pack("<HHII", tag, 4, 1, 8 + size * pages if tag == 273 else value) for tag, value in tags]
        following = 8 + size * page if page < pages else 0
        content += struct.pack("<H", len(tags)) + b"".join(entries) + struct.pack("<I", following)
    path = tmp_path / "a.tif"
    path.write_bytes(content + bytes(64))
    assert "300 pages" in (read_picture(path).note or "")
    monkeypatch.setattr(limits, "PAGES", 20)
    assert "at least 20 pages" in (read_picture(path).note or "")


@pytest.mark.parametrize(
    "head",
    [b"GIF89a", b"RIFF\0\0\0\x20WEBPVP8 ", b"RIFF\0\0\0\x20WEBPVP8X", b"\0\0\0\x1cftypavif", b"\0\0\0\x1cftypheic"],
)
def test_a_file_that_is_held_several_times_is_not_read_where_it_is_huge(tmp_path: Path, head: bytes) -> None:
    path = tmp_path / "a.webp"
    with path.open("wb") as file:
        file.write(head)
        file.truncate(limits.PICTURE_HELD + 1)
    with pytest.raises(SourceFormatError, match=r"0\.1 GB"):
        read_picture(path)


def test_a_netpbm_picture_that_is_read_letter_by_letter_is_small(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.ppm"
    for content in (b"P3 # two\n2 1\n255\n1 2 3 4 5 6\n", b"P6\n# two\n# pixels\n2 1\n255\n123456", b"P4 2 1\n\x00"):
        path.write_bytes(content)
        assert read_picture(path).image.shape == (1, 2, 3)
    path.write_bytes(b"P6 #" + b"c" * 3_000_000 + b"\n2 1\n255\n123456")
    with pytest.raises(SourceFormatError, match="takes minutes"):
        read_picture(path)
    monkeypatch.setattr(limits, "NETPBM_IN_LETTERS", 20)
    path.write_bytes(b"P3 2 1 255 " + b"1 " * 6)
    with pytest.raises(SourceFormatError, match="takes minutes"):
        read_picture(path)
