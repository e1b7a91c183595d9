"""Cameras without a camera: the capture is OpenCV's own, reading a file; the device list is a made /sys and /dev."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import pytest

from tests.sources.clips import write_test_clip
from video_labeler.errors import SourceError, SourceNotFoundError, SourceUnavailableError
from video_labeler.opencv import cv2
from video_labeler.settings import CameraSettings
from video_labeler.sources.base import SourceState
from video_labeler.sources.camera import Camera
from video_labeler.sources.camera_list import CameraDevice, find_camera, list_cameras
from video_labeler.sources.linux_cameras import linux_cameras

DESK = CameraDevice(0, "Desk Cam", "/dev/v4l/by-id/usb-Desk_Cam_A1-video-index0", sizes=((640, 480),))
DOOR = CameraDevice(2, "Door Cam", "/dev/v4l/by-id/usb-Door_Cam_B2-video-index0")
CAMERAS = (DESK, DOOR)


@pytest.fixture
def clip(tmp_path: Path) -> str:
    return str(write_test_clip(tmp_path / "a.mp4", count=40))


def read_until(camera: Camera, condition: Callable[[], bool], tries: int = 60) -> None:
    for _ in range(tries):
        camera.read(0.1)
        if condition():
            return
    raise AssertionError(camera.status)


@pytest.mark.parametrize(
    "text",
    [2, "2", "Door Cam", "door", DOOR.stable_id, "usb-Door_Cam_B2-video-index0"],
)
def test_a_camera_is_found_by_each_of_its_names(text: str | int) -> None:
    assert find_camera(text, CAMERAS) is DOOR


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such links")
def test_any_link_leads_to_its_camera(tmp_path: Path) -> None:
    node = tmp_path / "video4"
    node.touch()
    (tmp_path / "my-camera").symlink_to(node)
    linked = CameraDevice(4, "Linked", "linked", str(node.resolve()))
    assert find_camera(str(tmp_path / "my-camera"), (DESK, linked)) is linked


@pytest.mark.parametrize(("text", "cameras"), [("9", CAMERAS), ("0", ()), ("", CAMERAS), ("window", CAMERAS)])
def test_a_missing_camera_names_those_there_are(text: str, cameras: tuple[CameraDevice, ...]) -> None:
    with pytest.raises(SourceNotFoundError) as caught:
        find_camera(text, cameras)
    assert ("0 (Desk Cam); 2 (Door Cam)" if cameras else "The system finds no camera") in str(caught.value)


def test_pictures_come_and_a_vanished_camera_is_found_at_its_new_index(clip: str) -> None:
    plugged = [DOOR]
    opened: list[CameraDevice] = []

    def capture(camera: CameraDevice) -> Any:
        opened.append(camera)
        return cv2.VideoCapture(clip)

    with Camera(2, cameras=lambda: tuple(plugged), capture=capture) as camera:
        info = camera.open()
        assert (info.name, info.width, info.height) == ("Door Cam", 160, 120)
        first = camera.read()
        assert first is not None
        assert (first.index, first.time_s) == (0, 0.0)
        plugged.clear()
        read_until(camera, lambda: camera.status.state is SourceState.RECONNECTING)
        read_until(camera, lambda: "no longer connected" in camera.status.message)
        last_index = first.index
        moved = CameraDevice(7, DOOR.name, DOOR.stable_id)
        plugged.extend([CameraDevice(2, "Other", "other"), moved])
        read_until(camera, lambda: camera.status.state is SourceState.RUNNING)
        assert opened == [DOOR, moved]
        after = camera.read()
        assert after is not None
        assert after.index > last_index
    assert camera.status.state is SourceState.CLOSED


class FakeCapture:
    """A capture in a given condition, which keeps what was asked of it."""

    def __init__(self, opened: bool = True) -> None:
        self.opened = opened
        self.asked: dict[int, float] = {}
        self.released = 0

    def isOpened(self) -> bool:  # noqa: N802
        return self.opened

    def set(self, setting: int, value: float) -> bool:
        self.asked[setting] = value
        return False

    def get(self, setting: int) -> float:
        return self.asked.get(setting, 0.0)

    def read(self) -> tuple[bool, None]:
        return False, None

    def release(self) -> None:
        self.released += 1


def test_closed_and_silent_cameras_are_told_apart_and_let_go() -> None:
    for capture, words in ((FakeCapture(opened=False), "cannot be opened"), (FakeCapture(), "sends no picture")):
        camera = Camera("Desk Cam", cameras=lambda: CAMERAS, capture=lambda _, it=capture: it)
        with pytest.raises(SourceUnavailableError, match=words):
            camera.open()
        assert capture.released == 1
        assert camera.status.state is SourceState.CLOSED


def test_size_and_rate_are_requested() -> None:
    capture = FakeCapture()
    with pytest.raises(SourceError):
        Camera(0, CameraSettings(1920, 1080, 25), cameras=lambda: CAMERAS, capture=lambda _: capture).open()
    assert capture.asked[cv2.CAP_PROP_FRAME_WIDTH] == 1920
    assert capture.asked[cv2.CAP_PROP_FRAME_HEIGHT] == 1080
    assert capture.asked[cv2.CAP_PROP_FPS] == 25
    assert cv2.CAP_PROP_FOURCC in capture.asked
    small = FakeCapture()
    with pytest.raises(SourceError):
        Camera(0, CameraSettings(None, None, None), cameras=lambda: CAMERAS, capture=lambda _: small).open()
    assert small.asked == {}


def test_a_patient_camera_waits_to_be_plugged_in(clip: str) -> None:
    plugged: list[CameraDevice] = []
    with Camera(
        "Desk Cam", must_answer=False, cameras=lambda: tuple(plugged), capture=lambda _: cv2.VideoCapture(clip)
    ) as camera:
        camera.open()
        assert camera.status.state is SourceState.RECONNECTING
        assert camera.read(0.05) is None
        plugged.append(DESK)
        read_until(camera, lambda: camera.status.state is SourceState.RUNNING)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux only")
def test_no_permission_names_the_group(tmp_path: Path) -> None:
    node = tmp_path / "video0"
    node.touch()
    tmp_path.chmod(0o755)
    node.chmod(0)
    camera = Camera(0, cameras=lambda: (CameraDevice(0, "Desk Cam", "x", str(node)),))
    root = os.geteuid() == 0
    if root:
        # os.access asks about the real user.
        os.setresuid(65534, 65534, 0)
    try:
        with pytest.raises(SourceUnavailableError, match="usermod -aG"):
            camera.open()
    finally:
        if root:
            os.setresuid(0, 0, 0)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux only")
def test_linux_lists_names_and_stable_ids(tmp_path: Path) -> None:
    dev, sys_class = tmp_path / "dev", tmp_path / "sys"
    (dev / "v4l" / "by-id").mkdir(parents=True)
    for index, name in ((10, "Tenth"), (2, "Second"), (3, "Gone")):
        (sys_class / f"video{index}").mkdir(parents=True)
        (sys_class / f"video{index}" / "name").write_text(f"{name}\n")
        if name != "Gone":
            (dev / f"video{index}").touch()
    link = dev / "v4l" / "by-id" / "usb-Second-video-index0"
    link.symlink_to("../../video2")
    cameras = linux_cameras(sys_class, dev)
    assert [(camera.index, camera.name) for camera in cameras] == [(2, "Second"), (10, "Tenth")]
    assert [camera.stable_id for camera in cameras] == [str(link), "Tenth"]
    assert linux_cameras(tmp_path / "nothing", dev) == ()


def test_a_device_that_tells_nothing_of_itself_is_listed_all_the_same(tmp_path: Path) -> None:
    dev, sys_class = tmp_path / "dev", tmp_path / "sys"
    dev.mkdir()
    for index in range(3):
        (sys_class / f"video{index}").mkdir(parents=True)
        (dev / f"video{index}").touch()
    (sys_class / "video1" / "name").mkdir()
    (sys_class / "video2" / "name").write_bytes(b"\xff\n")
    (sys_class / "videoX").mkdir()
    assert [camera.index for camera in linux_cameras(sys_class, dev)] == [0, 1, 2]


@pytest.mark.parametrize("error", [av.error.ExternalError(1, "no device list"), OSError("gone"), ValueError("unknown")])
def test_where_no_list_can_be_had_there_is_none(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def refuse(_system: str) -> list[object]:
        raise error

    monkeypatch.setattr("platform.system", lambda: "Windows")
    monkeypatch.setattr(av, "enumerate_input_devices", refuse)
    assert list_cameras() == ()
