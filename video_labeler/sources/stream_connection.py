"""An open connection to a live stream: packets in, pictures out, with their time of arrival or due time."""

import hashlib
import math
import time
from collections import deque

import av
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from video_labeler.errors import SourceUnavailableError
from video_labeler.pixels import Pixels
from video_labeler.sources.base import SourceInfo
from video_labeler.sources.containers import TOO_LARGE
from video_labeler.sources.decoding import PictureConverter, SizeCheck, bound_decoder, upright_pixel_aspect
from video_labeler.sources.deinterlacing import Deinterlacer
from video_labeler.sources.packet_reader import Arrival, PacketReader

READ_TIMEOUT_S = 2.0

_JUMP_S = 10.0
"""A larger step on the stream's own clock, or one back, means another clock."""
_REMEMBERED = 64
"""Key frames that are remembered to detect that a server repeats what it has sent before."""


class StreamPast:
    """What has been received of a stream, over all its connections."""

    def __init__(self) -> None:
        self._first: bytes | None = None
        self._recent: deque[bytes] = deque(maxlen=_REMEMBERED)
        self._last_stamp = -math.inf

    @property
    def has_pictures(self) -> bool:
        """Whether any pictures were received."""
        return bool(self._recent)

    def begins_again_with(self, packet: "Packet[VideoStream]") -> bool:
        """Whether the first packet of a connection equals that of the first connection."""
        first, self._first = self._first, self._first or _fingerprint(packet)
        return first == _fingerprint(packet)

    def knows(self, packet: "Packet[VideoStream]") -> bool:
        """Whether a key frame was received recently."""
        return packet.is_keyframe and _fingerprint(packet) in self._recent

    def is_new(self, packet: "Packet[VideoStream]") -> bool:
        """Whether a packet is later than everything received, by the stream's own clock."""
        return packet.dts is None or packet.dts > self._last_stamp

    def add(self, packet: "Packet[VideoStream]") -> None:
        """Remember a packet."""
        if packet.is_keyframe:
            self._recent.append(_fingerprint(packet))
        if packet.dts is not None:
            self._last_stamp = packet.dts


def _fingerprint(packet: "Packet[VideoStream]") -> bytes:
    return hashlib.blake2b(bytes(packet) + str(packet.dts).encode(), digest_size=16).digest()


class SegmentClock:
    """Due times for the pictures of a stream that arrives in bursts, so that they keep their original spacing."""

    def __init__(self) -> None:
        self._offset_s: float | None = None
        self._last_s = 0.0

    def due_s(self, stamp_s: float, now_s: float, *, more_waits: bool) -> float:
        """When a picture with that time is due (monotonic); now if the buffer had run empty."""
        jumped = not 0.0 <= stamp_s - self._last_s < _JUMP_S
        self._last_s = stamp_s
        if self._offset_s is None or jumped or (not more_waits and self._offset_s + stamp_s < now_s):
            self._offset_s = now_s - stamp_s
        return self._offset_s + stamp_s


class StreamConnection:
    """An open stream; with ``paced`` its bursts are played at their own speed."""

    def __init__(
        self,
        stream: VideoStream,
        packets: PacketReader,
        name: str,
        past: StreamPast,
        *,
        paced: bool,
    ) -> None:
        # Otherwise a picture would be held back for each thread.
        bound_decoder(stream, one_by_one=True)
        self._name = name
        self._convert = PictureConverter()
        self._size_check = SizeCheck()
        self._decoded: deque[VideoFrame] = deque()
        self._deinterlacer = Deinterlacer()
        self._packets = packets
        self._past = past
        self._clock = SegmentClock() if paced else None
        self._due_s: float | None = None
        self._begun = self._has_pictures = False
        self._again = False
        rate = float(stream.average_rate) if stream.average_rate else None
        aspect = upright_pixel_aspect(stream)
        self.info = SourceInfo(
            name,
            stream.width or None,
            stream.height or None,
            rate,
            pixel_aspect=aspect,
            has_live_sound=bool(stream.container.streams.audio),
        )
        self.captured_s: float | None = None
        """When the last picture arrived, or was due (monotonic)."""

    def read(self) -> Pixels | None:
        """The next picture; ``None`` if none arrived within 2 s, or only a damaged one.

        Raises:
            SourceUnavailableError: the connection broke, or sends more than can be kept.
        """
        deadline_s = time.monotonic() + READ_TIMEOUT_S
        while not self._decoded or self._packets.is_behind:
            left_s = deadline_s - time.monotonic()
            arrival = self._next_packet(left_s) if left_s > 0 else None
            if arrival is None:
                break
            self._decode(arrival.packet)
            self.captured_s = arrival.at_s
        if not self._decoded or (self._clock is not None and not self._wait_until_due(self._clock, deadline_s)):
            return None
        picture = self._decoded.popleft() if self._clock is not None else self._newest()
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
        except MemoryError as error:
            raise SourceUnavailableError(f"{self._name} sends an endless picture.") from error
        except (av.FFmpegError, OSError, IndexError) as error:
            # The index is that of a stream that did not exist at the start.
            raise SourceUnavailableError(f"The connection to {self._name} broke.") from error
        except EOFError:
            raise SourceUnavailableError(f"{self._name} has closed the connection.") from None

    def _decode(self, packet: "Packet[VideoStream]") -> None:
        if packet.size:
            if not self._begun:
                self._begun = True
                self._again = self._clock is not None and self._past.knows(packet)
            if self._again and not self._past.is_new(packet):
                # The server has sent this before: its playlist has not changed.
                return
            self._past.add(packet)
        try:
            for picture in packet.decode():
                self._decoded.extend(self._deinterlacer.passed(picture))
        except (av.FFmpegError, EOFError) as error:
            # Streams are damaged in transit; the next intact picture repairs that.
            if not self._has_pictures and self._size_check.refused(packet, packet.stream):
                raise SourceUnavailableError(f"{self._name} sends {TOO_LARGE}. Set it to a smaller size.") from error
        self._has_pictures = self._has_pictures or bool(self._decoded)
        if self._clock is None and len(self._decoded) > 1:
            self._decoded = deque([self._newest()])

    def _wait_until_due(self, clock: SegmentClock, deadline_s: float) -> bool:
        """Wait for the time of the next picture; false where that is after the deadline."""
        now_s = time.monotonic()
        if self._due_s is None:
            stamp_s = self._decoded[0].time
            waits = self._packets.waiting > 0 or len(self._decoded) > 1
            self._due_s = now_s if stamp_s is None else clock.due_s(stamp_s, now_s, more_waits=waits)
        time.sleep(max(0.0, min(self._due_s, deadline_s) - now_s))
        if self._due_s > deadline_s:
            return False
        self.captured_s, self._due_s = max(self._due_s, now_s), None
        return True

    def close(self) -> None:
        """Close the connection."""
        self._packets.close()
        self._decoded.clear()
