"""Reads the packets of a source file other than its pictures."""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain, islice
from pathlib import Path
from typing import Any

import av
from av.container import InputContainer
from av.packet import Packet
from av.video.stream import VideoStream

from video_labeler import limits
from video_labeler.errors import SourceFormatError
from video_labeler.movie.attached_files import AttachedFile
from video_labeler.movie.changing_sound import changing_forms
from video_labeler.movie.copied_stream import codec_of
from video_labeler.movie.decoded_sound import DecodedSound, SoundFormat
from video_labeler.movie.joined_sound import PartDecoders, sound_of_parts
from video_labeler.movie.source_text import SourceText
from video_labeler.movie.source_tracks import TEXT_CODECS, Chapter, TrackPlan, Way, plan_tracks
from video_labeler.sources.base import SourceInfo
from video_labeler.sources.containers import JOINED, open_video
from video_labeler.sources.decoding import main_video_stream
from video_labeler.sources.exact_seeking import has_exact_index
from video_labeler.sources.running_clock import RunningClock, has_seams, timed_streams
from video_labeler.sources.web_pieces import Pieces
from video_labeler.sources.web_recording import open_web, sends_parts
from video_labeler.text.address_text import shown_address

_READ_ERRORS_IN_A_ROW = 8

_LEAD_S = 0.25
"""How much sound before the first picture is kept: encoders start with a packet that only primes the decoder."""

STRADDLE_S = 0.025
"""A packet that starts this long before a cut still plays after it (AAC at 48 kHz has 21 ms per packet)."""

_SAME_FRAME_S = 0.0015
"""Containers round times to a millisecond."""

_SEEK_BACK_S = (1.0, 5.0, 60.0)
"""How much earlier than an excerpt to begin: tracks may be stored apart, though not by much."""

_MOST_LOOKED_AT = 5000
"""Packets until each track of sound must have come."""

_LONGEST_TEXT_S = 5.0
"""A text is written when it ends, so a longer one is split: a crash loses no more than this."""


@dataclass(frozen=True, slots=True)
class SoundPacket:
    """A packet of sound or subtitles, the number of its track, and its time in the recording, in seconds."""

    stream: int
    packet: "Packet[Any]"
    time_s: float


