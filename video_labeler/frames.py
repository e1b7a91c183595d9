"""The central types, which flow from a source to the window, the recorder and the label files."""

import time
from dataclasses import dataclass, field, replace
from typing import Self

import numpy as np
import numpy.typing as npt

from video_labeler.opencv import cv2
from video_labeler.pixels import Image, Pixels, Planes, bgr, resized

_CONTEXT = 1.1
"""The side of an object's square relative to the object, so that its outline is visible."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels of the original frame: origin top left, maxima exclusive."""

    x_min: float
    y_min: float
    x_max: float
    y_max: float

    @property
    def width(self) -> float:
        """Width in pixels."""
        return self.x_max - self.x_min

    @property
    def height(self) -> float:
        """Height in pixels."""
        return self.y_max - self.y_min

    @property
    def area(self) -> float:
        """Area in square pixels; 0 for an empty box."""
        return max(0.0, self.width) * max(0.0, self.height)

    def clipped(self, width: float, height: float) -> Self:
        """The part of this box inside a frame of that size, in pixels."""
        return type(self)(
            min(max(self.x_min, 0.0), width),
            min(max(self.y_min, 0.0), height),
            min(max(self.x_max, 0.0), width),
            min(max(self.y_max, 0.0), height),
        )

    def scaled(self, across: float, down: float) -> Self:
        """This box in a picture that is ``across`` times as wide and ``down`` times as high."""
        return type(self)(self.x_min * across, self.y_min * down, self.x_max * across, self.y_max * down)

    def towards(self, other: Self, share: float) -> Self:
        """The box that lies that share (0..1) of the way to another one."""
        return type(self)(
            self.x_min + share * (other.x_min - self.x_min),
            self.y_min + share * (other.y_min - self.y_min),
            self.x_max + share * (other.x_max - self.x_max),
            self.y_max + share * (other.y_max - self.y_max),
        )

    def overlap(self, other: "Box") -> float:
        """Intersection over union with another box, 0..1."""
        width = min(self.x_max, other.x_max) - max(self.x_min, other.x_min)
        height = min(self.y_max, other.y_max) - max(self.y_min, other.y_min)
        if width <= 0 or height <= 0:
            return 0.0
        shared = width * height
        return shared / (self.area + other.area - shared)


@dataclass(frozen=True, slots=True)
class Label:
    """One of the words a labeler knows; two labels may share a name, so the row is the key."""

    row: int
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Prediction:
    """A label with the confidence (0..1) that the labeler gives it."""

    label: Label
    confidence: float


