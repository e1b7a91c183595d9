"""A continuous time for a file whose own clock restarts or jumps midway, as in recordings joined by cat."""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import av
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.error import FFmpegError
from av.packet import Packet
from av.stream import Stream
from av.video.stream import VideoStream

from video_labeler import limits
from video_labeler.sources.containers import size_of

_TS_DISCONT = 0x0200
"""FFmpeg's mark of formats whose clocks may jump (PyAV's enum of these flags has no type)."""

_BACK_S = 0.2
"""Decoding times never decrease; a smaller step back is an error of the muxer."""

_AHEAD_S = 60.0
"""A longer gap in both pictures and sound is a jump of the clock."""

_AHEAD_ALONE_S = 600.0
_AHEAD_ALONE_TIMES = 10.0
"""Without sound, pictures may be far apart: a jump is longer than both, and than the pauses before it."""

_HELD_S = 3.0
_HELD_PACKETS = 2000
"""How long, and for how many packets, to wait for streams that have not reached the seam yet."""

_LEAD_S = 0.25
"""Sound that begins no earlier before the first picture begins with it: encoders start with a priming packet."""

_JOINED_FORMATS = ("matroska", "flv")
"""Formats that play on where files were concatenated, besides those whose clocks may jump by design."""

_READ_WHOLE_BYTES = 64_000_000
_SAMPLES = 256
_REORDERED_S = 1.0
"""How far pictures may be stored before others that are shown earlier."""


@dataclass(slots=True)
class _Course:
    """The state of one stream in seconds: its offset, its last raw decoding time, its end in running time."""

    offset_s: float
    last_s: float
    end_s: float
    step_s: float = 0.0
    longest_s: float = 0.0


class Ticks:
    """Converts ticks to seconds, for packets as a container gives them.

    The time base of each stream is kept: PyAV makes a fraction of it whenever it is asked for, which costs as much as
    all else that is done for a packet.
    """

    def __init__(self) -> None:
        self._bases: dict[int, tuple[int, int]] = {}

    def seconds(self, ticks: int, packet: "Packet[Any]") -> float:
        """That many ticks of a packet's stream in seconds, correctly rounded."""
        base = self._bases.get(packet.stream_index)
        if base is None:
            base = packet.time_base.numerator, packet.time_base.denominator
            self._bases[packet.stream_index] = base
        return ticks * base[0] / base[1]


