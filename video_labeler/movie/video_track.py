"""The pictures of a recording: one H.264 stream with exact times."""

from collections.abc import Sequence
from fractions import Fraction

import av
from av.container import OutputContainer
from av.stream import Disposition

from video_labeler.movie.coded_track import PacketWriter, nominal_rate
from video_labeler.movie.encoders import Encoder
from video_labeler.movie.picture_coder import PictureEncoder, VideoPacket
from video_labeler.pixels import Colours, Pixels


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
        colours: Colours,
        rate: float | None = None,
        pixel_aspect: Fraction | None = None,
    ) -> None:
        self._time_base = time_base
        nominal = nominal_rate(rate)
        stream = container.add_stream(encoder.name, rate=nominal, options=dict(encoder.options))
        assert isinstance(stream, av.VideoStream)
        stream.disposition = Disposition.default
        stream.time_base = time_base
        # Keeps the stream and its container alive.
        self._stream = stream
        self._coder = PictureEncoder(stream.codec_context, size, time_base, colours, pixel_aspect)
        self._writer = PacketWriter(container, time_base, nominal)
        self._waiting = 0
        self._coded_bytes = 0
        self._largest_bytes = 0

    @property
    def expected_bytes(self) -> int:
        """The size of all pictures so far, in bytes; those still inside the encoder count as the largest so far."""
        return self._coded_bytes + (self._waiting + 1) * self._largest_bytes

    @property
    def end_s(self) -> float:
        """When the last picture so far begins, in seconds."""
        return float(max(self._coder.last_pts, 0) * self._time_base)

    def write(self, pixels: Pixels, time_s: float) -> None:
        """Encode one picture; a time that does not increase is moved by a tick."""
        self._waiting += 1
        self._write(self._coder.code(pixels, time_s))

    def finish(self, end_s: float) -> None:
        """Write what the encoder still holds; the last picture lasts until ``end_s`` seconds."""
        self._write(self._coder.finish())
        self._writer.finish(end_s)

    def _write(self, packets: Sequence[VideoPacket]) -> None:
        for packet in packets:
            self._waiting -= 1
            self._coded_bytes += packet.size
            self._largest_bytes = max(self._largest_bytes, packet.size)
        self._writer.write(packets)
