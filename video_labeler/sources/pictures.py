"""Single pictures, read from files."""

import contextlib
import io
import os
import threading
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count as count_up
from itertools import islice
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image as Pillow
from PIL import ImageFile, UnidentifiedImageError

from video_labeler import limits
from video_labeler.errors import SourceFormatError, SourceUnavailableError
from video_labeler.opencv import cv2
from video_labeler.pixels import Image
from video_labeler.sources.file_content import FileContent, content_of
from video_labeler.sources.picture_blocks import gif_pictures, is_slow_netpbm, scanned_pixels
from video_labeler.sources.picture_pixels import bgr_of_values, bgr_on_white, turn_upright, turned
from video_labeler.sources.regular_file import check_regular_file

_FORMATS: Final = (
    *("JPEG", "PNG", "WEBP", "GIF", "TIFF", "AVIF", "BMP", "DIB", "JPEG2000", "PPM", "ICO", "PSD"),
    *("QOI", "TGA"),
)
_JPEGS: Final = frozenset({"JPEG", "MPO"})
_JPEG_END: Final = b"\xff\xd9"
_TIFF_STARTS: Final = (b"II*\x00", b"MM\x00*")
_WEBP_FLAGS: Final = 20
_WEBP_MOVES: Final = 0x02
_WEBP_TRANSPARENT: Final = 0x10
_HEIF_HEAD_BYTES: Final = 262_144
_REDUCED: Final = 1
"""The bit of TIFF's tag 254 for a reduced version of another picture in the file."""

_MASK: Final = 4

_OTHER_THINGS: Final = (
    (b"%PDF", "a PDF document. Save the page as PNG first"),
    (b"<svg", "a drawing (SVG). Save it as PNG first"),
    (b"<!doctype html", "a web page, not a picture. Download the picture itself"),
    (b"<html", "a web page, not a picture. Download the picture itself"),
    (b"\xff\x0a", "a JPEG XL picture, which cannot be read here. Save it as JPEG or PNG first"),
    (b"\x00\x00\x00\x0cjxl ", "a JPEG XL picture, which cannot be read here. Save it as JPEG or PNG first"),
    (b"FUJIFILMCCD-RAW", "a camera's raw picture. Save it as JPEG first"),
)

# Pillow refuses more than twice this, also for what it creates while it opens a file or goes to its next picture.
Pillow.MAX_IMAGE_PIXELS = limits.STILL_PIXELS // 2

_one_at_a_time = threading.Lock()
"""Pillow's handling of truncated pictures and of warnings is set for the whole process."""


@contextlib.contextmanager
def decoding(*, to_the_end: bool = True) -> Iterator[None]:
    """Decode with Pillow in one thread at a time, without warnings; ``to_the_end``: truncated pictures are errors."""
    with _one_at_a_time, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        ImageFile.LOAD_TRUNCATED_IMAGES = not to_the_end
        try:
            yield
        finally:
            ImageFile.LOAD_TRUNCATED_IMAGES = False


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture's pixels: BGR, ``uint8``, (height, width, 3); ``note``: what of the file is missing, as a sentence."""

    image: Image
    note: str | None = None


def read_picture(path: str | Path) -> Picture:
    """Read the picture in a file, upright and on white.

    Of a file with several pictures it reads the first; of a truncated one as much as possible.

    Raises:
        SourceNotFoundError: there is no such file.
        SourceFormatError: it is not a picture, or nothing of it can be decoded.
        SourceUnavailableError: it may not be read.
    """
    file = Path(path)
    check_regular_file(file, "a picture")
    try:
        with open_picture(file) as picture:
            try:
                note = _further_pictures(picture, file)
                image = _pixels(picture, file)
            except MemoryError:
                raise
            except Exception:  # noqa: BLE001 - decoders of untrusted files raise anything
                image, note = _what_is_there(file, picture.format)
    except UnidentifiedImageError:
        return Picture(_by_opencv(file))
    except OSError as error:
        raise SourceUnavailableError(f"{file} cannot be read: {error.strerror or error}.") from error
    except MemoryError as error:
        raise SourceFormatError(f"{file} needs more memory than there is. Make a smaller copy of it.") from error
    return Picture(image, note)


