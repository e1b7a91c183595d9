"""The sound of a source file, packet by packet, as it is."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from typing import Any

import av
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.packet import Packet
from av.video.stream import VideoStream

from video_labeler.errors import OutputError, SourceFormatError
from video_labeler.recording.recording_options import SoundSource
from video_labeler.sources.decoding import main_video_stream
from video_labeler.sources.orientation import orientation_of

_log = logging.getLogger(__name__)

_READ_ERRORS_IN_A_ROW = 8

_LEAD_S = 0.25
"""Sound from so long before the first picture is kept: coders start with a packet that only warms up the decoder."""

STRADDLE_S = 0.025
"""A packet that began so long before a cut still sounds after it (AAC at 48 kHz has 21 ms a packet)."""

_SEEK_MARGIN_S = 2.0

_SAME_FRAME_S = 0.0015
"""Containers round times to a millisecond."""

_NOT_IN_MP4 = ("pcm_", "adpcm_")
"""FFmpeg would write them, but hardly a player would play them."""


@dataclass(frozen=True, slots=True)
class SoundPacket:
    """A packet of the sound, the number of its stream, and its time in the recording, in seconds."""

    stream: int
    packet: "Packet[AudioStream]"
    time_s: float


@dataclass(frozen=True, slots=True)
class _FirstPicture:
    """When a file's pictures begin on its own clock, in seconds, and how wide a pixel is for its height."""

    time_s: float
    pixel_aspect: Fraction | None


