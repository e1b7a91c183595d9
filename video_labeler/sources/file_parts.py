"""Finds concatenated recordings in formats of which FFmpeg reads only the first."""

import time
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import islice, pairwise
from pathlib import Path
from typing import BinaryIO

from video_labeler import limits

_FLV_TAGS = frozenset({8, 9, 18})
_FLV_HEAD = b"FLV\x01"
_ASF_HEAD = bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c")
_ASF_PROPERTIES = bytes.fromhex("a1dcab8c47a9cf118ee400c00c205365")
_ASF_SIZE_AT = 40
"""The offset of the file's size in its properties."""
_ASF_HEADER_BYTES = 1 << 20

_FURTHEST = (1 << 63) - 1
"""The last place that a file can have."""

Find = Callable[["_Content"], Iterator[int]]
"""The offsets at which the parts after the first one begin."""


def part_addresses(path: Path, format_name: str) -> tuple[str, ...]:
    """FFmpeg's addresses of the recordings in a file; none if it is a single one.

    Raises:
        OSError: the file cannot be read.
    """
    find = next((find for name, find in _KINDS.items() if format_name.startswith(name)), None)
    state = path.stat()
    starts = () if find is None or not state.st_size else _starts(path, find, (state.st_size, state.st_mtime_ns))
    # Not every name can be in a line of a list.
    if not starts or len(starts) >= limits.FILE_PARTS or "\n" in str(path) or "\r" in str(path):
        return ()
    return tuple(f"subfile,,start,{start},end,{end},,:{path}" for start, end in pairwise((0, *starts, state.st_size)))


def parts_list(addresses: Sequence[str]) -> bytes:
    """A list of these for FFmpeg's ``concat``."""
    lines = ["file '" + address.replace("'", r"'\''") + "'" for address in addresses]
    return "\n".join(["ffconcat version 1.0", *lines, ""]).encode("utf-8", "surrogateescape")


@lru_cache(maxsize=16)
def _starts(path: Path, find: Find, _: tuple[int, int]) -> tuple[int, ...]:
    with path.open("rb") as file:
        try:
            return tuple(islice(find(_Content(file)), limits.FILE_PARTS))
        except TimeoutError:
            # More blocks than any recording has, or a disk that is too slow for this.
            return ()


class _Content:
    """The bytes of a file at any place, for a limited time; none beyond its end, wherever that is by now.

    They are not mapped into memory: where a mapped file is cut short meanwhile, the system ends the program.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._until_s = time.monotonic() + limits.OPENING_S

    def at(self, place: int, count: int) -> bytes:
        """Up to ``count`` bytes.

        Raises:
            TimeoutError: the time is over.
            OSError: they cannot be read.
        """
        if time.monotonic() > self._until_s:
            raise TimeoutError
        if place > _FURTHEST:
            return b""
        self._file.seek(place)
        return self._file.read(count)


def _flv_parts(content: _Content) -> Iterator[int]:
    at = 0
    while (head := content.at(at, 9))[:4] == _FLV_HEAD:
        if at:
            yield at
        at += int.from_bytes(head[5:9]) + 4
        while len(tag := content.at(at, 11)) == 11 and tag[0] in _FLV_TAGS:
            at += 11 + int.from_bytes(tag[1:4]) + 4


def _mp4_parts(content: _Content) -> Iterator[int]:
    at, has_index = 0, False
    while len(head := content.at(at, 16)) == 16:
        size, kind = int.from_bytes(head[:4]), head[4:8]
        size = int.from_bytes(head[8:]) if size == 1 else size
        if kind == b"ftyp" and has_index:
            has_index = False
            yield at
        has_index = has_index or kind == b"moov"
        if size < 8:
            return
        at += size


def _asf_parts(content: _Content) -> Iterator[int]:
    start = 0
    while (at := (head := content.at(start, _ASF_HEADER_BYTES)).find(_ASF_PROPERTIES)) >= 0:
        start += int.from_bytes(head[at + _ASF_SIZE_AT : at + _ASF_SIZE_AT + 8], "little")
        if content.at(start, len(_ASF_HEAD)) != _ASF_HEAD:
            return
        yield start


_KINDS: dict[str, Find] = {"flv": _flv_parts, "mov": _mp4_parts, "asf": _asf_parts}
