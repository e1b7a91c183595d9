"""The recording of a stand goes on in file after file, and comes back after a failure."""

from dataclasses import replace
from pathlib import Path

from tests.window.fake_session import FakeSession, running_view
from video_labeler.kiosk.recording_keeper import RecordingKeeper
from video_labeler.session.view import RecordingView, SessionView
from video_labeler.settings import KioskSettings

IDLE = running_view(newest=None)
RUNNING = running_view()


class Keeping:
    """A keeper, its session, and a clock that a test moves."""

    def __init__(self, folder: Path, **settings: float) -> None:
        self.session = FakeSession()
        self.now_s = 100.0
        self.keeper = RecordingKeeper(
            self.session, KioskSettings(record=True, **settings), folder, clock=lambda: self.now_s
        )

    def look(self, view: SessionView, *, seconds: float = 0.0) -> None:
        """Look ten times a second for so long."""
        for _ in range(max(1, round(seconds * 10))):
            self.keeper.look(view)
            self.now_s += 0.1

    @property
    def begun(self) -> int:
        return len(self.session.asked("start_recording"))


def recorded(seconds: float, size: int = 1000) -> SessionView:
    return replace(RUNNING, recording=RecordingView(Path("Video.mp4"), seconds, size, 10**10))


def test_it_begins_with_the_first_picture_and_only_once(tmp_path: Path) -> None:
    keeping = Keeping(tmp_path)
    keeping.look(IDLE, seconds=10)
    assert keeping.begun == 0
    keeping.look(RUNNING)
    keeping.look(recorded(0.5), seconds=60)
    assert keeping.session.asked("start_recording") == [(tmp_path,)]
    assert keeping.session.asked("stop_recording") == []


def test_after_its_length_it_continues_in_the_next_file(tmp_path: Path) -> None:
    keeping = Keeping(tmp_path, record_minutes=1)
    keeping.look(RUNNING)
    keeping.look(recorded(59), seconds=59)
    keeping.look(recorded(60.1), seconds=1)
    assert [call[0] for call in keeping.session.calls] == ["start_recording", "stop_recording", "start_recording"]


def test_one_that_ends_by_itself_is_tried_again_with_growing_pauses(tmp_path: Path) -> None:
    keeping = Keeping(tmp_path)
    keeping.look(RUNNING, seconds=600)
    assert 12 <= keeping.begun <= 16
    keeping.look(recorded(6))
    before = keeping.begun
    keeping.look(RUNNING, seconds=3)
    keeping.look(recorded(6), seconds=61)
    keeping.look(RUNNING, seconds=3)
    assert keeping.begun > before, "after one that ran well the pauses are short again"
