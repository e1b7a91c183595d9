"""Opens untrusted media with FFmpeg, the only place to do so: within limits, and without following references."""

import ctypes
import errno
import os
import re
import threading
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any, Protocol

import av
import av.packet
from av.container import InputContainer

from video_labeler import limits
from video_labeler.errors import SourceFormatError, SourceUnavailableError
from video_labeler.files.reading import open_regular
from video_labeler.sources.file_parts import part_addresses, parts_list
from video_labeler.sources.held_bytes import held_bytes, tracks_of_mp4
from video_labeler.sources.local_playlist import IS_PLAYLIST, check_playlist

MEDIA_OPTIONS = {"max_pixels": str(limits.VIDEO_PIXELS), "max_streams": str(limits.STREAMS + 1)}
"""For containers, and for streams that are probed while they are opened."""

_PART_OPTIONS = MEDIA_OPTIONS | {"protocol_whitelist": "subfile,file"}

JOINED = "concat"
"""FFmpeg's name of the format for concatenated recordings."""

TOO_LARGE = f"pictures of more than the {limits.VIDEO_PIXELS // 10**6} million pixels that can be read here"

TOO_MANY_TRACKS = (
    f"holds more than the {limits.STREAMS} tracks and attachments that can be read here. Make a copy of it with fewer."
)

DASH = "is a DASH manifest, which cannot be read here. Give an HLS playlist (.m3u8) of the same, or a video file."
"""The problem with a file or an address if FFmpeg was built without DASH."""

MANIFEST_HEAD = 4096
"""Bytes at the start of a file by which a manifest is recognised."""

_NO_FILES = frozenset({"avisynth", "concat", "concatf", "dash", "imf", "lavfi", "sdp", "vapoursynth"})
"""Formats of text that names other files or addresses, or is a program; a playlist of HLS names videos alone."""

_NOT_VIDEO_FORMATS = frozenset({"tty"})
"""FFmpeg renders any text file as the screen of a terminal."""

# PyAV 19 accepts metadata with any bytes by itself, and no longer has the option.
_TAGS_OF_ANY_BYTES: dict[str, Any] = (
    {"metadata_errors": "surrogateescape"} if int(av.__version__.split(".")[0]) < 19 else {}
)


class SupportsRead(Protocol):
    """A response body that can only be read sequentially."""

    def read(self, size: int) -> bytes:
        """The next bytes, at most ``size``; none at the end."""
        ...


def _bound_blocks() -> None:
    """Limit FFmpeg's allocations to what pictures need: packets may claim any size, or have no end."""
    try:
        bound = ctypes.CDLL(av.packet.__file__).av_max_alloc
    except (AttributeError, OSError):
        # Windows does not search the libraries of a library; packets that are kept are bounded anyway.
        return
    bound.argtypes, bound.restype = [ctypes.c_size_t], None
    bound(limits.MEDIA_BLOCK)


_bound_blocks()


def open_file(name: str) -> InputContainer:
    """Open a media file for reading, by its absolute path; playlists in it cannot access the network.

    Concatenated recordings in it are read one after the other.

    Raises:
        FFmpegError, OSError, ValueError: it cannot be read.
    """
    _check_claims(Path(name))
    options = MEDIA_OPTIONS | {"protocol_whitelist": "file", "format_whitelist": formats_without(_NO_FILES)}
    container = open_media(name, options)
    try:
        parts = part_addresses(Path(name), container.format.name)
    except BaseException:
        container.close()
        raise
    if not parts:
        return container
    with container as first:
        options = _PART_OPTIONS | {"safe": "0", "segment_time_metadata": "1"}
        joined = open_media(BytesIO(parts_list(parts)), options, form=JOINED)
        joined.metadata.update(first.metadata)
        return joined


def parts_of(path: Path) -> tuple[str, ...]:
    """The addresses of the recordings concatenated in a file, for :func:`open_part`; none if it is a single one.

    Raises:
        FFmpegError, OSError, ValueError: it cannot be read.
    """
    with open_media(str(path), MEDIA_OPTIONS | {"protocol_whitelist": "file"}) as first:
        return part_addresses(path, first.format.name)


def open_part(address: str) -> InputContainer:
    """Open one of them by itself.

    Raises:
        FFmpegError, OSError, ValueError: it cannot be read.
    """
    return open_media(address, _PART_OPTIONS)


def formats_without(names: frozenset[str]) -> str:
    """All formats that FFmpeg knows, without these, as its option ``format_whitelist`` takes them."""
    return ",".join(sorted({name for listed in av.formats_available for name in listed.split(",")} - names))


