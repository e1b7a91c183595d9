"""Encodes pictures as H.264 with exact times, wherever the packets go."""

from fractions import Fraction
from typing import TypeAlias

import av
from av.video.codeccontext import VideoCodecContext
from av.video.frame import PictureType

from video_labeler.movie.i420 import I420Pictures, even_size
from video_labeler.pixels import Colours, Pixels

VideoPacket: TypeAlias = "av.Packet[av.VideoStream]"

_KEY_FRAME_EVERY_S = 1
"""The longest that seeking in a player has to decode."""

_LIMITED_RANGE, _FULL_RANGE = 1, 2
"""FFmpeg's numbers."""


class PictureEncoder:
    """Pictures and their times in, packets out, with a key frame every second.

    ``context`` is an encoder's that is not open yet, ``size`` that of the frames (width, height), ``time_base`` the
    tick in seconds, ``colours`` what the file will say of its own.

    Raises:
        av.FFmpegError: the encoder does not open.
    """

    def __init__(
        self,
        context: VideoCodecContext,
        size: tuple[int, int],
        time_base: Fraction,
        colours: Colours,
        pixel_aspect: Fraction | None = None,
    ) -> None:
        self.last_pts = -1
        """When the last picture begins, in ticks."""
        self._context = context
        self._time_base = time_base
        self._pictures = I420Pictures(even_size(*size), colours)
        self._next_key = 0
        context.width, context.height = even_size(*size)
        context.pix_fmt = "yuv420p"
        context.time_base = time_base
        context.colorspace, context.color_range = colours.matrix, (_LIMITED_RANGE, _FULL_RANGE)[colours.full_range]
        context.color_primaries, context.color_trc = colours.primaries, colours.transfer
        if pixel_aspect:
            context.sample_aspect_ratio = pixel_aspect
        context.open()

    def code(self, pixels: Pixels, time_s: float) -> list[VideoPacket]:
        """Encode one picture; a time that does not increase is moved by a tick. May return earlier pictures."""
        pts = max(round(time_s / self._time_base), self.last_pts + 1)
        picture = self._pictures.picture(pixels, pts, self._time_base)
        if pts >= self._next_key:
            picture.pict_type = PictureType.I
            self._next_key = pts + round(_KEY_FRAME_EVERY_S / self._time_base)
        self.last_pts = pts
        return self._context.encode(picture)

    def finish(self) -> list[VideoPacket]:
        """The packets that the encoder still holds."""
        return self._context.encode(None)
