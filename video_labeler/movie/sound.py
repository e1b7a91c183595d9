"""What a source file holds beside its pictures, packet by packet."""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
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
from video_labeler.movie.decoded_sound import DecodedSound
from video_labeler.movie.recording_options import SoundSource
from video_labeler.movie.source_text import SourceText
from video_labeler.movie.source_tracks import TEXT_CODECS, Chapter, SourceTracks, TrackPlan, Way, plan_tracks
from video_labeler.sources.containers import open_file, takes_too_long
from video_labeler.sources.decoding import main_video_stream, upright_pixel_aspect
from video_labeler.sources.orientation import orientation_of
from video_labeler.sources.running_clock import RunningClock, timed_streams, zero_s
from video_labeler.sources.web_recording import open_web
from video_labeler.text.address_text import shown_address

_log = logging.getLogger(__name__)

_READ_ERRORS_IN_A_ROW = 8

_LEAD_S = 0.25
"""Sound from so long before the first picture is kept: coders start with a packet that only warms up the decoder."""

STRADDLE_S = 0.025
"""A packet that began so long before a cut still sounds after it (AAC at 48 kHz has 21 ms a packet)."""

_SAME_FRAME_S = 0.0015
"""Containers round times to a millisecond."""

_LONGEST_TEXT_S = 5.0
"""A text is written when it ends: no crash loses more of one that stands for long."""


@dataclass(frozen=True, slots=True)
class SoundPacket:
    """A packet of sound or subtitles, the number of its track, and its time in the recording, in seconds."""

    stream: int
    packet: "Packet[Any]"
    time_s: float


@dataclass(frozen=True, slots=True)
class _FirstPicture:
    """When a file's pictures begin on its own clock, in seconds, and how wide a pixel is for its height."""

    time_s: float
    pixel_aspect: Fraction | None
    has_captions: bool = False


