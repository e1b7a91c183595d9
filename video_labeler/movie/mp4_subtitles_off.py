"""Marks the subtitle tracks of an MP4 as off by default."""

import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

_ENABLED = 1
_TEXT_HANDLERS = (b"sbtl", b"text", b"subt")


class RandomAccess(Protocol):
    """A binary file with random access."""

    def seek(self, offset: int, whence: int = ..., /) -> int:
        """Move to a position, in bytes."""
        ...

    def read(self, size: int, /) -> bytes:
        """Read up to ``size`` bytes from the current position."""
        ...

    def write(self, data: bytes, /) -> int | None:
        """Write at the current position."""
        ...


@dataclass(frozen=True, slots=True)
class _Box:
    """A box of ISO/IEC 14496-12: its type, and where its content starts and ends in the file."""

    kind: bytes
    start: int
    end: int


def switch_subtitles_off(file: RandomAccess) -> None:
    """Clear the flag "track enabled" (ISO/IEC 14496-12, 8.3.2) of each subtitle track.

    FFmpeg sets it for the first track of a type where no disposition says so, and players then show the text.
    """
    for movie in _boxes(file, 0, file.seek(0, os.SEEK_END), b"moov"):
        for track in _boxes(file, movie.start, movie.end, b"trak"):
            if _handler(file, track) in _TEXT_HANDLERS:
                for header in _boxes(file, track.start, track.end, b"tkhd"):
                    _disable(file, header)


def _disable(file: RandomAccess, header: _Box) -> None:
    # One byte of version, three of flags.
    place = header.start + 3
    file.seek(place)
    flags = file.read(1)[0]
    file.seek(place)
    file.write(bytes([flags & ~_ENABLED]))


def _handler(file: RandomAccess, track: _Box) -> bytes:
    for media in _boxes(file, track.start, track.end, b"mdia"):
        for handler in _boxes(file, media.start, media.end, b"hdlr"):
            # Version and flags, then four bytes that are zero.
            file.seek(handler.start + 8)
            return file.read(4)
    return b""


def _boxes(file: RandomAccess, start: int, end: int, kind: bytes) -> Iterator[_Box]:
    """The boxes of one type within a part of the file."""
    place = start
    while place + 8 <= end:
        file.seek(place)
        size, found = struct.unpack(">I4s", file.read(8))
        head = 8
        if size == 1:
            (size,) = struct.unpack(">Q", file.read(8))
            head = 16
        size = end - place if size == 0 else size
        if size < head or place + size > end:
            return
        if found == kind:
            yield _Box(found, place + head, place + size)
        place += size
