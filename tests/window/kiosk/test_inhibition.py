"""Screen saver and sleep are held off: by real calls over a real bus, by the X server, and by stand-ins elsewhere."""

import ctypes
import json
import logging
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from PyQt6.QtDBus import QDBusConnection

from tests.window.real_screen import x_server
from video_labeler.diagnosis import Health
from video_labeler.window.kiosk.inhibition import keep_awake, working_inhibitors
from video_labeler.window.kiosk.inhibition.__main__ import judge
from video_labeler.window.kiosk.inhibition.inhibitor import Inhibitor, InhibitorError
from video_labeler.window.kiosk.inhibition.linux_services import (
    GNOME_SESSION,
    LOGIND,
    POWER_MANAGEMENT,
    SCREEN_SAVER,
    CookieInhibitor,
    GnomeSessionInhibitor,
    LogindInhibitor,
)
from video_labeler.window.kiosk.inhibition.macos import PowerAssertionInhibitor
from video_labeler.window.kiosk.inhibition.message_bus import MessageBus
from video_labeler.window.kiosk.inhibition.windows import ExecutionStateInhibitor
from video_labeler.window.kiosk.inhibition.x11 import XsetInhibitor

_WAIT_S = 20.0
_SERVICES = Path(__file__).with_name("desktop_services.py")
_ALL = (SCREEN_SAVER.service, GNOME_SESSION.service, POWER_MANAGEMENT.service, LOGIND.service)
_COOKIE = 3_000_000_000
_REASON = "A stand is running"


class Services:
    """The desktop's services, and what they are asked."""

    def __init__(self, address: str, *words: str) -> None:
        self.process = subprocess.Popen(
            ["/usr/bin/python3", str(_SERVICES), address, *words], stdout=subprocess.PIPE, text=True
        )
        self.asked: list[list[Any]] = []
        self._thread = threading.Thread(target=self._read)
        self._thread.start()
        try:
            self.wait_for(["ready"])
        except AssertionError:
            self.stop()
            raise

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.asked.append(json.loads(line))

    def wait_for(self, asked: list[Any]) -> None:
        wait_for(lambda: asked in self.asked)

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()
        self._thread.join()
        assert self.process.stdout is not None
        self.process.stdout.close()


def wait_for(what: Callable[[], bool]) -> None:
    deadline_s = time.monotonic() + _WAIT_S
    while not what():
        assert time.monotonic() < deadline_s
        time.sleep(0.01)


