"""Video files, read with PyAV: every frame, at its presentation time, the right way up."""

from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import av
from av.video.frame import VideoFrame

from video_labeler import limits
from video_labeler.errors import SourceFormatError
from video_labeler.frames import Frame
from video_labeler.pixels import Pixels
from video_labeler.sources.base import (
    Delivery,
    SeekableSource,
    SourceInfo,
    SourceState,
    SourceStatus,
    StatefulSource,
    shown_aspect,
)
from video_labeler.sources.containers import TOO_LARGE
from video_labeler.sources.decoding import PictureConverter
from video_labeler.sources.picture_reader import PictureReader
from video_labeler.sources.regular_file import check_regular_file
from video_labeler.sources.whole_file import is_whole

_MISSING_S = 1.0
_MISSING_SHARE = 0.02
"""If less than both is missing at the end, it is rounding in the container, not a loss."""

_SHORTEST_S = 1 / 240
"""A shorter duration is one tick of a container that has no times of single pictures."""

_LONGEST_STAY_S = 60.0
"""A longer duration of the last picture is more likely a wrong header."""

_SEEK_BACK_S = (0.0, 2.0, 10.0)
"""Some containers seek to after the requested time: how much earlier each further try starts."""

_ROUNDING_S = 1e-6


class VideoFile(StatefulSource, SeekableSource):
    """A video file of any format that FFmpeg reads.

    Damaged packets are skipped and counted; a truncated file is read as far as possible. Frames are
    upright; a change of size midway gives frames of the new size.
    """

    delivery = Delivery.EVERY_FRAME
    can_pass_over = True

    def __init__(self, path: str | Path) -> None:
        super().__init__()
        self.path = Path(path)
        self._reader: PictureReader | None = None
        self._convert = PictureConverter()
        self._reset()

    def _reset(self) -> None:
        self._waiting: deque[Frame] = deque()
        self._index = 0
        self._zero_s: float | None = None
        self._last_s = self._end_s = 0.0
        self._frame_s = 0.0
        self._expected_end_s: float | None = None
        self._damaged_s: list[float] = []
        self._missing = 0

    def open(self) -> SourceInfo:
        """Open the file and decode its first frame.

        Raises:
            SourceNotFoundError: there is no such file.
            SourceFormatError: it is not a video, or has no picture that can be decoded.
            SourceUnavailableError: it may not be read.
        """
        self.close()
        self._reset()
        try:
            info = self._start()
        except BaseException:
            self.close()
            raise
        self._status = SourceStatus(SourceState.RUNNING)
        return info

    def _new_reader(self) -> PictureReader:
        check_regular_file(self.path, "a video")
        return PictureReader(self.path)

    @property
    def _name(self) -> str:
        """Its name in messages."""
        return str(self.path)

    def _start(self) -> SourceInfo:
        reader = self._reader = self._new_reader()
        self._frame_s = 1.0 / reader.rate if reader.rate else 0.0
        first = self._next_frame(reader)
        if first is None and reader.is_too_large:
            raise SourceFormatError(f"{self._name} has {TOO_LARGE}. Make a smaller copy of it.")
        if first is None:
            damaged = self._damaged_s or reader.damaged_s
            reason = "is too damaged to show a single picture" if damaged else "holds no pictures"
            raise SourceFormatError(f"{self._name} {reason}. Check that it was recorded or copied to the end.")
        self._waiting.append(first)
        self._expected_end_s = None if reader.duration_s is None else first.time_s + reader.duration_s
        return SourceInfo(
            name=self.path.name,
            width=first.width,
            height=first.height,
            rate=reader.rate,
            frame_count=reader.frame_count,
            duration_s=self._expected_end_s,
            pixel_aspect=reader.pixel_aspect,
            zero_s=self._zero_s or 0.0,
            has_captions=reader.has_captions,
        )

    def _next_frame(self, reader: PictureReader) -> Frame | None:
        while (picture := reader.next()) is not None:
            frame = self._frame(picture, self._time_of(picture, reader))
            if frame is not None:
                return frame
        return None

    def _frame(self, picture: VideoFrame, time_s: float) -> Frame | None:
        """The frame; ``None`` if the picture turns out to be damaged."""
        image, reader = self._convert_or_count(picture), self._reader
        if image is None or reader is None:
            return None
        lasts_s = min(reader.seconds_of(picture), limits.LONGEST_PICTURE_S)
        lasts = lasts_s if lasts_s >= _SHORTEST_S else None
        aspect = shown_aspect(reader.pixel_aspect)
        frame = Frame(self._index, time_s, image, duration_s=lasts, pixel_aspect=aspect)
        self._index += 1
        return frame

    def _convert_or_count(self, picture: VideoFrame) -> Pixels | None:
        try:
            return self._convert(picture)
        except (av.FFmpegError, ValueError):
            self._damaged_s.append(picture.time or 0.0)
            return None

    def _time_of(self, picture: VideoFrame, reader: PictureReader) -> float:
        stamp = picture.time
        if self._zero_s is None:
            self._zero_s = reader.zero_s(stamp or 0.0)
            self._last_s = (stamp or 0.0) - self._zero_s
            return self._last_s
        time_s = self._last_s + self._frame_s if stamp is None else stamp - self._zero_s
        self._last_s = max(time_s, self._last_s)
        return self._last_s

    def read(self, timeout_s: float = 0.5) -> Frame | None:
        """The next frame; ``None`` at the end (a file never has to be waited for)."""
        if self._status.state is not SourceState.RUNNING or self._reader is None:
            return None
        frame = self._waiting.popleft() if self._waiting else self._next_frame(self._reader)
        if frame is None:
            self._status = SourceStatus(SourceState.ENDED)
            return None
        self._end_s = frame.time_s + (frame.duration_s or self._frame_s)
        if not self._waiting:
            # Only the next picture shows that this is not the last one.
            following = self._next_frame(self._reader)
            if following is None:
                return self._last_frame(self._reader, frame)
            self._waiting.append(following)
        return frame

    def _last_frame(self, reader: PictureReader, frame: Frame) -> Frame:
        """The frame with its duration, as far as it is known."""
        self._missing = reader.missing
        if reader.restarts:
            # Headers do not have the length of concatenated files.
            self._expected_end_s = None
        expected_s = self._expected_end_s
        if expected_s is None or expected_s - self._end_s < _ROUNDING_S or not self._lasts_until(expected_s, reader):
            return frame
        self._end_s = expected_s
        return replace(frame, duration_s=expected_s - frame.time_s)

    def _lasts_until(self, expected_s: float, reader: PictureReader) -> bool:
        """Whether the last picture is shown until then, in a format without times of single pictures."""
        if reader.gave_up or reader.format_name.startswith("mov") or not reader.can_be_read_twice:
            return False
        sound_end_s = reader.sound_end_s
        if sound_end_s is not None and sound_end_s - (self._zero_s or 0.0) > expected_s - _MISSING_S:
            return True
        return expected_s - self._end_s < _LONGEST_STAY_S and is_whole(reader.path, reader.format_name)

    def seek(self, time_s: float) -> None:
        """Continue with exactly the frame that is shown at ``time_s`` seconds, whatever the key frames.

        Raises:
            SourceError: the file has gone or changed.
        """
        reader = self._reader
        if reader is None:
            return
        damaged = len(reader.damaged_s)
        self._go_on_with(self._pictures_at(reader, time_s))
        # What is only skipped is not a loss.
        del reader.damaged_s[damaged:]
        self._status = SourceStatus(SourceState.RUNNING)

    def skip_to(self, time_s: float) -> None:
        """Leave out frames as :meth:`Source.skip_to` says, by an index where there is one that can be trusted.

        Otherwise the file is read up to there, but not decoded, or at least not converted.

        Raises:
            SourceError: the file has gone or changed.
        """
        reader = self._reader
        if reader is None or not self._waiting or time_s <= self._waiting[-1].time_s:
            return
        # The last picture before is found, and then all that are shown at that time.
        time_s -= 2 * _ROUNDING_S
        if reader.can_go_exactly:
            self._go_on_with(self._pictures_at(reader, time_s, exact=True))
            return
        first = self._waiting[-1]
        pictures = self._search(reader, time_s)
        self._go_on_with(pictures)
        if not pictures or pictures[0][1] > time_s + _ROUNDING_S:
            self._waiting.appendleft(first)

    def _go_on_with(self, pictures: list[tuple[VideoFrame, float]]) -> None:
        frames = (self._frame(picture, shown_s) for picture, shown_s in pictures)
        self._waiting = deque(frame for frame in frames if frame is not None)

    def pass_over(self, time_s: float) -> None:
        """Continue with about the picture that is shown at ``time_s``, decoding only what that needs."""
        reader = self._reader
        if reader is None or self._status.state is not SourceState.RUNNING or not self._waiting:
            return
        if self._waiting[-1].time_s > time_s + _ROUNDING_S:
            return
        last = self._waiting[-1]
        self._index = last.index
        reader.skim(True)
        pictures = self._search(reader, time_s)
        reader.skim(False)
        found = [frame for picture, at_s in pictures if (frame := self._frame(picture, at_s))]
        if not found or found[0].time_s > time_s + _ROUNDING_S:
            found = [last, *(replace(frame, index=frame.index + 1) for frame in found)]
        self._waiting = deque(found)
        self._index = found[-1].index + 1

    def _pictures_at(
        self, reader: PictureReader, time_s: float, *, exact: bool = False
    ) -> list[tuple[VideoFrame, float]]:
        """The picture shown at a time and the one after it, each with its time."""
        zero_s = self._zero_s or 0.0
        for back_s in _SEEK_BACK_S:
            start_s = max(0.0, time_s - back_s)
            if reader.go_to(zero_s + start_s, exact=exact):
                self._last_s = 0.0
                found = self._search(reader, time_s)
                if exact and not reader.lacks_a_field:
                    return found
                is_early = found and (found[0][1] <= time_s + _ROUNDING_S or start_s == 0)
                if not exact and is_early and found[0][0].time is not None:
                    return found
        reader.rewind()
        self._zero_s, self._last_s = None, 0.0
        return self._search(reader, time_s)

    def _search(self, reader: PictureReader, time_s: float) -> list[tuple[VideoFrame, float]]:
        shown: list[tuple[VideoFrame, float]] = []
        for picture in _all(reader):
            shown = [*shown[-1:], (picture, self._time_of(picture, reader))]
            if shown[-1][1] > time_s + _ROUNDING_S:
                return shown
        return shown[-1:]

    def close(self) -> None:
        """Close the file."""
        self._waiting.clear()
        reader, self._reader = self._reader, None
        if reader is not None:
            self._damaged_s += reader.damaged_s
            reader.close()
        self._mark_closed()

    @property
    def losses(self) -> str | None:
        """What was skipped, and at the end how much of the file is missing."""
        return self.losses_within(0.0, None)

    def losses_within(self, start_s: float, end_s: float | None) -> str | None:
        """The same for the part between two times."""
        # In this order: a loop that restarts in the meantime has not ended there.
        early = self._early_end()
        sentences = early if self.ended else []
        zero_s = self._zero_s or 0.0
        times_s = [*self._damaged_s, *(self._reader.damaged_s if self._reader else ())]
        # Damage before the first frame counts as at the start.
        damaged = sum(
            max(0.0, at_s - zero_s) >= start_s and (end_s is None or at_s - zero_s < end_s) for at_s in times_s
        )
        if damaged:
            were = "packet was" if damaged == 1 else "packets were"
            sentences.append(f"{damaged} damaged {were} skipped.")
        return " ".join(sentences) or None

    def _early_end(self) -> list[str]:
        expected_s = self._expected_end_s or 0.0
        if expected_s - self._end_s >= max(_MISSING_S, _MISSING_SHARE * expected_s):
            return [f"The file ends early: {self._end_s:.1f} of {expected_s:.1f} s could be read."]
        if self._missing:
            are = "picture is" if self._missing == 1 else "pictures are"
            return [f"The file is cut off: its last {self._missing} {are} missing."]
        return []


def _all(reader: PictureReader) -> Iterator[VideoFrame]:
    while (picture := reader.next()) is not None:
        yield picture
