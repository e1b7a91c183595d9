"""What FFmpeg would read into memory as it opens a file is found by what its blocks claim."""

from pathlib import Path
from random import Random

import av
import pytest
from PIL import Image as Pillow

from tests.clips import moving_square, write_clip
from tests.fuzz.mutation import mutated
from video_labeler import limits
from video_labeler.errors import SourceFormatError
from video_labeler.sources.held_bytes import held_bytes
from video_labeler.sources.picture_blocks import gif_pictures, scanned_pixels
from video_labeler.sources.video_file import VideoFile

_FONT = 300_000


def _with_a_font(path: Path) -> Path:
    """A Matroska file with an attachment, which is named before the pictures."""
    plain = write_clip(path.with_name("plain.mkv"), moving_square(5))
    with av.open(str(plain)) as source, av.open(str(path), "w") as target:
        pictures = target.add_stream_from_template(source.streams.video[0])
        target.add_attachment("a.ttf", "font/ttf", b"f" * _FONT)
        for packet in source.demux(video=0):
            if packet.size:
                packet.stream = pictures
                target.mux(packet)
    return path


def _box(kind: bytes, content: bytes) -> bytes:
    return (8 + len(content)).to_bytes(4) + kind + content


def test_attachments_are_counted_wherever_they_are(tmp_path: Path) -> None:
    path = _with_a_font(tmp_path / "a.mkv")
    assert _FONT < held_bytes(path) < _FONT + 2_000
    content = path.read_bytes()
    for length in (0, 1, 30, 60, 100, _FONT // 2):
        path.write_bytes(content[:length])
        assert held_bytes(path) <= length
    assert held_bytes(tmp_path / "plain.mkv") < 2_000


def test_attachments_behind_the_pictures_count_where_they_are_announced(tmp_path: Path) -> None:
    header, segment = "1a45dfa380", "18538067ff"
    announced = bytes.fromhex("114d9b74 8e 4dbb 8b 53ab 84 1941a469 53ac 81 18")
    pictures = bytes.fromhex("1f43b675 80")
    font = bytes.fromhex("1941a469 420000") + bytes(512)
    path = tmp_path / "a.mkv"
    path.write_bytes(bytes.fromhex(header + segment) + announced + pictures + font)
    assert path.read_bytes().index(font) == 10 + 24
    assert held_bytes(path) == 512
    path.write_bytes(bytes.fromhex(header + segment) + pictures + font)
    assert held_bytes(path) == 0


def test_the_index_and_what_belongs_to_it_is_counted_but_no_pictures(tmp_path: Path) -> None:
    path = write_clip(tmp_path / "a.mp4", moving_square(5))
    index = held_bytes(path)
    assert 300 < index < path.stat().st_size
    with path.open("ab") as file:
        file.write(_box(b"free", bytes(5_000)) + _box(b"udta", bytes(7_000)))
    assert held_bytes(path) == index + 7_008
    with path.open("ab") as file:
        file.write(b"\0\0\0\1moov" + b"\xff" * 8)
    assert held_bytes(path) == index + 7_008 + 16


def test_what_lies_behind_blocks_without_number_counts_as_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    video, film = tmp_path / "a.mp4", tmp_path / "a.mkv"
    video.write_bytes(_box(b"ftyp", b"isom") + _box(b"free", b"") * 20 + _box(b"moov", bytes(100)))
    film.write_bytes(
        bytes.fromhex("1a45dfa380 18538067ff") + bytes.fromhex("ec80") * 20 + bytes.fromhex("1941a46981 00")
    )
    assert [held_bytes(path) for path in (video, film)] == [108, 1]
    monkeypatch.setattr("video_labeler.sources.held_bytes._MOST_BLOCKS", 15)
    assert [held_bytes(path) for path in (video, film)] == [video.stat().st_size, film.stat().st_size]
    monkeypatch.setattr(limits, "OPENING_S", -1.0)
    with pytest.raises(TimeoutError):
        held_bytes(video)


@pytest.mark.parametrize("suffix", [".flv", ".ts"])
def test_nothing_is_counted_of_other_kinds(tmp_path: Path, suffix: str) -> None:
    assert held_bytes(write_clip(tmp_path / f"a{suffix}", moving_square(5))) == 0


@pytest.mark.parametrize("name", ["a.mkv", "a.mp4"])
def test_a_file_that_holds_too_much_of_it_is_refused(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / name
    if name == "a.mkv":
        _with_a_font(path)
    else:
        write_clip(path, moving_square(5))
        with path.open("ab") as file:
            file.write(_box(b"udta", bytes(_FONT)))
    source = VideoFile(path)
    source.open()
    source.close()
    monkeypatch.setattr(limits, "HELD", _FONT - 1)
    with pytest.raises(SourceFormatError, match="cannot be read as a video"):
        source.open()


@pytest.mark.parametrize("suffix", [".mkv", ".mp4", ".gif", ".jpg"])
def test_damage_anywhere_is_counted_or_passed_over(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    if suffix in (".gif", ".jpg"):
        Pillow.effect_noise((16, 16), 90).save(path)
    else:
        write_clip(path, moving_square(2))
    count = {".gif": lambda: gif_pictures(path, 50), ".jpg": lambda: scanned_pixels(path, 16, 16)}.get(
        suffix, lambda: held_bytes(path)
    )
    content, random = path.read_bytes()[:3_000], Random(7)
    for _ in range(120):
        changed = mutated(content, random)
        path.write_bytes(changed)
        assert 0 <= count() <= (1_000 * 2**16 if suffix == ".jpg" else len(changed))
