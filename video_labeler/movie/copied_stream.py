"""Copies a stream as it is into another container: all that FFmpeg's muxers take, which is more than PyAV's own way."""

from io import BytesIO
from typing import Any

import av
from av.audio.stream import AudioStream
from av.bitstream import BitStreamFilterContext
from av.container import OutputContainer
from av.packet import Packet
from av.stream import Stream

_PLACEHOLDERS = {
    ("audio", "mp4"): "aac",
    ("audio", "matroska"): "aac",
    ("subtitle", "mp4"): "mov_text",
    ("subtitle", "matroska"): "subrip",
}
"""A kind that the container takes without asking; the true one is put in its place."""

_PREFIXES_NOT_COPIED = {"mp4": ("pcm_", "adpcm_"), "matroska": ()}
_NOT_COPIED = {"mp4": (), "matroska": ("aac_latm", "tta")}
"""FFmpeg writes them, but hardly a player plays them there."""


def codec_of(stream: Stream) -> str:
    """FFmpeg's name of what a stream is coded in, whichever decoder reads it; empty where none does."""
    context = stream.codec_context
    return "" if context is None else context.codec.canonical_name


class CopiedStream:
    """A new stream of ``container`` for the packets of ``source``, with its parameters.

    Raises:
        av.FFmpegError: the packets cannot be made fit for it.
    """

    def __init__(self, container: OutputContainer, source: Stream) -> None:
        self._container = container
        kind = (source.type, container.format.name)
        self.stream = container.add_mux_stream(_PLACEHOLDERS[kind], time_base=source.time_base)
        # PyAV asks FFmpeg for kinds that are usual in a container, and refuses others that its muxer takes. The null
        # muxer takes every kind and forgets the source's tag, which may have no meaning here.
        with av.open(BytesIO(), "w", format="null") as blank:
            template = blank.add_stream_from_template(source)
            self._filter = BitStreamFilterContext(_filter_for(source), template, self.stream)

    def ready(self, packet: "Packet[Any]") -> "list[Packet[Any]]":
        """A packet as this container wants it.

        Raises:
            av.FFmpegError: it is damaged.
        """
        return self._filter.filter(packet)

    def mux(self, packet: "Packet[Any]") -> None:
        """Write a packet that is ready.

        Raises:
            OSError: the disk is full or gone.
        """
        packet.stream = self.stream
        self._container.mux(packet)


def _filter_for(source: Stream) -> str:
    """Broadcast AAC has a header on each packet, which in a file stands once at its start."""
    context = source.codec_context
    is_coated = isinstance(source, AudioStream) and codec_of(source) == "aac" and not context.extradata
    return "aac_adtstoasc" if is_coated else "null"


def can_be_copied(source: Stream, container_format: str) -> bool:
    """Whether such a container (``mp4`` or ``matroska``) takes the stream as it is: FFmpeg is asked to begin one."""
    codec = codec_of(source)
    if not codec or codec.startswith(_PREFIXES_NOT_COPIED[container_format]) or codec in _NOT_COPIED[container_format]:
        return False
    try:
        with av.open(BytesIO(), "w", format=container_format) as trial:
            CopiedStream(trial, source)
            trial.start_encoding()
    except (av.FFmpegError, ValueError):
        return False
    return True