class RunningClock:
    """Moves packets in time so that what follows a seam continues where the part before it ended.

    All streams of a part are moved by the same amount, so that sound and pictures stay in sync. Every reader of the
    same ``timed`` streams of the same file gets the same times; other streams, such as subtitles, are moved along. Gaps
    within a part stay as they are.
    """

    def __init__(self, container: InputContainer, timed: Sequence[Stream]) -> None:
        self.restarts = 0
        """The number of seams so far."""
        self._can_jump_ahead = bool(container.format.flags & _TS_DISCONT)
        self._timed = frozenset(stream.index for stream in timed)
        self._courses: dict[int, _Course] = {}
        self._offset_s = 0.0
        self._ticks = Ticks()

    def end_of(self, streams: Iterable[int]) -> float | None:
        """The end of the last packet of these streams, in seconds of the running clock; ``None`` before the first."""
        return max((self._courses[stream].end_s for stream in streams if stream in self._courses), default=None)

    def rebased(self, packets: "Iterable[Packet[Any]]") -> "Iterator[Packet[Any]]":
        """The same packets in the same order, at their running times."""
        part = _NextPart()
        for packet in packets:
            raw_s = self._raw_s(packet)
            if part.packets and self._is_complete(part, packet, raw_s):
                yield from self._joined(part)
                part = _NextPart()
            is_new = self._is_new(part, packet, raw_s)
            if not is_new:
                self._move(packet, raw_s)
            if part.packets or is_new:
                part.packets.append((packet, is_new))
            else:
                yield packet
        yield from self._joined(part)

    def _raw_s(self, packet: "Packet[Any]") -> float | None:
        stamp = packet.dts
        if stamp is None:
            stamp = packet.pts
        return None if stamp is None or packet.size == 0 else self._ticks.seconds(stamp, packet)

    def _shown_s(self, packet: "Packet[Any]", raw_s: float) -> float:
        stamp = packet.pts
        return raw_s if stamp is None else self._ticks.seconds(stamp, packet)

    def _is_new(self, part: "_NextPart", packet: "Packet[Any]", raw_s: float | None) -> bool:
        if packet.stream_index not in self._timed:
            return bool(part.packets)
        if raw_s is None or not (packet.stream_index in part.starts_s or self._is_break(packet, raw_s)):
            return False
        part.add(packet.stream_index, self._shown_s(packet, raw_s), raw_s)
        return True

    def _falls(self, packet: "Packet[Any]", raw_s: float, last_s: float) -> bool:
        # After a seam FFmpeg may mistake presentation times of reordered pictures for decoding times.
        return raw_s < last_s - _BACK_S and (self._can_jump_ahead or packet.is_keyframe)

    def _is_break(self, packet: "Packet[Any]", raw_s: float) -> bool:
        course = self._courses.get(packet.stream_index)
        if course is None:
            return False
        has_jumped = self._falls(packet, raw_s, course.last_s) or self._leaps(course, raw_s)
        return has_jumped and not self._follows(course, raw_s)

    def _leaps(self, course: _Course, raw_s: float) -> bool:
        step_s = raw_s + course.offset_s - max(other.end_s for other in self._courses.values())
        if step_s > limits.LONGEST_PICTURE_S:
            return True
        if not self._can_jump_ahead:
            return False
        if len(self._courses) > 1:
            return step_s > _AHEAD_S
        return step_s > max(_AHEAD_ALONE_S, _AHEAD_ALONE_TIMES * course.longest_s)

    def _follows(self, course: _Course, raw_s: float) -> bool:
        """Whether this is the part that other streams have reached already; if so, follow them."""
        ahead_s = raw_s + self._offset_s - course.end_s
        if course.offset_s == self._offset_s or not -_HELD_S < ahead_s < _AHEAD_S:
            return False
        course.offset_s, course.last_s = self._offset_s, -math.inf
        return True

    def _is_complete(self, part: "_NextPart", packet: "Packet[Any]", raw_s: float | None) -> bool:
        """Whether every stream has reached the seam, or none of the others will, or this packet is after the next
        seam.
        """
        if set(self._courses) <= set(part.starts_s) or len(part.packets) > _HELD_PACKETS:
            return True
        last_s = part.last_s.get(packet.stream_index)
        if raw_s is None or last_s is None:
            return False
        return self._falls(packet, raw_s, last_s) or raw_s - part.starts_s[packet.stream_index] > _HELD_S

    def _joined(self, part: "_NextPart") -> "Iterator[Packet[Any]]":
        if part.starts_s:
            self.restarts += 1
            self._offset_s = max(self._courses[stream].end_s - start_s for stream, start_s in part.starts_s.items())
            for stream in part.starts_s:
                self._courses[stream].offset_s, self._courses[stream].last_s = self._offset_s, -math.inf
        for packet, is_new in part.packets:
            if is_new:
                self._move(packet, self._raw_s(packet))
            yield packet

    def _move(self, packet: "Packet[Any]", raw_s: float | None) -> None:
        if raw_s is None:
            return
        if packet.stream_index not in self._timed:
            _shift(packet, self._offset_s)
            return
        course = self._courses.get(packet.stream_index)
        if course is None:
            course = self._courses[packet.stream_index] = _Course(self._offset_s, raw_s, raw_s + self._offset_s)
        if -math.inf < course.last_s < raw_s:
            course.step_s = raw_s - course.last_s
            course.longest_s = max(course.longest_s, course.step_s)
        course.last_s = max(course.last_s, raw_s)
        shown_s = self._shown_s(packet, raw_s)
        duration = packet.duration
        lasts_s = self._ticks.seconds(duration, packet) if duration else course.step_s
        course.end_s = max(course.end_s, shown_s + course.offset_s + min(lasts_s, limits.LONGEST_PICTURE_S))
        _shift(packet, course.offset_s)


