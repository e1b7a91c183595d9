"""The pictures of a recording: one H.264 stream with exact times."""

from collections.abc import Iterable
from fractions import Fraction
from typing import TypeAlias

import av
from av.container import OutputContainer
from av.stream import Disposition
from av.video.frame import PictureType

from video_labeler.frames import Image
from video_labeler.recording.encoders import Encoder
from video_labeler.recording.i420 import I420Pictures, even_size

VideoPacket: TypeAlias = "av.Packet[av.VideoStream]"

_KEY_FRAME_EVERY_S = 1
"""What a jump in a player waits for at the most."""

_LONE_FRAME_S = Fraction(1, 30)
"""How long a single picture is seen where the source tells no rate."""

_BT601, _BT709, _LIMITED_RANGE = 6, 1, 1
"""In H.264's terms: OpenCV's I420 has the SMPTE 170M matrix and MPEG range; screens have BT.709 primaries."""


class VideoTrack:
    """Pictures and their times in, packets with exact durations out.

    ``size`` is that of the frames (width, height), ``time_base`` the container's tick in seconds; ``rate`` is only what
    players show, since each frame has its own time.

    Raises:
        av.FFmpegError: the encoder does not open.
    """

    def __init__(
        self,
        container: OutputContainer,
        encoder: Encoder,
        size: tuple[int, int],
        time_base: Fraction,
        rate: float | None = None,
        pixel_aspect: Fraction | None = None,
    ) -> None:
        self._container = container
        self._time_base = time_base
        self._pictures = I420Pictures(even_size(*size))
        nominal = None if not rate else Fraction(rate).limit_denominator(1001)
        stream = container.add_stream(encoder.name, rate=nominal, options=dict(encoder.options))
        assert isinstance(stream, av.VideoStream)
        self._stream = stream
        self._stream.width, self._stream.height = even_size(*size)
        self._stream.pix_fmt = "yuv420p"
        self._stream.disposition = Disposition.default
        self._stream.time_base = self._stream.codec_context.time_base = time_base
        context = self._stream.codec_context
        context.colorspace, context.color_range = _BT601, _LIMITED_RANGE
        context.color_primaries = context.color_trc = _BT709
        if pixel_aspect:
            context.sample_aspect_ratio = pixel_aspect
        context.open()
        self._lone_ticks = max(1, round((1 / nominal if nominal else _LONE_FRAME_S) / time_base))
        self._last_pts = -1
        self._next_key = 0
        self._held: VideoPacket | None = None
        self._waiting = 0
        self._coded_bytes = 0
        self._largest_bytes = 0

    @property
    def expected_bytes(self) -> int:
        """The size of all pictures so far; those still inside the encoder count as the largest so far."""
        return self._coded_bytes + (self._waiting + 1) * self._largest_bytes

    @property
    def end_s(self) -> float:
        """When the last picture so far begins, in seconds."""
        return float(max(self._last_pts, 0) * self._time_base)

    def write(self, image: Image, time_s: float) -> None:
        """Encode one picture; a time that does not rise is moved by a tick."""
        pts = max(round(time_s / self._time_base), self._last_pts + 1)
        picture = self._pictures.picture(image, pts, self._time_base)
        if pts >= self._next_key:
            picture.pict_type = PictureType.I
            self._next_key = pts + round(_KEY_FRAME_EVERY_S / self._time_base)
        self._last_pts = pts
        self._waiting += 1
        self._mux(self._stream.encode(picture))

    def finish(self) -> None:
        """Write what the encoder still holds; the last picture lasts as long as the one before it."""
        self._mux(self._stream.encode(None))
        held, self._held = self._held, None
        if held is not None:
            held.duration = held.duration or self._lone_ticks
            self._container.mux(held)

    def _mux(self, packets: Iterable[VideoPacket]) -> None:
        """Write each packet once the next one tells how long it lasts."""
        for packet in packets:
            self._waiting -= 1
            self._coded_bytes += packet.size
            self._largest_bytes = max(self._largest_bytes, packet.size)
            held, self._held = self._held, packet
            if held is not None and held.pts is not None and packet.pts is not None:
                held.duration = packet.duration = packet.pts - held.pts
                self._container.mux(held)
            elif held is not None:
                self._container.mux(held)
