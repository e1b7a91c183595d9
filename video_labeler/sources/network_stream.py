"""Network streams, read with PyAV: RTSP and MJPEG cameras, UDP broadcasts, web addresses."""

from urllib.parse import urlsplit

import av
from av.container import InputContainer

from video_labeler.errors import (
    SourceError,
    SourceFormatError,
    SourceNotFoundError,
    SourceUnavailableError,
)
from video_labeler.frames import Frame
from video_labeler.sources.base import Delivery, SourceInfo, SourceStatus
from video_labeler.sources.containers import DASH, MANIFEST_HEAD, is_dash_manifest
from video_labeler.sources.decoding import main_video_stream
from video_labeler.sources.live import LONGEST_PAUSE_S, EndOfPictures, LiveSource
from video_labeler.sources.packet_reader import PacketReader
from video_labeler.sources.playback import Playback
from video_labeler.sources.stream_connection import READ_TIMEOUT_S, StreamConnection, StreamPast
from video_labeler.sources.stream_kind import (
    PLAYLISTS,
    comes_faster_than_live,
    first_bytes,
    is_mp4_with_late_index,
    is_recording,
)
from video_labeler.sources.watchdog import LivenessLimits
from video_labeler.sources.web_access import open_address
from video_labeler.sources.web_pieces import Pieces
from video_labeler.sources.web_recording import WebRecording
from video_labeler.text.address_text import EXAMPLE, encoding_hint, shown_address

STREAM_SCHEMES = frozenset({"http", "https", "rtmp", "rtmps", "rtsp", "rtsps", "srt", "tcp", "udp"})

_OPEN_TIMEOUT_S = 3.0
_HEAD_TIMEOUT_S = 10.0
_LATE_TIMEOUT_S = 30.0
"""For a web server that is slow to answer: its first bytes, and everything needed to start."""
_SEGMENT_TIMEOUT_S = 20.0
_WEB = frozenset({"http", "https"})
_LISTENING_SCHEMES = frozenset({"udp", "srt", "tcp"})
"""These may leave the host out: they listen on a port of this computer."""
_OPTIONS = {
    # Low latency matters more than smoothness. No "nobuffer": it discards what was read to probe the
    # format, including the first key frame, and gains nothing for a reader that keeps up.
    "flags": "low_delay",
    "analyzeduration": "1000000",
    # One segment is shown while the next one is downloaded.
    "live_start_index": "-2",
}
SCHEME_OPTIONS = {
    # Over UDP a lost packet smears the picture.
    "rtsp": {"rtsp_transport": "tcp"},
    "rtsps": {"rtsp_transport": "tcp"},
    "udp": {"overrun_nonfatal": "1"},
}


def check_address(url: str) -> None:
    """Check that an address may be that of a stream.

    Raises:
        SourceFormatError: it is malformed, or of a kind that is not supported.
    """
    hint = encoding_hint(url)
    example = "Give one such as rtsp://192.168.1.20:554/stream."
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        # The error's text may quote a part of the password, and would be in the log of `--debug`.
        raise SourceFormatError(f"{shown_address(url)} is not a valid address. {hint or example}") from None
    if parts.scheme.lower() not in STREAM_SCHEMES:
        known = ", ".join(sorted(STREAM_SCHEMES))
        raise SourceFormatError(f"{shown_address(url)} has an unknown scheme. Addresses can begin with {known}.")
    if not host and not (port and parts.scheme.lower() in _LISTENING_SCHEMES):
        raise SourceFormatError(f"{shown_address(url)} has no host. {example}")


class FoundRecording(Exception):  # noqa: N818 - nothing has failed
    """An address is that of a recording; ``pieces`` are already fetched; ``copy_first``: its index is at its end."""

    def __init__(self, pieces: Pieces | None = None, *, copy_first: bool = False) -> None:
        super().__init__("a recording")
        self.pieces = pieces
        self.copy_first = copy_first


