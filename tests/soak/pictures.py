"""What the soak's camera sees: an empty stand, and things that are held up, taken from the demo clip."""

from pathlib import Path

import numpy as np
import numpy.typing as npt

from video_labeler.assets import asset
from video_labeler.opencv import cv2
from video_labeler.sources.video_file import VideoFile

WIDTH, HEIGHT, RATE = 320, 180, 25.0
_VARIANTS = 8
"""So many pictures of each, with other noise, that follow one another: no camera repeats itself."""

_EMPTY_AT = 127
_THINGS_AT = (75, 165, 225, 315, 405, 450)
"""Frames of the clip on which the basic models are sure of one thing each: a pot, a clock, a ball, ..."""

Pictures = npt.NDArray[np.uint8]
"""(things, variants, height, width, 3), BGR; the first thing is the empty stand."""


def make_pictures() -> Pictures:
    """Cut the pictures out of the demo clip."""
    noise = np.random.default_rng(0)
    stills = _stills((_EMPTY_AT, *_THINGS_AT))
    shape = (len(stills), _VARIANTS, HEIGHT, WIDTH, 3)
    grain = noise.normal(0.0, 2.0, shape)
    return np.clip(np.stack(stills)[:, None] + grain, 0, 255).astype(np.uint8)


def save_pictures(pictures: Pictures, folder: Path) -> None:
    """Put them where the child finds them."""
    np.save(folder / "pictures.npy", pictures)


def load_pictures(folder: Path) -> Pictures:
    """What :func:`save_pictures` has put there."""
    return np.asarray(np.load(folder / "pictures.npy", mmap_mode="r"), dtype=np.uint8)


def encoded(picture: npt.NDArray[np.uint8]) -> bytes:
    """As a JPEG file."""
    return bytes(cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 85])[1].tobytes())


def _stills(indices: tuple[int, ...]) -> list[npt.NDArray[np.uint8]]:
    found = {}
    with VideoFile(asset("demo.mp4")) as clip:
        clip.open()
        while len(found) < len(indices) and (frame := clip.read()) is not None:
            if frame.index in indices:
                found[frame.index] = cv2.resize(frame.image, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
    return [np.asarray(found[index], dtype=np.uint8) for index in indices]
