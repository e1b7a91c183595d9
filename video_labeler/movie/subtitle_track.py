"""A subtitle track inside the video, such as the labels, which any player can switch on and off."""

import struct
from collections.abc import Iterable
from fractions import Fraction

import av
from av.container import OutputContainer

from video_labeler.movie.cues import Cue

_TIME_BASE = Fraction(1, 1_000_000)
"""Finer than that of any video track: FFmpeg's MP4 muxer compares the numbers of this track's times with those of the
video's as if they had one time base. Where they fall behind, it adds its own ends after late texts, and may abort
the process (an assertion on ``next_dts`` in movenc.c)."""

_BLANK = 1000
"""Ticks without text after each cue of an MP4: too short to be seen."""

_LONGEST_SILENCE_S = 1800.0
_LATEST_CUE_S = 60.0
"""A sample lasts at most 2**31 ticks, so a longer time without labels is split; no cue comes later than that."""

_LONGEST_TEXT = 65_535
"""The limit of the 16-bit length of MP4's timed text."""


class SubtitleTrack:
    """Cues in, packets out: timed text (3GPP TS 26.245) in MP4, SubRip in Matroska."""

    def __init__(self, container: OutputContainer, container_format: str) -> None:
        self._container = container
        self._is_mp4 = container_format == "mp4"
        self.stream = container.add_mux_stream("mov_text" if self._is_mp4 else "subrip", time_base=_TIME_BASE)
        self._end = 0

    def write(self, cues: Iterable[Cue], origin_s: float) -> None:
        """Write cues that have ended; ``origin_s`` is the time at which the recording starts."""
        for cue in cues:
            start = max(round((cue.start_s - origin_s) / _TIME_BASE), self._end)
            end = round((cue.end_s - origin_s) / _TIME_BASE)
            if end - start <= _BLANK:
                continue
            if self._is_mp4:
                # FFmpeg would end the text itself, but within another packet, whose time would then be wrong.
                self._mux(cue.text, start, end - _BLANK)
                self._mux("", end - _BLANK, end)
            else:
                self._mux(cue.text, start, end)
            self._end = end

    def keep_up(self, elapsed_s: float) -> None:
        """Extend the track after a long time without cues; ``elapsed_s`` is the time since the recording's start."""
        silent_until = round((elapsed_s - _LATEST_CUE_S) / _TIME_BASE)
        if self._is_mp4 and (silent_until - self._end) * _TIME_BASE > _LONGEST_SILENCE_S:
            self._mux("", silent_until - _BLANK, silent_until)
            self._end = silent_until

    def name_it(self, name: str, language: str | None) -> None:
        """Set the name and language that players show for the track."""
        self.stream.metadata["handler_name" if self._is_mp4 else "title"] = name
        if language:
            self.stream.metadata["language"] = language

    def _mux(self, text: str, start: int, end: int) -> None:
        packet = av.Packet(self._coded(text))
        packet.stream = self.stream
        packet.time_base = _TIME_BASE
        packet.pts = packet.dts = start
        packet.duration = end - start
        self._container.mux(packet)

    def _coded(self, text: str) -> bytes:
        data = text.encode("utf-8", errors="replace")
        if not self._is_mp4:
            return data
        data = data[:_LONGEST_TEXT].decode("utf-8", errors="ignore").encode()
        return struct.pack(">H", len(data)) + data