class _NextPart:
    """The packets read before the offset of a new part is known."""

    def __init__(self) -> None:
        self.packets: list[tuple[Packet[Any], bool]] = []
        self.starts_s: dict[int, float] = {}
        self.last_s: dict[int, float] = {}

    def add(self, stream: int, shown_s: float, raw_s: float) -> None:
        self.starts_s[stream] = min(self.starts_s.get(stream, shown_s), shown_s)
        self.last_s[stream] = max(self.last_s.get(stream, raw_s), raw_s)


def _shift(packet: "Packet[Any]", by_s: float) -> None:
    if by_s:
        ticks = round(by_s / packet.time_base)
        packet.pts = None if packet.pts is None else packet.pts + ticks
        packet.dts = None if packet.dts is None else packet.dts + ticks


def timed_streams(container: InputContainer, video: VideoStream) -> Sequence[Stream]:
    """The streams that determine a file's time: its pictures and all of its sound."""
    return [video, *readable_sound(container)]


def readable_sound(container: InputContainer) -> list[AudioStream]:
    """Its streams of sound for which there is a decoder."""
    return [stream for stream in container.streams.audio if stream.codec_context is not None]


def zero_s(container: InputContainer, first_picture_s: float) -> float:
    """Time 0 of a file, on its own clock: its first picture, or sound that begins well before that."""
    starts_s = [
        float(stream.start_time * stream.time_base)
        for stream in readable_sound(container)
        if stream.start_time is not None and stream.time_base
    ]
    earliest_s = min(starts_s, default=first_picture_s)
    return earliest_s if earliest_s < first_picture_s - _LEAD_S else first_picture_s


def has_seams(container: InputContainer, video: VideoStream, open_again: Callable[[], InputContainer]) -> bool:
    """Whether the clock of a file restarts or jumps somewhere; where it can, the file is opened again and read.

    A large file is only sampled, which finds parts of more than about a hundredth of it.
    """
    can_jump = bool(container.format.flags & _TS_DISCONT)
    can_be_joined = can_jump or container.format.name.startswith(_JOINED_FORMATS)
    claimed_s = (container.duration or 0) / av.time_base
    if not can_be_joined and claimed_s <= limits.LONGEST_PICTURE_S:
        return False
    with open_again() as other:
        same = other.streams.video[container.streams.video.index(video)]
        try:
            if size_of(other) <= _READ_WHOLE_BYTES:
                timed = timed_streams(other, same)
                clock = RunningClock(other, timed)
                return any(clock.restarts for _ in clock.rebased(other.demux(*timed)))
            return can_jump and _samples_jump(other, same)
        except (FFmpegError, OSError, IndexError):
            # The index is that of a stream that the file did not have when it was opened.
            return False


def _samples_jump(container: InputContainer, video: VideoStream) -> bool:
    stamps_s = []
    for sample in range(_SAMPLES):
        container.seek(size_of(container) * sample // _SAMPLES, unsupported_byte_offset=True)
        packet = next((packet for packet in container.demux(video) if packet.pts is not None), None)
        if packet is not None and packet.pts is not None:
            stamps_s.append(float(packet.pts * packet.time_base))
    steps_s = [after - before for before, after in pairwise(stamps_s)]
    usual_s = sorted(steps_s)[len(steps_s) // 2] if steps_s else 0.0
    return any(step < -_REORDERED_S or step > max(_AHEAD_S, _AHEAD_ALONE_TIMES * usual_s) for step in steps_s)