class SoundReader:
    """Reads a file a second time, in parallel with the decoder of the pictures, so that little memory is needed.

    ``path`` is a path, or the address of a recording; ``start_s`` the time in it, in seconds after its own time 0, at
    which frames have ``time_s`` 0. It gives what comes into a recording of ``container_format`` (``mp4`` or
    ``matroska``): ``tracks`` of sound (unless ``with_sound`` is false) and subtitles, for each in ``decoded`` what
    converts it (``None``: it is copied), the file's own entries ``tags``, ``chapters`` at their times in the recording,
    and the files ``attached`` to it. It is opened, then started when the pictures are known.
    """

    def __init__(
        self, path: Path | str, container_format: str, *, start_s: float = 0.0, with_sound: bool = True
    ) -> None:
        self.path = path
        self._format = container_format
        self._start_s = start_s
        self._with_sound = with_sound
        self._other_hosts = False
        self._pieces: Pieces | None = None
        self._container: InputContainer | None = None
        self._packets: Iterator[Packet[Any]] = iter(())
        self._zero_s = 0.0
        self._pictures_until_s = 0.0
        self._at_s = 0.0 if start_s == 0 else -math.inf
        self._next: SoundPacket | None = None
        self._last_dts: dict[int, int] = {}
        self._damaged = self._too_long = 0
        self._notes: list[str] = []
        self._closing: list[Callable[[], None]] = []
        self.tracks: tuple[TrackPlan, ...] = ()
        self.decoded: tuple[DecodedSound | SourceText | None, ...] = ()
        self.tags: Mapping[str, str] = {}
        self.chapters: tuple[Chapter, ...] = ()
        self.attached: tuple[AttachedFile, ...] = ()

    def open(self) -> None:
        """Find what comes along.

        Raises:
            SourceFormatError: the file cannot be read.
        """
        try:
            self._open()
        except (av.FFmpegError, OSError, ValueError) as error:
            self.close()
            raise _unreadable(self.path, error) from error

    def _open(self) -> None:
        container = self._opened()
        main_video_stream(container, str(self.path))
        changing = self._changing(container)
        plan = plan_tracks(container, self._format, sound=self._with_sound, changing=changing)
        self.tracks = plan.tracks
        self.decoded = tuple(self._converter(track, is_joined=track.stream.index in changing) for track in plan.tracks)
        self.tags, self.chapters, self.attached = plan.tags, plan.chapters, plan.attached
        self._notes += plan.notes
        if plan.has_read and plan.tracks:
            self._reopen()

    def _changing(self, container: InputContainer) -> Mapping[int, SoundFormat]:
        """The streams whose format changes midway, with that to convert to."""
        if not self._with_sound or not isinstance(self.path, Path):
            return {}
        if container.format.name != JOINED:
            return changing_forms(container, self.path)
        parts = sound_of_parts(self.path)
        self._notes += parts.notes
        return parts.forms

    def _converter(self, track: TrackPlan, *, is_joined: bool) -> DecodedSound | SourceText | None:
        """The converter of a track, if it needs one."""
        if track.way is Way.COPY:
            return None
        if track.form is None:
            return SourceText(_LONGEST_TEXT_S)
        if not is_joined or self._container is None or self._container.format.name != JOINED:
            return DecodedSound(track.form)
        assert isinstance(self.path, Path)
        decoders = PartDecoders(self.path, track.stream.index)
        self._closing.append(decoders.close)
        return DecodedSound(track.form, decoders.decode)

    def start(self, info: SourceInfo) -> None:
        """Begin at the first of the pictures, which ``info`` tells of; what is not open yet is opened now.

        Raises:
            SourceFormatError: the file cannot be read.
        """
        if isinstance(self.path, str):
            self.path = info.copy or self.path
            self._other_hosts, self._pieces = info.other_hosts, info.pieces
        if self._container is None:
            self.open()
        self._zero_s = zero_s = info.zero_s + self._start_s
        self.chapters = tuple(
            replace(chapter, start_s=chapter.start_s - zero_s, end_s=chapter.end_s - zero_s)
            for chapter in self.chapters
        )
        if info.has_captions:
            self._notes.append("Closed captions within the pictures are left out.")
        if self._container is None or not self.tracks:
            self.close()
            return
        try:
            self._packets = self._later_packets() if self._start_s > 0 else self._running_packets()
        except (av.FFmpegError, OSError, ValueError) as error:
            self.close()
            raise _unreadable(self.path, error) from error

    def _running_packets(self) -> "Iterator[Packet[Any]]":
        """What the file gives next, at running times."""
        assert self._container is not None
        video = main_video_stream(self._container, str(self.path))
        clock = RunningClock(self._container, timed_streams(self._container, video))
        return clock.rebased(self._demux(self._container, video))

    def _later_packets(self) -> "Iterator[Packet[Any]]":
        """From before the start on, if everything that belongs to the excerpt can be found there, else from the first.

        Seeking does not know of a clock that restarts, nor of subtitles that have been shown for a while.
        """
        try:
            if self._seeks_exactly():
                for back_s in _SEEK_BACK_S:
                    packets = self._packets_from(self._zero_s - back_s)
                    if packets is not None:
                        return packets
                self._reopen()
        except (av.FFmpegError, OSError):
            self._reopen()
        return self._running_packets()

    def _seeks_exactly(self) -> bool:
        assert self._container is not None
        video = main_video_stream(self._container, str(self.path))
        path = self.path if isinstance(self.path, Path) else None
        if not has_exact_index(self._container, timed_streams(self._container, video), path):
            return False
        # In an MP4 with one index, texts follow one another, and its own seeking finds the one that is shown.
        if self.has_text and not (self._container.format.name.startswith("mov") and video.frames):
            return False
        if path is None:
            return sends_parts(str(self.path), other_hosts=self._other_hosts)
        return not has_seams(self._container, video, lambda: open_video(path, str(path)))

    def _packets_from(self, stamp_s: float) -> "Iterator[Packet[Any]] | None":
        """What follows a time of the file, in seconds; ``None`` if that is too late for a track of sound."""
        assert self._container is not None
        video = main_video_stream(self._container, str(self.path))
        if not video.time_base:
            return None
        self._container.seek(round(stamp_s / video.time_base), stream=video)
        packets = self._running_packets()
        read: list[Packet[Any]] = []
        awaited = {track.stream.index for track in self.tracks if track.stream.type == "audio"}
        for packet in islice(packets, _MOST_LOOKED_AT):
            read.append(packet)
            stamp = packet.dts if packet.pts is None else packet.pts
            if packet.stream_index in awaited and stamp is not None:
                if float(stamp * packet.time_base) > self._zero_s - STRADDLE_S:
                    return None
                awaited.remove(packet.stream_index)
            if not awaited:
                return chain(read, packets)
        return None

    def _reopen(self) -> None:
        """Begin anew, at the first packet."""
        before = self._container
        streams = self._opened().streams
        self.tracks = tuple(replace(track, stream=streams[track.stream.index]) for track in self.tracks)
        if before is not None:
            before.close()

    @property
    def has_text(self) -> bool:
        """Whether there are subtitles."""
        return any(track.stream.type == "subtitle" for track in self.tracks)

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
        """The packets after the last picture: all of them if the pictures have ended, too, else up to ``end_s``."""
        yield from self.read_until(end_s)
        late: list[SoundPacket] = []
        while (packet := self._next or self._next_packet()) is not None:
            self._next = None
            if not self.ends_with(last_picture_s):
                return
            late.append(packet)
        if self.ends_with(last_picture_s):
            yield from late

    def ends_with(self, last_picture_s: float) -> bool:
        """Whether the file, as far as it has been read, has no picture after that time."""
        return self._pictures_until_s <= last_picture_s + _SAME_FRAME_S

    def close(self) -> None:
        """Close the file."""
        self._packets, self._next = iter(()), None
        while self._closing:
            self._closing.pop()()
        container, self._container = self._container, None
        if container is not None:
            container.close()

    def count_damage(self) -> None:
        """Count a packet that could not be used, unless it is from before an excerpt."""
        self._damaged += self._at_s >= -STRADDLE_S

    @property
    def losses(self) -> str | None:
        """What was converted, left out or damaged, as sentences."""
        sentences = list(self._notes)
        if self._damaged:
            were = "piece of the sound was" if self._damaged == 1 else "pieces of the sound were"
            sentences.append(f"{self._damaged} damaged {were} skipped.")
        crowded = sum(text.left_out for text in self.decoded if isinstance(text, SourceText))
        if self._too_long or crowded:
            sentences.append(
                f"Subtitles left out because they are too long or too many at once: {self._too_long + crowded}."
            )
        return " ".join(sentences) or None

    def _next_packet(self) -> SoundPacket | None:
        for packet in self._packets:
            stamp = packet.dts if packet.pts is None else packet.pts
            if packet.size == 0:
                continue
            if stamp is not None:
                self._at_s = max(self._at_s, float(stamp * packet.time_base) - self._zero_s)
            if stamp is None or packet.is_corrupt:
                if not isinstance(packet.stream, VideoStream):
                    self.count_damage()
                continue
            time_s = float(stamp * packet.time_base) - self._zero_s
            if isinstance(packet.stream, VideoStream):
                self._pictures_until_s = max(self._pictures_until_s, time_s)
            elif self._is_carried(packet) and self._is_wanted(packet, time_s):
                return SoundPacket(self._number_of(packet), packet, time_s)
        return None

    def _is_carried(self, packet: "Packet[Any]") -> bool:
        return any(track.stream.index == packet.stream_index for track in self.tracks)

    def _number_of(self, packet: "Packet[Any]") -> int:
        return next(at for at, track in enumerate(self.tracks) if track.stream.index == packet.stream_index)

    def _is_wanted(self, packet: "Packet[Any]", time_s: float) -> bool:
        if packet.stream.type == "subtitle":
            # Several at the same time each count; one from before the start may still be shown.
            if time_s + float((packet.duration or 0) * packet.time_base) <= 0:
                return False
            is_text = codec_of(packet.stream) in TEXT_CODECS
            is_too_long = packet.size > (limits.SUBTITLE_TEXT if is_text else limits.SUBTITLE)
            self._too_long += is_too_long
            return not is_too_long
        if time_s < -(_LEAD_S if self._start_s == 0 else STRADDLE_S):
            return False
        dts = packet.pts if packet.dts is None else packet.dts
        assert dts is not None
        # Of packets shorter than the container's tick, several have the same time. What is converted may overlap.
        is_copied = self.decoded[self._number_of(packet)] is None
        if is_copied and dts < self._last_dts.get(packet.stream_index, dts):
            self.count_damage()
            return False
        self._last_dts[packet.stream_index] = dts
        return True

    def _demux(self, container: InputContainer, video: VideoStream) -> "Iterator[Packet[Any]]":
        failures = 0
        # The same packets as the reader of the pictures gets, so that the clock gives the same times.
        timed = timed_streams(container, video)
        numbers = {stream.index for stream in timed}
        wanted = [*timed, *(track.stream for track in self.tracks if track.stream.index not in numbers)]
        while failures < _READ_ERRORS_IN_A_ROW:
            try:
                for packet in container.demux(*wanted):
                    failures = 0
                    yield packet
            except (av.FFmpegError, OSError, IndexError) as error:
                if isinstance(self.path, str) and not isinstance(error, av.error.InvalidDataError):
                    # The server sends no more: the reader of the pictures reports what is missing.
                    return
                failures += 1
                self.count_damage()
            else:
                return

    def _opened(self) -> InputContainer:
        if isinstance(self.path, str):
            self._container = open_web(self.path, other_hosts=self._other_hosts, pieces=self._pieces)
        else:
            self._container = open_video(self.path, str(self.path))
        return self._container


def _unreadable(path: Path | str, error: Exception) -> SourceFormatError:
    name = shown_address(path) if isinstance(path, str) else path
    return SourceFormatError(f"{name} cannot be read: the file is damaged, or it is not a video.")
