"""The program on real drivers: vivid, the kernel's own test camera, which breaks on request, and v4l2loopback.

Runs in the virtual machine alone (``make test-camera``), as root.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.camera_vm.camera_reader import (
    SMALL,
    Reader,
    control,
    load_loopback,
    load_vivid,
    plug,
    program,
    shell,
    unplug,
    until,
)
from tests.camera_vm.virtual_feed import VirtualFeed
from video_labeler.settings import CameraSettings

FIRST, SECOND = "vivid-000-vid-cap", "vivid-001-vid-cap"
SERIALS = """
SUBSYSTEM=="video4linux", ATTR{name}=="vivid-000-vid-cap", SYMLINK+="v4l/by-id/usb-Vivid_0001-video-index0"
SUBSYSTEM=="video4linux", ATTR{name}=="vivid-001-vid-cap", SYMLINK+="v4l/by-id/usb-Vivid_0002-video-index0"
"""
"""The links that USB cameras with serial numbers get."""

ONE_FOR_BOTH = """
SUBSYSTEM=="video4linux", ATTR{name}=="vivid-00?-vid-cap", SYMLINK+="v4l/by-id/usb-Vivid-video-index0"
"""
"""The one link that two equal cameras without serial numbers share."""

_BACK_BESIDE_MODELS_S = 60.0
"""Where models take nearly all of an emulated computer, reading a camera gets its turn seldom."""

BY_ID = "/dev/v4l/by-id/usb-Vivid_0001-video-index0"
TO_AND_FRO = ("vid_cap_nr=10,20", "vid_cap_nr=20,10")


@pytest.fixture
def vivid() -> None:
    load_vivid(rules=SERIALS)


@pytest.fixture
def busy(vivid: None) -> Iterator[subprocess.Popen[bytes]]:
    """Another program captures from the first camera."""
    capture = ["v4l2-ctl", "-d", "/dev/video0", "--stream-mmap", "--stream-count=1000000", "--stream-poll"]
    with subprocess.Popen(capture, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as other:
        time.sleep(3)
        yield other
        other.kill()


def listed(user: str = "root") -> list[dict[str, object]]:
    done = program("cameras --json", user)
    assert done.returncode == 0, done.stderr
    found: list[dict[str, object]] = json.loads(done.stdout)
    return found


def test_of_all_device_files_the_cameras_are_listed(vivid: None) -> None:
    assert len(list(Path("/dev").glob("video*"))) > 4
    assert [camera["name"] for camera in listed()] == [FIRST, SECOND]
    assert listed()[0]["stable_id"] == BY_ID
    assert all([640, 360] in camera["sizes"] for camera in listed())  # type: ignore[operator]


@pytest.mark.parametrize("text", ["0", FIRST, "VIVID-000", BY_ID, "usb-Vivid_0001-video-index0", "/dev/video0"])
def test_each_name_leads_to_the_camera(vivid: None, text: str) -> None:
    with Reader(text) as reader:
        reader.flowing()
        assert reader.camera == FIRST
        assert reader.newest is not None
        assert reader.newest.shape == (360, 640, 3)


def test_a_camera_with_several_planes_is_one() -> None:
    load_vivid("multiplanar=2,1")
    assert [camera["name"] for camera in listed()] == [FIRST, SECOND]
    with Reader("0") as reader:
        reader.flowing()


def test_looking_for_cameras_opens_each_device_once(vivid: None) -> None:
    code = (
        "import time; from video_labeler.session.camera_watch import CameraWatch\n"
        "watch = CameraWatch(); watch.start()\n"
        "while not watch.cameras: time.sleep(0.1)\n"
        "time.sleep(8); assert len(watch.cameras) == 2, watch.cameras; watch.close()"
    )
    done = subprocess.run(
        ["strace", "-f", "-e", "trace=openat", sys.executable, "-c", code],
        capture_output=True, text=True, timeout=200, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    opened = [line for line in done.stderr.splitlines() if '"/dev/video' in line]
    assert 0 < len(opened) <= len(list(Path("/dev").glob("video*"))), opened


def test_an_unplugged_camera_is_back_at_once(vivid: None) -> None:
    with Reader(BY_ID) as reader:
        opening_s = reader.flowing()
        for away_s in (2, 8):
            unplug()
            reader.says("has been disconnected")
            time.sleep(away_s)
            plug()
            reader.is_back(opening_s)
            assert reader.camera == FIRST


def test_a_camera_that_the_driver_disconnects(vivid: None) -> None:
    with Reader(BY_ID) as reader:
        opening_s = reader.flowing()
        control("disconnect=1")
        reader.says("disconnected")
        reader.is_back(opening_s)


def swap(reader: Reader, before_s: float = 1.0) -> None:
    unplug()
    reader.says("no longer connected")
    time.sleep(before_s)


@pytest.mark.parametrize("rules", [SERIALS, "", ONE_FOR_BOTH], ids=["serials", "ports", "one link for both"])
@pytest.mark.parametrize("text", [FIRST, "10", "/dev/video10"])
def test_numbers_that_change_hands_bring_no_other_camera(rules: str, text: str) -> None:
    load_vivid(TO_AND_FRO[0], rules)
    with Reader(text) as reader:
        reader.flowing()
        assert reader.camera == FIRST
        swap(reader)
        load_vivid(TO_AND_FRO[1], rules)
        reader.flowing()
        assert reader.camera == FIRST


def test_a_link_that_two_cameras_share_is_the_name_of_neither() -> None:
    """As by-id of equal cameras without serial numbers; and vivid's two share their by-path link as well."""
    load_vivid(rules=ONE_FOR_BOTH)
    assert [camera["stable_id"] for camera in listed()] == [FIRST, SECOND]
    assert "always the same" not in program("cameras").stdout


