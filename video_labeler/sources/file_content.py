"""Tells pictures and videos apart by their first bytes, whatever their names."""

from enum import Enum
from pathlib import Path
from typing import BinaryIO

PICTURE_SUFFIXES = frozenset(
    {".apng", ".avif", ".avifs", ".bmp", ".dib", ".gif", ".heic", ".heif", ".hif", ".ico", ".j2k", ".jfif", ".jp2"}
    | {".jpe", ".jpeg", ".jpg", ".mpo", ".pbm", ".pgm", ".png", ".pnm", ".ppm", ".psd", ".qoi", ".tga", ".tif"}
    | {".tiff", ".webp"}
)
"""The suffixes of picture files, in lower case."""

PICTURE_STREAMS = frozenset({".mjpeg", ".mjpg"})
"""The suffixes of concatenated JPEG pictures: a video, though it starts like a picture."""

_HEAD_BYTES = 1024
_CHUNKS = 64
"""The most chunks of a PNG that are skipped before the one that marks an animation."""

_PNG = b"\x89PNG\r\n\x1a\n"
_STILL_STARTS = (b"\xff\xd8\xff", b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+", b"8BPS", b"qoif", b"\x00\x00\x01\x00")
_JPEG_2000_STARTS = (b"\x00\x00\x00\x0cjP  ", b"\xff\x4f\xff\x51")
_VIDEO_STARTS = (
    b"\x1aE\xdf\xa3",
    b"FLV\x01",
    b"OggS",
    b"\x00\x00\x01\xba",
    b"\x00\x00\x01\xb3",
    b"0&\xb2u\x8ef\xcf\x11",
)
_BITMAP_HEADERS = (12, 40, 52, 56, 64, 108, 124)
_NETPBM = b"1234567Ff"
_STILL_BRANDS = frozenset({b"avif", b"heic", b"heix", b"heim", b"heis", b"mif1", b"mif2", b"jpeg"})
_QUICKTIME_ATOMS = frozenset({b"moov", b"mdat", b"free", b"skip", b"wide", b"styp", b"moof", b"sidx"})
_TS_PACKET = 188


class FileContent(Enum):
    """What a file contains, by its first bytes."""

    PICTURE = "picture"
    MOVING_PICTURE = "moving picture"
    """A GIF, PNG, WebP or AVIF with several pictures."""
    VIDEO = "video"
    UNKNOWN = "unknown"
    """Nothing known, or unreadable."""


def content_of(path: Path) -> FileContent:
    """What a regular file contains; never raises."""
    try:
        if not path.is_file():
            return FileContent.UNKNOWN
        with path.open("rb") as file:
            head = file.read(_HEAD_BYTES)
            if head.startswith(_PNG):
                return FileContent.MOVING_PICTURE if _png_moves(file) else FileContent.PICTURE
    except (OSError, ValueError):
        return FileContent.UNKNOWN
    return _content_of_head(head)


def _content_of_head(head: bytes) -> FileContent:
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        moves = head[12:16] == b"VP8X" and len(head) > 20 and bool(head[20] & 0x02)
        return FileContent.MOVING_PICTURE if moves else FileContent.PICTURE
    if head.startswith((b"GIF87a", b"GIF89a")):
        return FileContent.MOVING_PICTURE
    if head[4:8] == b"ftyp":
        return _content_of_brand(head[8:12])
    if head.startswith((*_STILL_STARTS, *_JPEG_2000_STARTS)) or _is_bitmap(head) or _is_netpbm(head):
        return FileContent.PICTURE
    return FileContent.VIDEO if _is_video(head) else FileContent.UNKNOWN


def _content_of_brand(brand: bytes) -> FileContent:
    """By the main brand of an ISO file. Sequences of HEIF are videos: FFmpeg plays them."""
    if brand == b"avis":
        return FileContent.MOVING_PICTURE
    return FileContent.PICTURE if brand in _STILL_BRANDS else FileContent.VIDEO


def _is_bitmap(head: bytes) -> bool:
    return head[:2] == b"BM" and int.from_bytes(head[14:18], "little") in _BITMAP_HEADERS


def _is_netpbm(head: bytes) -> bool:
    return head[:1] == b"P" and head[1:2] != b"" and head[1] in _NETPBM and head[2:3].isspace()


def _is_video(head: bytes) -> bool:
    is_avi = head[:4] == b"RIFF" and head[8:11] == b"AVI"
    return is_avi or head.startswith(_VIDEO_STARTS) or head[4:8] in _QUICKTIME_ATOMS or _is_transport_stream(head)


def _is_transport_stream(head: bytes) -> bool:
    # Camcorders that write to discs put a four-byte time before each packet.
    packets = ((0, _TS_PACKET), (4, _TS_PACKET + 4))
    return any(
        len(head) > 3 * size and all(head[start + n * size] == 0x47 for n in range(3)) for start, size in packets
    )


def _png_moves(file: BinaryIO) -> bool:
    """Whether a PNG declares, before its first pixels, that it is an animation."""
    file.seek(len(_PNG))
    for _ in range(_CHUNKS):
        header = file.read(8)
        if header[4:] == b"acTL":
            return int.from_bytes(file.read(4)) > 1
        if len(header) < 8 or header[4:] == b"IDAT":
            return False
        file.seek(int.from_bytes(header[:4]) + 4, 1)
    return False
