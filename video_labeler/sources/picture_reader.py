"""Decodes the pictures of a video file in order, however damaged it is."""

from collections import deque
from collections.abc import Iterable, Iterator, Sized
from contextlib import suppress
from fractions import Fraction
from itertools import chain, dropwhile, islice
from pathlib import Path
from typing import Any

import av
from av.container import InputContainer
from av.packet import Packet
from av.stream import Discard
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from video_labeler.errors import SourceError
from video_labeler.sources.containers import JOINED, open_video, size_of
from video_labeler.sources.decoding import (
    SizeCheck,
    bound_decoder,
    expected_duration_s,
    main_video_stream,
    outgrows,
    upright_pixel_aspect,
)
from video_labeler.sources.deinterlacing import Deinterlacer
from video_labeler.sources.exact_seeking import (
    begins_by,
    from_key_frame,
    from_true_key_frame,
    has_exact_index,
    is_cut_off,
    tells_times,
)
from video_labeler.sources.orientation import Orientation, OrientationWatch
from video_labeler.sources.running_clock import RunningClock, has_seams, timed_streams, zero_s
from video_labeler.sources.whole_file import is_whole

_READ_ERRORS_IN_A_ROW = 8
"""After this many failures in a row to read the next packet, the rest of the file is given up."""

_BEFORE_S = 0.2