@contextmanager
def message_bus(socket: Path) -> Iterator[str]:
    daemon = subprocess.Popen(
        ["dbus-daemon", "--session", "--nofork", "--print-address=1", f"--address=unix:path={socket}"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert daemon.stdout is not None
    try:
        yield daemon.stdout.readline().strip().partition(",")[0]
    finally:
        daemon.kill()
        daemon.wait()
        daemon.stdout.close()
        socket.unlink(missing_ok=True)


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """A message bus of our own."""
    if shutil.which("dbus-daemon") is None:
        pytest.skip("dbus-daemon not found: apt-get install dbus-daemon")
    if not Path("/usr/lib/python3/dist-packages/gi/__init__.py").exists():
        pytest.skip("GLib for Python not found: apt-get install python3-gi")
    with message_bus(tmp_path / "bus") as address:
        yield address


@contextmanager
def services(address: str, *words: str) -> Iterator[Services]:
    running = Services(address, *words)
    try:
        yield running
    finally:
        running.stop()


def inhibitors(address: str) -> list[Inhibitor]:
    """All of Linux's, on that bus."""

    def bus() -> MessageBus:
        return MessageBus(lambda name: QDBusConnection.connectToBus(address, name))

    return [
        CookieInhibitor(bus(), SCREEN_SAVER, screen=True, sleep=False),
        GnomeSessionInhibitor(bus(), GNOME_SESSION, screen=True, sleep=True),
        CookieInhibitor(bus(), POWER_MANAGEMENT, screen=False, sleep=True),
        LogindInhibitor(bus(), LOGIND, screen=False, sleep=True),
    ]


def test_every_service_that_is_there_is_asked_and_told_of_the_end(address: str) -> None:
    with services(address, *_ALL) as desktop:
        with keep_awake(_REASON, lambda: inhibitors(address)):
            desktop.wait_for([SCREEN_SAVER.interface, "Inhibit", "video-labeler", _REASON])
            desktop.wait_for([GNOME_SESSION.interface, "Inhibit", "video-labeler", 0, _REASON, 12])
            desktop.wait_for([POWER_MANAGEMENT.interface, "Inhibit", "video-labeler", _REASON])
            desktop.wait_for([LOGIND.interface, "Inhibit", "idle:sleep", "video-labeler", _REASON, "block"])
            time.sleep(0.2)
            assert len(desktop.asked) == 5, "nothing has ended yet, the file of systemd is open"
        desktop.wait_for([SCREEN_SAVER.interface, "UnInhibit", _COOKIE])
        desktop.wait_for([GNOME_SESSION.interface, "Uninhibit", _COOKIE])
        desktop.wait_for([POWER_MANAGEMENT.interface, "UnInhibit", _COOKIE])
        desktop.wait_for(["closed"])


def test_a_service_that_is_restarted_is_asked_again_and_others_are_not(address: str) -> None:
    with services(address, LOGIND.service) as other, services(address, SCREEN_SAVER.service) as first:
        with keep_awake(_REASON, lambda: inhibitors(address), look_every_s=0.02):
            first.wait_for([SCREEN_SAVER.interface, "Inhibit", "video-labeler", _REASON])
            first.stop()
            with services(address, SCREEN_SAVER.service, POWER_MANAGEMENT.service) as second:
                second.wait_for([SCREEN_SAVER.interface, "Inhibit", "video-labeler", _REASON])
                second.wait_for([POWER_MANAGEMENT.interface, "Inhibit", "video-labeler", _REASON])
                time.sleep(0.2)
                assert len(second.asked) == 3
        other.wait_for(["closed"])
        assert len(other.asked) == 3


def test_a_bus_that_is_restarted_is_found_again(tmp_path: Path, address: str) -> None:
    """As after a crash of the user's bus: names are given out from :1.0 again, so a service may have its old one."""
    socket = tmp_path / "other"
    asked = [LOGIND.interface, "Inhibit", "idle:sleep", "video-labeler", _REASON, "block"]
    with message_bus(socket) as bus, services(bus, LOGIND.service) as desktop:
        inhibitor = inhibitors(bus)[3]
        inhibitor.hold(_REASON)
        desktop.wait_for(asked)
    with message_bus(socket) as bus, services(bus, LOGIND.service) as desktop:
        inhibitor.hold(_REASON)
        desktop.wait_for(asked)
        inhibitor.release()
        desktop.wait_for(["closed"])


def test_a_service_that_never_answers_blocks_nobody(address: str) -> None:
    with services(address, "hang", SCREEN_SAVER.service) as deaf, services(address, LOGIND.service) as well:
        began_s = time.monotonic()
        with keep_awake(_REASON, lambda: inhibitors(address)):
            assert time.monotonic() - began_s < 10.0, "a bus waits for 25 s"
            well.wait_for([LOGIND.interface, "Inhibit", "idle:sleep", "video-labeler", _REASON, "block"])
        assert [SCREEN_SAVER.interface, "Inhibit", "video-labeler", _REASON] in deaf.asked


def test_what_works_is_known_and_not_held_on_to(address: str) -> None:
    with services(address, GNOME_SESSION.service, LOGIND.service) as desktop:
        assert [inhibitor.name for inhibitor in working_inhibitors(lambda: inhibitors(address))] == [
            GNOME_SESSION.service,
            LOGIND.service,
        ]
        desktop.wait_for([GNOME_SESSION.interface, "Uninhibit", _COOKIE])
        desktop.wait_for(["closed"])


def test_the_log_says_what_holds_once(address: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    with services(address, LOGIND.service):
        with keep_awake(_REASON, lambda: inhibitors(address), look_every_s=0.01):
            wait_for(lambda: bool(caplog.messages))
            time.sleep(0.1)
        (said,) = caplog.messages
        assert said.startswith("Nothing here keeps the screen on (org.freedesktop.ScreenSaver: ")
        caplog.clear()
        with services(address, SCREEN_SAVER.service), keep_awake(_REASON, lambda: inhibitors(address)):
            wait_for(lambda: bool(caplog.messages))
        assert caplog.messages == [
            f"The screen stays on, and the computer awake, by {SCREEN_SAVER.service}, {LOGIND.service}"
        ]


def test_the_check_says_it_from_a_process_of_its_own(address: str) -> None:
    buses = {"DBUS_SESSION_BUS_ADDRESS": address, "DBUS_SYSTEM_BUS_ADDRESS": address, "DISPLAY": ""}
    command = [sys.executable, "-m", "video_labeler.window.kiosk.inhibition"]

    def found() -> dict[str, str]:
        done = subprocess.run(command, env={**os.environ, **buses}, capture_output=True, timeout=60, check=True)
        result: dict[str, str] = json.loads(done.stdout)
        return result

    if sys.platform.startswith("linux"):
        assert found()["health"] == "limited"
        with services(address, *_ALL):
            assert found()["found"] == f"both can be held off ({', '.join(_ALL)})."
        buses["DBUS_SESSION_BUS_ADDRESS"] = "disabled:"
        assert found()["found"] == "neither can be held off."


def test_the_x_servers_own_saver_is_turned_off_and_put_back(monkeypatch: pytest.MonkeyPatch) -> None:
    missing = [name for name in ("Xvfb", "openbox", "xset") if shutil.which(name) is None]
    if missing:
        pytest.skip(f"{' and '.join(missing)} not found: apt-get install xvfb openbox x11-xserver-utils")

    def query() -> str:
        return subprocess.run(["xset", "q"], capture_output=True, text=True, check=True).stdout

    with x_server() as display:
        monkeypatch.setenv("DISPLAY", display)
        subprocess.run(["xset", "s", "500", "60"], check=True)
        inhibitor = XsetInhibitor()
        inhibitor.hold(_REASON)
        assert "timeout:  0 " in query()
        subprocess.run(["xset", "s", "on"], check=True)
        inhibitor.hold(_REASON)
        assert "timeout:  0 " in query(), "somebody had turned it on again"
        inhibitor.release()
        assert "timeout:  500    cycle:  60" in query()


_XSET = """#!/bin/sh
if [ "$1" = q ]; then cat "{state}"; exit; fi
echo "$*" >> "{calls}"
printf 'timeout:  0    cycle:  600\\nDPMS is Disabled\\n' > "{state}"
"""


@pytest.mark.skipif(sys.platform == "win32", reason="a script for a shell stands in for xset")
@pytest.mark.parametrize(
    ("found", "calls"),
    [
        ("timeout:  600    cycle:  600\nDPMS is Enabled\n", ["s off -dpms", "s 600 600 +dpms"]),
        ("timeout:  600    cycle:  300\nServer does not have the DPMS Extension\n", ["s off", "s 600 300"]),
        ("timeout:  0    cycle:  600\nDPMS is Disabled\n", []),
    ],
)
def test_power_saving_of_the_screen_is_turned_off_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, found: str, calls: list[str]
) -> None:
    (tmp_path / "state").write_text(found)
    (tmp_path / "calls").touch()
    (tmp_path / "xset").write_text(_XSET.format(state=tmp_path / "state", calls=tmp_path / "calls"))
    (tmp_path / "xset").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("DISPLAY", ":0")
    inhibitor = XsetInhibitor()
    inhibitor.hold(_REASON)
    inhibitor.hold(_REASON)
    inhibitor.release()
    inhibitor.release()
    assert (tmp_path / "calls").read_text().splitlines() == calls


def test_without_an_x_server_xset_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    with pytest.raises(InhibitorError):
        XsetInhibitor().hold(_REASON)


class _Fake(Inhibitor):
    def __init__(
        self, *, screen: bool = False, sleep: bool = False, fallback: bool = False, works: bool = True
    ) -> None:
        super().__init__("stand-in", screen=screen, sleep=sleep, is_fallback=fallback)
        self.works = works
        self.holds = False
        self.threads: set[int] = set()

    def hold(self, reason: str) -> None:
        self.threads.add(threading.get_ident())
        self.holds = self.works
        if not self.works:
            raise InhibitorError("it does not work")

    def release(self) -> None:
        self.threads.add(threading.get_ident())
        self.holds = False


def test_a_fallback_is_taken_only_where_nothing_else_keeps_the_screen() -> None:
    screen, fallback = _Fake(screen=True), _Fake(screen=True, fallback=True)
    with keep_awake(_REASON, lambda: [screen, fallback], look_every_s=0.01):
        wait_for(lambda: screen.holds)
        assert not fallback.holds
        screen.works = False
        wait_for(lambda: fallback.holds)
        screen.works = True
        wait_for(lambda: screen.holds and not fallback.holds)
    assert not screen.holds
    assert len(screen.threads) == 1, "Windows asks for one thread"
    assert threading.get_ident() not in screen.threads


@pytest.mark.parametrize(
    ("inhibitors", "health", "words"),
    [
        (
            [_Fake(screen=True), _Fake(sleep=True)],
            Health.WORKS,
            "both can be held off (stand-in, stand-in).",
        ),
        ([_Fake(screen=True)], Health.LIMITED, "the screen saver can be held off (stand-in), sleep cannot."),
        ([_Fake(sleep=True)], Health.LIMITED, "sleep can be held off (stand-in), the screen saver cannot."),
        ([], Health.LIMITED, "neither can be held off."),
    ],
)
def test_the_finding_says_what_is_missing(inhibitors: list[Inhibitor], health: Health, words: str) -> None:
    finding = judge(inhibitors)
    assert (finding.health, finding.found) == (health, words)
    assert bool(finding.advice) == (health is not Health.WORKS)


class _Kernel32:
    def __init__(self, answer: int = 1) -> None:
        self.answer = answer
        self.states: list[int] = []

    def SetThreadExecutionState(self, state: ctypes.c_uint) -> int:  # noqa: N802 - Windows' name
        self.states.append(state.value)
        return self.answer


def test_windows_is_told_that_the_display_is_needed() -> None:
    kernel32 = _Kernel32()
    inhibitor = ExecutionStateInhibitor(kernel32)
    inhibitor.release()
    inhibitor.hold(_REASON)
    inhibitor.release()
    assert kernel32.states == [0x80000003, 0x80000000]
    with pytest.raises(InhibitorError):
        ExecutionStateInhibitor(_Kernel32(0)).hold(_REASON)


class _CoreFoundation:
    def __init__(self) -> None:
        self.texts: dict[int, bytes] = {}

    def CFStringCreateWithCString(self, allocator: None, text: bytes, encoding: int) -> int:  # noqa: N802 - Apple's name
        assert encoding == 0x08000100
        self.texts[number := len(self.texts) + 1] = text
        return number

    def CFRelease(self, text: ctypes.c_void_p) -> None:  # noqa: N802
        assert text.value is not None
        del self.texts[text.value]


class _IOKit:
    def __init__(self, core_foundation: _CoreFoundation, answer: int = 0) -> None:
        self.core_foundation = core_foundation
        self.answer = answer
        self.held: list[tuple[bytes, int, bytes]] = []

    def IOPMAssertionCreateWithName(  # noqa: N802
        self, kind: ctypes.c_void_p, level: int, name: ctypes.c_void_p, number: Any
    ) -> int:
        assert kind.value is not None
        assert name.value is not None
        self.held.append((self.core_foundation.texts[kind.value], level, self.core_foundation.texts[name.value]))
        number._obj.value = 77
        return self.answer

    def IOPMAssertionRelease(self, number: ctypes.c_uint32) -> int:  # noqa: N802
        assert number.value == 77
        self.held.clear()
        return 0


def test_macos_holds_one_assertion_and_leaves_nothing_behind() -> None:
    core_foundation = _CoreFoundation()
    io_kit = _IOKit(core_foundation)
    inhibitor = PowerAssertionInhibitor(io_kit, core_foundation)
    inhibitor.hold(_REASON)
    inhibitor.hold(_REASON)
    assert io_kit.held == [(b"PreventUserIdleDisplaySleep", 255, _REASON.encode())]
    inhibitor.release()
    inhibitor.release()
    assert not io_kit.held
    assert not core_foundation.texts
    with pytest.raises(InhibitorError, match="error -536870199"):
        PowerAssertionInhibitor(_IOKit(core_foundation, -536870199), core_foundation).hold(_REASON)
    assert not core_foundation.texts
