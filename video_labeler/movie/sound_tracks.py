"""The source's other tracks in a recording: its sound and subtitles, in sync with the pictures."""

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Protocol

import av
from av.container import OutputContainer
from av.packet import Packet
from av.stream import Disposition, Stream

from video_labeler import limits
from video_labeler.movie.copied_stream import CopiedStream
from video_labeler.movie.decoded_sound import DecodedSound
from video_labeler.movie.encoded_track import EncodedTrack
from video_labeler.movie.sound import STRADDLE_S, SoundPacket, SoundReader
from video_labeler.movie.source_text import TextTrack

if TYPE_CHECKING:
    from av.container.core import Chapter

_FINER = 1000

_CHAPTER_TICK = Fraction(1, 1000)

_DAMAGED = (av.error.InvalidDataError, av.error.ArgumentError, ValueError)
"""Errors by which decoders and muxers refuse a packet, as opposed to a failing disk."""


class _Track(Protocol):
    """One track of the file; times are seconds in the recording."""

    size_bytes: int

    @property
    def stream(self) -> Stream: ...
    def write(self, packet: "Packet[Any]", time_s: float) -> None: ...
    def advance(self, time_s: float) -> None: ...
    def finish(self, end_s: float) -> None: ...


class SoundTracks:
    """A reader's tracks in one file of a recording; ``origin_s`` is the time at which the file starts."""

    def __init__(self, container: OutputContainer, container_format: str, reader: SoundReader, origin_s: float) -> None:
        self._reader = reader
        self._origin_s = origin_s
        self._tracks = [self._track(container, container_format, number) for number in range(len(reader.tracks))]

    @property
    def size_bytes(self) -> int:
        """The size of all sound so far, in bytes."""
        return sum(track.size_bytes for track in self._tracks)

    @property
    def shows_text(self) -> bool:
        """Whether the source asks players to show one of its subtitle tracks."""
        return any(plan.stream.type == "subtitle" and plan.marks & Disposition.default for plan in self._reader.tracks)

    def chapters(self, end_s: float) -> "list[Chapter]":
        """The chapters of a file that ends at that time in the recording, as PyAV wants them."""
        inside = [
            (max(chapter.start_s, self._origin_s), min(chapter.end_s, end_s), chapter.title)
            for chapter in self._reader.chapters
        ]
        return [
            {
                "id": number,
                "start": round((start_s - self._origin_s) / _CHAPTER_TICK),
                "end": round((stop_s - self._origin_s) / _CHAPTER_TICK),
                "time_base": _CHAPTER_TICK,
                "metadata": {"title": title},
            }
            for number, (start_s, stop_s, title) in enumerate(inside, 1)
            if stop_s > start_s
        ]

    def advance(self, time_s: float) -> None:
        """Write the packets that begin up to a time."""
        self._write(self._reader.read_until(time_s))
        for track in self._tracks:
            track.advance(time_s)

    def finish(self, last_picture_s: float, end_s: float) -> None:
        """Write the packets after the last picture, and end."""
        self._write(self._reader.read_rest(last_picture_s, end_s))
        for track in self._tracks:
            track.finish(float("inf") if self._reader.ends_with(last_picture_s) else end_s)

    def hand_over(self, end_s: float) -> None:
        """Write the packets before the next file begins, and end."""
        self._write(self._reader.read_until(end_s))
        for track in self._tracks:
            track.finish(end_s)

    def _track(self, container: OutputContainer, container_format: str, number: int) -> _Track:
        plan, decoded = self._reader.tracks[number], self._reader.decoded[number]
        track: _Track
        if decoded is None:
            track = _CopiedTrack(container, plan.stream, self._origin_s)
        elif isinstance(decoded, DecodedSound):
            track = EncodedTrack(container, decoded, self._origin_s)
        else:
            track = TextTrack(container, container_format, decoded, self._origin_s)
        track.stream.disposition = plan.marks
        track.stream.metadata.update(plan.tags)
        if container_format == "mp4" and "title" in plan.tags:
            # MP4 shows no other name of a track in players.
            track.stream.metadata["handler_name"] = plan.tags["title"]
        return track

    def _write(self, packets: Iterator[SoundPacket]) -> None:
        for sound in packets:
            try:
                self._tracks[sound.stream].write(sound.packet, sound.time_s)
            except _DAMAGED:
                self._reader.count_damage()


class _CopiedTrack:
    """A track of packets that are copied unchanged."""

    def __init__(self, container: OutputContainer, source: Stream, origin_s: float) -> None:
        self._copy = CopiedStream(container, source)
        self._origin_s = origin_s
        self.size_bytes = 0

    @property
    def stream(self) -> Stream:
        return self._copy.stream

    def write(self, packet: "Packet[Any]", time_s: float) -> None:
        begins_s = time_s - self._origin_s
        if self.stream.type == "subtitle":
            # One that is shown already when the file begins is shown for the rest of its time.
            rest = round((packet.duration or 0) + min(begins_s, 0.0) / packet.time_base)
            packet.duration = min(max(0, rest), round(limits.LONGEST_PICTURE_S / packet.time_base))
            begins_s = max(begins_s, 0.0)
        if self._origin_s > 0 and begins_s < -STRADDLE_S:
            return
        for ready in self._copy.ready(packet):
            _shift(ready, begins_s)
            self.size_bytes += ready.size
            self._copy.mux(ready)

    def advance(self, time_s: float) -> None:
        """Nothing to do: packets are written at once."""

    def finish(self, end_s: float) -> None:
        """Nothing to do: packets are written at once."""


def _shift(packet: "Packet[Any]", begins_s: float) -> None:
    """Move a packet in time, keeping the distance between its two timestamps."""
    stamp = packet.dts if packet.pts is None else packet.pts
    assert stamp is not None
    lead = 0 if packet.dts is None else packet.dts - stamp
    # In some containers a tick is as long as a packet, which is too coarse.
    tick = Fraction(packet.time_base) / _FINER
    duration = packet.duration
    packet.time_base = tick
    packet.pts = round(begins_s / tick)
    packet.dts = packet.pts + lead * _FINER
    packet.duration = (duration or 0) * _FINER