class StreamDevice:
    """A stream's address as a device: opening it connects within 3 s."""

    def __init__(self, url: str, *, other_hosts: bool = False) -> None:
        self._url = url
        self._other_hosts = other_hosts
        self.name = shown_address(url)
        self.comes_in_segments = False
        """Whether seconds may pass between the pictures' arrivals."""
        self._past = StreamPast()

    def open(self) -> "StreamConnection":
        """Connect, and find the video stream.

        Raises:
            FoundRecording: it is a recording, and it has not been read yet.
            EndOfPictures: it is a recording that has already been received, live or completely.
            SourceNotFoundError: the server has no such stream.
            SourceUnavailableError: no answer, a refusal, or an answer without video.
        """
        pieces = Pieces()
        container = self._connected(pieces)
        try:
            return self._connection(container, pieces)
        except SourceFormatError as error:
            container.close()
            raise SourceUnavailableError(str(error)) from error

    def _connected(self, pieces: Pieces) -> InputContainer:
        scheme = urlsplit(self._url).scheme.lower()
        try:
            try:
                return self._asked(pieces, _OPEN_TIMEOUT_S)
            except (av.error.ExitError, av.error.TimeoutError, av.error.InvalidDataError) as error:
                # A server that has sent pictures before is known to be fast.
                is_known = scheme not in _WEB or self._past.has_pictures
                if is_known or not (head := self._first_bytes()):
                    raise
                if is_mp4_with_late_index(head):
                    raise FoundRecording(copy_first=True) from None
                if is_dash_manifest(head[:MANIFEST_HEAD]):
                    raise SourceUnavailableError(f"{self.name} {DASH}") from None
                if isinstance(error, av.error.InvalidDataError):
                    raise
                # It answers, although late.
                return self._asked(pieces, _LATE_TIMEOUT_S)
        except (av.FFmpegError, OSError, ValueError) as error:
            raise _opening_error(self.name, error, encoding_hint(self._url)) from error

    def _asked(self, pieces: Pieces, timeout_s: float) -> InputContainer:
        options = _OPTIONS | SCHEME_OPTIONS.get(urlsplit(self._url).scheme.lower(), {})
        timeout = (timeout_s, READ_TIMEOUT_S)
        return open_address(
            self._url,
            timeout,
            options,
            other_hosts=self._other_hosts,
            # Waiting for the next segment is not a failure, and must not be interrupted.
            playlist_timeout=(_LATE_TIMEOUT_S, _SEGMENT_TIMEOUT_S),
            pieces=pieces,
        )

    def _first_bytes(self) -> bytes:
        return first_bytes(self._url, _HEAD_TIMEOUT_S, other_hosts=self._other_hosts)

    def _connection(self, container: InputContainer, pieces: Pieces) -> "StreamConnection":
        try:
            recording = is_recording(self._url, container)
            self._refuse_recording(pieces, found=bool(recording))
            stream = main_video_stream(container, self.name)
        except BaseException:
            container.close()
            raise
        self.comes_in_segments = container.format.name in PLAYLISTS
        packets = PacketReader(container, stream, live=not self.comes_in_segments)
        if recording is None:
            self._try_speed(packets)
        return StreamConnection(stream, packets, self.name, self._past, paced=self.comes_in_segments)

    def _refuse_recording(self, pieces: Pieces, *, found: bool) -> None:
        if found and self._past.has_pictures:
            # A broadcast that has become a recording on reconnection is over.
            raise EndOfPictures
        if found:
            raise FoundRecording(pieces)

    def _try_speed(self, packets: PacketReader) -> None:
        """Detect whether a stream of unknown length is a recording.

        Raises:
            FoundRecording: it arrives faster than real time.
            EndOfPictures: it starts again with the same picture.
        """
        if not self._past.has_pictures and comes_faster_than_live(packets):
            packets.close()
            raise FoundRecording
        first = packets.peek(READ_TIMEOUT_S)
        if first is not None and self._past.begins_again_with(first):
            packets.close()
            raise EndOfPictures


