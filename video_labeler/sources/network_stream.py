"""Network streams, read with PyAV: RTSP and MJPEG cameras, UDP broadcasts, web addresses."""

import contextlib
import time
from collections import deque
from urllib.parse import urlsplit

import av
from av.container import InputContainer
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from video_labeler.errors import (
    SourceError,
    SourceFormatError,
    SourceNotFoundError,
    SourceUnavailableError,
)
from video_labeler.frames import Image
from video_labeler.sources.address import encoding_hint, shown_address
from video_labeler.sources.base import SourceInfo
from video_labeler.sources.decoding import PictureConverter, main_video_stream
from video_labeler.sources.live import LONGEST_PAUSE_S, EndOfPictures, LiveSource
from video_labeler.sources.packet_reader import Arrival, PacketReader

STREAM_SCHEMES = frozenset({"http", "https", "rtmp", "rtmps", "rtsp", "rtsps", "srt", "tcp", "udp"})

_OPEN_TIMEOUT_S = 3.0
_READ_TIMEOUT_S = 2.0
_PLAYED_TO_S = 1.0
"""A recording has ended when its connection closes within this time of its end; before, the connection broke."""
_LISTENING_SCHEMES = frozenset({"udp", "srt", "tcp"})
"""These may leave the host out: they listen on a port of this computer."""
_OPTIONS = {
    # Pictures are wanted at once, not smoothly. No "nobuffer": it throws away what was read to find out the
    # format, the first key frame with it, and saves nothing for a reader that keeps up.
    "flags": "low_delay",
    "analyzeduration": "1000000",
}
_SCHEME_OPTIONS = {
    # Over UDP a lost packet smears the picture.
    "rtsp": {"rtsp_transport": "tcp"},
    "rtsps": {"rtsp_transport": "tcp"},
    "udp": {"overrun_nonfatal": "1"},
}


def check_address(url: str) -> None:
    """Make sure that an address can be one of a stream.

    Raises:
        SourceFormatError: it is malformed, or of a kind that is not supported.
    """
    hint = encoding_hint(url)
    example = "Give one such as rtsp://192.168.1.20:554/stream."
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise SourceFormatError(f"{shown_address(url)} is not a valid address. {hint or example}") from error
    if parts.scheme.lower() not in STREAM_SCHEMES:
        known = ", ".join(sorted(STREAM_SCHEMES))
        raise SourceFormatError(f"{shown_address(url)} is of an unknown kind. Addresses can begin with {known}.")
    if not host and not (port and parts.scheme.lower() in _LISTENING_SCHEMES):
        raise SourceFormatError(f"{shown_address(url)} names no computer. {example}")


class StreamDevice:
    """A stream's address as a device: opening it connects, within 3 s."""

    def __init__(self, url: str) -> None:
        self._url = url
        self.name = shown_address(url)

    def open(self) -> "StreamConnection":
        """Connect and find the pictures' stream.

        Raises:
            SourceNotFoundError: the server knows no such stream.
            SourceUnavailableError: no answer, a refusal, or an answer without video.
        """
        scheme = urlsplit(self._url).scheme.lower()
        try:
            container = av.open(
                self._url,
                timeout=(_OPEN_TIMEOUT_S, _READ_TIMEOUT_S),
                options=_OPTIONS | _SCHEME_OPTIONS.get(scheme, {}),
                metadata_errors="replace",
            )
        except (av.FFmpegError, OSError, ValueError) as error:
            raise _opening_error(self.name, error, encoding_hint(self._url)) from error
        try:
            return StreamConnection(container, main_video_stream(container, self.name), self.name)
        except SourceFormatError as error:
            container.close()
            raise SourceUnavailableError(str(error)) from error
        except BaseException:
            container.close()
            raise


