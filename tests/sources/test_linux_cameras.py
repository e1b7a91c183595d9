"""What is listed as a camera on Linux: a made /sys, /dev and udev, and drivers of every kind behind them."""

import errno
import logging
import os
import shutil
import sys
from pathlib import Path

import pytest

if not sys.platform.startswith("linux"):
    pytest.skip("Linux only", allow_module_level=True)

from tests.sources.fake_driver import Can, FakeDriver, plug
from video_labeler.sources import linux_cameras as listing
from video_labeler.sources.camera_list import CameraDevice, Lasting
from video_labeler.sources.v4l2_node import ask_node, why_not_started

CAPTURE, PLANES = 1, 9
HD = {CAPTURE: [(1280, 720), (640, 480)]}
WEBCAM = FakeDriver(Can.VIDEO_CAPTURE | Can.STREAMING, HD)


class Computer:
    """A made /sys, /dev and udev."""

    def __init__(self, folder: Path) -> None:
        self.sys_class, self.dev, self.udev = folder / "class", folder / "dev", folder / "udev"
        for made in (self.sys_class, self.dev / "v4l" / "by-id", self.dev / "v4l" / "by-path"):
            made.mkdir(parents=True)

    def add(self, number: int, name: str, by_id: str = "", port: str = "", place: int = 0, usb: str = "") -> None:
        hardware = self.sys_class.parent / "devices" / (usb or f"hardware{number}")
        folder = hardware / "video4linux" / f"video{number}"
        folder.mkdir(parents=True)
        (folder / "name").write_text(f"{name}\n")
        (folder / "index").write_text(f"{place}\n")
        (folder / "dev").write_text(f"81:{number}\n")
        (folder / "device").symlink_to(hardware)
        (self.sys_class / f"video{number}").symlink_to(folder)
        (self.dev / f"video{number}").touch()
        for kind, link in (("by-id", by_id), ("by-path", port)):
            if link:
                (self.dev / "v4l" / kind / link).unlink(missing_ok=True)
                (self.dev / "v4l" / kind / link).symlink_to(f"../../video{number}")

    def remove(self, number: int) -> None:
        shutil.rmtree((self.sys_class / f"video{number}").resolve().parents[1])
        (self.sys_class / f"video{number}").unlink()
        (self.dev / f"video{number}").unlink()
        (self.udev / f"c81:{number}").unlink(missing_ok=True)
        for link in self.dev.glob("v4l/*/*"):
            link.unlink()

    def note(self, number: int, *lines: str) -> None:
        self.udev.mkdir(exist_ok=True)
        (self.udev / f"c81:{number}").write_text("\n".join(("I:1234", *lines, "")))

    def link(self, kind: str, name: str) -> str:
        return str(self.dev / "v4l" / kind / name)

    @property
    def cameras(self) -> tuple[CameraDevice, ...]:
        return listing.linux_cameras(self.sys_class, self.dev, self.udev)

    @property
    def numbers(self) -> list[int]:
        return [camera.index for camera in self.cameras]


@pytest.fixture
def computer(tmp_path: Path) -> Computer:
    return Computer(tmp_path)


@pytest.mark.parametrize(
    ("abilities", "is_camera"),
    [
        (Can.VIDEO_CAPTURE | Can.STREAMING, True),
        (Can.VIDEO_CAPTURE | Can.VIDEO_OVERLAY, True),
        (Can.VIDEO_CAPTURE | Can.VIDEO_OUTPUT, True),
        (Can.VIDEO_CAPTURE_MPLANE | Can.STREAMING, True),
        (Can.VIDEO_OUTPUT | Can.STREAMING, False),
        (Can.META_CAPTURE | Can.STREAMING, False),
        (Can.VIDEO_OUTPUT_OVERLAY | Can.VIDEO_OUTPUT, False),
        (Can.VIDEO_M2M | Can.STREAMING, False),
        (Can.VIDEO_M2M_MPLANE | Can.STREAMING, False),
        (Can.VIDEO_CAPTURE_MPLANE | Can.VIDEO_OUTPUT_MPLANE, False),
        (Can.VBI_CAPTURE | Can.TUNER, False),
        (Can.TOUCH, False),
        (0, False),
    ],
)
def test_what_a_device_can_do_tells_whether_it_is_a_camera(
    monkeypatch: pytest.MonkeyPatch, abilities: int, is_camera: bool
) -> None:
    plug(monkeypatch, {"video0": FakeDriver(abilities, HD)})
    assert ask_node("/dev/video0").is_camera is is_camera


