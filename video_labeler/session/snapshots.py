"""Saves the current picture with its labels."""

from pathlib import Path

from video_labeler.frames import LabeledFrame, StageTimes
from video_labeler.session.notices import NoticeBox
from video_labeler.session.saving import Saving
from video_labeler.session.view import NoticeKind, SessionView
from video_labeler.system.background_task import BackgroundTask


class Snapshots:
    """Saves in a background thread; a notice reports the outcome."""

    def __init__(self, notices: NoticeBox, saving: Saving) -> None:
        self._notices = notices
        self._saving = saving

    def save(self, view: SessionView, folder: Path) -> None:
        """Save what ``view`` shows. Returns at once."""
        labeled = view.labeled
        if labeled is None and view.newest is not None:
            labeled = LabeledFrame(view.newest, (), StageTimes(view.newest.captured_s))
        if labeled is None:
            self._notices.problem("There is no picture to save yet.")
            return
        short = view.named.short if view.named else ""
        from video_labeler.recording.snapshot import SnapshotNote, save_snapshot

        note = SnapshotNote(view.info.name if view.info else short, view.models.labeler)
        file = self._saving.begin(folder / "Picture", ends=True)
        BackgroundTask(
            "snapshot",
            lambda _: save_snapshot(labeled, folder, note),
            failing="The picture could not be saved",
            on_success=lambda path: self._notices.add(NoticeKind.SNAPSHOT_SAVED, f"Saved {path.name}.", path),
            on_failure=self._notices.problem,
            on_end=lambda: self._saving.done(file),
        ).start()