def open_picture(file: Path) -> Pillow.Image:
    """Open, but do not decode, a picture file.

    Raises:
        SourceFormatError: it is something else, or too large.
        UnidentifiedImageError: it looks like a picture, but Pillow does not know it.
        OSError: it cannot be read.
    """
    _check_bytes(file)
    try:
        with decoding():
            picture = Pillow.open(_opened(file), formats=_formats(file))
    except UnidentifiedImageError as error:
        if content_of(file) is FileContent.PICTURE:
            raise
        raise _not_a_picture(file) from error
    except MemoryError:
        raise
    except Pillow.DecompressionBombError as error:
        raise _too_large(file, "more pixels", limits.STILL_PIXELS) from error
    except Exception as error:
        # Decoders of untrusted files raise anything; what the system says has a number.
        if isinstance(error, OSError) and error.errno is not None:
            raise
        raise _damaged(file) from error
    try:
        check_size(file, *picture.size)
        _check_is_whole_size(file, picture)
        _check_scans(file, picture)
    except BaseException:
        picture.close()
        raise
    return picture


def _check_bytes(file: Path) -> None:
    """Check the size of a file before any of it is read into memory."""
    with file.open("rb") as opened:
        head, size = opened.read(12), os.fstat(opened.fileno()).st_size
        opened.seek(0)
        is_slow = is_slow_netpbm(opened, size)
    if is_slow:
        raise SourceFormatError(f"{file} is damaged, or written in a way that takes minutes to read. Save it as PNG.")
    is_held = head.startswith(b"GIF8") or head[4:8] == b"ftyp" or (head[:4] == b"RIFF" and head[8:] == b"WEBP")
    if size > (limits.PICTURE_HELD if is_held else limits.PICTURE_FILE):
        raise SourceFormatError(f"{file} has {size / 1e9:.1f} GB: that is more than such a picture can have.")


def _formats(file: Path) -> tuple[str, ...]:
    """The possible formats of a file; HEIF, whose decoder takes 50 ms to load, only where it may be needed."""
    with file.open("rb") as opened:
        if opened.read(8)[4:] != b"ftyp":
            return _FORMATS
    import pillow_heif

    pillow_heif.register_heif_opener(thumbnails=False)
    return (*_FORMATS, "HEIF")


def _opened(file: Path) -> Path | io.BytesIO:
    """The file, or its corrected bytes.

    An animated WebP of opaque pictures smaller than its canvas is transparent around them, but does not say so.
    """
    with file.open("rb") as opened:
        head = opened.read(_WEBP_FLAGS + 1)
        if head[:4] != b"RIFF" or head[8:16] != b"WEBPVP8X" or not head[_WEBP_FLAGS] & _WEBP_MOVES:
            return file
        return io.BytesIO(head[:_WEBP_FLAGS] + bytes([head[_WEBP_FLAGS] | _WEBP_TRANSPARENT]) + opened.read())


def _check_is_whole_size(file: Path, picture: Pillow.Image) -> None:
    if getattr(picture, "tag_v2", {}).get(254, 0) & _REDUCED:
        raise SourceFormatError(f"{file} is a camera's raw picture. Save it as JPEG first.")


def _check_scans(file: Path, picture: Pillow.Image) -> None:
    if picture.format in _JPEGS and scanned_pixels(file, *picture.size) > limits.JPEG_SCANNED:
        raise SourceFormatError(f"{file} draws its picture over and over again, which takes minutes. Save it anew.")


def check_size(file: Path, width: int, height: int, most: int = limits.STILL_PIXELS) -> None:
    """Check that a picture is not too large, before it is decoded.

    Raises:
        SourceFormatError: it has more than ``most`` pixels.
    """
    if width * height > most:
        raise _too_large(file, f"{width} x {height} pixels, more", most)


def _too_large(file: Path, what: str, most: int) -> SourceFormatError:
    sentence = f"{file} has {what} than the {most // 1_000_000} million that can be read here."
    return SourceFormatError(f"{sentence} Make a smaller copy of it.")


def _not_a_picture(file: Path) -> SourceFormatError:
    if content_of(file) in {FileContent.VIDEO, FileContent.MOVING_PICTURE}:
        return SourceFormatError(f"{file} is a video, not a picture. Use video-labeler annotate for it.")
    with file.open("rb") as opened:
        start = opened.read(512).lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    for beginning, what in _OTHER_THINGS:
        if start.startswith(beginning.lower()) or (beginning == b"<svg" and beginning in start):
            return SourceFormatError(f"{file} is {what}.")
    return SourceFormatError(f"{file} is not a picture that can be read. Use JPEG, PNG, WebP, AVIF, HEIC, TIFF or BMP.")


def _damaged(file: Path) -> SourceFormatError:
    return SourceFormatError(f"{file} is damaged or cut short. Copy or download it again.")


