"""What is installed, what works, and what to do about the rest."""

import importlib
import platform
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from video_labeler.errors import VideoLabelerError
from video_labeler.models.catalog import ModelRole
from video_labeler.models.hub import tensorflow_lack
from video_labeler.models.store import FileState, ModelStore

_MEBIBYTE = 2**20


class Health(StrEnum):
    """How well something works."""

    WORKS = "works"
    LIMITED = "limited"
    """The program runs, but without a part of it, or not at its best."""
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was checked: what was found, and what to do about it (empty: nothing)."""

    subject: str
    health: Health
    found: str
    advice: str = ""


def diagnose() -> Iterator[Finding]:
    """Check everything that the program needs, the most important first."""
    yield Finding("Python", Health.WORKS, f"{platform.python_version()} on {platform.platform()}")
    yield from (_import(*part) for part in _PARTS)
    yield _tensorflow()
    yield from (_model(role) for role in ModelRole)
    yield _tried(_labelling, "Labelling", "Install video-labeler again.")
    yield _tried(_encoding, "Writing video", "Install PyAV again: pip install --force-reinstall av.")
    yield _cameras()
    yield _free_space()


_PARTS = (
    ("OpenCV", "video_labeler.opencv", "opencv-python",
     "On Debian and Ubuntu: sudo apt-get install libgl1 libglib2.0-0 libxcb1."),
    ("PyAV", "av", "av", "Install it again: pip install --force-reinstall av."),
    ("LiteRT", "ai_edge_litert.interpreter", "ai-edge-litert",
     "Install it again: pip install --force-reinstall ai-edge-litert."),
)  # fmt: skip


def _import(subject: str, module: str, package: str, advice: str) -> Finding:
    try:
        importlib.import_module(module)
        return Finding(subject, Health.WORKS, version(package))
    except (ImportError, OSError, PackageNotFoundError) as error:
        return Finding(subject, Health.BROKEN, f"cannot be loaded ({error})", advice)


def _tensorflow() -> Finding:
    """Only its version: importing it takes seconds, and only TensorFlow Hub models and SavedModels need it."""
    lack = tensorflow_lack()
    if lack:
        return Finding("TensorFlow", Health.LIMITED, "missing: no Hub models, no SavedModels", lack)
    try:
        found = f"{version('tensorflow')}, tensorflow-hub {version('tensorflow-hub')} (for Hub models and SavedModels)"
    except PackageNotFoundError:
        found = "installed under another name (for Hub models and SavedModels)"
    return Finding("TensorFlow", Health.WORKS, found)


def _model(role: ModelRole) -> Finding:
    store = ModelStore()
    subject = role.value.capitalize()
    try:
        entry = store.best_available(role)
    except VideoLabelerError as error:
        return Finding(subject, Health.BROKEN, str(error))
    damaged = [status.path for status in store.statuses() if status.state is FileState.DAMAGED]
    if damaged:
        return Finding(subject, Health.LIMITED, f"{damaged[0]} is damaged", "Delete it: video-labeler models fetch.")
    if entry.is_built_in:
        advice = "Get the full model: video-labeler models fetch."
        return Finding(subject, Health.LIMITED, f"{entry.title} ({entry.credit})", advice)
    return Finding(subject, Health.WORKS, f"{entry.title} ({entry.credit}, {entry.licence})")


def _tried(attempt: Callable[[], str], subject: str, advice: str) -> Finding:
    try:
        return Finding(subject, Health.WORKS, attempt())
    except Exception as error:  # noqa: BLE001 - whatever is wrong with an installation is a finding
        return Finding(subject, Health.BROKEN, f"{type(error).__name__}: {error}", advice)


def _labelling() -> str:
    """Label a frame of the test picture with what is installed."""
    from video_labeler.interface import VideoLabeler
    from video_labeler.sources.moving_picture import MovingPicture

    with VideoLabeler() as labeler:
        labeled = labeler.label_image(MovingPicture(640, 360).draw(0))
        return f"{labeler.labeler.name} labelled the test picture ({len(labeled.objects)} objects)"


def _encoding() -> str:
    import av

    return f"H.264 by {av.codec.Codec('libx264', 'w').long_name}"


def _cameras() -> Finding:
    from video_labeler.sources.camera_list import list_cameras
    from video_labeler.sources.camera_trouble import permission_trouble

    cameras = list_cameras()
    if not cameras:
        advice = "Plug one in, or use a file, an address or `synthetic`."
        return Finding("Cameras", Health.LIMITED, "none", advice)
    troubles = [permission_trouble(camera) for camera in cameras]
    found = ", ".join(
        f"{camera.index}: {camera.name}{' (no permission)' if trouble else ''}"
        for camera, trouble in zip(cameras, troubles, strict=True)
    )
    advice = next((str(trouble) for trouble in troubles if trouble), "")
    return Finding("Cameras", Health.LIMITED if advice else Health.WORKS, found, advice)


def _free_space() -> Finding:
    import shutil

    try:
        free = shutil.disk_usage(Path.cwd()).free
    except OSError as error:
        return Finding("Free space", Health.LIMITED, f"unknown ({error.strerror})", "Change to a folder that exists.")
    found = f"{free / _MEBIBYTE:,.0f} MiB in this folder"
    if free < 500 * _MEBIBYTE:
        return Finding("Free space", Health.LIMITED, found, "Make room before recording.")
    return Finding("Free space", Health.WORKS, found)
