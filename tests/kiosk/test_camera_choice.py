"""Which camera a stand shows, and what it does when that fails."""

from dataclasses import dataclass

from tests.window.fake_session import IDLE, FakeSession, running_view
from video_labeler.kiosk.camera_choice import CameraChoice
from video_labeler.session.view import SessionView
from video_labeler.sources.base import SourceState, SourceStatus
from video_labeler.sources.camera_list import CameraDevice


@dataclass
class Watch:
    cameras: tuple[CameraDevice, ...] = ()
    listed: bool = True


FIRST = CameraDevice(0, "Integrated camera", "by-id/first")
SECOND = CameraDevice(2, "Plugged camera", "by-id/second")


class Choosing:
    def __init__(self, source: str | None = None, *cameras: CameraDevice) -> None:
        self.session = FakeSession()
        self.now_s = 100.0
        self.watch = Watch(cameras)
        watch = self.watch if source is None else None
        self.choice = CameraChoice(self.session, source, watch, clock=lambda: self.now_s)

    def look(self, view: SessionView, seconds: float = 0.0) -> list[str]:
        """The sources that are opened while it looks ten times a second for so long."""
        before = len(self.session.calls)
        for _ in range(max(1, round(seconds * 10))):
            self.choice.look(view)
            self.now_s += 0.1
        return [call[1] for call in self.session.calls[before:]]


def shows(
    source: str, state: SourceState = SourceState.RUNNING, message: str = "", since_s: float = 0.0
) -> SessionView:
    return running_view(source=source, status=SourceStatus(state, since_s, message))


def test_the_named_source_is_opened_once() -> None:
    choosing = Choosing("http://camera/")
    assert choosing.look(IDLE) == ["http://camera/"]
    assert choosing.look(shows("http://camera/"), 10) == []
    assert choosing.look(shows("http://camera/", SourceState.RECONNECTING, "It is gone. Trying again."), 10) == []


def test_one_that_failed_for_good_is_opened_again_and_again() -> None:
    choosing = Choosing("camera of yesterday")
    failed = shows("camera of yesterday", SourceState.CLOSED, "Nothing goes by that name.")
    choosing.look(IDLE)
    assert 8 <= len(choosing.look(failed, 10)) <= 10


def test_without_a_name_the_first_camera_is_taken_when_it_comes() -> None:
    choosing = Choosing()
    assert choosing.look(IDLE, 5) == []
    assert choosing.choice.trouble(IDLE) == "No camera was found. Plug one in."
    choosing.watch.cameras = (FIRST, SECOND)
    assert choosing.look(IDLE) == [FIRST.stable_id]


def test_before_the_cameras_are_listed_nothing_is_wrong() -> None:
    choosing = Choosing()
    choosing.watch.listed = False
    assert choosing.choice.trouble(IDLE) == ""


def test_another_camera_is_taken_when_the_first_is_unplugged() -> None:
    choosing = Choosing(None, FIRST)
    choosing.look(IDLE)
    assert choosing.look(shows(FIRST.stable_id), 5) == []
    gone = shows(FIRST.stable_id, SourceState.RECONNECTING, "It is gone.")
    choosing.watch.cameras = ()
    assert choosing.look(gone, 5) == [], "it may come back"
    choosing.watch.cameras = (SECOND,)
    assert choosing.look(gone) == [SECOND.stable_id]
    choosing.watch.cameras = (FIRST, SECOND)
    assert choosing.look(shows(SECOND.stable_id), 5) == [], "what delivers is kept"


def test_a_camera_that_delivers_is_kept_though_the_list_lacks_it() -> None:
    choosing = Choosing(None, FIRST)
    choosing.look(IDLE)
    choosing.watch.cameras = (SECOND,)
    assert choosing.look(shows(FIRST.stable_id), 5) == []


def test_trouble_is_reported_after_a_moment_only() -> None:
    choosing = Choosing("0")
    choosing.look(shows("0", SourceState.CONNECTING), 5)
    choosing.look(shows("0"), 5)
    assert not choosing.choice.is_lost
    broken = shows("0", SourceState.RECONNECTING, "The camera is gone. Trying again.")
    choosing.look(broken, 0.5)
    assert not choosing.choice.is_lost
    choosing.look(shows("0", SourceState.CONNECTING, "Connecting."), 1)
    assert choosing.choice.is_lost, "another try is no picture"
    assert choosing.choice.trouble(broken) == "The camera is gone. Trying again."
    choosing.look(shows("0"))
    assert not choosing.choice.is_lost


def test_only_a_driver_that_never_returns_is_stuck() -> None:
    choosing = Choosing("0")
    stalled = shows("0", SourceState.STALLED, "It sends no pictures.", since_s=100.0)
    choosing.now_s = 115.0
    assert not choosing.choice.is_stuck(stalled)
    choosing.now_s = 121.0
    assert choosing.choice.is_stuck(stalled)
    assert not choosing.choice.is_stuck(shows("0", SourceState.FROZEN, since_s=0.0))
