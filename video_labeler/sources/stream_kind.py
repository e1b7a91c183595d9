"""Tells recordings, which are read completely, from live streams, which are kept up with."""

import time
from urllib.parse import urlsplit

import av
from av.container import InputContainer

from video_labeler.errors import SourceError
from video_labeler.sources.containers import size_of
from video_labeler.sources.packet_reader import PacketReader
from video_labeler.sources.web_access import open_address

PLAYLISTS = frozenset({"hls", "dash"})
"""They arrive in segments of some seconds, each at once."""

_WEB = frozenset({"http", "https"})
_WITHOUT_AN_END = frozenset({"udp", "srt", "tcp"})
_WITHOUT_A_BEGINNING = ("mpegts", "flv", "mpeg", "mjpeg", "jpeg_pipe", "h264", "hevc", "m4v", "mpegvideo")
"""Formats that cameras and broadcasts send, too: they can be read from anywhere."""
_CAMERA = "mpjpeg"
"""Cameras announce meaningless lengths."""

_TRIAL_S = 1.0
_AHEAD_S = 12.0
"""Servers of live streams send some seconds at once at the start, but less than this."""
_TWICE = 2.0


def is_recording(url: str, container: InputContainer) -> bool | None:
    """Whether an address that has answered is a recording; ``None``: only its speed can tell.

    A recording has a length, or a header that only the start of a file has. Everything else is live, including what
    internet radio announces.
    """
    scheme = urlsplit(url).scheme.lower()
    kind = container.format.name
    has_duration = bool(container.duration and container.duration > 0)
    if scheme not in _WEB:
        return has_duration and scheme not in _WITHOUT_AN_END
    if kind in PLAYLISTS:
        return has_duration
    if kind == _CAMERA or any(name.lower().startswith("icy-") for name in container.metadata):
        return False
    if size_of(container) or has_duration or not kind.startswith(_WITHOUT_A_BEGINNING):
        return True
    return None


def comes_faster_than_live(packets: PacketReader) -> bool:
    """Whether a stream of unknown length is a recording, which arrives all at once. Takes a second if it is live."""
    started_s = time.monotonic()
    while (took_s := time.monotonic() - started_s) < _TRIAL_S:
        if packets.span_s - took_s > _AHEAD_S:
            return True
        if packets.has_ended:
            return packets.span_s > _TWICE * took_s
        time.sleep(0.02)
    return False


def first_bytes(url: str, timeout_s: float, *, other_hosts: bool = False) -> bytes:
    """The first bytes that an address sends; empty if it does not answer."""
    try:
        with open_address(url, (timeout_s, timeout_s), {}, other_hosts=other_hosts, raw=True) as body:
            return b"".join(bytes(packet) for packet, _ in zip(body.demux(), range(4), strict=False))
    except (av.FFmpegError, SourceError, OSError, ValueError):
        return b""


def is_mp4_with_late_index(head: bytes) -> bool:
    """Whether an MP4 file with this start has its index at the end, which makes opening it slow."""
    while len(head) >= 8 and head[4:8] in (b"ftyp", b"free", b"wide", b"skip"):
        head = head[max(8, int.from_bytes(head[:4])) :]
    return head[4:8] == b"mdat"