def _check_claims(path: Path) -> None:
    """Refuse what FFmpeg would read into memory, or go through, without an end."""
    try:
        with open_regular(path) as file:
            head, size = file.read(MANIFEST_HEAD), os.fstat(file.fileno()).st_size
        if IS_PLAYLIST.match(head):
            check_playlist(path)
        held = held_bytes(path) if size > limits.HELD else 0
    except OSError:
        # FFmpeg says why.
        return
    if held > limits.HELD:
        raise ValueError("more attachments, covers or index than any video has")


def open_video(path: Path, name: str) -> InputContainer:
    """Open a video file, which messages call ``name``; see :func:`open_file`.

    Raises:
        SourceFormatError: it is not a video.
        SourceUnavailableError: it may not be read.
    """
    try:
        container = open_file(str(path.absolute()))
    except av.error.PermissionError as error:
        raise SourceUnavailableError(f"You have no permission to read {name}.") from error
    except (av.error.TimeoutError, av.error.ExitError) as error:
        raise SourceFormatError(f"{name} {takes_too_long()}") from error
    except (av.FFmpegError, ValueError) as error:
        if _begins_as_manifest(path):
            raise SourceFormatError(f"{name} {DASH}") from error
        # FFmpeg's word for that in an MP4 is that there is no memory left.
        if isinstance(error, av.error.MemoryError) and tracks_of_mp4(path) > limits.STREAMS:
            raise SourceFormatError(f"{name} {TOO_MANY_TRACKS}") from error
        raise SourceFormatError(
            f"{name} cannot be read as a video: it is damaged, cut short, or something else."
        ) from error
    if container.format.name in _NOT_VIDEO_FORMATS:
        container.close()
        raise SourceFormatError(f"{name} is a text file, not a video file.")
    return container


def open_media(
    file: str | SupportsRead,
    options: Mapping[str, str],
    *,
    form: str | None = None,
    timeout: tuple[float, float | None] | None = None,
    io_open: Callable[..., Any] | None = None,
) -> InputContainer:
    """Open media whose limits are in ``options``; ``form`` is its format by FFmpeg's name, if known.

    ``timeout`` is for opening and for each read, in seconds; ``io_open`` opens the entries of a playlist for FFmpeg.

    Raises:
        FFmpegError, OSError, ValueError: it cannot be read.
    """
    timeout = timeout or (limits.OPENING_S, None)
    return _Opening(
        lambda: av.open(file, "r", form, dict(options), timeout=timeout, io_open=io_open, **_TAGS_OF_ANY_BYTES)
    ).result()


class _Opening(threading.Thread):
    """Opens in a separate thread, which is abandoned if it takes too long.

    FFmpeg looks at its time-out only while it reads: what it has read may keep it busy for hours.
    """

    def __init__(self, open_it: Callable[[], InputContainer]) -> None:
        super().__init__(name="opening", daemon=True)
        self._open_it = open_it
        self._changed = threading.Lock()
        self._is_given_up = False
        self._container: InputContainer | None = None
        self._error: BaseException | None = None

    def result(self) -> InputContainer:
        """The opened container.

        Raises:
            av.error.TimeoutError: it takes too long.
            FFmpegError, OSError, ValueError: it cannot be read.
        """
        self.start()
        try:
            self.join(limits.OPENING_S)
        finally:
            with self._changed:
                self._is_given_up = True
                container, error = self._container, self._error
                self._container = self._error = None
        if error is not None:
            raise error
        if container is None:
            raise av.error.TimeoutError(errno.ETIMEDOUT, f"it cannot be opened within {limits.OPENING_S:g} s")
        return container

    def run(self) -> None:
        """Open."""
        container: InputContainer | None = None
        try:
            container = self._open_it()
        except BaseException as error:  # noqa: BLE001 - raised where it is waited for
            self._error = error
        with self._changed:
            if self._is_given_up and container is not None:
                container.close()
            elif not self._is_given_up:
                self._container = container


def takes_too_long() -> str:
    """The problem with a file whose opening was abandoned."""
    return (
        f"is not opened, because that takes more than {limits.OPENING_S:g} s: its disk is too slow, or it has far more "
        "entries than a video has."
    )


def is_dash_manifest(head: bytes) -> bool:
    """Whether a file with this start is a DASH manifest, of which FFmpeg says only that it is not a video."""
    return head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") and re.search(rb"<(\w+:)?MPD[\s>]", head) is not None


def _begins_as_manifest(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return is_dash_manifest(file.read(MANIFEST_HEAD))
    except OSError:
        return False


def readable_tags(tags: Mapping[str, str]) -> dict[str, str]:
    """The metadata of a container or stream as text, whatever its bytes."""
    return {_readable(key): _readable(value) for key, value in tags.items()}


def _readable(text: str) -> str:
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def size_of(container: InputContainer) -> int:
    """The size of the media in bytes; 0 if unknown."""
    return max(0, container.size or 0)
