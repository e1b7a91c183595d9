"""Tells how much of a file FFmpeg would hold in memory as soon as it opens it, by the sizes that its blocks claim."""

import io
import os
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from video_labeler import limits
from video_labeler.sources.ebml import EBML, SEGMENT, element

_CLUSTER, _SEEK_HEAD, _SEEK = 0x1F43B675, 0x114D9B74, 0x4DBB
_SEEK_POSITION = 0x53AC
_HELD = frozenset({0x1941A469, 0x1254C367})
"""Attachments and tags."""

_MOST_BLOCKS = 1_000_000
"""More than any file has; one that has more counts as held completely."""
_LONGEST_SEEK_HEAD = 1 << 20

_MP4_HELD = frozenset({b"moov", b"meta", b"udta", b"uuid"})
_MP4_KINDS = _MP4_HELD | {b"ftyp", b"mdat", b"free", b"skip", b"wide", b"pnot", b"styp", b"sidx", b"moof", b"mfra"}


def held_bytes(path: Path) -> int:
    """Bytes of the attachments and tags of a Matroska file, or of the index and covers of an MP4; of others 0.

    Raises:
        OSError: it cannot be read, or not in the time that opening may take.
    """
    with path.open("rb") as file:
        end, head = file.seek(0, os.SEEK_END), _at(file, 0, 8)
        try:
            return _in_mp4(file, end) if head[4:] in _MP4_KINDS else _in_matroska(file, end)
        except _EndlessError:
            return end
        except ValueError:
            # Neither of these, or so damaged that FFmpeg reads no more of it.
            return 0


def tracks_of_mp4(path: Path) -> int:
    """How many tracks the index of an MP4 file lists."""
    with path.open("rb") as file, suppress(_EndlessError, TimeoutError):
        for kind, at, size in _blocks(file, 0, file.seek(0, os.SEEK_END)):
            if kind == b"moov":
                return sum(kind == b"trak" for kind, _, _ in _blocks(file, at + 8, at + size))
    return 0


class _EndlessError(Exception):
    """A file has more blocks than any."""


def _turns() -> Iterator[None]:
    until_s = time.monotonic() + limits.OPENING_S
    for _ in range(_MOST_BLOCKS):
        if time.monotonic() > until_s:
            raise TimeoutError
        yield
    raise _EndlessError


def _at(file: BinaryIO, place: int, count: int) -> bytes:
    file.seek(place)
    return file.read(count)


def _in_mp4(file: BinaryIO, end: int) -> int:
    return sum(min(size, end - at) for kind, at, size in _blocks(file, 0, end) if kind in _MP4_HELD)


def _blocks(file: BinaryIO, at: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """The kind, place and claimed size of the blocks of an MP4 between two places."""
    for _ in _turns():
        if at >= end:
            return
        head = _at(file, at, 16)
        size, kind = int.from_bytes(head[:4]), head[4:8]
        size = int.from_bytes(head[8:]) if size == 1 else size
        if size < 8:
            return
        yield kind, at, size
        at += size


def _in_matroska(file: BinaryIO, end: int) -> int:
    file.seek(0)
    identity, length = element(file)
    if identity != EBML or length is None or length >= end:
        return 0
    file.seek(length, os.SEEK_CUR)
    if element(file)[0] != SEGMENT:
        return 0
    start = file.tell()
    # Of what is behind the pictures only what is announced before them is read at once.
    places, seen, held = [start], set[int](), 0
    for _ in _turns():
        if not places:
            return held
        place = places.pop()
        if place in seen or place >= end:
            continue
        seen.add(place)
        file.seek(place)
        try:
            identity, length = element(file)
        except ValueError:
            continue
        if length is None or identity == _CLUSTER:
            continue
        held += min(length, end - place) if identity in _HELD else 0
        places.append(file.tell() + length)
        if identity == _SEEK_HEAD:
            places += [start + position for position in _announced(file.read(min(length, _LONGEST_SEEK_HEAD)))]
    raise AssertionError("the turns end with an error")


def _announced(content: bytes) -> Iterator[int]:
    """The places of the blocks that a seek head names, which is made of small blocks alone."""
    file = io.BytesIO(content)
    try:
        while file.tell() < len(content):
            identity, length = element(file)
            if identity == _SEEK:
                continue
            value = file.read(min(length or 0, len(content)))
            if identity == _SEEK_POSITION:
                yield int.from_bytes(value)
    except ValueError:
        return
