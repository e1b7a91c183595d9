import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PyQt6.QtCore import Qt, QTimer
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication

from tests.window.kiosk.fake_stand import FakePulse, FakeStand, session_of, stand_view
from video_labeler.kiosk.exit_pin import TRIES_NAME
from video_labeler.kiosk.scene import Scene
from video_labeler.settings import KioskSettings, Settings
from video_labeler.window.kiosk import kiosk_run
from video_labeler.window.kiosk.application import run_card, run_kiosk
from video_labeler.window.kiosk.guarded_window import GuardedWindow

CHORD = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


@pytest.fixture(autouse=True)
def _no_desktop(monkeypatch: pytest.MonkeyPatch, qapp: QApplication) -> Iterator[None]:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "disabled:")
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", "disabled:")
    quits = qapp.quitOnLastWindowClosed()
    style = qapp.style()
    yield
    qapp.setQuitOnLastWindowClosed(quits)
    assert style is not None


@contextmanager
def meanwhile(milliseconds: int, call: Callable[[], object]) -> Iterator[None]:
    """Call something while the kiosk runs, and end the kiosk in any case after a while."""
    timers = []
    for wait_ms, what in ((milliseconds, call), (20_000, QApplication.quit)):
        timer = QTimer()
        timer.setSingleShot(True)
        timer.timeout.connect(what)
        timer.start(wait_ms)
        timers.append(timer)
    yield
    for timer in timers:
        timer.stop()


def the_window() -> GuardedWindow:
    return next(window for window in QApplication.topLevelWidgets() if isinstance(window, GuardedWindow)
                and window.isVisible())  # fmt: skip


def kiosk(stand: FakeStand, pulse: FakePulse, settings: Settings | None = None) -> int:
    def make(source: str | None, settings: Settings, kinds: object) -> FakeStand:
        assert (source, kinds) == ("0", {"Bottle": 2})
        return stand

    return run_kiosk(settings or Settings(), "0", pulse, {"Bottle": 2}, make_stand=make)


def test_it_is_ready_beats_and_ends_with_the_exit_keys() -> None:
    stand, pulse = FakeStand(), FakePulse()

    def press() -> None:
        QTest.keyClick(the_window(), Qt.Key.Key_S, CHORD)
        QTest.keyClick(the_window(), Qt.Key.Key_Q, CHORD)

    with meanwhile(1600, press):
        assert kiosk(stand, pulse) == 0
    assert pulse.calls[0] == "ready"
    assert pulse.calls.count("ready") == 1
    assert pulse.calls.count("beat") >= 2
    assert pulse.calls[-1] == "leave"
    assert stand.calls == ["start", "save_replay", "close"]
    assert stand.looks > 10
    assert pulse.scenes[0] is Scene.LIVE


def test_the_supervisors_end_ends_it_without_leave() -> None:
    stand, pulse = FakeStand(), FakePulse()

    def orphan() -> None:
        assert pulse.orphaned is not None
        thread = threading.Thread(target=pulse.orphaned)
        thread.start()
        thread.join()

    with meanwhile(300, orphan):
        assert kiosk(stand, pulse) == 0
    assert "leave" not in pulse.calls
    assert stand.calls[-1] == "close"


def test_a_supervisor_that_has_gone_before_the_window_came_ends_it_too() -> None:
    class Orphaned(FakePulse):
        def on_orphaned(self, callback: Callable[[], None]) -> None:
            thread = threading.Thread(target=callback)
            thread.start()
            thread.join()

    stand = FakeStand()
    with meanwhile(15_000, lambda: pytest.fail("it went on")):
        assert kiosk(stand, Orphaned()) == 0
    assert stand.calls[-1] == "close"


