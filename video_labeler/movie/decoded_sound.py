"""Sound that must be converted: packets in, samples on an even clock out."""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import av
import numpy as np
import numpy.typing as npt
from av.audio.frame import AudioFrame
from av.packet import Packet

Samples = npt.NDArray[np.float32]
"""(channels, samples), -1 to 1."""

_RATES = (8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000)
"""Sample rates that every AAC decoder supports."""

_LAYOUTS = {1: "mono", 2: "stereo", 3: "3.0", 4: "4.0", 5: "5.0", 6: "5.1", 8: "7.1"}
"""The layouts of AAC, by the number of channels."""

_JITTER_S = 0.04
"""Packet times are rounded to a millisecond or more; only a larger difference is a gap or an overlap."""

_SILENCE_AT_MOST_S = 1.0
"""A longer gap remains a gap: players wait for the next sound."""


@dataclass(frozen=True, slots=True)
class SoundFormat:
    """The format of converted sound: sample rate, channels, and FFmpeg's name of their layout."""

    rate: int
    channels: int
    layout: str

    @classmethod
    def nearest(cls, rate: int, channels: int) -> "SoundFormat":
        """The format of AAC that keeps all of the decoded sound, or as much as possible."""
        rate = next((known for known in _RATES if known >= rate), _RATES[-1])
        channels = channels if channels in _LAYOUTS else 2
        return cls(rate, channels, _LAYOUTS[channels])


@dataclass(frozen=True, slots=True)
class Stretch:
    """Samples without a gap; ``start`` counts samples from time 0 of the recording, and may be negative."""

    start: int
    samples: Samples

    @property
    def end(self) -> int:
        """The position after the last sample."""
        return self.start + int(self.samples.shape[1])

    def part(self, start: int, end: int) -> "Stretch":
        """The samples between two positions."""
        first, last = max(start - self.start, 0), max(end - self.start, 0)
        return Stretch(max(start, self.start), self.samples[:, first:last])


class DecodedSound:
    """Decodes one stream and buffers the samples until they are taken; fills gaps and cuts overlaps.

    ``decode`` makes frames of a packet where its own stream cannot.
    """

    def __init__(self, form: SoundFormat, decode: "Callable[[Packet[Any]], list[Any]] | None" = None) -> None:
        self.form = form
        self._decode = decode or _decoded
        self._waiting: deque[Stretch] = deque()
        self._end: int | None = None
        self._surplus = 0
        self._resampler: av.AudioResampler | None = None
        self._before: tuple[object, ...] = ()
        self._next_stamp: int | None = None

    def feed(self, packet: "Packet[Any]", time_s: float) -> None:
        """Decode a packet that begins at ``time_s`` in the recording.

        Raises:
            av.FFmpegError: it is damaged.
        """
        stamp = packet.dts if packet.pts is None else packet.pts
        shift_s = time_s - float((stamp or 0) * packet.time_base)
        # Where the rate changes midway, FFmpeg counts times within a broadcast packet by the first rate.
        is_counted = stamp is not None and stamp == self._next_stamp
        self._next_stamp = None if stamp is None or not packet.duration else stamp + packet.duration
        for frame in self._decode(packet):
            if self._end is None or (frame.time is not None and not is_counted):
                self._go_to(time_s if frame.time is None else frame.time + shift_s)
            self._append(self._converted(frame))

    def take(self, until: int | None = None) -> Iterator[Stretch]:
        """The buffered samples, up to a position from time 0 (``None``: all)."""
        while self._waiting and (until is None or self._waiting[0].start < until):
            stretch = self._waiting.popleft()
            if until is not None and stretch.end > until:
                self._waiting.appendleft(stretch.part(until, stretch.end))
                stretch = stretch.part(stretch.start, until)
            yield stretch

    def _go_to(self, time_s: float) -> None:
        """Set when the next samples begin."""
        wanted = round(time_s * self.form.rate)
        if self._end is None:
            self._end = wanted
        gap = wanted - self._end
        if gap > _SILENCE_AT_MOST_S * self.form.rate:
            self._end = wanted
        elif gap > _JITTER_S * self.form.rate:
            self._append([np.zeros((self.form.channels, gap), np.float32)])
        elif gap < -_JITTER_S * self.form.rate:
            self._surplus = -gap

    def _append(self, pieces: list[Samples]) -> None:
        assert self._end is not None
        for piece in pieces:
            samples = piece[:, self._surplus :]
            self._surplus = max(self._surplus - piece.shape[1], 0)
            if samples.shape[1]:
                self._waiting.append(Stretch(self._end, samples))
                self._end += samples.shape[1]

    def _converted(self, frame: AudioFrame) -> list[Samples]:
        frame = _with_known_layout(frame)
        kind = (frame.format.name, frame.layout.name, frame.sample_rate)
        if self._resampler is None or kind != self._before:
            self._resampler = av.AudioResampler("flt", self.form.layout, self.form.rate)
            self._before = kind
        # Times are counted here.
        frame.pts = None
        resampled: list[Any] = self._resampler.resample(frame)
        return [ready.to_ndarray().reshape(-1, self.form.channels).T for ready in resampled]


def _decoded(packet: "Packet[Any]") -> list[Any]:
    return packet.decode()


def _with_known_layout(frame: AudioFrame) -> AudioFrame:
    """The frame with a known layout: its own, else the usual one for its number of channels, or mixed to two."""
    if not frame.layout.name.endswith("channels") and frame.layout.nb_channels in _LAYOUTS:
        return frame
    channels = frame.layout.nb_channels
    values: Any = frame.to_ndarray()
    samples = values if frame.format.is_planar else values.reshape(-1, channels).T
    if channels not in _LAYOUTS:
        samples = np.stack([samples[side::2].mean(axis=0).astype(samples.dtype) for side in (0, 1)])
    return frame_of(samples, frame.format.packed.name, _LAYOUTS[len(samples)], frame.sample_rate)


def frame_of(samples: npt.NDArray[Any], sample_format: str, layout: str, rate: int) -> AudioFrame:
    """A frame of samples (channels, samples), in a packed format: PyAV makes no planar frame of eight channels."""
    frame = AudioFrame.from_ndarray(samples.T.reshape(1, -1), format=sample_format, layout=layout)
    frame.sample_rate = rate
    return frame
