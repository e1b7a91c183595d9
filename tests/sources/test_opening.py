from pathlib import Path

import pytest

from tests.sources.clips import write_test_clip
from video_labeler import assets
from video_labeler.errors import SourceError, SourceNotFoundError
from video_labeler.opencv import cv2
from video_labeler.sources.camera import Camera
from video_labeler.sources.image_folder import ImageFolder
from video_labeler.sources.moving_picture import MovingPicture
from video_labeler.sources.naming import named_source
from video_labeler.sources.network_stream import NetworkStream
from video_labeler.sources.opening import source_from_name, source_from_text
from video_labeler.sources.synthetic import SyntheticSource
from video_labeler.sources.video_file import VideoFile


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("0", Camera),
        (" 12 ", Camera),
        ("/dev/video3", Camera),
        ("/dev/v4l/by-id/usb-Desk_Cam-video-index0", Camera),
        ("rtsp://host/stream", NetworkStream),
        ("HTTP://host/a.mjpg", NetworkStream),
        ("udp://@:5000", NetworkStream),
        ("gopher://host/x", NetworkStream),
        ("synthetic", SyntheticSource),
        ("synthetic:640x360@12.5", SyntheticSource),
        ("a.mp4", VideoFile),
        ("folder/a", VideoFile),
        ("a.jpg", ImageFolder),
        ("A.PNG", ImageFolder),
        ("photos/*.jpg", ImageFolder),
        ("file:///nowhere/a.mp4", VideoFile),
    ],
)
def test_the_text_says_what_it_is(text: str, kind: type) -> None:
    assert type(source_from_text(text)) is kind


def test_what_is_there_is_looked_at(tmp_path: Path) -> None:
    assert isinstance(source_from_text(str(tmp_path)), ImageFolder)
    clip = write_test_clip(tmp_path / "a b [1].mp4", count=2)
    for text in (str(clip), clip.as_uri()):
        with source_from_text(text) as source:
            assert source.open().frame_count == 2


def test_a_single_picture_is_one_frame(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(cv2.imencode(".png", MovingPicture(32, 32).draw(0))[1].tobytes())
    with source_from_text(str(path)) as source:
        assert source.open().frame_count == 1
        assert source.read() is not None
        assert source.read() is None


@pytest.mark.parametrize("text", ["nonsense", "", "synthetic:big", "synthetic:640"])
def test_an_unknown_name_says_what_is_possible(text: str) -> None:
    with pytest.raises(SourceError, match=r"Give a video file|640x360@30"):
        source_from_text(text)


def test_a_missing_file_is_reported_when_opened() -> None:
    for text in ("missing.mp4", "missing.jpg", "file:///missing.mp4"):
        with pytest.raises(SourceNotFoundError, match="missing"):
            source_from_text(text).open()


def test_a_patient_camera_may_be_named_before_it_is_plugged_in() -> None:
    assert isinstance(source_from_name(named_source("Desk Cam"), must_answer=False), Camera)


def test_demo_is_the_clip_that_ships_or_else_the_test_picture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assets, "_FOLDERS", (tmp_path,))
    assert isinstance(source_from_text("demo"), SyntheticSource)
    clip = write_test_clip(tmp_path / "demo.mp4", count=3)
    source = source_from_text("demo")
    assert isinstance(source, VideoFile)
    assert source.path == clip
