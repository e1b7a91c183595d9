"""Keeps the last seconds of what a session shows, and saves them on request."""

import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

from video_labeler.frames import LabeledFrame
from video_labeler.pipeline.pipeline import Pipeline
from video_labeler.session.frame_labeling import CurrentSettings
from video_labeler.session.notices import NoticeBox
from video_labeler.session.recording import PlayedTime, new_target
from video_labeler.session.saving import Saving
from video_labeler.session.source_run import SourceRun
from video_labeler.session.view import NoticeKind
from video_labeler.sources.base import Delivery, SourceInfo
from video_labeler.system.background_task import BackgroundTask
from video_labeler.system.logs import logged_failure

if TYPE_CHECKING:
    from video_labeler.recording.replay_buffer import ReplayBuffer

_WORD = "Replay"


class _ShownFrames:
    """A sink that passes frames to a buffer in the order and at the times at which they were shown."""

    name = "replay"

    def __init__(self, buffer: "ReplayBuffer", current: CurrentSettings, *, played: bool) -> None:
        self.buffer = buffer
        self._current = current
        self._kept_s = float("-inf")
        self._played = PlayedTime() if played else None

    def prepare(self, info: SourceInfo) -> None:
        self.buffer.prepare(info)

    def open(self, info: SourceInfo) -> None:
        self.buffer.open(info)

    def write(self, labeled: LabeledFrame) -> None:
        shown = labeled if self._played is None else self._played.moved(labeled)
        now_s = time.monotonic()
        # Nothing new is shown between frames that are labelled at intervals.
        if shown is not None and now_s - self._kept_s >= self._current.replay_interval_s:
            self._kept_s = now_s
            self.buffer.write(shown)

    def close(self, *, completed: bool) -> None:
        self.buffer.close(completed=completed)


class Replays:
    """The replay buffer of the current source, ``seconds`` long (0: none).

    :meth:`follow` and :meth:`set_length` are for one thread, the rest is for any.
    """

    def __init__(self, notices: NoticeBox, saving: Saving, current: CurrentSettings, seconds: float) -> None:
        self._notices = notices
        self._current = current
        self._saving = saving
        self._seconds = seconds
        self._run: SourceRun | None = None
        self._followed: tuple[_ShownFrames, Pipeline] | None = None
        self._writing = threading.Lock()

    def follow(self, run: SourceRun | None) -> None:
        """Keep what ``run`` shows from now on, and drop what was held of another source."""
        self._run = run
        before, self._followed = self._followed, None
        if before is not None:
            frames, pipeline = before
            pipeline.detach(frames)
        if run is None or run.pipeline is None or self._seconds <= 0:
            return
        from video_labeler.recording.replay_buffer import ReplayBuffer

        frames = _ShownFrames(ReplayBuffer(self._seconds), self._current, played=run.playback is not None)
        self._followed = frames, run.pipeline
        # A replay must not slow down a file that plays.
        run.pipeline.attach(frames, self._ended, Delivery.NEWEST)

    def set_length(self, seconds: float) -> None:
        """Set how many seconds are kept."""
        before, self._seconds = self._seconds, seconds
        followed = self._followed
        if followed is not None and seconds > 0:
            followed[0].buffer.seconds = seconds
        elif (before > 0) != (seconds > 0):
            self.follow(self._run)

    @property
    def held_s(self) -> float:
        """How many seconds can be saved now."""
        followed = self._followed
        return followed[0].buffer.held_s if followed is not None else 0.0

    def save(self, folder: Path, model: str) -> None:
        """Save what is held to a new file in ``folder``, with the ``model`` in its metadata; a notice says where it
        is.
        """
        followed = self._followed
        if self._seconds <= 0:
            self._fail("No replay is kept. Choose in the preferences how many seconds it should be.")
        elif followed is None or followed[0].buffer.is_empty:
            self._fail("There is nothing to save yet. Open a camera or a file first.")
        else:
            self._begin(followed[0].buffer, folder, model)

    def _begin(self, buffer: "ReplayBuffer", folder: Path, model: str) -> None:
        from video_labeler.movie.recording_options import RecordingOptions

        options = RecordingOptions(subtitles=True, metadata={"model": model} if model else {})
        targets: list[Path] = []

        def save(_: object) -> Path:
            # One after the other, so that each finds the name of the one before taken.
            with self._writing:
                targets.append(target := new_target(folder, (), _WORD))
                buffer.save(target, options)
            return target

        file = self._saving.begin(folder / _WORD, ends=True)
        BackgroundTask(
            "save replay",
            save,
            failing="The replay could not be saved",
            on_success=lambda target: self._notices.add(NoticeKind.REPLAY_SAVED, f"Saved {target.name}.", target),
            # What had arrived by then may be there all the same.
            on_failure=lambda text: self._fail(text, next((path for path in targets if path.exists()), None)),
            on_end=lambda: self._saving.done(file),
        ).start()

    def _fail(self, text: str, path: Path | None = None) -> None:
        self._notices.add(NoticeKind.REPLAY_FAILED, text, path)

    def _ended(self, failure: Exception | None) -> None:
        if failure is not None:
            self._notices.problem(logged_failure(failure, "What is shown cannot be kept for a replay"))
