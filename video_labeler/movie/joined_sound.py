"""The sound of concatenated recordings that differ in it: each part needs a decoder of its own."""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from av.audio.stream import AudioStream
from av.container import InputContainer
from av.packet import Packet

from video_labeler.movie.decoded_sound import SoundFormat
from video_labeler.sources.containers import open_part, parts_of
from video_labeler.sources.running_clock import readable_sound

_ROUNDING_US = 1000


@dataclass(frozen=True, slots=True)
class PartsSound:
    """The streams of sound that differ between parts, each with the format that keeps most of it.

    ``notes`` tell what of later parts is missing, or may be wrong.
    """

    forms: dict[int, SoundFormat]
    notes: tuple[str, ...]


def sound_of_parts(path: Path) -> PartsSound:
    """Compare the sound of the recordings in a file.

    Raises:
        FFmpegError, OSError, ValueError: one of them cannot be read.
    """
    found: dict[int, set[tuple[str, int, int, bytes]]] = {}
    first: set[int] = set()
    clocks: dict[int, set[Fraction | None]] = {}
    for number, address in enumerate(parts_of(path)):
        with open_part(address) as part:
            for timed in (*part.streams.video, *part.streams.audio):
                clocks.setdefault(timed.index, set()).add(timed.time_base)
            for stream in readable_sound(part):
                context = stream.codec_context
                kind = (context.name, context.rate, context.channels, bytes(context.extradata or b""))
                found.setdefault(stream.index, set()).add(kind)
                first |= {stream.index} if number == 0 else set()
    forms = {
        index: SoundFormat.nearest(max(rate for _, rate, _, _ in kinds), max(channels for _, _, channels, _ in kinds))
        for index, kinds in found.items()
        if len(kinds) > 1 and index in first
    }
    notes = []
    if not found.keys() <= first:
        notes.append("Sound of later parts of the file is left out, because its first part has none like it.")
    if any(len(ticks) > 1 for ticks in clocks.values()):
        # FFmpeg's concat takes the times of all parts for those of the first.
        notes.append(
            "The recordings joined in this file count time differently, so sound and pictures of the later ones may be "
            "out of step. Convert each of them to the same format, and join those."
        )
    return PartsSound(forms, tuple(notes))


class PartDecoders:
    """Decodes the packets of one stream, each as the part it is of says."""

    def __init__(self, path: Path, stream: int) -> None:
        self._parts = parts_of(path)
        self._stream = stream
        self._mark = b""
        self._next = 0
        self._end_us = 0
        self._part: InputContainer | None = None

    def decode(self, packet: "Packet[Any]") -> list[Any]:
        """What a packet holds; an empty list where its part has other streams.

        Raises:
            av.FFmpegError: it is damaged.
        """
        # FFmpeg's ``concat`` says which part a packet is of: when it starts and how long it is, in microseconds.
        has_mark = packet.has_sidedata("strings_metadata")
        mark = bytes(packet.get_sidedata("strings_metadata")) if has_mark else self._mark
        if mark != self._mark:
            self._mark = mark
            self._open_at(mark)
        streams = [] if self._part is None else readable_sound(self._part)
        return [frame for stream in streams if stream.index == self._stream for frame in _decoded(stream, packet)]

    def _open_at(self, mark: bytes) -> None:
        texts = mark.split(b"\0")
        told = dict(zip(texts[::2], texts[1::2], strict=False))
        start_us = int(told.get(b"lavf.concatdec.start_time", b"0"))
        while self._next < len(self._parts):
            self.close()
            self._part = open_part(self._parts[self._next])
            self._next += 1
            began_us, self._end_us = self._end_us, self._end_us + (self._part.duration or 0)
            # Parts in between may have no such stream.
            if began_us + _ROUNDING_US >= start_us:
                break
        self._end_us = start_us + int(told.get(b"lavf.concatdec.duration", b"0"))

    def close(self) -> None:
        """Close the part."""
        part, self._part = self._part, None
        if part is not None:
            part.close()


def _decoded(stream: AudioStream, packet: "Packet[Any]") -> list[Any]:
    return stream.codec_context.decode(packet)
