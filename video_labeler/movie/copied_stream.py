"""Copies a stream unchanged into another container, wherever FFmpeg's muxer accepts it; PyAV itself accepts fewer."""

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
"""A codec that the container accepts; it is then replaced by the true one."""

_PREFIXES_NOT_COPIED = {"mp4": ("pcm_", "adpcm_"), "matroska": ()}
_NOT_COPIED = {"mp4": (), "matroska": ("aac_latm", "tta")}
"""FFmpeg writes them, but hardly any player plays them there."""


def codec_of(stream: Stream) -> str:
    """FFmpeg's name of a stream's codec, whichever decoder reads it; empty where none does."""
    context = stream.codec_context
    return "" if context is None else context.codec.canonical_name


class CopiedStream:
    """A new stream of ``container`` for the packets of ``source``, with its parameters.

    Raises:
        av.FFmpegError: the packets cannot be adapted to it.
    """

    def __init__(self, container: OutputContainer, source: Stream) -> None:
        self._container = container
        kind = (source.type, container.format.name)
        self.stream = container.add_mux_stream(_PLACEHOLDERS[kind], time_base=source.time_base)
        # PyAV accepts only FFmpeg's usual codecs of a container, and refuses others that its muxer takes. The null
        # muxer takes every codec and drops the source's tag, which may have no meaning here.
        with av.open(BytesIO(), "w", format="null") as blank:
            template = blank.add_stream_from_template(source)
            self._filter = BitStreamFilterContext(_filter_for(source), template, self.stream)

    def ready(self, packet: "Packet[Any]") -> "list[Packet[Any]]":
        """Convert a packet for this container.

        Raises:
            av.FFmpegError: it is damaged.
        """
        return self._filter.filter(packet)

    def mux(self, packet: "Packet[Any]") -> None:
        """Write a converted packet.

        Raises:
            OSError: the disk is full or gone.
        """
        packet.stream = self.stream
        self._container.mux(packet)


def _filter_for(source: Stream) -> str:
    """The bitstream filter: broadcast AAC has a header on each packet, a file only one at its start."""
    context = source.codec_context
    has_adts_headers = isinstance(source, AudioStream) and codec_of(source) == "aac" and not context.extradata
    return "aac_adtstoasc" if has_adts_headers else "null"


def can_be_copied(source: Stream, container_format: str) -> bool:
    """Whether a container (``mp4`` or ``matroska``) accepts the stream unchanged: FFmpeg is asked to begin one."""
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
