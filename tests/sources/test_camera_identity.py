"""That a camera which comes back is the one that went, and that what is said of a camera is so."""

import errno
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from video_labeler.commands.cameras import command as cameras_command
from video_labeler.diagnosis import Health, diagnose
from video_labeler.errors import SourceError, SourceNotFoundError, SourceUnavailableError
from video_labeler.kiosk.check.camera_trial import try_camera
from video_labeler.pixels import Image
from video_labeler.settings import CameraSettings
from video_labeler.sources import camera_trouble, v4l2_node
from video_labeler.sources.base import SourceState
from video_labeler.sources.camera import Camera, CameraPort
from video_labeler.sources.camera_list import CameraDevice, Lasting, find_again
from video_labeler.sources.live import LiveSource

A1 = CameraDevice(0, "Desk Cam", "/dev/v4l/by-id/usb-Desk_A1", "/dev/video0", port="port1")
B2 = CameraDevice(2, "Desk Cam", "/dev/v4l/by-id/usb-Desk_B2", "/dev/video2", port="port2")
"""Equal, but for their serial numbers."""

ONE = CameraDevice(0, "Twin", "port1", "/dev/video0", port="port1", has_serial=False)
TWO = CameraDevice(2, "Twin", "port2", "/dev/video2", port="port2", has_serial=False)
"""Equal, without serial numbers."""

CARD = CameraDevice(0, "Virtual Cam", "Virtual Cam", "/dev/video0")
"""Nothing but a name."""


def at(camera: CameraDevice, number: int, **changes: Any) -> CameraDevice:
    path = f"/dev/video{number}"
    stable_id = path if camera.lasting is Lasting.NUMBER else camera.stable_id
    return replace(camera, **{"index": number, "path": path, "stable_id": stable_id, **changes})


def moved(camera: CameraDevice, number: int, port: str) -> CameraDevice:
    stable_id = port if camera.lasting is Lasting.PORT else camera.stable_id
    return at(camera, number, port=port, stable_id=stable_id)


SHARED = replace(ONE, stable_id="/dev/v4l/by-id/usb-Twin")
"""The first twin while it is alone: by-id then leads to it."""


@pytest.mark.parametrize(
    ("lost", "there", "found"),
    [
        (A1, (at(B2, 0), at(A1, 2)), 1),
        (A1, (at(B2, 0),), None),
        (A1, (moved(A1, 5, "port9"),), 0),
        (A1, (moved(B2, 0, "port1"),), None),
        (ONE, (at(TWO, 0), at(ONE, 2)), 1),
        (ONE, (at(TWO, 0),), None),
        (ONE, (at(TWO, 0, stable_id="/dev/v4l/by-id/usb-Twin"),), None),
        (ONE, (at(ONE, 7, stable_id="/dev/v4l/by-id/usb-Twin"),), 0),
        (ONE, (at(ONE, 0, name="Something else"),), None),
        (SHARED, (moved(SHARED, 4, "port9"),), 0),
        (SHARED, (TWO, at(ONE, 4)), 1),
        (CARD, (at(CARD, 3),), 0),
        (CARD, (CameraDevice(0, "Other", "Other", "/dev/video0"),), None),
        (CARD, (at(CARD, 3, stable_id="/dev/video3"), at(CARD, 4, stable_id="/dev/video4")), None),
        (CARD, (A1,), None),
        (CARD, (), None),
    ],
)
def test_a_camera_is_found_again_or_none_is(
    lost: CameraDevice, there: tuple[CameraDevice, ...], found: int | None
) -> None:
    assert find_again(lost, there) == (None if found is None else there[found])


def test_what_was_there_beside_it_is_not_the_lost_one() -> None:
    second = moved(SHARED, 4, "port9")
    assert find_again(SHARED, (second,), {"/dev/video4"}) is None
    assert find_again(SHARED, (second,)) is second
    one, other = (at(CARD, number, stable_id=f"/dev/video{number}") for number in (1, 2))
    assert find_again(one, (other,), {"/dev/video2"}) is None
    assert find_again(one, (other, at(one, 5)), {"/dev/video2"}) == at(one, 5)


class FakeCapture:
    """Gives the pictures that it is told to, or fails."""

    def __init__(self, pictures: Callable[[int], Image | None] | None = None, opened: bool = True) -> None:
        self._pictures = pictures or moving
        self._opened = opened
        self._count = 0
        self.released = False

    def isOpened(self) -> bool:  # noqa: N802
        return self._opened

    def set(self, _: int, __: float) -> bool:
        return True

    def get(self, _: int) -> float:
        return 30.0

    def read(self) -> tuple[bool, Image | None]:
        self._count += 1
        image = self._pictures(self._count)
        return image is not None, image

    def release(self) -> None:
        self.released = True


def moving(count: int) -> Image:
    return np.full((48, 64, 3), 100 + count % 50, np.uint8)


