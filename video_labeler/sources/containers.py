"""The one place where FFmpeg opens media of others: within limits, and without anything else that they name."""

import ctypes
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any, Protocol

import av
import av.packet
from av.container import InputContainer

from video_labeler import limits
from video_labeler.sources.file_parts import parts_list

MEDIA_OPTIONS = {"max_pixels": str(limits.VIDEO_PIXELS), "max_streams": str(limits.STREAMS)}
"""For containers, also for what is tried out of their streams while they are opened."""

DECODER_OPTIONS = {"max_pixels": str(limits.VIDEO_PIXELS)}
"""For the decoder of a stream's pictures."""

JOINED = "concat"
"""FFmpeg's name of the kind that recordings behind each other in one file are read as."""

TOO_LARGE = f"pictures of more than the {limits.VIDEO_PIXELS // 10**6} million pixels that can be read here"

# PyAV 19 takes entries of any bytes without being asked, and no longer knows the word.
_TAGS_OF_ANY_BYTES: dict[str, Any] = (
    {"metadata_errors": "surrogateescape"} if int(av.__version__.split(".")[0]) < 19 else {}
)


class SupportsRead(Protocol):
    """A body that can only be read on."""

    def read(self, size: int) -> bytes:
        """The next bytes, at most ``size``; none at the end."""
        ...


def _bound_blocks() -> None:
    """Let FFmpeg allocate no block that no picture needs: packets may claim any size, or have no end."""
    try:
        bound = ctypes.CDLL(av.packet.__file__).av_max_alloc
    except (AttributeError, OSError):
        # Windows does not look into the libraries that a library uses; packets that are kept are bounded all the same.
        return
    bound.argtypes, bound.restype = [ctypes.c_size_t], None
    bound(limits.MEDIA_BLOCK)


_bound_blocks()


def open_file(name: str) -> InputContainer:
    """Open a media file by its absolute name, for reading; playlists in it cannot reach out to the network.

    Recordings that lie behind each other in it are read one after the other.

    Raises:
        FFmpegError, OSError, ValueError: it cannot be read.
    """
    container = open_media(name, MEDIA_OPTIONS | {"protocol_whitelist": "file"})
    parts = parts_list(Path(name), container.format.name)
    if parts is None:
        return container
    with container as first:
        options = MEDIA_OPTIONS | {"safe": "0", "protocol_whitelist": "subfile,file"}
        joined = open_media(BytesIO(parts), options, form=JOINED)
        joined.metadata.update(first.metadata)
        return joined


def open_media(
    file: str | SupportsRead,
    options: Mapping[str, str],
    *,
    form: str | None = None,
    timeout: tuple[float, float] | None = None,
    io_open: Callable[..., Any] | None = None,
) -> InputContainer:
    """Open what already has its limits in ``options``; ``form`` is its format by FFmpeg's name, where it is known.

    ``timeout`` is for opening and for each read, in seconds; ``io_open`` opens for FFmpeg what a playlist names.

    Raises:
        FFmpegError, OSError, ValueError: it cannot be read.
    """
    container: InputContainer = av.open(
        file, "r", form, dict(options), timeout=timeout, io_open=io_open, **_TAGS_OF_ANY_BYTES
    )
    return container


def readable_tags(tags: Mapping[str, str]) -> dict[str, str]:
    """The entries of a container or stream as text, whatever bytes they are made of."""
    return {_readable(key): _readable(value) for key, value in tags.items()}


def _readable(text: str) -> str:
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def size_of(container: InputContainer) -> int:
    """The size of what is read, in bytes; 0 where it is not told."""
    return max(0, container.size or 0)