def test_without_permission_it_says_what_to_do(vivid: None) -> None:
    shell("usermod -G '' visitor")
    assert [camera["name"] for camera in listed("visitor")] == [FIRST, SECOND]
    for command in ("annotate 0 -o /tmp/forbidden.mp4 --end 1", "cameras"):
        done = program(command, "visitor")
        assert "sudo usermod -aG video $USER" in done.stdout + done.stderr
    assert done.returncode == 0
    check = program("doctor", "visitor").stdout
    assert " !  Cameras: 0: vivid-000-vid-cap (no permission)" in check
    assert "sudo usermod -aG video $USER" in check
    shell("usermod -G video visitor")
    assert "usermod" not in program("cameras", "visitor").stdout


def test_a_camera_in_use_is_said_to_be(busy: subprocess.Popen[bytes]) -> None:
    with Reader(BY_ID) as reader:
        assert reader.fails() == f"{FIRST} is in use by v4l2-ctl. Close that program and try again."
    with Reader(BY_ID, must_answer=False) as reader:
        reader.says("is in use by v4l2-ctl")
        busy.kill()
        busy.wait()
        reader.flowing()


@pytest.mark.parametrize("fault", ["reqbufs", "qbuf", "streamon"])
def test_a_driver_that_fails_at_the_start_is_not_called_busy_or_gone(vivid: None, fault: str) -> None:
    control(f"inject_vidioc_{fault}_error=1")
    with Reader(BY_ID) as reader:
        until(lambda: reader.failure is not None or reader.arrivals_s)
        assert "in use" not in str(reader.failure)
        assert "disconnected" not in str(reader.failure)
    with Reader(BY_ID, must_answer=False) as reader:
        reader.flowing()


def test_a_driver_that_fails_for_good_is_started_again(vivid: None) -> None:
    with Reader(BY_ID) as reader:
        reader.flowing()
        control("inject_fatal_streaming_error=1")
        reader.flowing()
        assert not any("disconnected" in sentence or "in use" in sentence for sentence in reader.said)


def test_damaged_buffers_cost_themselves_alone(vivid: None) -> None:
    with Reader(BY_ID) as reader:
        reader.flowing()
        for _ in range(5):
            control("inject_v4l2_buf_flag_error=1")
            reader.flowing()
        assert reader.source.reconnects == 0


def test_a_silent_camera_is_waited_for(vivid: None) -> None:
    with Reader(BY_ID) as reader:
        reader.flowing()
        control("percentage_of_dropped_buffers=100")
        reader.says("sends no picture")
        assert not any("disconnected" in sentence for sentence in reader.said)
        time.sleep(6)
        control("percentage_of_dropped_buffers=0")
        reader.flowing()


def test_darkness_is_no_reason_to_open_the_camera_again_and_again(vivid: None) -> None:
    with Reader(BY_ID, CameraSettings(640, 360, 25.0, 1.0)) as reader:
        reader.flowing()
        control("osd_text_mode=2 -c test_pattern=5")
        reader.says("black")
        time.sleep(20)
        assert reader.source.reconnects <= 3
        control("test_pattern=0 -c osd_text_mode=0")
        reader.flowing()


