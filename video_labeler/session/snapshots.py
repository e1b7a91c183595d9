"""Saves what is shown at one moment as a picture with its labels."""

import threading
from pathlib import Path
from typing import TYPE_CHECKING

from video_labeler.errors import VideoLabelerError
from video_labeler.frames import LabeledFrame, StageTimes
from video_labeler.session.notices import NoticeBox
from video_labeler.session.saving import FileInTheMaking, Saving
from video_labeler.session.view import NoticeKind, SessionView
from video_labeler.sources.naming import named_source

if TYPE_CHECKING:
    from video_labeler.recording.snapshot import SnapshotNote


class Snapshots:
    """Saves in a thread of its own; a notice tells what came of it."""

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
        name = view.info.name if view.info else named_source(view.source or "").short
        from video_labeler.recording.snapshot import SnapshotNote

        note = SnapshotNote(name, view.models.labeler)
        file = self._saving.begin(folder / "Picture", ends=True)
        arguments = (labeled, folder, note, file)
        threading.Thread(target=self._save, args=arguments, name="snapshot", daemon=True).start()

    def _save(self, labeled: LabeledFrame, folder: Path, note: "SnapshotNote", file: FileInTheMaking) -> None:
        from video_labeler.recording.snapshot import save_snapshot

        try:
            path = save_snapshot(labeled, folder, note)
        except VideoLabelerError as error:
            self._notices.problem(str(error))
        else:
            self._notices.add(NoticeKind.SNAPSHOT_SAVED, f"Saved {path.name}.", path)
        finally:
            self._saving.done(file)
