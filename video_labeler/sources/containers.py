"""The one place where FFmpeg opens media of others: within limits, and without anything else that they name."""

import ctypes

import av
import av.packet
from av.container import InputContainer

from video_labeler import limits

MEDIA_OPTIONS = {"max_pixels": str(limits.VIDEO_PIXELS), "max_streams": str(limits.STREAMS)}
"""For containers, also for what is tried out of their streams while they are opened."""

DECODER_OPTIONS = {"max_pixels": str(limits.VIDEO_PIXELS)}
"""For the decoder of a stream's pictures."""

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

    Raises:
        FFmpegError, OSError, ValueError: it cannot be read.
    """
    return av.open(name, options=MEDIA_OPTIONS | {"protocol_whitelist": "file"}, metadata_errors="replace")