class PictureReader:
    """The decoded pictures of a file with continuous times: they continue where the file's clock restarts.

    What cannot be decoded is skipped, and recorded in ``damaged_s``. ``rate`` is the average in frames per second,
    ``duration_s`` the length of the pictures according to the container; both ``None`` if unknown.
    Messages call it ``name``.
    ``alone`` decodes in a single thread, without sound: slower, but gives the last pictures of a cut file.

    Raises:
        SourceFormatError: the file is not a video.
        SourceUnavailableError: it may not be read.
    """

    can_be_read_twice = True
    """Whether the file can be opened a second time while it is read, at little cost."""

    def __init__(self, path: Path, name: str | None = None, *, alone: bool = False) -> None:
        self.path = path
        self._name = name or str(path)
        self._alone = alone
        self._one_by_one = alone
        self._is_interlaced = False
        self._is_joined: bool | None = None if self.can_be_read_twice else False
        self.has_captions = False
        """Whether there are closed captions within the first picture."""
        self.damaged_s: list[float] = []
        """The times of damage, in seconds of the running clock."""
        self._size_check = SizeCheck()
        self._start()
        average = self._stream.average_rate
        self.rate = float(average) if average else None
        self.frame_count = self._stream.frames or None
        self.duration_s = self._said_duration_s()
        self._orientation = Orientation.UPRIGHT
        self.pixel_aspect = upright_pixel_aspect(self._stream, self._orientation)
        """The width of a pixel divided by its height, as the last picture is shown; ``None`` where it is not told."""
        self._orientations = OrientationWatch()

    def _said_duration_s(self) -> float | None:
        frames, base = self._stream.frames, self._stream.time_base
        # Of an AVI that is cut off FFmpeg tells what is left; the header still has all.
        if self.format_name == "avi" and self.can_be_read_twice and not is_whole(self.path, self.format_name):
            return float(frames * base) if frames and base else None
        return expected_duration_s(self._container, self._stream)

    def _open(self) -> InputContainer:
        return open_video(self.path, self._name)

    def _ends_with(self, error: Exception) -> bool:
        """Whether nothing more can be read after that failure to read the next packet."""
        return False

    def _start(self) -> None:
        self._container = self._open()
        try:
            self._stream = main_video_stream(self._container, self._name)
        except BaseException:
            self._container.close()
            raise
        base = self._stream.time_base or Fraction(0)
        self._tick = base.numerator, base.denominator
        self._threads = bound_decoder(self._stream, one_by_one=self._one_by_one)
        # Concatenated parts are timed by their sound, too.
        if self._alone and not self._is_joined:
            for stream in self._container.streams:
                if stream.index != self._stream.index:
                    stream.discard = Discard.all
        self._size = size_of(self._container)
        self._begin()
        self._from_start = True

    def _begin(self) -> None:
        """Reset the state for what the container gives next."""
        self.gave_up = False
        self._from_start = False
        self._sent = self._given = 0
        self._latest: Packet[Any] = Packet()
        self._in_work: deque[Packet[VideoStream]] = deque(maxlen=self._threads + 1)
        self._has_skimmed = False
        self._first: Packet[Any] | None = None
        self._received: Packet[Any] = Packet()
        self._deinterlacer = Deinterlacer()
        self._ready: deque[VideoFrame] = deque()
        self._is_over = self._has_outgrown = False
        self._last: tuple[int, float] | None = None
        self._clock = RunningClock(self._container, timed_streams(self._container, self._stream))
        self._pictures = self._decoded(self._packets())

    def next(self) -> VideoFrame | None:
        """The next picture, or ``None`` at the end."""
        while not self._ready and not self._is_over:
            coded = next(self._pictures, None)
            self._ready.extend(self._deinterlacer.flush() if coded is None else self._deinterlacer.passed(coded))
            if self._has_outgrown:
                self._begin_one_by_one()
            else:
                self._is_over = coded is None
        picture = self._ready.popleft() if self._ready else None
        if picture is not None and (orientation := self._orientations.of(picture)) is not self._orientation:
            self._orientation = orientation
            self.pixel_aspect = upright_pixel_aspect(self._stream, orientation)
        return picture

    def seconds_of(self, picture: VideoFrame) -> float:
        """How long a picture is shown, in seconds, as far as the file tells; 0 otherwise."""
        duration = picture.duration
        if not duration:
            return 0.0
        if self._deinterlacer.has_worked:
            return float(duration * picture.time_base) if picture.time_base else 0.0
        # A fraction for each picture would cost as much as the rest of what is done for it.
        return duration * self._tick[0] / self._tick[1]

    def skim(self, on: bool) -> None:
        """From about here on, skip pictures that no other depends on, or decode every one again."""
        if on and (self._deinterlacer.has_worked or self._is_interlaced):
            return
        self._stream.codec_context.skip_frame = "NONREF" if on else "DEFAULT"
        # Pictures that were skipped on purpose are not missing.
        self._has_skimmed = self._has_skimmed or on
        self._from_start = self._from_start and not on

    @property
    def is_too_large(self) -> bool:
        """Whether the first pictures were refused for their size."""
        return self._size_check.is_too_large

    def zero_s(self, first_picture_s: float) -> float:
        """Time 0 of the file, in seconds of its own clock, if its pictures begin at ``first_picture_s``."""
        return zero_s(self._container, first_picture_s)

    @property
    def format_name(self) -> str:
        """FFmpeg's name of the file's format."""
        return self._container.format.name

    @property
    def restarts(self) -> int:
        """How often the file's clock has restarted so far."""
        return self._clock.restarts

    @property
    def sound_end_s(self) -> float | None:
        """The end of the sound so far, in seconds of the running clock; ``None`` without sound."""
        return self._clock.end_of(stream.index for stream in self._container.streams.audio)

    @property
    def missing(self) -> int:
        """How many pictures of the index are missing because the file, read from start to end, is cut off."""
        return max(0, len(self._stream.index_entries) - self._given) if self._from_start and self._is_cut_off else 0

    @property
    def _is_cut_off(self) -> bool:
        if not self.format_name.startswith("mov") or not self.can_be_read_twice:
            return False
        return is_cut_off(self._container, timed_streams(self._container, self._stream))

    @property
    def can_go_exactly(self) -> bool:
        """Whether :meth:`go_to` may be exact; where it may not, nothing is left out at little cost."""
        if not tells_times(self._container, self._stream):
            return False
        # What is missing at the end is counted from the beginning.
        return (self.can_be_read_twice or self._has_exact_index) and not self._is_cut_off

    @property
    def _has_exact_index(self) -> bool:
        return has_exact_index(self._container, [self._stream], self.path if self.can_be_read_twice else None)

    @property
    def lacks_a_field(self) -> bool:
        """Whether the pictures since :meth:`go_to` turned out to be interlaced, and it began too late for the first."""
        return self._deinterlacer.has_worked and not self._is_interlaced

    def go_to(self, stamp_s: float, *, exact: bool = False) -> bool:
        """Continue at the last key frame before a time (seconds, of the running clock); false if that is impossible.

        With ``exact``, where that can be, the pictures from that time on are those of decoding everything before it.

        Raises:
            SourceError: the file has become shorter, and cannot be read any more.
        """
        if self.can_be_read_twice and size_of(self._container) < self._size:
            # Its index, and what is still in memory of it, are those of another file.
            self.rewind()
        base = self._stream.time_base
        if not base:
            return False
        if self._deinterlacer.has_worked or self._is_interlaced:
            # Pictures depend on those before them.
            self._is_interlaced = True
            stamp_s -= _BEFORE_S
        stamp = round(stamp_s / base)
        if (exact and not self._has_exact_index) or self._has_seams():
            # The container's seeking does not know running times, or may not find the place.
            self.rewind()
            self._from_start = False
            packets = from_key_frame(self._packets(), stamp)
        else:
            try:
                self._container.seek(stamp, stream=self._stream)
            except (av.FFmpegError, OSError, OverflowError):
                return False
            self._begin()
            packets = self._packets()
        head = list(islice(packets, 2))
        self._pictures = self._decoded(chain(head, packets))
        if not exact:
            return True
        pictures = from_true_key_frame(head[0], self._pictures) if begins_by(head, stamp) else None
        self._pictures = pictures or iter(())
        return pictures is not None

    def _has_seams(self) -> bool:
        if self._clock.restarts or self.format_name == JOINED:
            self._is_joined = True
        elif self._is_joined is None:
            self._is_joined = has_seams(self._container, self._stream, self._open)
        return bool(self._is_joined)

    def rewind(self) -> None:
        """Continue at the first picture, by reopening the file.

        Raises:
            SourceError: it has gone or changed.
        """
        if self._clock.restarts:
            self._is_joined = True
        self.close()
        self._start()

    def close(self) -> None:
        """Close the file."""
        self._pictures = iter(())
        self._container.close()

    def _begin_one_by_one(self) -> None:
        """Go on behind the last picture with a decoder that larger pictures may be given to."""
        last, given, ready, self._one_by_one = self._last, self._given, self._ready, True
        self.rewind()
        if last is None:
            self._pictures = islice(self._pictures, given, None)
        else:
            self.go_to(last[1])
            self._pictures = _behind(last[0], self._pictures)
        self._ready = ready

    def _decoded(self, packets: "Iterator[Packet[VideoStream]]") -> Iterator[VideoFrame]:
        for packet in packets:
            pictures = self._decode(packet)
            if self._has_outgrown:
                return
            self._sent += packet.size > 0
            is_short = packet.size == 0 and not self._has_skimmed and self._lacks_some(pictures)
            for picture in self._decoded_alone(pictures) if is_short else pictures:
                if not self._given:
                    self.has_captions = picture.side_data.get("A53_CC") is not None
                self._given += 1
                self._last = None if picture.pts is None or picture.time is None else (picture.pts, picture.time)
                yield picture

    def _decode(self, packet: "Packet[VideoStream]") -> list[VideoFrame]:
        if packet.size:
            self._latest = packet
            self._first = packet if self._first is None else self._first
            self._in_work.append(packet)
        try:
            return packet.decode()
        except EOFError:
            return []
        except (av.FFmpegError, OSError):
            if self._outgrows():
                self._has_outgrown = True
                return []
            if not self._given:
                self._size_check.refused(self._latest, self._stream)
            self.damaged_s.append(_time_of(self._latest))
            return []

    def _outgrows(self) -> bool:
        """Whether one of the latest packets was refused since its picture is too large to be one of several at once."""
        if self._threads == 1 or not self.can_be_read_twice:
            return False
        packets = tuple(self._in_work)
        self._in_work.clear()
        return outgrows(packets, self._stream, self._threads)

    def _lacks_some(self, held: Sized) -> bool:
        """Whether fewer pictures came than were sent or should have been, with those that the decoder still held."""
        return self._sent != self._given + len(held) or self.missing > len(held)

    def _decoded_alone(self, held: Iterable[VideoFrame]) -> Iterator[VideoFrame]:
        """The pictures behind the last one, decoded one by one; those that the decoder held where that cannot be.

        With several threads, a damaged picture at the end silently takes intact ones before it along; and where
        sound is missing, the container does not give the pictures after it.
        """
        last, again = self._last, None
        if last is not None and not self._alone and self.can_be_read_twice:
            with suppress(SourceError):
                again = PictureReader(self.path, self._name, alone=True)
        if last is None or again is None:
            yield from held
            return
        try:
            again._is_joined = self._clock.restarts > 0 or bool(self._is_joined)
            can_go_on = again.go_to(last[1])
            behind = _behind(last[0], again._pictures if can_go_on else iter(()))
            first = next(behind, None)
            yield from held if first is None else chain((first,), behind)
            if can_go_on:
                # Everything from that key frame on was checked again.
                began_s = 0.0 if again._first is None else _time_of(again._first)
                self.damaged_s = [at_s for at_s in self.damaged_s if at_s < began_s] + again.damaged_s
        finally:
            again.close()

    def _packets(self) -> "Iterator[Packet[VideoStream]]":
        """The packets of the pictures at running times, and finally an empty one, which flushes the decoder."""
        for packet in self._clock.rebased(self._demuxed()):
            if packet.stream_index == self._stream.index and packet.size:
                self._received = packet
                yield packet
        last: Any = Packet()
        last.stream, last.time_base = self._stream, self._stream.time_base
        yield last

    def _demuxed(self) -> "Iterator[Packet[Any]]":
        failures = 0
        while failures < _READ_ERRORS_IN_A_ROW:
            try:
                for packet in self._container.demux(*timed_streams(self._container, self._stream)):
                    failures = 0
                    yield packet
            except (av.FFmpegError, OSError, IndexError) as error:
                # The index is that of a stream that the file did not have when it was opened.
                if self._ends_with(error):
                    break
                failures += 1
                self.damaged_s.append(_time_of(self._received))
            else:
                return
        self.gave_up = True


def _time_of(packet: "Packet[Any]") -> float:
    """When a packet is shown, in seconds; 0 if that is unknown."""
    stamp = packet.dts if packet.pts is None else packet.pts
    return 0.0 if stamp is None else float(stamp * packet.time_base)


def _behind(stamp: int, pictures: Iterator[VideoFrame]) -> Iterator[VideoFrame]:
    """Those that are shown after a time, in ticks; pictures come in the order in which they are shown."""
    return dropwhile(lambda picture: (picture.pts or 0) <= stamp, pictures)