@dataclass(frozen=True, slots=True)
class PictureFile:
    """The picture file that a frame comes from: its name, and its number from 1 to ``count``."""

    name: str
    number: int
    count: int


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture of a source.

    ``index`` counts what was read from 0, so gaps are dropped frames. ``time_s`` is in seconds: for files,
    presentation time since the start of the file (its first picture, or sound that starts more than a quarter of a
    second earlier); for live sources, capture time since the first frame. ``pixels`` are in the form in which the
    source has them, and read-only. ``captured_s`` is on the monotonic clock (:func:`time.monotonic`).
    ``duration_s`` is how long the source says that the picture is shown, in seconds, which gives the end of the
    last one; ``None`` where it does not say, so that it is shown until the next one. ``file`` is for frames that
    are separate files. ``pixel_aspect`` is the width of a pixel divided by its height, as the picture is to be
    shown.
    """

    index: int
    time_s: float
    pixels: Pixels
    captured_s: float = field(default_factory=time.monotonic)
    duration_s: float | None = None
    file: PictureFile | None = None
    pixel_aspect: float = 1.0

    def __post_init__(self) -> None:
        """Make the picture read-only, since several threads share it."""
        self.pixels.setflags(write=False)

    @property
    def image(self) -> Image:
        """The picture as BGR, (height, width, 3), read-only: for a source that has planes made when it is asked for."""
        return bgr(self.pixels)

    @property
    def width(self) -> int:
        """Width in pixels."""
        return self.pixels.width if isinstance(self.pixels, Planes) else int(self.pixels.shape[1])

    @property
    def height(self) -> int:
        """Height in pixels."""
        return self.pixels.height if isinstance(self.pixels, Planes) else int(self.pixels.shape[0])

    @property
    def shown_size(self) -> tuple[int, int]:
        """Width and height of the picture as it is shown, in square pixels: the longer way stretched, none shrunk."""
        across, down = max(1.0, self.pixel_aspect), max(1.0, 1 / self.pixel_aspect)
        return round(self.width * across), round(self.height * down)

    def crop(self, box: Box, size: tuple[int, int]) -> Image:
        """The pixels inside ``box``, resized to ``size`` (width, height), as RGB for a model.

        The box is widened to whole pixels, in planes to pairs of them, and kept inside the frame.
        """
        left = min(max(int(np.floor(box.x_min)), 0), self.width - 1)
        top = min(max(int(np.floor(box.y_min)), 0), self.height - 1)
        right = max(min(int(np.ceil(box.x_max)), self.width), left + 1)
        bottom = max(min(int(np.ceil(box.y_max)), self.height), top + 1)
        if isinstance(self.pixels, Planes):
            return self.pixels.part(left, top, right, bottom).resized_rgb(size)
        pixels = resized(self.pixels[top:bottom, left:right], size)
        return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB), dtype=np.uint8)

    def resized(self, size: tuple[int, int]) -> Image:
        """The whole picture as BGR, scaled to ``size`` (width, height)."""
        return resized(self.image, size)

    def grey_samples(self, size: tuple[int, int]) -> npt.NDArray[np.uint8]:
        """Single pixels spread evenly over the frame, ``size`` (width, height) of them, in grey: (height, width)."""
        if isinstance(self.pixels, Planes):
            return self.pixels.grey_samples(size)
        samples = cv2.resize(self.pixels, size, interpolation=cv2.INTER_NEAREST)
        return np.asarray(cv2.cvtColor(samples, cv2.COLOR_BGR2GRAY), dtype=np.uint8)

    def square_around(self, box: Box) -> Box:
        """What shows a box with a little around it as a square, inside the frame as far as that goes, in pixels."""
        tall = max(box.width * self.pixel_aspect, box.height) * _CONTEXT
        tall = max(1.0, min(tall, self.width * self.pixel_aspect, self.height))
        wide = min(max(1.0, tall / self.pixel_aspect), self.width)
        left = min(max((box.x_min + box.x_max - wide) / 2, 0.0), self.width - wide)
        top = min(max((box.y_min + box.y_max - tall) / 2, 0.0), self.height - tall)
        return Box(left, top, left + wide, top + tall)

    @property
    def bounds(self) -> Box:
        """The whole frame as a box."""
        return Box(0.0, 0.0, float(self.width), float(self.height))


@dataclass(frozen=True, slots=True)
class LabeledObject:
    """An object found in a frame: its box and its predictions, most specific first (empty: not sure).

    ``track_id`` stays the same while the object is followed from frame to frame; 0 where nothing is tracked.
    """

    box: Box
    predictions: tuple[Prediction, ...]
    track_id: int = 0


@dataclass(frozen=True, slots=True)
class StageTimes:
    """When a frame passed each stage, in seconds on the monotonic clock; ``None`` where it has not yet."""

    captured_s: float
    dequeued_s: float | None = None
    labelled_s: float | None = None


@dataclass(frozen=True, slots=True)
class LabeledFrame:
    """A frame with what was found in it, most prominent object first: what every sink receives."""

    frame: Frame
    objects: tuple[LabeledObject, ...]
    times: StageTimes

    def with_square_pixels(self) -> "LabeledFrame":
        """The same for what knows of no other pixels: the picture stretched as it is to be shown, its boxes with it."""
        frame = self.frame
        width, height = frame.shown_size
        if (width, height) == (frame.width, frame.height):
            return self
        across, down = width / frame.width, height / frame.height
        image = np.asarray(cv2.resize(frame.image, (width, height), interpolation=cv2.INTER_CUBIC), dtype=np.uint8)
        objects = tuple(replace(item, box=item.box.scaled(across, down)) for item in self.objects)
        return replace(self, frame=replace(frame, pixels=image, pixel_aspect=1.0), objects=objects)
