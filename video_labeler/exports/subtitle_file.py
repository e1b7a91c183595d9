"""Labels as subtitles beside a video: WebVTT for browsers, SubRip for every other player."""

import re
from collections.abc import Callable, Iterable
from pathlib import Path

from video_labeler.exports.text_file import TextFile
from video_labeler.frames import LabeledFrame
from video_labeler.movie.cues import Cue, CueBuilder
from video_labeler.movie.frame_clock import FrameClock
from video_labeler.sources.base import SourceInfo

_WORD_JOINER = "\u2060"
"""Invisible, and enough to keep a character from being read as markup."""


class SubtitleFile:
    """A sink that writes a cue for each stretch of unchanged labels; ``.vtt`` gives WebVTT, ``.srt`` SubRip.

    Its times are those of the frames, as in the recorded video.
    """

    name = "subtitles"
    SUFFIXES = (".srt", ".vtt")

    def __init__(self, target: Path, *, overwrite: bool = True) -> None:
        self._file = TextFile(target, overwrite=overwrite)
        self._is_vtt = target.suffix.lower() == ".vtt"
        self._cues = CueBuilder()
        self._clock = FrameClock()
        self._count = 0

    def open(self, info: SourceInfo) -> None:
        """Start the file.

        Raises:
            OutputError: it cannot be written.
        """
        self._clock = FrameClock(info.rate)
        self._file.open()
        if self._is_vtt:
            self._file.write("WEBVTT\n\n")

    def write(self, labeled: LabeledFrame) -> None:
        """Append the cues that ended.

        Raises:
            OutputError: the disk is full or gone.
        """
        self._clock.tick(labeled.frame.time_s, labeled.frame.duration_s)
        self._append(self._cues.add(labeled))

    def close(self, *, completed: bool) -> None:
        """Finish with the last cue, and put the file in place where it is complete.

        Raises:
            OutputError: the last cue could not be written.
        """
        if self._file.is_open:
            try:
                self._append(self._cues.finish(self._clock.end_s))
            except BaseException:
                self._file.close(completed=False)
                raise
            self._file.close(completed=completed)

    def _append(self, cues: Iterable[Cue]) -> None:
        form: Callable[[int, Cue], str] = vtt_cue if self._is_vtt else srt_cue
        for cue in cues:
            self._count += 1
            self._file.write(form(self._count, cue))


def vtt_cue(number: int, cue: Cue) -> str:
    """A cue as WebVTT (W3C, "WebVTT: The Web Video Text Tracks Format")."""
    text = _one_line(cue.text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f"{number}\n{_time(cue.start_s, '.')} --> {_time(cue.end_s, '.')}\n{text}\n\n"


def srt_cue(number: int, cue: Cue) -> str:
    """A cue as SubRip, which has no escapes: characters that players take for markup are followed by a word joiner."""
    text = re.sub(r"([<{])", rf"\1{_WORD_JOINER}", _one_line(cue.text).replace("-->", "→"))
    return f"{number}\n{_time(cue.start_s, ',')} --> {_time(cue.end_s, ',')}\n{text}\n\n"


def _one_line(text: str) -> str:
    """The text in one line without NULs: an empty line would end the cue."""
    return " ".join(text.replace("\0", "").split())


def _time(seconds: float, point: str) -> str:
    whole, thousandths = divmod(round(seconds * 1000), 1000)
    return f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}{point}{thousandths:03d}"
