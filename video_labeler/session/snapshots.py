"""Saves what is shown at one moment as a picture with its labels."""

import threading
from pathlib import Path

from video_labeler.errors import VideoLabelerError
from video_labeler.frames import LabeledFrame, StageTimes
from video_labeler.session.notices import NoticeBox
from video_labeler.session.view import NoticeKind, SessionView
from video_labeler.sources.naming import named_source


class Snapshots:
    """Saves in a thread of its own; a notice tells what came of it."""

    def __init__(self, notices: NoticeBox) -> None:
        self._notices = notices
        self._thread: threading.Thread | None = None

    def save(self, view: SessionView, folder: Path) -> None:
        """Save what ``view`` shows. Returns at once."""
        labeled = view.labeled
        if labeled is None and view.newest is not None:
            labeled = LabeledFrame(view.newest, (), StageTimes(view.newest.captured_s))
        if labeled is None:
            self._notices.problem("There is no picture to save yet.")
            return
        name = view.info.name if view.info else named_source(view.source or "").short
        arguments = (labeled, folder, name, view.models.labeler)
        self._thread = threading.Thread(target=self._save, args=arguments, name="snapshot", daemon=True)
        self._thread.start()

    def wait(self, timeout_s: float) -> None:
        """Wait for the last one, ``timeout_s`` seconds at the most."""
        if self._thread is not None:
            self._thread.join(timeout_s)

    def _save(self, labeled: LabeledFrame, folder: Path, name: str, model: str) -> None:
        from video_labeler.recording.snapshot import SnapshotNote, save_snapshot

        try:
            path = save_snapshot(labeled, folder, SnapshotNote(name, model))
        except VideoLabelerError as error:
            self._notices.problem(str(error))
        else:
            self._notices.add(NoticeKind.SNAPSHOT_SAVED, f"Saved {path.name}.", path)
