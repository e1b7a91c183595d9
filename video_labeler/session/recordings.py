"""Starts and ends the recordings of a session, one at a time, and tells what came of each."""

import logging
from functools import partial
from pathlib import Path

from video_labeler.errors import VideoLabelerError
from video_labeler.pipeline import Pipeline
from video_labeler.session.notices import NoticeBox
from video_labeler.session.recording import SessionRecording, new_target
from video_labeler.session.source_run import SourceRun
from video_labeler.session.view import NoticeKind, RecordingView

_log = logging.getLogger(__name__)


class Recordings:
    """The recording of this moment, if any, and those that are being finished.

    A recording ends with its source, too. :meth:`begin` and :meth:`end` are for one thread, :attr:`view` for any.
    """

    def __init__(self, notices: NoticeBox) -> None:
        self._notices = notices
        self._current: tuple[SessionRecording, Pipeline] | None = None
        self._unfinished: tuple[Path, ...] = ()

    def begin(self, folder: Path, run: SourceRun | None, model: str) -> None:
        """Record what ``run`` shows into a new file in ``folder``."""
        if self._current is not None:
            return
        pipeline = run.pipeline if run is not None else None
        if run is None or pipeline is None or pipeline.newest is None:
            self._notices.problem("There is no picture to record yet. Open a camera or a file first.")
            return
        try:
            target = new_target(folder, self._unfinished)
            recording = SessionRecording(target, model, played=run.playback is not None)
        except VideoLabelerError as error:
            self._notices.problem(str(error))
            return
        self._current = recording, pipeline
        self._unfinished = (*self._unfinished, target)
        pipeline.attach(recording, partial(self._ended, recording))

    def end(self) -> None:
        """End the recording; a notice follows when its file is complete."""
        current, self._current = self._current, None
        if current is not None:
            recording, pipeline = current
            pipeline.detach(recording)

    @property
    def view(self) -> RecordingView | None:
        """The figures of the recording that runs."""
        current = self._current
        return current[0].view_with(current[1].statistics.drops) if current is not None else None

    def _ended(self, recording: SessionRecording, failure: Exception | None) -> None:
        current = self._current
        if current is not None and current[0] is recording:
            self._current = None
        target = recording.target
        self._unfinished = tuple(path for path in self._unfinished if path != target)
        path = target if target.exists() else None
        if failure is not None:
            known = isinstance(failure, VideoLabelerError)
            _log.log(logging.WARNING if known else logging.ERROR, "The recording failed", exc_info=failure)
            text = str(failure) if known else f"The recording failed ({type(failure).__name__}: {failure})."
            self._notices.add(NoticeKind.PROBLEM, text, path)
        elif path is not None:
            self._notices.add(NoticeKind.RECORDING_SAVED, f"Saved {path.name}.", path)
        else:
            self._notices.add(NoticeKind.INFORMATION, "Nothing was recorded, since no picture came.")