def test_only_the_formats_for_capturing_are_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    both = FakeDriver(
        Can.VIDEO_CAPTURE | Can.VIDEO_OVERLAY | Can.VIDEO_CAPTURE_MPLANE | Can.META_CAPTURE,
        {CAPTURE: [(640, 480)], PLANES: [(1920, 1080), (640, 480)]},
    )
    plug(monkeypatch, {"video0": both})
    assert ask_node("/dev/video0").sizes == ((640, 480), (1920, 1080))
    assert both.asked == {CAPTURE, PLANES}


def test_a_range_of_sizes_gives_the_usual_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    plug(monkeypatch, {"video0": FakeDriver(Can.VIDEO_CAPTURE, {CAPTURE: [(1300, 800)]}, stepwise=True)})
    assert ask_node("/dev/video0").sizes == ((320, 180), (640, 360), (800, 450), (1024, 576), (1280, 720))


def test_a_driver_without_formats_is_a_camera_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    plug(monkeypatch, {"video0": FakeDriver(Can.VIDEO_CAPTURE)})
    answer = ask_node("/dev/video0")
    assert (answer.is_camera, answer.sizes) == (True, ())


def test_who_captures_already_is_asked_of_the_driver(monkeypatch: pytest.MonkeyPatch) -> None:
    busy = FakeDriver(Can.VIDEO_CAPTURE_MPLANE, begins=errno.EBUSY)
    plug(monkeypatch, {"video0": busy, "video1": WEBCAM, "video2": OSError(errno.ENODEV, "gone")})
    assert [getattr(why_not_started(f"/dev/video{n}"), "errno", None) for n in range(3)] == [
        errno.EBUSY, None, errno.ENODEV,
    ]  # fmt: skip


@pytest.mark.parametrize(
    "fault",
    [OSError(errno.EIO, "input/output error"), UnboundLocalError("info"), ValueError("nonsense"), RuntimeError()],
)
def test_one_bad_device_hides_no_other_and_is_reported_once(
    computer: Computer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, fault: Exception
) -> None:
    caplog.set_level(logging.INFO)
    computer.add(0, "Broken Cam")
    computer.add(1, "HD Webcam")
    plug(monkeypatch, {"video0": fault, "video1": WEBCAM})
    assert [(camera.name, camera.sizes) for camera in computer.cameras] == [
        ("Broken Cam", ()), ("HD Webcam", ((640, 480), (1280, 720))),
    ]  # fmt: skip
    for _ in range(5):
        assert computer.numbers == [0, 1]
    assert len([message for message in caplog.messages if "Broken Cam" in message]) == 1


def test_a_device_that_goes_while_it_is_listed(computer: Computer, monkeypatch: pytest.MonkeyPatch) -> None:
    computer.add(0, "HD Webcam")
    computer.add(1, "Going")
    plug(monkeypatch, {"video0": WEBCAM, "video1": OSError(errno.ENODEV, "No such device")})
    (computer.dev / "video1").unlink()
    assert computer.numbers == [0]
    (computer.sys_class / "video0" / "name").unlink()
    assert [camera.name for camera in computer.cameras] == ["video0"]


def test_a_device_is_opened_once_until_it_changes(computer: Computer, monkeypatch: pytest.MonkeyPatch) -> None:
    computer.add(0, "HD Webcam")
    computer.add(1, "HD Webcam", place=1)
    opened = plug(monkeypatch, {"video0": WEBCAM, "video1": FakeDriver(Can.META_CAPTURE)})
    for _ in range(5):
        assert computer.numbers == [0]
    assert len(opened) == 2
    (computer.dev / "video0").unlink()
    assert computer.numbers == []
    (computer.dev / "video0").touch()
    assert computer.numbers == [0]
    assert len(opened) == 2, "the same hardware is back"
    computer.remove(0)
    computer.add(0, "Another Webcam")
    assert computer.numbers == [0]
    assert len(opened) == 3


def test_a_virtual_camera_appears_when_a_program_feeds_it(computer: Computer, monkeypatch: pytest.MonkeyPatch) -> None:
    computer.add(9, "OBS Virtual Camera")
    (computer.sys_class / "video9" / "device").unlink()
    drivers: dict[str, FakeDriver | Exception] = {"video9": FakeDriver(Can.VIDEO_OUTPUT)}
    plug(monkeypatch, drivers)
    assert computer.numbers == []
    drivers["video9"] = FakeDriver(Can.VIDEO_CAPTURE, HD)
    (computer.sys_class / "video9" / "format").write_text("YUYV:1280x720@30")
    assert computer.numbers == [9]


