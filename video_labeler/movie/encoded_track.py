"""A converted sound track in one file of a recording: samples in, AAC out, with exact times."""

import math
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

import av
import numpy as np
from av.audio.stream import AudioStream
from av.container import OutputContainer

from video_labeler.movie.decoded_sound import DecodedSound, Samples, Stretch, frame_of

_GOOD_RATE = 32_000
_BITS_PER_SAMPLE = {True: 1.5, False: 3.0}
"""Per channel, at sample rates for music and for speech."""

_FRAME = 1024
"""Samples in an AAC frame."""


class EncodedTrack:
    """Encodes what ``sound`` gives; ``origin_s`` is the time at which the file starts."""

    def __init__(self, container: OutputContainer, sound: DecodedSound, origin_s: float) -> None:
        form = sound.form
        self._container = container
        self._sound = sound
        self._origin = round(origin_s * form.rate)
        stream = container.add_stream("aac", rate=form.rate, layout=form.layout)
        assert isinstance(stream, AudioStream)
        stream.bit_rate = round(form.rate * form.channels * _BITS_PER_SAMPLE[form.rate >= _GOOD_RATE])
        stream.time_base = stream.codec_context.time_base = Fraction(1, form.rate)
        self.stream = stream
        self.size_bytes = 0
        self._held: Samples = np.zeros((form.channels, 0), np.float32)
        self._held_start = 0

    def write(self, packet: "av.Packet[Any]", time_s: float) -> None:
        """Decode a packet that begins at ``time_s`` in the recording.

        Raises:
            av.FFmpegError: it is damaged.
        """
        self._sound.feed(packet, time_s)

    def advance(self, time_s: float) -> None:
        """Encode up to a time in the recording, in seconds."""
        self._add(self._sound.take(round(time_s * self._sound.form.rate)))

    def finish(self, end_s: float) -> None:
        """Encode the rest up to a time in the recording, and end; what is later is left to the next file."""
        self._add(self._sound.take(None if math.isinf(end_s) else round(end_s * self._sound.form.rate)))
        if self._held.shape[1]:
            self._encode(self._held)
        self._mux(self.stream.encode(None))

    def _add(self, stretches: Iterable[Stretch]) -> None:
        for whole in stretches:
            stretch = whole.part(self._origin, whole.end)
            if not stretch.samples.shape[1]:
                continue
            if stretch.start != self._held_start + self._held.shape[1]:
                self._end_run()
                self._held_start = stretch.start
            self._held = np.concatenate((self._held, stretch.samples), axis=1)
            while self._held.shape[1] >= _FRAME:
                self._encode(self._held[:, :_FRAME])
                self._held = self._held[:, _FRAME:]
                self._held_start += _FRAME

    def _end_run(self) -> None:
        """Encode the rest before a gap, padded with silence: only the last frame may be short."""
        missing = -self._held.shape[1] % _FRAME
        if missing:
            self._encode(np.pad(self._held, ((0, 0), (0, missing))))
            self._held = self._held[:, :0]

    def _encode(self, samples: Samples) -> None:
        frame = frame_of(samples, "flt", self._sound.form.layout, self._sound.form.rate)
        frame.time_base = self.stream.time_base
        frame.pts = self._held_start - self._origin
        self._mux(self.stream.encode(frame))

    def _mux(self, packets: "Iterable[av.Packet[Any]]") -> None:
        for packet in packets:
            self.size_bytes += packet.size
            self._container.mux(packet)
