"""What files and network streams have in common: choosing a stream, and taking its pictures over from the decoder."""

import math
import os
import re
import threading
import time
from collections.abc import Iterable
from contextlib import suppress
from fractions import Fraction
from typing import Any

import av
import av.logging
import numpy as np
from av.codec import CodecContext
from av.container import InputContainer
from av.packet import Packet
from av.stream import Disposition
from av.video.frame import VideoFrame
from av.video.reformatter import VideoReformatter
from av.video.stream import VideoStream

from video_labeler import limits
from video_labeler.errors import SourceFormatError
from video_labeler.pixels import Colours, Image, Pixels, Planes, make_convertible, rows_of
from video_labeler.sources.containers import TOO_LARGE, TOO_MANY_TRACKS
from video_labeler.sources.orientation import Orientation, OrientationWatch
from video_labeler.sources.transparency import on_white

_ONE_BY_ONE = {"max_pixels": str(limits.VIDEO_PIXELS), "max_frame_delay": "1"}
"""For a decoder that works on one picture at a time; the second is what libdav1d calls it, others do not know it."""

_MOST_THREADS = 16
"""FFmpeg takes no more by itself."""

_BLOCK = 128
"""The sides of the largest blocks that any codec makes pictures of."""

_CHECKED_PACKETS = 3
_TOLD_SIZE = re.compile(r"Picture size (\d{1,10})x(\d{1,10}) ")
_log_lock = threading.Lock()
_LOGGED_S = 0.02
"""For how long Python lets other threads go on, so that they finish what they log."""
_OPAQUE = frozenset({"yuv420p", "yuvj420p", "nv12", "yuv422p", "yuvj422p"})
"""The usual formats, which have no transparency."""


_PLANAR = frozenset({"yuv420p", "yuvj420p"})
"""The usual formats of video, whose planes are taken as they are."""

_FULL_RANGE = 2
"""FFmpeg's number for numbers from 0 to 255."""


class PictureConverter:
    """Makes upright pixels of decoded pictures: the decoder's planes where it has them, otherwise BGR.

    It keeps one swscale context for all pictures: a new one for each halves the speed (measured at 768x432).
    """

    def __init__(self) -> None:
        self._reformatter = VideoReformatter()
        self._orientations = OrientationWatch()

    def __call__(self, picture: VideoFrame) -> Pixels:
        """Planes, which share the decoder's memory, or BGR, (height, width, 3), contiguous, on white."""
        if picture.format.name in _PLANAR and all(plane.line_size >= plane.width for plane in picture.planes):
            return self._planes(picture)
        return self._image(picture)

    def _planes(self, picture: VideoFrame) -> Planes:
        orientation = self._orientations.of(picture)
        y, u, v = (orientation.applied(rows_of(plane)[: plane.height, : plane.width]) for plane in picture.planes)
        is_full = picture.format.name == "yuvj420p" or picture.color_range == _FULL_RANGE
        matrix, primaries, transfer = picture.colorspace, picture.color_primaries, picture.color_trc
        return Planes(y, u, v, Colours(matrix, is_full, primaries, transfer))

    def _image(self, picture: VideoFrame) -> Image:
        has_alpha = picture.format.name not in _OPAQUE and any(part.is_alpha for part in picture.format.components)
        make_convertible(picture)
        image = self._reformatter.reformat(picture, format="bgra" if has_alpha else "bgr24").to_ndarray()
        pixels = np.asarray(image, dtype=np.uint8)
        return self._orientations.of(picture).applied(on_white(pixels) if has_alpha else pixels)


def main_video_stream(container: InputContainer, name: str) -> VideoStream:
    """The stream with the moving pictures: the default one, else the largest; never a sound file's cover.

    Before it is decoded, :func:`bound_decoder` has to be told how.

    Raises:
        SourceFormatError: there is none, or no decoder for it, or its pictures are too large; ``name`` is the
            source's name in the message.
    """
    if len(container.streams) > limits.STREAMS:
        # FFmpeg passes over those beyond its limit without a word, and over pictures with them.
        raise SourceFormatError(f"{name} {TOO_MANY_TRACKS}")
    streams = [stream for stream in container.streams.video if not stream.disposition & Disposition.attached_pic]
    if not streams:
        only = "only sound" if container.streams.audio else "nothing that can be shown"
        raise SourceFormatError(f"{name} holds {only}, no moving pictures.")
    # In PyAV streams without a decoder have no codec context.
    readable = [stream for stream in streams if stream.codec_context is not None]
    if not readable:
        raise SourceFormatError(f"{name} has a codec that cannot be read. Convert it to H.264 first.")
    main = max(
        readable,
        key=lambda stream: (bool(stream.disposition & Disposition.default), stream.width * stream.height),
    )
    if main.width * main.height > limits.VIDEO_PIXELS:
        raise SourceFormatError(f"{name} has {TOO_LARGE}: {main.width} x {main.height}. Make a smaller copy of it.")
    return main