@pytest.mark.parametrize("fourcc", ["YUYV", "MJPG", "NV12", "YU12", "BGR3", "GREY"])
def test_pictures_of_every_format_are_read(fourcc: str) -> None:
    load_loopback()
    with VirtualFeed(fourcc), Reader("Loop Cam") as reader:
        reader.flowing()
        assert reader.newest is not None
        corner = reader.newest[40, 40].astype(int)
        assert abs(corner - (100 if fourcc == "GREY" else (40, 40, 200))).max() < 60, corner


@pytest.mark.parametrize("damage", ["cut", "rubbish", "nearly empty"])
def test_damaged_jpeg_pictures_cost_themselves_alone(damage: str) -> None:
    load_loopback()
    with VirtualFeed("MJPG", damage), Reader("Loop Cam") as reader:
        reader.flowing()
        time.sleep(8)
        reader.flowing()
        assert reader.source.reconnects == 0


def test_a_virtual_camera_is_there_while_it_is_fed() -> None:
    load_vivid()
    load_loopback("exclusive_caps=1")
    assert FIRST in [camera["name"] for camera in listed()]
    with VirtualFeed("YUYV"):
        assert "Loop Cam" in [camera["name"] for camera in listed()]
        with Reader("Loop Cam") as reader:
            reader.flowing()


def test_an_annotation_continues_after_the_camera_was_away(vivid: None) -> None:
    command = ["video-labeler", "annotate", FIRST, "-o", "/tmp/away.mp4", "--end", "25", "--overwrite"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as run:
        until(lambda: holds_camera(run.pid), 150)
        time.sleep(6)
        unplug()
        time.sleep(4)
        plug()
        until(lambda: holds_camera(run.pid), _BACK_BESIDE_MODELS_S)
        said = run.communicate(timeout=200)[0]
    assert run.returncode == 0, said
    assert "Traceback" not in said
    pictures = "ffprobe -v error -count_frames -select_streams v -show_entries stream=nb_read_frames -of csv=p=0"
    assert int(shell(f"{pictures} /tmp/away.mp4").strip(",")) > 5


def test_the_window_shows_the_camera_again(vivid: None) -> None:
    with (
        subprocess.Popen(["Xvfb", ":9", "-screen", "0", "1280x800x24"], stderr=subprocess.DEVNULL) as screen,
        subprocess.Popen(
            ["video-labeler", "window", "--width", str(SMALL.width), "--height", str(SMALL.height)],
            env=os.environ | {"DISPLAY": ":9"}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        ) as window,
    ):  # fmt: skip
        try:
            until(lambda: holds_camera(window.pid), 150)
            time.sleep(5)
            unplug()
            until(lambda: not holds_camera(window.pid))
            time.sleep(5)
            plug()
            # As long as a picture needs, and not for the moment of a look.
            until(lambda: holds_camera(window.pid), _BACK_BESIDE_MODELS_S)
            time.sleep(2)
            assert holds_camera(window.pid)
            window.send_signal(signal.SIGTERM)
            said = window.communicate(timeout=100)[0]
        finally:
            window.kill()
            screen.terminate()
    assert "Traceback" not in said, said


def test_the_morning_check_advises_what_fits(busy: subprocess.Popen[bytes]) -> None:
    Path("/tmp/empty.toml").write_text("")
    check = [sys.executable, "-m", "video_labeler.kiosk.check.camera_trial", "/tmp/empty.toml"]

    def finding() -> dict[str, str]:
        done = subprocess.run(check, capture_output=True, text=True, timeout=200, check=True)
        found: dict[str, str] = json.loads(done.stdout)
        return found

    in_use = finding()
    assert "is in use by v4l2-ctl" in in_use["found"]
    assert "Plug it in" not in in_use["advice"]
    busy.kill()
    busy.wait()
    assert finding()["health"] in ("works", "limited")
    unplug()
    assert "Plug it in" in finding()["advice"]


def holds_camera(process: int) -> bool:
    """Whether the program, or one that it has started, has the first camera open."""
    for folder in Path("/proc").glob("[0-9]*/fd"):
        try:
            ours = int(folder.parent.name) == process or f"PPid:\t{process}\n" in (folder.parent / "status").read_text()
            if ours and any(str(link.readlink()) == "/dev/video0" for link in folder.iterdir()):
                return True
        except OSError:
            continue
    return False