def _pixels(picture: Pillow.Image, file: Path) -> Image:
    with decoding():
        picture.load()
        turn_upright(picture)
        image = bgr_on_white(picture)
    # The container's orientation has been applied; some programs write only the camera's.
    told = picture.info.get("original_orientation") if picture.format == "HEIF" else None
    return turned(image, told) if told and not _container_turns(file) else image


def _container_turns(file: Path) -> bool:
    with file.open("rb") as opened:
        head = opened.read(_HEIF_HEAD_BYTES)
    return b"irot" in head or b"imir" in head


def _further_pictures(picture: Pillow.Image, file: Path) -> str | None:
    if picture.format in {"MPO", "HEIF", "ICO", "PSD"}:
        return None
    if picture.format == "TIFF":
        pages = sum(islice(_are_pages(picture), limits.PAGES))
        picture.seek(0)
        least = "at least " if pages == limits.PAGES else ""
        return f"{file} has {least}{pages} pages: only the first was read." if pages > 1 else None
    count = picture_count(picture, file)
    if count < 2:
        return None
    most = limits.ANIMATION_PICTURES
    told = f"{count}" if count <= most else f"more than {most:,}"
    return (
        f"{file} is an animation of {told} pictures: only the first was read. To read them all, annotate it by itself."
    )


def picture_count(picture: Pillow.Image, file: Path) -> int:
    """How many pictures an open file has; of more than any animation, one more than that."""
    most = limits.ANIMATION_PICTURES + 1
    return gif_pictures(file, most) if picture.format == "GIF" else min(most, int(getattr(picture, "n_frames", 1)))


def _are_pages(picture: Pillow.Image) -> Iterator[bool]:
    """Whether each picture of a TIFF is a page, not a smaller copy of another or a mask."""
    for place in count_up():
        # Pillow counts pictures in a time that grows with the square of their number.
        try:
            picture.seek(place)
        except EOFError:
            return
        yield not getattr(picture, "tag_v2", {}).get(254, 0) & (_REDUCED | _MASK)


def _what_is_there(file: Path, form: str | None) -> tuple[Image, str | None]:
    """The pixels of a picture that does not decode normally, and a sentence if some are missing."""
    whole = False
    if form == "TIFF":
        try:
            return _by_opencv(file), None
        except SourceFormatError:
            pass
    with file.open("rb") as opened:
        data = opened.read(limits.JPEG_FILE if form in _JPEGS else limits.PICTURE_FILE)
    if form in _JPEGS:
        data += _JPEG_END
        whole = _jpeg_is_whole(data)
    try:
        with decoding(to_the_end=False):
            picture = Pillow.open(io.BytesIO(data), formats=_formats(file))
            picture.load()
            turn_upright(picture)
            image = bgr_on_white(picture)
    except MemoryError:
        raise
    except Exception as error:
        raise _damaged(file) from error
    if whole:
        return image, None
    if image.min() == image.max():
        raise SourceFormatError(f"{file} ends before its picture begins. Copy or download it again.")
    return image, f"{file} is damaged or cut short: part of the picture is missing."


def _jpeg_is_whole(data: bytes) -> bool:
    """Whether each block of a JPEG has its data, as FFmpeg's strict mode checks."""
    import av

    decoder = av.CodecContext.create("mjpeg", "r")
    decoder.options = {"err_detect": "explode"}
    decoder.thread_count = 1
    try:
        return bool(decoder.decode(av.Packet(data)))
    except (av.FFmpegError, ValueError):
        return False


def _by_opencv(file: Path) -> Image:
    """Read what Pillow cannot, of TIFF and others: floating point, deep colours, separate planes."""
    data = file.read_bytes()
    orientation = 1
    if data.startswith(_TIFF_STARTS):
        from PIL.TiffImagePlugin import ImageFileDirectory_v2

        try:
            stream = io.BytesIO(data)
            directory = ImageFileDirectory_v2(stream.read(8))
            stream.seek(directory.next)
            directory.load(stream)
            orientation = int(directory.get(274, 1))
            width, height = int(directory[256]), int(directory[257])
        except Exception as error:
            raise _damaged(file) from error
        check_size(file, width, height)
    try:
        values = cv2.imdecode(np.frombuffer(data, dtype=np.uint8), cv2.IMREAD_UNCHANGED | cv2.IMREAD_IGNORE_ORIENTATION)
    except cv2.error as error:
        raise _damaged(file) from error
    # Despite the stubs, the result is None if it cannot be decoded.
    if not isinstance(values, np.ndarray) or (values.ndim == 3 and values.shape[2] not in {1, 3, 4}):
        raise SourceFormatError(
            f"{file} is damaged, or has a format that cannot be read. Save it as PNG or JPEG first."
        )
    return turned(bgr_of_values(values), orientation)
