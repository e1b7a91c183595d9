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

from video_labeler.errors import SourceError, SourceFormatError, SourceUnavailableError
from video_labeler.sources.containers import (
    DASH,
    JOINED,
    MANIFEST_HEAD,
    is_dash_manifest,
    open_file,
    size_of,
    takes_too_long,
)
from video_labeler.sources.decoding import (
    SizeCheck,
    bound_decoder,
    expected_duration_s,
    main_video_stream,
    outgrows,
    upright_pixel_aspect,
)
from video_labeler.sources.deinterlacing import Deinterlacer
from video_labeler.sources.orientation import Orientation, OrientationWatch
from video_labeler.sources.running_clock import RunningClock, has_seams, timed_streams, zero_s

_READ_ERRORS_IN_A_ROW = 8
"""After this many failures in a row to read the next packet, the rest of the file is given up."""

_BEFORE_S = 0.2

_NOT_VIDEO_FORMATS = frozenset({"tty"})
"""FFmpeg renders any text file as the screen of a terminal."""


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
        self.duration_s = expected_duration_s(self._container, self._stream)
        self._orientation = Orientation.UPRIGHT
        self._orientations = OrientationWatch()

    def _open(self) -> InputContainer:
        return _opened(self.path, self._name)

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
        self._threads = bound_decoder(self._stream, one_by_one=self._one_by_one)
        # Concatenated parts are timed by their sound, too.
        if self._alone and not self._is_joined:
            for stream in self._container.streams:
                if stream.index != self._stream.index:
                    stream.discard = Discard.all
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
        self._began_s: float | None = None
        self._at_s = 0.0
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
        if picture is not None:
            self._orientation = self._orientations.of(picture)
        return picture

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

    @property
    def pixel_aspect(self) -> Fraction | None:
        """The width of a pixel divided by its height, as the last picture is shown; ``None`` where it is not told."""
        return upright_pixel_aspect(self._stream, self._orientation)

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
        if not self._from_start or not self.format_name.startswith("mov") or not self.can_be_read_twice:
            return 0
        size = size_of(self._container)
        streams = timed_streams(self._container, self._stream)
        if not any(entry.pos + entry.size > size for stream in streams for entry in stream.index_entries):
            return 0
        return max(0, len(self._stream.index_entries) - self._given)

    def go_to(self, stamp_s: float) -> bool:
        """Continue at the last key frame before a time (seconds, of the running clock); false if that is impossible."""
        base = self._stream.time_base
        if not base:
            return False
        if self._deinterlacer.has_worked or self._is_interlaced:
            # Pictures depend on those before them.
            self._is_interlaced = True
            stamp_s -= _BEFORE_S
        if self._has_seams():
            # The container's seeking does not know running times.
            self.rewind()
            self._from_start = False
            self._pictures = self._decoded(self._from_key_frame(round(stamp_s / base)))
            return True
        try:
            self._container.seek(round(stamp_s / base), stream=self._stream)
        except (av.FFmpegError, OSError, OverflowError):
            return False
        self._begin()
        return True

    def _has_seams(self) -> bool:
        if self._clock.restarts or self.format_name == JOINED:
            self._is_joined = True
        elif self._is_joined is None:
            with self._open() as container:
                self._is_joined = has_seams(container, main_video_stream(container, self._name))
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
            self._in_work.append(packet)
        stamp = packet.dts if packet.pts is None else packet.pts
        if stamp is not None:
            self._at_s = float(stamp * packet.time_base)
            self._began_s = self._at_s if self._began_s is None else self._began_s
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
            self.damaged_s.append(self._at_s)
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
                began_s = again._began_s or 0.0
                self.damaged_s = [at_s for at_s in self.damaged_s if at_s < began_s] + again.damaged_s
        finally:
            again.close()

    def _packets(self) -> "Iterator[Packet[VideoStream]]":
        """The packets of the pictures at running times, and finally an empty one, which flushes the decoder."""
        for packet in self._clock.rebased(self._demuxed()):
            if packet.stream_index == self._stream.index and packet.size:
                yield packet
        last: Any = Packet()
        last.stream, last.time_base = self._stream, self._stream.time_base
        yield last

    def _from_key_frame(self, stamp: int) -> "Iterator[Packet[VideoStream]]":
        """The packets from the last key frame that is shown at or before a time, without seeking."""
        group: list[Packet[VideoStream]] = []
        packets = self._packets()
        for packet in packets:
            if packet.is_keyframe and packet.pts is not None and packet.pts <= stamp:
                group.clear()
            group.append(packet)
            if packet.dts is not None and packet.dts > stamp:
                break
        yield from group
        yield from packets

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
                self.damaged_s.append(self._at_s)
            else:
                return
        self.gave_up = True


def _behind(stamp: int, pictures: Iterator[VideoFrame]) -> Iterator[VideoFrame]:
    """Those that are shown after a time, in ticks; pictures come in the order in which they are shown."""
    return dropwhile(lambda picture: (picture.pts or 0) <= stamp, pictures)


def _opened(path: Path, name: str) -> InputContainer:
    try:
        container = open_file(str(path.absolute()))
    except av.error.PermissionError as error:
        raise SourceUnavailableError(f"You have no permission to read {name}.") from error
    except (av.error.TimeoutError, av.error.ExitError) as error:
        raise SourceFormatError(f"{name} {takes_too_long()}") from error
    except (av.FFmpegError, ValueError) as error:
        if _begins_as_manifest(path):
            raise SourceFormatError(f"{name} {DASH}") from error
        raise SourceFormatError(
            f"{name} cannot be read as a video: it is damaged, cut short, or something else."
        ) from error
    if container.format.name in _NOT_VIDEO_FORMATS:
        container.close()
        raise SourceFormatError(f"{name} is a text file, not a video file.")
    return container


def _begins_as_manifest(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return is_dash_manifest(file.read(MANIFEST_HEAD))
    except OSError:
        return False