def test_what_may_not_be_opened_is_judged_by_what_udev_knows(
    computer: Computer, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = PermissionError(errno.EACCES, "Permission denied")
    plug(monkeypatch, {f"video{number}": closed for number in range(4)})
    for number, capabilities in enumerate((":capture:", ":video_output:", ":", ":capture:")):
        computer.add(number, "Grabber", place=number)
        computer.note(number, f"E:ID_V4L_CAPABILITIES={capabilities}")
    assert computer.numbers == [0, 3]


def test_what_may_not_be_opened_is_judged_by_place_and_name_without_udev(
    computer: Computer, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy = OSError(errno.EBUSY, "Device or resource busy")
    plug(monkeypatch, {f"video{number}": busy for number in range(8)})
    computer.add(0, "HD Webcam", usb="usb1")
    computer.add(1, "HD Webcam", place=1, usb="usb1")
    computer.add(2, "HD Webcam", usb="usb2")
    computer.add(3, "bcm2835-codec-decode")
    computer.add(4, "vivid-000-vid-out")
    computer.add(5, "vivid-000-meta-cap")
    computer.add(6, "vivid-000-vid-cap", place=3)
    assert computer.numbers == [0, 2, 6]


def test_the_first_name_that_lasts_is_taken(computer: Computer, monkeypatch: pytest.MonkeyPatch) -> None:
    plug(monkeypatch, {f"video{number}": WEBCAM for number in range(6)})
    computer.add(0, "Desk Cam", by_id="usb-Desk_A1-video-index0", port="pci-usb-0:1-video-index0")
    computer.add(1, "Card", port="pci-0000:02-video-index0")
    computer.add(2, "Virtual Cam")
    computer.add(3, "Twin")
    computer.add(4, "Twin")
    computer.add(5, "in/out.mp4")
    found = [(camera.stable_id, camera.lasting) for camera in computer.cameras]
    assert found == [
        (computer.link("by-id", "usb-Desk_A1-video-index0"), Lasting.ITSELF),
        (computer.link("by-path", "pci-0000:02-video-index0"), Lasting.PORT),
        ("Virtual Cam", Lasting.NAME),
        *((str(computer.dev / f"video{number}"), Lasting.NUMBER) for number in (3, 4, 5)),
    ]


@pytest.mark.parametrize("with_udev", [False, True])
def test_equal_cameras_without_serial_numbers_go_by_their_ports(
    computer: Computer, monkeypatch: pytest.MonkeyPatch, with_udev: bool
) -> None:
    plug(monkeypatch, {"video0": WEBCAM, "video2": WEBCAM})
    shared = "usb-046d_HD_Webcam-video-index0"
    computer.add(0, "HD Webcam", shared, "port1")
    (alone,) = computer.cameras
    assert alone.stable_id == computer.link("by-id", shared)
    computer.add(2, "HD Webcam" if not with_udev else "HD Webcam II", shared, "port2")
    if with_udev:
        computer.note(0, f"S:v4l/by-id/{shared}")
        computer.note(2, f"S:v4l/by-id/{shared}")
    assert [camera.stable_id for camera in computer.cameras] == [
        computer.link("by-path", "port1"), computer.link("by-path", "port2"),
    ]  # fmt: skip


def test_a_port_that_two_cameras_lay_claim_to_is_none(computer: Computer, monkeypatch: pytest.MonkeyPatch) -> None:
    plug(monkeypatch, {"video0": WEBCAM, "video4": WEBCAM})
    for number in (0, 4):
        computer.add(number, f"vivid-00{number}", port="platform-vivid.0-video-index0")
        computer.note(number, "S:v4l/by-path/platform-vivid.0-video-index0")
    assert [(camera.stable_id, camera.port) for camera in computer.cameras] == [
        ("vivid-000", None),
        ("vivid-004", None),
    ]


def test_cameras_that_come_back_together_are_known_as_before(
    computer: Computer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While udev has seen the first alone, a link that both claim seems to be its own."""
    plug(monkeypatch, {f"video{number}": WEBCAM for number in (0, 4, 6, 8)})
    claim, serial = "S:v4l/by-path/platform-vivid.0-video-index0", "usb-HD_A1-video-index0"

    def arrive(number: int, name: str, by_id: str = "") -> None:
        computer.add(number, name, by_id, "platform-vivid.0-video-index0", usb="vivid.0", place=int(name[-1]))

    arrive(0, "vivid-0", serial)
    arrive(4, "vivid-1")
    computer.note(0, claim, f"S:v4l/by-id/{serial}")
    assert computer.cameras == (), "the other may lay claim to its links"
    computer.note(4, claim)
    first, second = computer.cameras
    assert (Path(first.stable_id).name, second.stable_id) == (serial, "vivid-1")
    for number in (0, 4):
        (computer.sys_class / f"video{number}").unlink()
        (computer.dev / f"video{number}").unlink()
    for link in computer.dev.glob("v4l/*/*"):
        link.unlink()
    arrive(8, "vivid-0")
    arrive(6, "vivid-1")
    computer.note(8, claim)
    (again,) = computer.cameras
    assert (again.index, again.stable_id, again.port) == (8, first.stable_id, None)
    computer.note(6, claim)
    assert [(camera.index, camera.stable_id) for camera in computer.cameras] == [(6, "vivid-1"), (8, first.stable_id)]


def test_what_udev_wrote_of_another_device_with_the_number_is_not_taken(
    computer: Computer, monkeypatch: pytest.MonkeyPatch
) -> None:
    plug(monkeypatch, {"video0": WEBCAM})
    computer.add(0, "HD Webcam", "usb-HD_A1-video-index0")
    computer.note(0, "S:v4l/by-id/usb-HD_A1-video-index0")
    made_s = (computer.dev / "video0").stat().st_mtime
    os.utime(computer.udev / "c81:0", (made_s - 10, made_s - 10))
    assert computer.cameras == ()
    computer.note(0, "S:v4l/by-id/usb-HD_A1-video-index0")
    assert computer.numbers == [0]


def test_whether_a_usb_camera_has_a_serial_number(computer: Computer, monkeypatch: pytest.MonkeyPatch) -> None:
    plug(monkeypatch, {f"video{number}": WEBCAM for number in range(3)})
    for number, serial in enumerate((None, "A1B2\n", "\n")):
        computer.add(number, f"Camera {number}", usb=f"usb{number}")
        usb = computer.sys_class.parent / "devices" / f"usb{number}"
        (usb / "idVendor").write_text("046d\n")
        if serial is not None:
            (usb / "serial").write_text(serial)
    assert [camera.has_serial for camera in computer.cameras] == [False, True, False]


def test_a_camera_that_has_just_come_waits_for_udev(computer: Computer, monkeypatch: pytest.MonkeyPatch) -> None:
    plug(monkeypatch, {"video0": WEBCAM})
    computer.udev.mkdir()
    computer.add(0, "HD Webcam")
    assert computer.numbers == []
    computer.note(0, "E:ID_V4L_CAPABILITIES=:capture:")
    assert computer.numbers == [0]
    (computer.udev / "c81:0").unlink()
    monkeypatch.setattr(listing.time, "time", lambda: (computer.dev / "video0").stat().st_ctime + 3.1)
    assert computer.numbers == [0], "udev has nothing to say of it"


def test_a_camera_that_comes_back_to_its_port_need_not_wait_for_udev(
    computer: Computer, monkeypatch: pytest.MonkeyPatch
) -> None:
    plug(monkeypatch, {"video0": WEBCAM, "video3": WEBCAM, "video4": WEBCAM})
    computer.add(0, "HD Webcam", "usb-HD_A1-video-index0", "port1", usb="usb1")
    computer.note(0)
    (before,) = computer.cameras
    computer.remove(0)
    assert computer.cameras == ()
    computer.add(3, "HD Webcam", usb="usb1")
    computer.add(4, "HD Webcam", usb="usb2")
    (again,) = computer.cameras
    assert (again.index, again.stable_id, again.port) == (3, before.stable_id, before.port)
    computer.remove(3)
    computer.add(3, "HD Webcam", usb="usb1")
    (computer.sys_class.parent / "devices" / "usb1" / "idVendor").write_text("046d\n")
    assert computer.cameras == (), "another model in the same port"


def test_linuxpy_keeps_quiet_about_every_file_that_it_opens() -> None:
    assert not logging.getLogger("linuxpy.device").isEnabledFor(logging.INFO)


def test_a_computer_without_such_devices(tmp_path: Path) -> None:
    assert listing.linux_cameras(tmp_path / "sys", tmp_path / "dev", tmp_path / "udev") == ()
