"""Tells a file that was cut short from one whose last picture stays long."""

from pathlib import Path
from typing import BinaryIO

_EBML, _SEGMENT = 0x1A45DFA3, 0x18538067
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
    if _number(file, keep_marker=True)[0] != _EBML:
        return None
    file.seek(_number(file)[0], 1)
    if _number(file, keep_marker=True)[0] != _SEGMENT:
        return None
    length, is_known = _number(file)
    return file.tell() + length if is_known else None


def _number(file: BinaryIO, *, keep_marker: bool = False) -> tuple[int, bool]:
    """A number of EBML's variable length (RFC 8794), and whether it is not the one for "unknown"."""
    first = file.read(1)
    if not first or first[0] == 0:
        raise ValueError("not EBML")
    length = 9 - first[0].bit_length()
    value = int.from_bytes(first + file.read(length - 1), "big")
    bits = 7 * length
    is_known = value & ((1 << bits) - 1) != (1 << bits) - 1
    return (value if keep_marker else value & ((1 << bits) - 1)), is_known


def _ends_with_a_tag(file: BinaryIO, size: int) -> bool:
    """Whether the length that closes an FLV file leads back to the start of its last tag."""
    file.seek(size - 4)
    length = int.from_bytes(file.read(4), "big")
    if not 11 <= length <= size - 4:
        return False
    file.seek(size - 4 - length)
    header = file.read(4)
    return header[0] in _FLV_TAGS and int.from_bytes(header[1:], "big") + 11 == length