def _opening_error(name: str, error: Exception, hint: str) -> SourceError:
    """``hint`` is what looks wrong with the address, as a sentence."""
    scheme, separator, _ = name.partition("://")
    example = f"Write them into the address: {scheme}{separator}user:password@host."
    if isinstance(error, av.error.HTTPUnauthorizedError | av.error.HTTPForbiddenError | av.error.PermissionError):
        return SourceUnavailableError(f"{name} wants a user name and a password. {hint or example}")
    check_path = "Check the path in the address."
    if isinstance(error, av.error.HTTPNotFoundError | av.error.FileNotFoundError):
        return SourceNotFoundError(f"The server answers, but knows no {name}. {hint or check_path}")
    if isinstance(error, av.error.InvalidDataError):
        return SourceUnavailableError(f"{name} answers, but sends no video. {hint or check_path}")
    if isinstance(error, av.error.ConnectionRefusedError):
        reason = "refuses the connection"
    elif isinstance(error, av.error.ExitError | av.error.TimeoutError):
        reason = f"does not answer within {_OPEN_TIMEOUT_S:g} s"
    else:
        reason = "cannot be reached, or sends something that is no video"
    return SourceUnavailableError(
        f"{name} {reason}. {hint or 'Check the address, the network, and that the camera is on.'}"
    )


class StreamConnection:
    """An open stream."""

    def __init__(self, container: InputContainer, stream: VideoStream, name: str) -> None:
        # Threads by frames would hold back a picture for each thread.
        stream.thread_type = "SLICE"
        self._name = name
        self._convert = PictureConverter()
        self._decoded: deque[VideoFrame] = deque()
        self._duration_s = container.duration / av.time_base if container.duration else None
        self._packets = PacketReader(container, stream, live=self._duration_s is None)
        self._played_s = 0.0
        self._start_s: float | None = None
        rate = float(stream.average_rate) if stream.average_rate else None
        self.info = SourceInfo(name, stream.width or None, stream.height or None, rate)
        self.captured_s: float | None = None
        """When the last picture arrived, or was due (monotonic)."""

    def read(self) -> Image | None:
        """The next picture; ``None`` where none came within 2 s, or only a damaged one.

        Raises:
            SourceUnavailableError: the connection broke.
            EndOfPictures: a recording has been played to its end.
        """
        deadline_s = time.monotonic() + _READ_TIMEOUT_S
        while not self._decoded or self._packets.is_behind:
            left_s = deadline_s - time.monotonic()
            arrival = self._next_packet(left_s) if left_s > 0 else None
            if arrival is None:
                break
            self._decode(arrival.packet)
            self.captured_s = arrival.at_s
        if not self._decoded:
            return None
        picture = self._decoded.popleft() if self._duration_s is not None else self._newest()
        if self._duration_s is not None and picture.time is not None:
            self._wait_until_due(picture.time)
        try:
            return self._convert(picture)
        except (av.FFmpegError, ValueError):
            return None

    def _newest(self) -> VideoFrame:
        picture = self._decoded.pop()
        self._decoded.clear()
        return picture

    def _next_packet(self, timeout_s: float) -> Arrival | None:
        try:
            return self._packets.take(timeout_s)
        except (av.FFmpegError, OSError) as error:
            raise SourceUnavailableError(f"The connection to {self._name} broke.") from error
        except EOFError:
            if self._duration_s is not None and self._duration_s - self._played_s < _PLAYED_TO_S:
                raise EndOfPictures from None
            raise SourceUnavailableError(f"{self._name} has hung up.") from None

    def _decode(self, packet: "Packet[VideoStream]") -> None:
        # Damage on the way is part of a stream's life; the next whole picture puts it right.
        with contextlib.suppress(av.FFmpegError, EOFError):
            self._decoded.extend(packet.decode())

    def _wait_until_due(self, stamp_s: float) -> None:
        """Play a recording at its own speed: without this it would rush by."""
        now_s = time.monotonic()
        self._played_s = stamp_s
        if self._start_s is None:
            self._start_s = now_s - stamp_s
        time.sleep(min(max(0.0, self._start_s + stamp_s - now_s), _READ_TIMEOUT_S))
        self.captured_s = time.monotonic()

    def close(self) -> None:
        """Hang up."""
        self._packets.close()
        self._decoded.clear()


class NetworkStream(LiveSource):
    """A stream from the network: ``rtsp://``, ``http://``, ``udp://`` and their kin.

    A recording on a web server is played at its own speed and then ends; everything else is live.
    """

    def __init__(self, url: str, must_answer: bool = True, *, longest_pause_s: float = LONGEST_PAUSE_S) -> None:
        super().__init__(StreamDevice(url), must_answer, longest_pause_s=longest_pause_s)
        self._url = url

    def open(self) -> SourceInfo:
        """Connect.

        Raises:
            SourceFormatError: the address is malformed.
            SourceError: nothing answers, and ``must_answer`` is set.
        """
        check_address(self._url)
        return super().open()
