"""A track of pictures that are already encoded: packets in, each with its exact duration."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import av
from av.container import OutputContainer
from av.stream import Disposition

from video_labeler.movie.i420 import even_size
from video_labeler.movie.picture_coder import VideoPacket

_LONE_FRAME_S = Fraction(1, 30)
"""The duration of a single picture of a source without a rate."""


def nominal_rate(rate: float | None) -> Fraction | None:
    """The rate as a fraction, for players to show; ``None`` if unknown."""
    return None if not rate else Fraction(rate).limit_denominator(1001)


class PacketWriter:
    """Writes each packet once the next one gives its duration."""

    def __init__(self, container: OutputContainer, time_base: Fraction, rate: Fraction | None) -> None:
        self._container = container
        self._time_base = time_base
        self._lone_ticks = max(1, round((1 / rate if rate else _LONE_FRAME_S) / time_base))
        self._held: VideoPacket | None = None

    def write(self, packets: Iterable[VideoPacket]) -> None:
        """Add packets in order."""
        for packet in packets:
            held, self._held = self._held, packet
            if held is not None and held.pts is not None and packet.pts is not None:
                held.duration = packet.duration = packet.pts - held.pts
                self._container.mux(held)
            elif held is not None:
                self._container.mux(held)

    def finish(self, end_s: float) -> None:
        """Write the last packet, which lasts until ``end_s`` seconds."""
        held, self._held = self._held, None
        if held is not None:
            left = 0 if held.pts is None else round(end_s / self._time_base) - held.pts
            held.duration = left if left > 0 else held.duration or self._lone_ticks
            self._container.mux(held)


@dataclass(frozen=True, slots=True)
class CodedPicture:
    """One encoded picture: its H.264 data, for key frames with parameter sets, and its time in seconds."""

    data: bytes
    time_s: float
    is_key: bool


class CodedTrack:
    """A track of encoded pictures; ``size`` is that of the frames (width, height), ``time_base`` the tick of its
    times.
    """

    def __init__(
        self, container: OutputContainer, size: tuple[int, int], time_base: Fraction, rate: float | None = None
    ) -> None:
        nominal = nominal_rate(rate)
        width, height = even_size(*size)
        self._stream = container.add_mux_stream("h264", nominal, width=width, height=height, time_base=time_base)
        self._stream.disposition = Disposition.default
        self._time_base = time_base
        self._writer = PacketWriter(container, time_base, nominal)
        self._last_pts = -1
        self._coded_bytes = 0

    @property
    def expected_bytes(self) -> int:
        """The size of all pictures so far, in bytes."""
        return self._coded_bytes

    @property
    def end_s(self) -> float:
        """When the last picture so far begins, in seconds."""
        return float(max(self._last_pts, 0) * self._time_base)

    def write(self, picture: CodedPicture, time_s: float) -> None:
        """Add a picture; a time that does not increase is moved by a tick."""
        # PyAV's stubs do not know packets of a stream without an encoder.
        packet: Any = av.Packet(picture.data)
        packet.stream = self._stream
        packet.time_base = self._time_base
        self._last_pts = max(round(time_s / self._time_base), self._last_pts + 1)
        packet.pts = packet.dts = self._last_pts
        packet.is_keyframe = picture.is_key
        self._coded_bytes += len(picture.data)
        self._writer.write([packet])

    def finish(self, end_s: float) -> None:
        """Write the last picture, which lasts until ``end_s`` seconds."""
        self._writer.finish(end_s)
