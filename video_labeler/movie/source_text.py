"""Text subtitles of a source: packets in, cues that never overlap out."""

import re
from collections.abc import Iterator
from typing import Any

from av.container import OutputContainer
from av.packet import Packet
from av.stream import Stream
from av.subtitles.subtitle import AssSubtitle

from video_labeler import limits
from video_labeler.movie.cues import Cue
from video_labeler.movie.subtitle_track import SubtitleTrack

_STYLE = re.compile(r"\{[^}]*\}")
"""Style overrides of ASS, into which FFmpeg decodes all text."""

_DEFAULT_DURATION_S = 4.0
"""How long a text without an end is shown."""

_ROUNDING_S = 1e-6


class SourceText:
    """Buffers the texts of one stream until they are due; simultaneous texts become one with several lines.

    A text that is shown for longer than ``longest_s`` is split into cues, so that a crash loses little. More texts at
    once than anyone can read are left out, and counted in ``left_out``.
    """

    def __init__(self, longest_s: float) -> None:
        self._longest_s = longest_s
        self._texts: list[Cue] = []
        self._told_s = float("-inf")
        self.left_out = 0

    def feed(self, packet: "Packet[Any]", time_s: float) -> None:
        """Decode a packet whose text begins at ``time_s`` in the recording.

        Raises:
            av.FFmpegError: it is damaged.
        """
        if sum(text.end_s > time_s for text in self._texts) >= limits.STANDING_TEXTS:
            self.left_out += 1
            return
        lasts_s = min(float((packet.duration or 0) * packet.time_base) or _DEFAULT_DURATION_S, limits.LONGEST_PICTURE_S)
        lines = [
            _STYLE.sub("", shown.dialogue.decode("utf-8", errors="replace")).strip()
            for shown in packet.decode()
            if isinstance(shown, AssSubtitle)
        ]
        text = "\n".join(line for line in lines if line)
        if text:
            self._texts.append(Cue(time_s, time_s + lasts_s, text))

    def take(self, until_s: float, *, cut: bool = False) -> Iterator[Cue]:
        """The cues that have ended by then; with ``cut`` also the part until then of the one that is shown."""
        while self._texts:
            start_s = max(self._told_s, min(text.start_s for text in self._texts))
            standing = [text for text in self._texts if text.start_s <= start_s + _ROUNDING_S]
            changes = [text.end_s for text in standing] + [
                text.start_s for text in self._texts if text.start_s > start_s + _ROUNDING_S
            ]
            end_s = min(*changes, start_s + self._longest_s)
            if end_s > until_s and (not cut or start_s >= until_s):
                return
            end_s = min(end_s, until_s)
            yield Cue(start_s, end_s, "\n".join(text.text for text in standing))
            self._told_s = end_s
            self._texts = [text for text in self._texts if text.end_s > end_s + _ROUNDING_S]


class TextTrack:
    """The texts of a source as a track of one file; ``origin_s`` is the time at which the file starts."""

    def __init__(self, container: OutputContainer, container_format: str, text: SourceText, origin_s: float) -> None:
        self._text = text
        self._origin_s = origin_s
        self._track = SubtitleTrack(container, container_format)
        self.size_bytes = 0

    @property
    def stream(self) -> Stream:
        """The stream in the container."""
        return self._track.stream

    def write(self, packet: "Packet[Any]", time_s: float) -> None:
        """Take a packet that begins at ``time_s`` in the recording.

        Raises:
            av.FFmpegError: it is damaged.
        """
        # Finish what has ended before adding what begins.
        self._write_ended(time_s)
        self._text.feed(packet, time_s)

    def _write_ended(self, time_s: float) -> None:
        for cue in self._text.take(time_s):
            self._track.write([cue], self._origin_s)

    def advance(self, time_s: float) -> None:
        """Write the cues that have ended by then."""
        self._write_ended(time_s)
        self._track.keep_up(time_s - self._origin_s)

    def finish(self, end_s: float) -> None:
        """Write everything shown until then, and end; the next file continues with the rest."""
        for cue in self._text.take(end_s, cut=True):
            self._track.write([cue], self._origin_s)
