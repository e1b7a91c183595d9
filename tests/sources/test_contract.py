"""One suite, run against every source: what :class:`video_labeler.sources.base.Source` promises."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow

from tests.sources.clips import write_test_clip
from tests.sources.mjpeg_server import MjpegServer, closed_port
from video_labeler.errors import SourceError
from video_labeler.frames import Frame
from video_labeler.opencv import cv2
from video_labeler.sources.animation import Animation
from video_labeler.sources.base import Delivery, Source, SourceState
from video_labeler.sources.camera import Camera
from video_labeler.sources.camera_list import CameraDevice
from video_labeler.sources.fault_script import Fault, FaultKind, SyntheticDevice
from video_labeler.sources.image_folder import ImageFolder
from video_labeler.sources.live import LiveSource
from video_labeler.sources.moving_picture import MovingPicture
from video_labeler.sources.network_stream import NetworkStream
from video_labeler.sources.playback import Playback
from video_labeler.sources.synthetic import SyntheticSource
from video_labeler.sources.video_file import VideoFile

SIZE = (160, 120)
COUNT = 12


@dataclass
class Case:
    """A source that works, and one of its kind that cannot be opened."""

    working: Callable[[], Source]
    failing: Callable[[], Source]
    ends: bool
    delivery: Delivery


def video_case(folder: Path, _: ExitStack) -> Case:
    path = write_test_clip(folder / "a.mp4", size=SIZE, count=COUNT)
    return Case(lambda: VideoFile(path), lambda: VideoFile(folder / "none.mp4"), True, Delivery.EVERY_FRAME)


def playback_case(folder: Path, _: ExitStack) -> Case:
    path = write_test_clip(folder / "a.mp4", size=SIZE, count=COUNT, rate=50)
    return Case(
        lambda: Playback(VideoFile(path)), lambda: Playback(VideoFile(folder / "none.mp4")), False, Delivery.EVERY_FRAME
    )


def folder_case(folder: Path, _: ExitStack) -> Case:
    picture = MovingPicture(*SIZE)
    for index in range(COUNT):
        (folder / f"{index}.png").write_bytes(cv2.imencode(".png", picture.draw(index))[1].tobytes())
    return Case(lambda: ImageFolder(folder), lambda: ImageFolder(folder / "none"), True, Delivery.EVERY_FRAME)


def animation_case(folder: Path, _: ExitStack) -> Case:
    drawn = MovingPicture(*SIZE)
    first, *others = [Pillow.fromarray(drawn.draw(5 * index)[:, :, ::-1]) for index in range(COUNT)]
    first.save(folder / "a.webp", save_all=True, append_images=others, duration=40)
    return Case(lambda: Animation(folder / "a.webp"), lambda: Animation(folder / "none"), True, Delivery.EVERY_FRAME)


def synthetic_case(_: Path, __: ExitStack) -> Case:
    return Case(
        lambda: SyntheticSource(*SIZE, frame_count=COUNT), lambda: SyntheticSource(1, 1), True, Delivery.EVERY_FRAME
    )


def live_synthetic_case(_: Path, __: ExitStack) -> Case:
    return Case(
        lambda: SyntheticSource(*SIZE, 100, COUNT, live=True),
        lambda: SyntheticSource(1, 1, live=True),
        True,
        Delivery.NEWEST,
    )


def stream_case(_: Path, stack: ExitStack) -> Case:
    server = stack.enter_context(MjpegServer())
    silent = f"http://127.0.0.1:{closed_port()}/"
    return Case(lambda: NetworkStream(server.url), lambda: NetworkStream(silent), False, Delivery.NEWEST)


def device_case(_: Path, __: ExitStack) -> Case:
    gone = Fault(FaultKind.DISAPPEAR, 0, 100)
    return Case(
        lambda: LiveSource(SyntheticDevice(*SIZE, 100)),
        lambda: LiveSource(SyntheticDevice(*SIZE, 100, [gone])),
        False,
        Delivery.NEWEST,
    )


def camera_case(folder: Path, _: ExitStack) -> Case:
    clip = str(write_test_clip(folder / "a.mp4", size=SIZE, count=COUNT))
    cameras = (CameraDevice(0, "Desk Cam", "desk"),)
    return Case(
        lambda: Camera(0, cameras=lambda: cameras, capture=lambda _: cv2.VideoCapture(clip)),
        lambda: Camera(1, cameras=lambda: cameras, capture=lambda _: cv2.VideoCapture(clip)),
        False,
        Delivery.NEWEST,
    )


@pytest.fixture(
    params=[
        video_case,
        playback_case,
        folder_case,
        animation_case,
        synthetic_case,
        live_synthetic_case,
        stream_case,
        device_case,
        camera_case,
    ]
)
def case(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Case]:
    with ExitStack() as stack:
        yield request.param(tmp_path, stack)


def read_frames(source: Source, count: int) -> list[Frame]:
    frames: list[Frame] = []
    deadline_s = time.monotonic() + 15
    while len(frames) < count and not source.ended and time.monotonic() < deadline_s:
        frame = source.read(0.2)
        if frame is not None:
            frames.append(frame)
    return frames


def test_info_fits_the_frames(case: Case) -> None:
    with case.working() as source:
        info = source.open()
        frame = read_frames(source, 1)[0]
        assert info.name
        assert (info.width, info.height) == (frame.width, frame.height) == SIZE


def test_indices_rise_by_one_and_times_never_fall(case: Case) -> None:
    with case.working() as source:
        source.open()
        frames = read_frames(source, COUNT)
    assert [frame.index for frame in frames] == list(range(COUNT))
    times = [frame.time_s for frame in frames]
    assert times[0] == 0.0
    assert times == sorted(times)
    captured = [frame.captured_s for frame in frames]
    assert captured == sorted(captured)


def test_frames_are_bgr_contiguous_and_shared_safely(case: Case) -> None:
    with case.working() as source:
        source.open()
        frames = read_frames(source, 3)
    for frame in frames:
        assert frame.image.shape == (SIZE[1], SIZE[0], 3)
        assert frame.image.dtype == np.uint8
        assert frame.image.flags.c_contiguous
        assert not frame.image.flags.writeable
    # A later read must not paint over an earlier picture.
    assert not np.array_equal(frames[0].image, frames[2].image)
    # The shapes are orange, brown and blue grey: exchanged channels would show.
    blue, _, red = frames[0].image[-10:].reshape(-1, 3).mean(0)
    assert red > blue


def test_status_goes_from_closed_over_running(case: Case) -> None:
    source = case.working()
    assert source.status.state is SourceState.CLOSED
    assert source.delivery is case.delivery
    assert source.read(0.05) is None
    source.open()
    assert source.status.state in (SourceState.CONNECTING, SourceState.RUNNING)
    read_frames(source, 2)
    assert source.status.state is SourceState.RUNNING
    assert not source.ended
    source.close()
    assert source.status.state is SourceState.CLOSED


def test_after_the_end_there_is_nothing(case: Case) -> None:
    if not case.ends:
        pytest.skip("this kind of source never ends")
    with case.working() as source:
        source.open()
        assert len(read_frames(source, COUNT + 1)) <= COUNT
        assert source.ended
        assert source.read() is None
        assert source.losses is None
    assert source.status.state is SourceState.ENDED
    assert source.read() is None


def test_close_may_be_called_at_any_time_and_again(case: Case) -> None:
    source = case.working()
    source.close()
    source.open()
    source.close()
    source.close()
    assert source.read(0.05) is None


def test_reopening_starts_at_the_beginning(case: Case) -> None:
    source = case.working()
    for _ in range(2):
        source.open()
        frame = read_frames(source, 1)[0]
        assert (frame.index, frame.time_s) == (0, 0.0)
        source.close()


def test_a_failed_open_is_one_sentence_and_leaves_nothing_behind(case: Case) -> None:
    descriptors = Path("/proc/self/fd")
    before = len(list(descriptors.iterdir())) if descriptors.is_dir() else 0
    source = case.failing()
    for _ in range(2):
        with pytest.raises(SourceError) as caught:
            source.open()
        assert str(caught.value).endswith(".")
        assert "Traceback" not in str(caught.value)
        assert source.status.state is SourceState.CLOSED
    source.close()
    assert source.read(0.05) is None
    if descriptors.is_dir():
        assert len(list(descriptors.iterdir())) <= before
