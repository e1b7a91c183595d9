"""Tells a file that was cut short from one whose last picture stays long."""

from pathlib import Path
from typing import BinaryIO

from video_labeler.sources.ebml import EBML, SEGMENT, element

_FLV_TAGS = frozenset({8, 9, 18})


def is_whole(path: Path, format_name: str) -> bool:
    """Whether a file reaches as far as its own sizes say; false also where its kind (as FFmpeg calls it) tells none."""
    size = path.stat().st_size
    try:
        with path.open("rb") as file:
            if "matroska" in format_name:
                return _segment_end(file) == size
            if format_name == "avi":
                return file.read(4) == b"RIFF" and size >= 8 + int.from_bytes(file.read(4), "little")
            if format_name == "flv":
                return _ends_with_a_tag(file, size)
    except (OSError, ValueError):
        pass
    return False


def _segment_end(file: BinaryIO) -> int | None:
    """Where Matroska's one segment ends; ``None`` where it does not tell, as in a recording that was streamed."""
    identity, length = element(file)
    if identity != EBML or length is None:
        return None
    file.seek(length, 1)
    identity, length = element(file)
    return file.tell() + length if identity == SEGMENT and length is not None else None


def _ends_with_a_tag(file: BinaryIO, size: int) -> bool:
    """Whether the length that closes an FLV file leads back to the start of its last tag."""
    file.seek(size - 4)
    length = int.from_bytes(file.read(4), "big")
    if not 11 <= length <= size - 4:
        return False
    file.seek(size - 4 - length)
    header = file.read(4)
    return header[0] in _FLV_TAGS and int.from_bytes(header[1:], "big") + 11 == length
