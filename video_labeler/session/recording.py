"""The record button's recording: its file, its running time, and its figures for the window."""

import contextlib
import shutil
import time
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Protocol

from video_labeler.errors import OutputError
from video_labeler.files.naming import free_path
from video_labeler.frames import LabeledFrame
from video_labeler.pipeline.sinks import PreparedSink, Sink
from video_labeler.pipeline.stats import Drops
from video_labeler.session.view import RecordingView
from video_labeler.sources.base import SourceInfo

_FIGURES_EVERY_S = 0.5

_JUMP_S = 2.0
"""A gap in the frames over which the file's time moves by more than this is a seek by the user."""


class FileSink(Sink, Protocol):
    """A sink that knows which file it is writing."""

    @property
    def partial(self) -> Path | None:
        """The file being written, or what a failure left of it."""
        ...


def new_recorder(target: Path, model: str) -> FileSink:
    """The sink that writes a recording; ``model`` is written into its metadata."""
    from video_labeler.movie.recording_options import RecordingOptions
    from video_labeler.recording.video_recorder import VideoRecorder, check_recording

    options = RecordingOptions(subtitles=True, metadata={"model": model} if model else {})
    check_recording(target, options)
    return VideoRecorder(target, options)


class PlayedTime:
    """Turns the times of a file that is played with seeks into one running time from 0."""

    def __init__(self) -> None:
        self._last_s: float | None = None
        self._last_index = -1
        self._step_s = 1 / 30
        self._time_s = 0.0

    def of(self, time_s: float, index: int) -> float | None:
        """The running time of the next shown frame, in seconds; ``None`` if it is still the same frame.

        A seek leaves a gap in the indices, so that a long pause within the file is not taken for one.
        """
        step_s = 0.0 if self._last_s is None else time_s - self._last_s
        if self._last_s is not None and step_s == 0:
            return None
        follows = index == self._last_index + 1
        if 0 < step_s <= _JUMP_S:
            self._step_s = step_s
        if self._last_s is not None:
            self._time_s += step_s if follows and step_s > 0 else self._step_s
        self._last_s, self._last_index = time_s, index
        return self._time_s

    def moved(self, labeled: LabeledFrame) -> LabeledFrame | None:
        """The frame at its running time; ``None`` if it is still the same frame."""
        time_s = self.of(labeled.frame.time_s, labeled.frame.index)
        return None if time_s is None else replace(labeled, frame=replace(labeled.frame, time_s=time_s))


def new_target(folder: Path, promised: Collection[Path], word: str = "Video") -> Path:
    """A new name of ``word`` and the time in ``folder``, which is created if missing; not one of those ``promised``.

    Raises:
        OutputError: the folder cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return free_path(folder, word, ".mp4", datetime.now().astimezone(), promised)
    except OSError as error:
        raise OutputError(f"Cannot record into {folder}: {error.strerror or error}. Choose another folder.") from error


class SessionRecording:
    """A sink that records to a new file and keeps the figures that the window shows.

    With ``played`` the frames are those of a file. ``make`` makes the sink that writes.

    Raises:
        OutputError: the folder cannot be written, or its disk is full.
    """

    name = "recording"

    def __init__(
        self, target: Path, model: str, *, played: bool, make: Callable[[Path, str], FileSink] = new_recorder
    ) -> None:
        self.target = target
        self._sink = make(target, model)
        self._played = PlayedTime() if played else None
        self._first_s: float | None = None
        self._measured_s = float("-inf")
        self.view = RecordingView(self.target, 0.0, 0, 0)
        """The figures without ``skipped``, updated with each frame."""
        self._measure()

    def view_with(self, drops: Drops) -> RecordingView:
        """The figures, including the frames that this recording was too slow for."""
        return replace(self.view, skipped=dict(drops.sinks).get(self.name, 0))

    def prepare(self, info: SourceInfo) -> None:
        """Let the recorder do its slow preparation before the first frame."""
        if isinstance(self._sink, PreparedSink):
            self._sink.prepare(info)

    def open(self, info: SourceInfo) -> None:
        """Start the file.

        Raises:
            OutputError: it cannot be written.
        """
        self._sink.open(info)

    def write(self, labeled: LabeledFrame) -> None:
        """Record one frame.

        Raises:
            OutputError: the disk is full or gone.
        """
        shown = labeled if self._played is None else self._played.moved(labeled)
        if shown is None:
            return
        time_s = shown.frame.time_s
        if self._first_s is None:
            self._first_s = time_s
        self._sink.write(shown)
        self.view = replace(self.view, elapsed_s=time_s - self._first_s)
        self._measure()

    def close(self, *, completed: bool) -> None:
        """Finish the file.

        Raises:
            OutputError: the last frames could not be written.
        """
        self._sink.close(completed=completed)

    def _measure(self) -> None:
        now_s = time.monotonic()
        if now_s - self._measured_s < _FIGURES_EVERY_S:
            return
        self._measured_s = now_s
        # A disk that does not answer is reported when writing fails.
        with contextlib.suppress(OSError):
            partial = self._sink.partial
            size = partial.stat().st_size if partial is not None else 0
            self.view = replace(self.view, size=size, free=shutil.disk_usage(self.target.parent).free)