class SoundReader:
    """Reads the sound of a file a second time, beside whoever decodes the pictures, so that little memory is needed.

    Only streams that ``container_format`` (``mp4`` or ``matroska``) holds are read; a file without sound has none.
    ``pixel_aspect`` is that of the file's pictures when they are upright (``None``: not told).
    """

    def __init__(self, source: SoundSource, container_format: str) -> None:
        self._source = source
        self._format = container_format
        self._container: InputContainer | None = None
        self._video: VideoStream | None = None
        self._packets: Iterator[Packet[Any]] = iter(())
        self._zero_s = 0.0
        self._pictures_until_s = 0.0
        self._next: SoundPacket | None = None
        self._last_dts: dict[int, int] = {}
        self._damaged = 0
        self.streams: list[AudioStream] = []
        self.pixel_aspect: Fraction | None = None

    def open(self) -> None:
        """Find the sound and the time of the first picture.

        Raises:
            OutputError: none of the sound can be carried into that kind of file.
            SourceFormatError: the file cannot be read.
        """
        first = _first_picture(self._source.path)
        self.pixel_aspect = first.pixel_aspect
        self._container = _open(self._source.path)
        self.streams = self._carried(self._container)
        if not self.streams:
            self.close()
            return
        self._video = main_video_stream(self._container, str(self._source.path))
        self._zero_s = first.time_s + self._source.start_s
        if self._source.start_s > _SEEK_MARGIN_S:
            self._container.seek(round((self._zero_s - _SEEK_MARGIN_S) * av.time_base))
        self._packets = self._demux(self._container)

    def _carried(self, container: InputContainer) -> list[AudioStream]:
        streams = [stream for stream in container.streams.audio if stream.codec_context is not None]
        carried = [stream for stream in streams if _holds(self._format, stream)]
        if streams and not carried:
            name = streams[0].codec_context.codec.name
            advice = "Give a name that ends in .mkv." if self._format == "mp4" else "Record it without the sound."
            kind = "MP4" if self._format == "mp4" else "Matroska"
            raise OutputError(
                f"The sound of {self._source.path} is of the kind {name}, which {kind} cannot hold. {advice}"
            )
        return carried

    def read_until(self, time_s: float) -> Iterator[SoundPacket]:
        """The packets that begin up to ``time_s`` seconds, in the order of the file."""
        while True:
            packet = self._next or self._next_packet()
            self._next = None
            if packet is None:
                return
            if packet.time_s > time_s:
                self._next = packet
                return
            yield packet

    def read_rest(self, last_picture_s: float, end_s: float) -> Iterator[SoundPacket]:
        """What belongs after the last picture: all there is where the pictures ended too, else up to ``end_s``."""
        yield from self.read_until(end_s)
        late: list[SoundPacket] = []
        while (packet := self._next or self._next_packet()) is not None:
            self._next = None
            if self._pictures_until_s > last_picture_s + _SAME_FRAME_S:
                return
            late.append(packet)
        if self._pictures_until_s <= last_picture_s + _SAME_FRAME_S:
            yield from late

    def close(self) -> None:
        """Let the file go."""
        self._packets, self._next = iter(()), None
        container, self._container = self._container, None
        if container is not None:
            container.close()

    def count_damage(self) -> None:
        """Note that a packet could not be used."""
        self._damaged += 1

    @property
    def losses(self) -> str | None:
        """What was damaged, for people."""
        if not self._damaged:
            return None
        were = "piece of the sound was" if self._damaged == 1 else "pieces of the sound were"
        return f"{self._damaged} damaged {were} skipped."

    def _next_packet(self) -> SoundPacket | None:
        for packet in self._packets:
            stamp = packet.dts if packet.pts is None else packet.pts
            if packet.size == 0:
                continue
            if stamp is None or packet.is_corrupt:
                self._damaged += isinstance(packet.stream, AudioStream)
                continue
            time_s = float(stamp * packet.time_base) - self._zero_s
            if isinstance(packet.stream, VideoStream):
                self._pictures_until_s = max(self._pictures_until_s, time_s)
            elif self._is_wanted(packet, time_s):
                return SoundPacket(self.streams.index(packet.stream), packet, time_s)
        return None

    def _is_wanted(self, packet: "Packet[AudioStream]", time_s: float) -> bool:
        if time_s < -(_LEAD_S if self._source.start_s == 0 else STRADDLE_S):
            return False
        dts = packet.pts if packet.dts is None else packet.dts
        assert dts is not None
        if dts <= self._last_dts.get(packet.stream_index, dts - 1):
            self._damaged += 1
            return False
        self._last_dts[packet.stream_index] = dts
        return True

    def _demux(self, container: InputContainer) -> "Iterator[Packet[Any]]":
        failures = 0
        wanted = [self._video, *self.streams]
        while failures < _READ_ERRORS_IN_A_ROW:
            try:
                for packet in container.demux(*wanted):
                    failures = 0
                    yield packet
            except (av.FFmpegError, OSError):
                failures += 1
                self._damaged += 1
            else:
                return


def _open(path: Path) -> InputContainer:
    try:
        return av.open(str(path.absolute()), options={"protocol_whitelist": "file"}, metadata_errors="replace")
    except (av.FFmpegError, ValueError) as error:
        raise SourceFormatError(
            f"The sound of {path} cannot be read: the file is damaged or something else."
        ) from error


def _first_picture(path: Path) -> _FirstPicture:
    """The first picture that can be decoded."""
    with _open(path) as container:
        stream = main_video_stream(container, str(path))
        aspect = stream.sample_aspect_ratio or None
        for packet in container.demux(stream):
            try:
                for picture in packet.decode():
                    is_on_its_side = orientation_of(picture).lies_on_its_side
                    return _FirstPicture(picture.time or 0.0, 1 / aspect if aspect and is_on_its_side else aspect)
            except (av.FFmpegError, OSError):
                _log.debug("A damaged packet before the first picture of %s", path)
        return _FirstPicture(0.0, aspect)


def _holds(container_format: str, stream: AudioStream) -> bool:
    """Whether such a container takes the stream as it is: FFmpeg itself is asked to begin one."""
    if container_format == "mp4" and stream.codec_context.codec.name.startswith(_NOT_IN_MP4):
        return False
    try:
        with av.open(BytesIO(), "w", format=container_format) as trial:
            trial.add_stream_from_template(stream)
            trial.start_encoding()
    except (av.FFmpegError, ValueError):
        return False
    return True
