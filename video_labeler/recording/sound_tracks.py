"""The sound in a recording: the source's own packets, at their times beside the pictures."""

from collections.abc import Iterator
from fractions import Fraction

import av
from av.audio.stream import AudioStream
from av.bitstream import BitStreamFilterContext
from av.container import OutputContainer
from av.packet import Packet
from av.stream import Disposition

from video_labeler.recording.sound import STRADDLE_S, SoundPacket, SoundReader

_FINER = 1000


class SoundTracks:
    """The streams of a reader in one file of a recording; ``origin_s`` is the time at which the recording starts."""

    def __init__(self, container: OutputContainer, reader: SoundReader, origin_s: float) -> None:
        self._container = container
        self._reader = reader
        self._origin_s = origin_s
        self.size_bytes = 0
        self._coats = [_coat_remover(stream) for stream in reader.streams]
        self._streams = [container.add_stream_from_template(stream) for stream in reader.streams]
        for number, (stream, source) in enumerate(zip(self._streams, reader.streams, strict=True)):
            stream.disposition = Disposition.default if number == 0 else Disposition(0)
            stream.metadata.update({key: source.metadata[key] for key in ("language",) if key in source.metadata})

    def advance(self, time_s: float) -> None:
        """Write the sound up to a time."""
        self._write(self._reader.read_until(time_s))

    def finish(self, last_picture_s: float, end_s: float) -> None:
        """Write the sound that belongs after the last picture."""
        self._write(self._reader.read_rest(last_picture_s, end_s))

    def _write(self, packets: Iterator[SoundPacket]) -> None:
        for sound in packets:
            begins_s = sound.time_s - self._origin_s
            if self._origin_s > 0 and begins_s < -STRADDLE_S:
                continue
            try:
                ready = self._bare(sound)
            except av.FFmpegError:
                self._reader.count_damage()
                continue
            for packet in ready:
                _shift(packet, begins_s)
                self.size_bytes += packet.size
                packet.stream = self._streams[sound.stream]
                self._container.mux(packet)

    def _bare(self, sound: SoundPacket) -> "list[Packet[AudioStream]]":
        coat = self._coats[sound.stream]
        return [sound.packet] if coat is None else coat.filter(sound.packet)


def _coat_remover(stream: AudioStream) -> BitStreamFilterContext | None:
    """What takes the header off each packet of broadcast AAC, which in a file stands once at its start."""
    context = stream.codec_context
    is_coated = context.codec.name == "aac" and not context.extradata
    return BitStreamFilterContext("aac_adtstoasc", stream) if is_coated else None


def _shift(packet: "Packet[AudioStream]", begins_s: float) -> None:
    """Move a packet in time, keeping the distance of its two stamps."""
    stamp = packet.dts if packet.pts is None else packet.pts
    assert stamp is not None
    lead = 0 if packet.dts is None else packet.dts - stamp
    # In some containers a tick is as long as a packet: too coarse to move by.
    tick = Fraction(packet.time_base) / _FINER
    duration = packet.duration
    packet.time_base = tick
    packet.pts = round(begins_s / tick)
    packet.dts = packet.pts + lead * _FINER
    packet.duration = (duration or 0) * _FINER
