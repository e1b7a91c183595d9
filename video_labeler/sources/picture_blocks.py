"""Looks at the blocks of a picture file, to tell what decoding it would take before it is decoded."""

import re
from pathlib import Path
from typing import BinaryIO

from video_labeler import limits

_GIF_HEAD_BYTES = 13
_GIF_PICTURE, _GIF_EXTENSION = 0x2C, 0x21
_COLOURS, _COLOURS_SIZE = 0x80, 0x07

_SCAN = b"\xff\xda"
_MARKER = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]", re.DOTALL)
"""The next one within the data of a scan, where restarts and escaped bytes are none."""
_JPEG_ENDS = 0xD9

_LEAST_PIXELS = 2**16
"""A scan of fewer takes as long as one of that many."""


_NETPBM = re.compile(rb"P[1-6Ff][\s#]")
_NETPBM_SIZE = re.compile(rb"P[1-6Ff](?:\s|#[^\r\n]*+[\r\n])++\d++(?:\s|#[^\r\n]*+[\r\n])++\d")
_NETPBM_HEAD_BYTES = 64 * 1024
_IN_LETTERS = b"123"
"""The kinds of Netpbm whose pixels are written as numbers, which are read one by one."""


def is_slow_netpbm(file: BinaryIO, size: int) -> bool:
    """Whether a file of ``size`` bytes, read from its beginning, is a Netpbm picture that takes minutes to read.

    That is one with a comment of megabytes before its size, or with that many numbers.
    """
    head = file.read(_NETPBM_HEAD_BYTES)
    if not _NETPBM.match(head):
        return False
    is_long = head[1] in _IN_LETTERS and size > limits.NETPBM_IN_LETTERS
    return is_long or _NETPBM_SIZE.match(head) is None


def gif_pictures(path: Path, most: int) -> int:
    """How many pictures a GIF holds, counted up to ``most``.

    Raises:
        OSError: it cannot be read.
    """
    count = 0
    with path.open("rb") as file:
        head = file.read(_GIF_HEAD_BYTES)
        if len(head) < _GIF_HEAD_BYTES:
            return 0
        _pass_colours(file, head[10])
        while count < most and (kind := file.read(1)):
            if kind[0] == _GIF_PICTURE:
                described = file.read(9)
                if len(described) < 9:
                    break
                count += 1
                _pass_colours(file, described[8])
            elif kind[0] != _GIF_EXTENSION:
                # The end, or, as decoders take it, a byte that does not belong here.
                if kind == b";":
                    break
                continue
            file.read(1)
            while (length := file.read(1)) and length[0]:
                file.seek(length[0], 1)
    return count


def _pass_colours(file: BinaryIO, flags: int) -> None:
    if flags & _COLOURS:
        file.seek(3 << ((flags & _COLOURS_SIZE) + 1), 1)


def scanned_pixels(path: Path, width: int, height: int) -> int:
    """How many pixels the scans of a JPEG of this size cover, all together.

    Raises:
        OSError: it cannot be read.
    """
    pixels = max(width * height, _LEAST_PIXELS)
    most = limits.JPEG_SCANNED // pixels
    found, last = 0, b""
    with path.open("rb") as file:
        while part := file.read(limits.CHUNK):
            found += (last + part).count(_SCAN)
            last = part[-1:]
        if most < found and file.tell() <= limits.JPEG_FILE:
            # Previews, and what is behind the end, may have such bytes, too.
            file.seek(0)
            found = _scans(file.read(limits.JPEG_FILE), most + 1)
    return found * pixels


def _scans(content: bytes, most: int) -> int:
    """The scans of the JPEG itself, counted up to ``most``."""
    count, at = 0, 2
    while count < most and (marker := _MARKER.search(content, at)) is not None:
        at = marker.end()
        kind = content[at - 1]
        if kind == _JPEG_ENDS:
            break
        count += kind == _SCAN[1]
        at += int.from_bytes(content[at : at + 2])
    return count
