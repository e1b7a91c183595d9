"""Starts and ends the recordings of a session, one at a time, and reports the outcome of each."""

import logging
import threading
from functools import partial
from pathlib import Path

from video_labeler.errors import VideoLabelerError
from video_labeler.pipeline.pipeline import Pipeline
from video_labeler.session.notices import NoticeBox
from video_labeler.session.recording import SessionRecording, new_target
from video_labeler.session.saving import PendingFile, Saving
from video_labeler.session.source_run import SourceRun
from video_labeler.session.view import NoticeKind, RecordingView

_log = logging.getLogger(__name__)


class Recordings:
    """The current recording, if any, and those that are being finished.

    A recording ends with its source, too. :meth:`begin` is for one thread, the rest for any.
    """

    def __init__(self, notices: NoticeBox, saving: Saving) -> None:
        self._notices = notices
        self._saving = saving
        self._lock = threading.Lock()
        self._current: tuple[SessionRecording, Pipeline, PendingFile] | None = None
        self._closed = False
        self._has_told_end = False

    def begin(self, folder: Path, run: SourceRun | None, model: str) -> None:
        """Record what ``run`` shows into a new file in ``folder``."""
        if self._current is not None:
            return
        pipeline = run.pipeline if run is not None else None
        if run is None or pipeline is None or pipeline.newest is None:
            self._notices.problem("There is no picture to record yet. Open a camera or a file first.")
            return
        playback = run.playback_view
        if playback is not None and playback.ended:
            self._notices.problem("The file is at its end. Play it again, or go back, to record it.")
            return
        try:
            target = new_target(folder, self._saving.paths)
            recording = SessionRecording(target, model, played=run.playback is not None)
        except VideoLabelerError as error:
            self._notices.problem(str(error))
            return
        with self._lock:
            if self._closed:
                return
            file = self._saving.begin(target)
            self._current = recording, pipeline, file
            pipeline.attach(recording, partial(self._ended, recording, file))
        self._has_told_end = False
        if playback is not None and playback.paused:
            self._notices.add(NoticeKind.INFORMATION, "The recording starts as soon as the file plays.")

    def look(self, run: SourceRun | None) -> None:
        """Notify, once per recording, that its file has reached its end, so that nothing more is recorded."""
        playback = run.playback_view if run is not None else None
        if self._current is None or self._has_told_end or playback is None or not playback.ended:
            return
        self._has_told_end = True
        text = "The file is at its end. The recording waits until it plays again; stop it to save it."
        self._notices.add(NoticeKind.INFORMATION, text)

    def end(self) -> None:
        """End the recording; a notice follows when its file is complete."""
        with self._lock:
            current, self._current = self._current, None
        if current is not None:
            recording, pipeline, file = current
            self._saving.finish(file)
            pipeline.detach(recording)

    def close(self) -> None:
        """End the recording, and start no further one."""
        with self._lock:
            self._closed = True
        self.end()

    @property
    def view(self) -> RecordingView | None:
        """The figures of the current recording."""
        current = self._current
        return current[0].view_with(current[1].statistics.drops) if current is not None else None

    def _ended(self, recording: SessionRecording, file: PendingFile, failure: Exception | None) -> None:
        with self._lock:
            if self._current is not None and self._current[0] is recording:
                self._current = None
        target = recording.target
        path = target if target.exists() else None
        if failure is not None:
            known = isinstance(failure, VideoLabelerError)
            _log.log(logging.WARNING if known else logging.ERROR, "The recording failed", exc_info=failure)
            text = str(failure) if known else f"The recording failed ({type(failure).__name__}: {failure})."
            self._notices.add(NoticeKind.PROBLEM, text, path)
        elif path is not None:
            self._notices.add(NoticeKind.RECORDING_SAVED, f"Saved {path.name}.", path)
        else:
            self._notices.add(NoticeKind.INFORMATION, "Nothing was recorded, because no picture arrived.")
        self._saving.done(file)
