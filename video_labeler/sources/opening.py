"""Decides by its text which source is meant."""

import glob
import re
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

from video_labeler.assets import asset
from video_labeler.errors import SourceFormatError, SourceNotFoundError, VideoLabelerError
from video_labeler.settings import CameraSettings
from video_labeler.sources.base import Source
from video_labeler.sources.pictures import PICTURE_SUFFIXES

# The readers of files, streams and cameras are imported where they are chosen: FFmpeg takes a while to load.

DEMO = "demo"
"""Names the picture that needs no camera: the clip that ships with the program, or else the test picture."""

_DEMO_CLIP = "demo.mp4"

_SYNTHETIC = re.compile(r"synthetic(?::(?P<width>\d+)x(?P<height>\d+)(?:@(?P<rate>\d+(?:\.\d+)?))?)?")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+)://")
_CAMERA_PATHS = ("/dev/video", "/dev/v4l/")
_STILL_SUFFIXES = PICTURE_SUFFIXES - {".gif"}
"""A GIF alone is a short video, most often."""
_POSSIBLE = (
    "Give a video file, a folder of pictures, a camera's number or name (see video-labeler cameras), an address "
    "such as rtsp://192.168.1.20/stream, or synthetic for the test picture."
)


def source_from_text(text: str, camera_settings: CameraSettings | None = None, must_answer: bool = True) -> Source:
    """Make, but do not open, the source that a text names.

    A number, a camera's name or its device path is a camera; ``scheme://`` a stream (``file://`` a file);
    ``synthetic`` or ``synthetic:640x360@30`` the test picture, live; ``demo`` the clip that ships with the program;
    a folder, a pattern or a picture file a series of pictures; any other file a video.

    Raises:
        SourceFormatError: the text is malformed.
        SourceNotFoundError: nothing goes by that name.
    """
    text = text.strip()
    if text == DEMO:
        return _demo()
    if text == "synthetic" or text.startswith("synthetic:"):
        return _synthetic(text)
    scheme = _SCHEME.match(text)
    if scheme and scheme[1].lower() != "file":
        return _stream(text, camera_settings or CameraSettings(), must_answer)
    if text.isdecimal() or text.startswith(_CAMERA_PATHS):
        return _camera(text, camera_settings, must_answer)
    path = Path(url2pathname(urlsplit(text).path) if scheme else text)
    if text and (path.exists() or glob.has_magic(text) or _looks_like_a_path(text)):
        return _files(path)
    return _named_camera(text, camera_settings, must_answer)


def _demo() -> Source:
    try:
        return _files(asset(_DEMO_CLIP))
    except VideoLabelerError:
        return _synthetic("synthetic")


def _synthetic(text: str) -> Source:
    from video_labeler.sources.synthetic import SyntheticSource

    match = _SYNTHETIC.fullmatch(text)
    if match is None:
        raise SourceFormatError(f"{text} is not a test picture. Write it like synthetic:640x360@30.")
    width, height, rate = match["width"] or 1280, match["height"] or 720, match["rate"] or 30
    return SyntheticSource(int(width), int(height), float(rate), live=True)


def _stream(text: str, settings: CameraSettings, must_answer: bool) -> Source:
    from video_labeler.sources.network_stream import NetworkStream

    return NetworkStream(text, must_answer, longest_pause_s=settings.longest_pause_s)


def _camera(text: str, settings: CameraSettings | None, must_answer: bool) -> Source:
    from video_labeler.sources.camera import Camera

    return Camera(text, settings, must_answer)


def _files(path: Path) -> Source:
    is_pattern = glob.has_magic(str(path)) and not path.exists()
    if is_pattern or path.is_dir() or path.suffix.lower() in _STILL_SUFFIXES:
        from video_labeler.sources.image_folder import ImageFolder

        return ImageFolder(path)
    from video_labeler.sources.video_file import VideoFile

    return VideoFile(path)


def _named_camera(text: str, settings: CameraSettings | None, must_answer: bool) -> Source:
    from video_labeler.sources.camera_list import find_camera, list_cameras

    if not text:
        raise SourceNotFoundError(f"No source was named. {_POSSIBLE}")
    if must_answer:
        try:
            find_camera(text, list_cameras())
        except SourceNotFoundError as error:
            raise SourceNotFoundError(f"Nothing goes by the name {text}. {_POSSIBLE}") from error
    return _camera(text, settings, must_answer)


def _looks_like_a_path(text: str) -> bool:
    return bool(Path(text).suffix) or "/" in text or "\\" in text