class Room:
    """Cameras that are plugged in and out; what was opened is kept."""

    def __init__(self, folder: Path, *cameras: CameraDevice) -> None:
        self.folder = folder
        self.there: list[CameraDevice] = []
        self.opened: list[CameraDevice] = []
        self.pictures: Callable[[int], Image | None] = moving
        for camera in cameras:
            self.plug(camera)

    def plug(self, camera: CameraDevice) -> CameraDevice:
        path = self.folder / f"video{camera.index}"
        path.touch()
        stable_id = str(path) if camera.lasting is Lasting.NUMBER else camera.stable_id
        self.there.append(replace(camera, path=str(path), stable_id=stable_id))
        return self.there[-1]

    def unplug(self) -> None:
        for camera in self.there:
            Path(str(camera.path)).unlink()
        self.there.clear()

    def capture(self, camera: CameraDevice) -> FakeCapture:
        self.opened.append(camera)
        return FakeCapture(lambda count: self.pictures(count) if camera in self.there else None)

    def port(self, device: str) -> CameraPort:
        return CameraPort(device, CameraSettings(), lambda: tuple(self.there), self.capture)


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return Room(tmp_path)


def test_a_number_means_that_camera_at_the_start_and_the_same_camera_ever_after(room: Room) -> None:
    first = room.plug(ONE)
    room.plug(TWO)
    port = room.port("0")
    port.open()
    room.unplug()
    room.plug(at(TWO, 0))
    with pytest.raises(SourceNotFoundError, match=r"Twin is no longer connected\. 0 is another camera now \(Twin\)\."):
        port.open()
    again = room.plug(at(ONE, 2))
    port.open()
    assert room.opened == [first, again]


def test_a_second_camera_of_the_same_kind_never_takes_the_place_of_the_first(room: Room) -> None:
    room.plug(SHARED)
    port = room.port("Twin")
    port.open()
    room.unplug()
    room.plug(moved(SHARED, 2, "port2"))
    for _ in range(3):
        with pytest.raises(SourceNotFoundError, match="is no longer connected"):
            port.open()
    third = room.plug(moved(SHARED, 4, "port3"))
    assert port.open().info.name == "Twin"
    assert room.opened[-1] == third


def test_a_number_that_changes_hands_while_it_is_opened_is_let_go(room: Room) -> None:
    room.plug(A1)

    def capture(camera: CameraDevice) -> FakeCapture:
        room.unplug()
        room.plug(at(B2, 0))
        taken.append(FakeCapture())
        return taken[-1]

    taken: list[FakeCapture] = []
    port = CameraPort("0", CameraSettings(), lambda: tuple(room.there), capture)
    with pytest.raises(SourceUnavailableError, match="has just got another number"):
        port.open()
    assert taken[0].released


@pytest.mark.skipif(sys.platform == "win32", reason="device files")
def test_disconnected_is_said_when_the_device_is_gone_and_only_then(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    room.plug(A1)
    connection = room.port("0").open()
    assert connection.read() is not None
    room.pictures = lambda _: None
    with pytest.raises(SourceUnavailableError, match="still connected, but its driver has stopped giving pictures"):
        read_until_it_fails(connection.read)
    room.pictures = moving
    connection = room.port("0").open()
    room.unplug()
    connection.read()
    with pytest.raises(SourceUnavailableError, match="has been disconnected"):
        connection.read()


def test_a_number_that_another_camera_has_got_is_a_disconnection_too(room: Room) -> None:
    room.plug(A1)
    connection = room.port("0").open()
    connection.read()
    room.unplug()
    (room.folder / "filler").touch()
    room.plug(at(B2, 0))
    with pytest.raises(SourceUnavailableError, match="has been disconnected"):
        connection.read()


def test_a_damaged_picture_now_and_then_is_no_disconnection(room: Room) -> None:
    room.plug(A1)
    room.pictures = lambda count: None if count % 3 == 1 else moving(count)
    with Camera("0", cameras=lambda: tuple(room.there), capture=room.capture) as camera:
        camera.open()
        frames = [camera.read(0.5) for _ in range(12)]
        assert all(frame is not None for frame in frames)
        assert camera.reconnects == 0
        assert camera.status.state is SourceState.RUNNING


def read_until_it_fails(read: Callable[[], Image | None]) -> None:
    for _ in range(500):
        read()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux only")
@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (OSError(errno.EBUSY, "Device or resource busy"), "is in use by another program"),
        (OSError(errno.ENODEV, "No such device"), "has been disconnected"),
        (OSError(errno.EIO, "Input/output error"), "does not start it (Input/output error)"),
        (None, "its driver does not start it. Unplug it"),
    ],
)
def test_why_a_camera_does_not_open_is_said_as_far_as_it_is_known(
    room: Room, monkeypatch: pytest.MonkeyPatch, answer: OSError | None, words: str
) -> None:
    room.plug(A1)
    monkeypatch.setattr(v4l2_node, "why_not_started", lambda _: answer)
    port = CameraPort("0", CameraSettings(), lambda: tuple(room.there), lambda _: FakeCapture(opened=False))
    with pytest.raises(SourceUnavailableError) as caught:
        port.open()
    assert words in str(caught.value)
    assert ("in use" in str(caught.value)) is ("in use" in words)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux only")