def _opening_error(name: str, error: Exception, hint: str) -> SourceError:
    """The error for a failed opening; ``hint``: what looks wrong with the address, as a sentence."""
    scheme, separator, _ = name.partition("://")
    example = f"Write them into the address: {scheme}{separator}{EXAMPLE}."
    if isinstance(error, av.error.HTTPUnauthorizedError | av.error.HTTPForbiddenError | av.error.PermissionError):
        return SourceUnavailableError(f"{name} needs a user name and a password. {hint or example}")
    check_path = "Check the path in the address."
    if isinstance(error, av.error.HTTPNotFoundError | av.error.FileNotFoundError):
        return SourceNotFoundError(f"The server answers, but has no {name}. {hint or check_path}")
    if isinstance(error, av.error.InvalidDataError):
        return SourceUnavailableError(f"{name} answers, but sends no video. {hint or check_path}")
    if isinstance(error, av.error.ConnectionRefusedError):
        reason = "refuses the connection"
    elif isinstance(error, av.error.ExitError | av.error.TimeoutError):
        reason = f"does not answer within {_HEAD_TIMEOUT_S if scheme in _WEB else _OPEN_TIMEOUT_S:g} s"
    else:
        reason = "cannot be reached, or sends something that is not a video"
    return SourceUnavailableError(
        f"{name} {reason}. {hint or 'Check the address, the network, and that the camera is on.'}"
    )


class NetworkStream(LiveSource):
    """A stream from the network: ``rtsp://``, ``http://``, ``udp://`` and their kin.

    A recording is read completely, with its own times, and ends; with ``paced`` it is played at its own speed by
    :attr:`playback`. Everything else is live. ``other_hosts``: whether references to other computers are followed.
    """

    def __init__(
        self,
        url: str,
        must_answer: bool = True,
        *,
        paced: bool = False,
        longest_pause_s: float = LONGEST_PAUSE_S,
        limits: LivenessLimits | None = None,
        other_hosts: bool = False,
    ) -> None:
        device = StreamDevice(url, other_hosts=other_hosts)
        self._other_hosts = other_hosts
        super().__init__(device, must_answer, longest_pause_s=longest_pause_s, limits=limits)
        self._stream = device
        self._url = url
        self._paced = paced
        self._recording: WebRecording | Playback | None = None

    def open(self) -> SourceInfo:
        """Connect.

        Raises:
            SourceFormatError: the address is malformed.
            SourceError: it does not answer, and ``must_answer`` is set.
        """
        check_address(self._url)
        self._recording = None
        self.delivery = Delivery.NEWEST
        try:
            return super().open()
        except FoundRecording as found:
            return self._play(found)

    def read(self, timeout_s: float = 0.5) -> Frame | None:
        """The next frame, or ``None`` after about ``timeout_s``.

        Raises:
            SourceError: a recording cannot be read.
        """
        if self._recording is not None:
            return self._recording.read(timeout_s)
        try:
            return super().read(timeout_s)
        except FoundRecording as found:
            self._play(found)
            return None

    def skip_to(self, time_s: float) -> None:
        """Leave out frames of a recording.

        Raises:
            SourceError: the server does not answer again.
        """
        if self._recording is not None:
            self._recording.skip_to(time_s)

    def _play(self, found: FoundRecording) -> SourceInfo:
        recording = WebRecording(
            self._url,
            self._stream.name,
            copy_first=found.copy_first,
            other_hosts=self._other_hosts,
            pieces=found.pieces,
        )
        self._recording = Playback(recording) if self._paced else recording
        self.delivery = Delivery.EVERY_FRAME
        return self._recording.open()

    @property
    def _may_pause(self) -> bool:
        return self._stream.comes_in_segments

    @property
    def playback(self) -> Playback | None:
        """The playback of a recording; ``None`` if the address is not one."""
        return self._recording if isinstance(self._recording, Playback) else None

    def hurry(self) -> None:
        """Stop copying a recording."""
        if self._recording is not None:
            self._recording.hurry()

    def close(self) -> None:
        """Close the connection."""
        super().close()
        if self._recording is not None:
            self._recording.close()

    @property
    def status(self) -> SourceStatus:
        """What the stream is doing."""
        return super().status if self._recording is None else self._recording.status

    @property
    def ended(self) -> bool:
        """Whether every frame has been read."""
        return super().ended if self._recording is None else self._recording.ended

    @property
    def info(self) -> SourceInfo | None:
        """What the stream delivers now."""
        return super().info if self._recording is None else self._recording.info

    @property
    def losses(self) -> str | None:
        """What could not be read of a recording."""
        return None if self._recording is None else self._recording.losses

    def losses_within(self, start_s: float, end_s: float | None) -> str | None:
        """What could not be read of a part of a recording."""
        return None if self._recording is None else self._recording.losses_within(start_s, end_s)
