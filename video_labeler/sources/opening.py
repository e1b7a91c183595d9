"""Creates the source that a text names."""

import re
from pathlib import Path

from video_labeler.assets import asset
from video_labeler.errors import SourceFormatError, SourceNotFoundError, VideoLabelerError
from video_labeler.settings import CameraSettings
from video_labeler.sources.base import Source
from video_labeler.sources.file_content import PICTURE_STREAMS, PICTURE_SUFFIXES, FileContent, content_of
from video_labeler.sources.naming import TEST_PICTURE, NamedSource, SourceKind, named_source

# The readers of files, streams and cameras are imported where they are chosen: FFmpeg takes a while to load.

_DEMO_CLIP = "demo.mp4"

_SYNTHETIC = re.compile(r"synthetic(?::(?P<width>\d+)x(?P<height>\d+)(?:@(?P<rate>\d+(?:\.\d+)?))?)?")
_POSSIBLE = (
    "Give a video file, a folder of pictures, a camera's number or name (see video-labeler cameras), an address "
    "such as rtsp://192.168.1.20/stream, or synthetic for the test picture."
)


def source_from_text(text: str, camera_settings: CameraSettings | None = None) -> Source:
    """Create, but do not open, the source that a text names (see :func:`named_source`).

    Raises:
        SourceFormatError: the text is malformed.
        SourceNotFoundError: nothing has that name.
    """
    return source_from_name(named_source(text), camera_settings)


def source_from_name(
    named: NamedSource,
    camera_settings: CameraSettings | None = None,
    must_answer: bool = True,
    *,
    paced: bool = False,
    must_exist: bool | None = None,
) -> Source:
    """Make, but do not open, the source of that name.

    A folder, a pattern or a picture file is a series of pictures; a picture that moves, or any other file, a video.
    With ``paced`` a recording at an address is played at its own speed, for watching. With ``must_exist``
    (by default as ``must_answer``) a name that no connected camera has is refused instead of waited for.

    Raises:
        SourceFormatError: the text is malformed.
        SourceNotFoundError: nothing has that name.
    """
    settings = camera_settings or CameraSettings()
    match named.kind:
        case SourceKind.DEMO:
            return _demo()
        case SourceKind.TEST_PICTURE:
            return _synthetic(named.text)
        case SourceKind.ADDRESS:
            from video_labeler.sources.network_stream import NetworkStream
            from video_labeler.sources.watchdog import LivenessLimits

            return NetworkStream(
                named.text,
                must_answer,
                paced=paced,
                longest_pause_s=settings.longest_pause_s,
                limits=LivenessLimits.of(settings),
                other_hosts=settings.other_hosts,
            )
        case SourceKind.CAMERA:
            if not named.text:
                raise SourceNotFoundError(f"No source was named. {_POSSIBLE}")
            if must_answer if must_exist is None else must_exist:
                # Whoever says that it must exist knows what there is to choose from.
                _check_camera(named.text, _POSSIBLE if must_exist is None else "")
            from video_labeler.sources.camera import Camera

            return Camera(named.text, settings, must_answer)
        case SourceKind.PATH | SourceKind.PATTERN:
            assert named.path is not None
            return _files(named.path, is_pattern=named.kind is SourceKind.PATTERN)


def _demo() -> Source:
    try:
        return _files(asset(_DEMO_CLIP), is_pattern=False)
    except VideoLabelerError:
        return _synthetic(TEST_PICTURE)


def _synthetic(text: str) -> Source:
    from video_labeler.sources.synthetic import SyntheticSource

    match = _SYNTHETIC.fullmatch(text)
    if match is None:
        raise SourceFormatError(f"{text} is not a test picture. Write it like synthetic:640x360@30.")
    width, height, rate = match["width"] or 1280, match["height"] or 720, match["rate"] or 30
    return SyntheticSource(int(width), int(height), float(rate), live=True)


def _files(path: Path, *, is_pattern: bool) -> Source:
    content = content_of(path)
    if content is FileContent.MOVING_PICTURE:
        from video_labeler.sources.animation import Animation

        return Animation(path)
    if is_pattern or path.is_dir() or _is_still(path, content):
        from video_labeler.sources.image_folder import ImageFolder

        return ImageFolder(path)
    from video_labeler.sources.video_file import VideoFile

    return VideoFile(path)


def _is_still(path: Path, content: FileContent) -> bool:
    """Whether it is a single picture, by its content, or by its name if that is unknown."""
    suffix = path.suffix.lower()
    if content is FileContent.PICTURE:
        return suffix not in PICTURE_STREAMS
    return content is FileContent.UNKNOWN and suffix in PICTURE_SUFFIXES


def _check_camera(text: str, advice: str) -> None:
    """Refuse a word that names no camera of this moment."""
    from video_labeler.sources.camera_list import find_camera, list_cameras

    if text.isdecimal() or text.startswith("/dev/"):
        return
    try:
        find_camera(text, list_cameras())
    except SourceNotFoundError as error:
        sentence = f"{text} is not a file, a connected camera or an address."
        raise SourceNotFoundError(f"{sentence} {advice}".strip()) from error
