"""A picture that is being saved is waited for, and what comes of it is told, whatever fails."""

from pathlib import Path

import pytest

from tests.fakes import grey_frame
from tests.session.waiting import until
from video_labeler.errors import OutputError
from video_labeler.recording import snapshot
from video_labeler.session.notices import NoticeBox
from video_labeler.session.saving import Saving
from video_labeler.session.snapshots import Snapshots
from video_labeler.session.view import ModelState, ModelsView, NoticeKind, SessionView
from video_labeler.settings import LabelingSettings, ModelSettings
from video_labeler.sources.base import SourceState, SourceStatus


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OutputError("The disk is full."), "The disk is full."),
        pytest.param(
            ValueError("odd"),
            "The picture could not be saved (ValueError: odd). The log file says more.",
            marks=pytest.mark.logs_error("The picture could not be saved"),
        ),
    ],
)
def test_whatever_fails_is_told_and_nothing_stays_in_the_making(
    error: Exception, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> Path:
        raise error

    monkeypatch.setattr(snapshot, "save_snapshot", fail)
    notices, saving = NoticeBox(), Saving()
    view = SessionView(
        "demo",
        SourceStatus(SourceState.RUNNING),
        ModelsView(ModelState.READY, ModelSettings()),
        LabelingSettings(),
        newest=grey_frame(),
    )
    Snapshots(notices, saving).save(view, tmp_path)
    until(lambda: not saving.paths)
    (notice,) = notices.take()
    assert (notice.kind, notice.text) == (NoticeKind.PROBLEM, words)