def test_wrong_pins_are_noted_for_the_next_life(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kiosk_run, "kiosk_folder", lambda: tmp_path)

    def press() -> None:
        QTest.keyClick(the_window(), Qt.Key.Key_Q, CHORD)
        QTest.keyClicks(the_window(), "1111")
        QTest.keyClick(the_window(), Qt.Key.Key_Return)
        signal.raise_signal(signal.SIGTERM)

    with meanwhile(100, press):
        kiosk(FakeStand(), FakePulse(), Settings(kiosk=KioskSettings(exit_pin="2580")))
    assert [path.name for path in tmp_path.iterdir()] == [TRIES_NAME]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals between processes")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_polite_signal_ends_it(number: signal.Signals) -> None:
    stand, pulse = FakeStand(), FakePulse()
    before = signal.getsignal(number)
    with meanwhile(300, lambda: os.kill(os.getpid(), number)):
        assert kiosk(stand, pulse) == 0
    assert signal.getsignal(number) == before
    assert stand.calls[-1] == "close"


@pytest.mark.logs_error("The stand cannot be ")
def test_a_stand_that_fails_gives_no_beat_and_no_live_picture(caplog: pytest.LogCaptureFixture) -> None:
    stand, pulse = FakeStand(), FakePulse()
    scenes = []

    def fail() -> None:
        stand.failing = True
        pulse.calls.clear()

    def look() -> None:
        from video_labeler.window.kiosk.stage_view import StageView

        scenes.append(the_window().findChild(StageView).painted_scene)
        QTest.keyClick(the_window(), Qt.Key.Key_Q, CHORD)

    with meanwhile(400, fail), meanwhile(3000, look):
        assert kiosk(stand, pulse) == 0
    # One beat may tell of what went well before, and one comes with the leave-taking.
    assert pulse.calls.count("beat") <= 2
    assert scenes == [Scene.WAIT]
    assert sum("cannot be polled" in record.getMessage() for record in caplog.records) == 1


@pytest.mark.logs_error("A device hangs")
def test_a_stuck_device_ends_it_with_a_code_that_asks_for_a_restart() -> None:
    stand, pulse = FakeStand(), FakePulse()
    stand.is_stuck = True
    with meanwhile(15_000, lambda: pytest.fail("it went on")):
        assert kiosk(stand, pulse) != 0
    assert "leave" not in pulse.calls


def test_a_stand_that_cannot_start_is_closed() -> None:
    class Broken(FakeStand):
        def start(self) -> None:
            raise RuntimeError("no models")

    stand = Broken()
    with pytest.raises(RuntimeError, match="no models"):
        kiosk(stand, FakePulse())
    assert stand.calls == ["close"]


def test_a_wait_view_makes_it_ready_too() -> None:
    stand, pulse = FakeStand(stand_view(Scene.WAIT, shown=session_of())), FakePulse()
    with meanwhile(300, lambda: QTest.keyClick(the_window(), Qt.Key.Key_Q, CHORD)):
        assert kiosk(stand, pulse) == 0
    assert pulse.calls[0] == "ready"


def test_the_card_ends_with_the_exit_keys_and_the_supervisor() -> None:
    pulse = FakePulse()
    settings = Settings(kiosk=KioskSettings(exhibitor="Musterwerke"))
    with meanwhile(200, lambda: QTest.keyClick(the_window(), Qt.Key.Key_Q, CHORD)):
        assert run_card(settings, "The camera hangs.", pulse) == 0
    assert pulse.calls == ["leave"]
    pulse = FakePulse()
    with meanwhile(200, lambda: pulse.orphaned and pulse.orphaned()):
        assert run_card(None, "The camera hangs.", pulse) == 0
    assert pulse.calls == []


def test_the_card_needs_neither_opencv_nor_models() -> None:
    code = """
import sys
from video_labeler.settings import Settings
from video_labeler.window.kiosk.application import run_card
from PyQt6.QtCore import QTimer
for name in ("cv2", "numpy", "av", "ai_edge_litert", "tensorflow"):
    sys.modules[name] = None
class Pulse:
    def on_orphaned(self, callback): QTimer.singleShot(300, callback)
print(run_card(Settings(), "Nothing works.", Pulse()))
"""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "DBUS_SESSION_BUS_ADDRESS": "disabled:",
                   "DBUS_SYSTEM_BUS_ADDRESS": "disabled:"}  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stdout.strip() == "0", done.stderr
