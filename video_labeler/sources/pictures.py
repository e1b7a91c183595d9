"""Single pictures, read from files."""

from pathlib import Path

import numpy as np

from video_labeler.errors import SourceFormatError, SourceUnavailableError
from video_labeler.frames import Image
from video_labeler.opencv import cv2
from video_labeler.sources.regular_file import check_regular_file

PICTURE_SUFFIXES = frozenset(
    {".avif", ".bmp", ".gif", ".jpeg", ".jpg", ".jpe", ".jp2", ".pbm", ".pgm", ".png", ".ppm", ".tif", ".tiff"}
    | {".webp"}
)
"""How the names of picture files end, in lower case."""

_JPEG_START = b"\xff\xd8"
_JPEG_END = b"\xff\xd9"
_JPEG_SCAN = 0xDA
_PNG_START = b"\x89PNG\r\n\x1a\n"
_PNG_END = b"IEND"


def read_picture(path: str | Path) -> Image:
    """The picture in a file: BGR, ``uint8``, (height, width, 3), turned as its EXIF orientation says.

    Raises:
        SourceNotFoundError: there is no such file.
        SourceFormatError: it is no picture, or one that was cut short.
        SourceUnavailableError: it may not be read.
    """
    file = Path(path)
    check_regular_file(file, "a picture")
    try:
        data = file.read_bytes()
    except OSError as error:
        raise SourceUnavailableError(f"{file} cannot be read: {error.strerror}.") from error
    if _is_cut_short(data):
        raise SourceFormatError(f"{file} ends before the picture is complete. Copy or download it again.")
    return _decoded(data, file)


def _decoded(data: bytes, file: Path) -> Image:
    try:
        image = cv2.imdecode(np.frombuffer(data, dtype=np.uint8), cv2.IMREAD_COLOR)
    except cv2.error as error:
        raise SourceFormatError(f"{file} is damaged, or larger than a picture can be here.") from error
    # The stubs promise an image, but what cannot be decoded gives None.
    if not isinstance(image, np.ndarray) or image.ndim != 3:
        raise SourceFormatError(f"{file} is not a picture that can be read. Use JPEG, PNG, WebP, TIFF or BMP.")
    return np.asarray(image, dtype=np.uint8)


def _is_cut_short(data: bytes) -> bool:
    """Whether a JPEG or PNG lacks its end: OpenCV would fill the rest with grey and say nothing."""
    if data.startswith(_PNG_START):
        return data.rfind(_PNG_END) < 0
    if data.startswith(_JPEG_START):
        return data.find(_JPEG_END, _jpeg_scan_offset(data)) < 0
    return False


def _jpeg_scan_offset(data: bytes) -> int:
    """Where the pixels of a JPEG begin: behind its headers, which may hold a whole small JPEG of their own."""
    offset = len(_JPEG_START)
    while offset + 4 <= len(data) and data[offset] == 0xFF and data[offset + 1] != _JPEG_SCAN:
        if data[offset + 1] == 0xFF:
            offset += 1
        else:
            offset += 2 + int.from_bytes(data[offset + 2 : offset + 4])
    return offset