def test_the_program_that_has_the_camera_open_is_named(room: Room) -> None:
    camera = room.plug(A1)
    port = CameraPort("0", CameraSettings(), lambda: tuple(room.there), lambda _: FakeCapture(opened=False))
    with Path(str(camera.path)).open("rb") as held, subprocess.Popen(["sleep", "60"], stdin=held) as other:
        try:
            with pytest.raises(SourceUnavailableError, match="is in use by sleep"):
                port.open()
        finally:
            other.kill()


@pytest.fixture
def forbidden(room: Room, monkeypatch: pytest.MonkeyPatch) -> Iterator[CameraDevice]:
    """A camera that this user may not use, and the only one."""
    camera = room.plug(A1)
    Path(str(camera.path)).chmod(0o660)
    monkeypatch.setattr(os, "access", lambda *_: False)
    monkeypatch.setattr(Path, "group", lambda _: "video")
    monkeypatch.setattr(camera_trouble, "_is_member", lambda _: False)
    for module in ("video_labeler.sources.camera_list", "video_labeler.kiosk.check.camera_trial"):
        monkeypatch.setattr(f"{module}.list_cameras", lambda: (camera,))
    monkeypatch.setattr("video_labeler.sources.camera.list_cameras", lambda: (camera,))
    return camera


def test_without_permission_every_place_says_what_to_do(
    forbidden: CameraDevice, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("video_labeler.diagnosis._labelling", lambda: "")
    finding = next(finding for finding in diagnose() if finding.subject == "Cameras")
    assert finding.health is Health.LIMITED
    assert finding.found == "0: Desk Cam (no permission)"
    assert "sudo usermod -aG video $USER" in finding.advice
    cameras_command.main([], standalone_mode=False)
    assert "sudo usermod -aG video $USER" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("mode", "group", "is_member", "words"),
    [
        (0o660, "video", True, "log out and in again"),
        (0o660, "root", False, "sudo chgrp video"),
        (0o600, "video", False, "chmod g+rw"),
        (0o660, "camera", False, "sudo usermod -aG camera $USER"),
    ],
)
def test_the_way_in_fits_the_device_file(
    forbidden: CameraDevice, monkeypatch: pytest.MonkeyPatch, mode: int, group: str, is_member: bool, words: str
) -> None:
    Path(str(forbidden.path)).chmod(mode)
    monkeypatch.setattr(Path, "group", lambda _: group)
    monkeypatch.setattr(camera_trouble, "_is_member", lambda _: is_member)
    assert words in str(camera_trouble.permission_trouble(forbidden))


def test_the_morning_check_advises_what_fits(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    def finding(error: SourceError) -> tuple[str, str]:
        def fails(*_: object) -> object:
            raise error

        monkeypatch.setattr("video_labeler.kiosk.check.camera_trial.source_from_text", fails)
        found = try_camera("0", CameraSettings())
        return found.found, found.advice

    said = "Desk Cam is in use by zoom. Close that program and try again."
    assert finding(SourceUnavailableError(said)) == (f"none answers. {said}", "")
    assert "Plug it in" in finding(SourceNotFoundError("There is no camera 0."))[1]


@pytest.mark.parametrize(
    ("camera", "words"),
    [
        (A1, "always the same: /dev/v4l/by-id/usb-Desk_A1"),
        (SHARED, "the same while no second camera of its model is plugged in"),
        (ONE, "the same while it stays in this port"),
        (CARD, "the same while no other has its name"),
        (replace(CARD, stable_id="/dev/video0"), "may be another camera after the next start: /dev/video0"),
    ],
)
def test_the_list_promises_no_more_than_is_true(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], camera: CameraDevice, words: str
) -> None:
    monkeypatch.setattr("video_labeler.sources.camera_list.list_cameras", lambda: (camera,))
    cameras_command.main([], standalone_mode=False)
    assert words in capsys.readouterr().out


@pytest.mark.parametrize(("wanted_s", "taken_s"), [(5.0, 0.5), (0.2, 0.2)])
def test_a_camera_that_comes_back_is_not_waited_for_long(
    monkeypatch: pytest.MonkeyPatch, wanted_s: float, taken_s: float
) -> None:
    pauses: list[float] = []

    def made(*_: object, longest_pause_s: float, **__: object) -> None:
        pauses.append(longest_pause_s)

    monkeypatch.setattr(LiveSource, "__init__", made)
    Camera(0, CameraSettings(longest_pause_s=wanted_s))
    assert pauses == [taken_s]