class SoundReader:
    """Reads a file a second time, beside whoever decodes the pictures, so that little memory is needed.

    It gives what comes into a recording of ``container_format`` (``mp4`` or ``matroska``): ``tracks`` of sound (unless
    ``with_sound`` is false) and subtitles, for each in ``decoded`` what converts it (``None``: it is copied), the
    file's own entries ``tags``, ``chapters`` at their times in the recording, and the files ``attached`` to it.
    ``pixel_aspect`` is that of the file's pictures when they are upright (``None``: not told).
    """

    def __init__(self, source: SoundSource, container_format: str, *, with_sound: bool = True) -> None:
        self._source = source
        self._format = container_format
        self._with_sound = with_sound
        self._container: InputContainer | None = None
        self._video: VideoStream | None = None
        self._packets: Iterator[Packet[Any]] = iter(())
        self._zero_s = 0.0
        self._pictures_until_s = 0.0
        self._next: SoundPacket | None = None
        self._last_dts: dict[int, int] = {}
        self._damaged = self._too_long = 0
        self._notes: list[str] = []
        self.tracks: tuple[TrackPlan, ...] = ()
        self.decoded: tuple[DecodedSound | SourceText | None, ...] = ()
        self.tags: Mapping[str, str] = {}
        self.chapters: tuple[Chapter, ...] = ()
        self.attached: tuple[AttachedFile, ...] = ()
        self.pixel_aspect: Fraction | None = None

    def open(self) -> None:
        """Find what comes along, and the time of the first picture.

        Raises:
            SourceFormatError: the file cannot be read.
        """
        try:
            self._open()
        except (av.FFmpegError, OSError, ValueError) as error:
            self.close()
            raise _unreadable(self._source.path) from error

    def _open(self) -> None:
        first = _first_picture(self._source)
        self.pixel_aspect = first.pixel_aspect
        self._container = container = _open(self._source)
        self._zero_s = zero_s(container, first.time_s) + self._source.start_s
        path = self._source.path
        changing = changing_forms(path) if self._with_sound and isinstance(path, Path) else {}
        with _open(self._source) as trial:
            self._use(plan_tracks(trial, self._format, sound=self._with_sound, changing=changing), container)
        if first.has_captions:
            self._notes.append("The closed captions within the pictures are left out.")
        if not self.tracks:
            self.close()
            return
        self._video = main_video_stream(container, str(self._source.path))
        # From the start, since a search knows nothing of a clock that starts anew.
        clock = RunningClock(container, timed_streams(container, self._video))
        self._packets = clock.rebased(self._demux(container, self._video))

    def _use(self, plan: SourceTracks, container: InputContainer) -> None:
        """Take over a plan, for the same file opened anew: what was decoded for the plan is not in the way."""
        self.tracks = tuple(replace(track, stream=container.streams[track.stream.index]) for track in plan.tracks)
        self.decoded = tuple(map(_decoded, self.tracks))
        self.tags, self.attached, self._notes = plan.tags, plan.attached, list(plan.notes)
        self.chapters = tuple(
            replace(chapter, start_s=chapter.start_s - self._zero_s, end_s=chapter.end_s - self._zero_s)
            for chapter in plan.chapters
        )

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
        """What belongs after the last picture: all there is where the pictures ended too, else up to ``end_s``."""
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
        """Whether the file holds no picture after that time, as far as it has been read."""
        return self._pictures_until_s <= last_picture_s + _SAME_FRAME_S

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
        """What was converted, left out or damaged, for people."""
        sentences = list(self._notes)
        if self._damaged:
            were = "piece of the sound was" if self._damaged == 1 else "pieces of the sound were"
            sentences.append(f"{self._damaged} damaged {were} skipped.")
        crowded = sum(text.left_out for text in self.decoded if isinstance(text, SourceText))
        if self._too_long or crowded:
            sentences.append(
                f"Subtitles left out, since they are too long or too many at once: {self._too_long + crowded}."
            )
        return " ".join(sentences) or None

    def _next_packet(self) -> SoundPacket | None:
        for packet in self._packets:
            stamp = packet.dts if packet.pts is None else packet.pts
            if packet.size == 0:
                continue
            if stamp is None or packet.is_corrupt:
                self._damaged += not isinstance(packet.stream, VideoStream)
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
            is_text = codec_of(packet.stream) in TEXT_CODECS
            if packet.size > (limits.SUBTITLE_TEXT if is_text else limits.SUBTITLE):
                self._too_long += 1
                return False
            # Of several at the same time, each counts; one from before the start may still stand.
            return time_s + float((packet.duration or 0) * packet.time_base) > 0
        if time_s < -(_LEAD_S if self._source.start_s == 0 else STRADDLE_S):
            return False
        dts = packet.pts if packet.dts is None else packet.dts
        assert dts is not None
        # Of packets shorter than the container's tick, several have the same time.
        if dts < self._last_dts.get(packet.stream_index, dts):
            self._damaged += 1
            return False
        self._last_dts[packet.stream_index] = dts
        return True

    def _demux(self, container: InputContainer, video: VideoStream) -> "Iterator[Packet[Any]]":
        failures = 0
        # All that the reader of the pictures passes: from the same packets the clock makes the same times.
        timed = timed_streams(container, video)
        numbers = {stream.index for stream in timed}
        wanted = [*timed, *(track.stream for track in self.tracks if track.stream.index not in numbers)]
        while failures < _READ_ERRORS_IN_A_ROW:
            try:
                for packet in container.demux(*wanted):
                    failures = 0
                    yield packet
            except (av.FFmpegError, OSError, IndexError) as error:
                if isinstance(self._source.path, str) and not isinstance(error, av.error.InvalidDataError):
                    # The server sends no more: what is missing of the pictures is told by their reader.
                    return
                failures += 1
                self._damaged += 1
            else:
                return


def _decoded(track: TrackPlan) -> DecodedSound | SourceText | None:
    """What converts a track, if it has to be."""
    if track.way is Way.COPY:
        return None
    return SourceText(_LONGEST_TEXT_S) if track.form is None else DecodedSound(track.form)


def _open(source: SoundSource) -> InputContainer:
    try:
        if isinstance(source.path, str):
            return open_web(source.path, other_hosts=source.other_hosts, pieces=source.pieces)
        return open_file(str(source.path.absolute()))
    except (av.error.TimeoutError, av.error.ExitError) as error:
        if isinstance(source.path, str):
            raise _unreadable(source.path) from error
        raise SourceFormatError(f"{source.path} {takes_too_long()}") from error
    except (av.FFmpegError, OSError, ValueError) as error:
        raise _unreadable(source.path) from error


def _unreadable(path: Path | str) -> SourceFormatError:
    name = shown_address(path) if isinstance(path, str) else path
    return SourceFormatError(f"{name} cannot be read: the file is damaged, or it is not a video.")


def _first_picture(source: SoundSource) -> _FirstPicture:
    """The first picture that can be decoded."""
    with _open(source) as container:
        stream = main_video_stream(container, str(source.path))
        for packet in container.demux(stream):
            try:
                for picture in packet.decode():
                    aspect = upright_pixel_aspect(stream, orientation_of(picture))
                    return _FirstPicture(picture.time or 0.0, aspect, picture.side_data.get("A53_CC") is not None)
            except (av.FFmpegError, OSError):
                _log.debug("A damaged packet before the first picture of %s", source.path)
        return _FirstPicture(0.0, upright_pixel_aspect(stream))