def bound_decoder(stream: VideoStream, *, one_by_one: bool) -> int:
    """Bound what decoding takes of memory, whatever the stream claims: larger pictures, fewer of them at once.

    Each thread has a picture of its own, as far as those fit into :data:`limits.DECODED_PIXELS`; one that turns out to
    be larger than they can have is refused, as :func:`outgrows` tells. With ``one_by_one``, or where only one fits,
    threads share the work on one picture, and none is held back. Returns how many are decoded at once.
    """
    usual = min((os.cpu_count() or 1) + 1, _MOST_THREADS)
    most = limits.DECODED_PIXELS // (_padded(stream.width) * _padded(stream.height))
    threads = 1 if one_by_one else max(1, min(usual, most))
    if threads == 1:
        stream.thread_type = "SLICE"
        stream.codec_context.options = dict(_ONE_BY_ONE)
        return 1
    stream.thread_type = "AUTO"
    if threads < usual:
        stream.codec_context.thread_count = threads
    stream.codec_context.options = {"max_pixels": str(limits.DECODED_PIXELS // threads)}
    return threads


def _padded(side: int) -> int:
    """As long as a decoder makes it, in whole blocks."""
    return max(1, -(-side // _BLOCK)) * _BLOCK


def outgrows(packets: "Iterable[Packet[VideoStream]]", stream: VideoStream, threads: int) -> bool:
    """Whether a decoder with that many threads refuses one of these packets for its size, not for damage."""
    return any(
        packet.is_keyframe and _told_pixels(packet, stream, limits.DECODED_PIXELS // threads) > 0 for packet in packets
    )


class SizeCheck:
    """Distinguishes pictures that are too large from damage, which decoders refuse in the same way, by decoding again.

    FFmpeg says which it is only in its log. Decoding again is slow, so it is done only for the first packets.
    """

    def __init__(self) -> None:
        self._left = _CHECKED_PACKETS
        self.is_too_large = False
        """Whether a refused packet holds a picture that is too large."""

    def refused(self, packet: "Packet[VideoStream]", stream: VideoStream) -> bool:
        """Check one more refused packet."""
        if self._left and not self.is_too_large:
            self._left -= 1
            self.is_too_large = _told_pixels(packet, stream, limits.VIDEO_PIXELS) > 0
        return self.is_too_large


def _told_pixels(packet: "Packet[VideoStream]", stream: VideoStream, most: int) -> int:
    """How many pixels a picture has that a decoder refuses since it has more than ``most``; 0: for no such reason."""
    decoder: Any = CodecContext.create(stream.codec_context.codec, "r")
    decoder.extradata, decoder.thread_count = stream.codec_context.extradata, 1
    decoder.options = {"max_pixels": str(most)}
    with _log_lock:
        level, skips = av.logging.get_level(), av.logging.get_skip_repeated()
        av.logging.set_skip_repeated(False)
        av.logging.set_level(av.logging.ERROR)
        try:
            with av.logging.Capture() as said, suppress(av.FFmpegError, ValueError):
                decoder.decode(packet)
        finally:
            av.logging.set_level(level)
            av.logging.set_skip_repeated(skips)
            # Threads of other decoders may be about to log, and wait for this one to let them. If their decoder were
            # closed before that, closing would wait for them for ever.
            time.sleep(_LOGGED_S)
    sizes = [_TOLD_SIZE.match(text) for _, _, text in said]
    told = max((int(size[1]) * int(size[2]) for size in sizes if size is not None), default=0)
    return told if told > most else 0


def upright_pixel_aspect(stream: VideoStream, orientation: Orientation = Orientation.UPRIGHT) -> Fraction | None:
    """The width of a pixel divided by its height, in pictures as they are shown; ``None``: unknown."""
    aspect = stream.sample_aspect_ratio
    if not aspect:
        return None
    return Fraction(1 / aspect if orientation.swaps_sides else aspect)


def expected_duration_s(container: InputContainer, stream: VideoStream) -> float | None:
    """The duration of the pictures according to the container, in seconds."""
    if stream.duration and stream.time_base:
        return float(stream.duration * stream.time_base)
    tagged = _clock_seconds(stream.metadata.get("DURATION", ""))
    if tagged:
        # FFmpeg's tag is the time of the end, whatever the time of the first picture.
        start_s = float(stream.start_time * stream.time_base) if stream.start_time and stream.time_base else 0.0
        return tagged - start_s if 0 < start_s < tagged else tagged
    if not container.duration:
        return None
    # The container's duration counts from whichever stream begins first.
    total_s = container.duration / av.time_base
    if container.start_time is None or stream.start_time is None or not stream.time_base:
        return total_s
    late_s = float(stream.start_time * stream.time_base) - container.start_time / av.time_base
    return total_s - late_s if 0 < late_s < total_s else total_s


def _clock_seconds(text: str) -> float | None:
    """The seconds of Matroska's ``DURATION`` tag, such as ``00:00:10.500000000``."""
    try:
        hours, minutes, seconds = (float(part) for part in text.split(":"))
    except ValueError:
        return None
    total = hours * 3600 + minutes * 60 + seconds
    return total if math.isfinite(total) and total > 0 else None
