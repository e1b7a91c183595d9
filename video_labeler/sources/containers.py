"""The one place where FFmpeg opens media of others: within limits, and without anything else that they name."""

import ctypes
from io import BytesIO
from pathlib import Path

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
    container = av.open(name, options=MEDIA_OPTIONS | {"protocol_whitelist": "file"}, metadata_errors="replace")
    parts = parts_list(Path(name), container.format.name)
    if parts is None:
        return container
    with container as first:
        options = MEDIA_OPTIONS | {"safe": "0", "protocol_whitelist": "subfile,file"}
        joined = av.open(BytesIO(parts), "r", format=JOINED, options=options, metadata_errors="replace")
        joined.metadata.update(first.metadata)
        return joined
