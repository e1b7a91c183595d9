"""How the picture is rotated and mirrored on the screen."""

from dataclasses import dataclass, replace

import numpy as np

from video_labeler.frames import Box, LabeledFrame
from video_labeler.opencv import cv2
from video_labeler.pixels import Image

_ROTATIONS = {1: cv2.ROTATE_90_CLOCKWISE, 2: cv2.ROTATE_180, 3: cv2.ROTATE_90_COUNTERCLOCKWISE}


@dataclass(frozen=True, slots=True)
class Orientation:
    """Clockwise quarter turns (0..3), then left and right swapped if ``mirrored``."""

    quarter_turns: int = 0
    mirrored: bool = False

    @property
    def is_upright(self) -> bool:
        """Whether nothing needs to be done."""
        return self.quarter_turns % 4 == 0 and not self.mirrored

    def size(self, width: int, height: int) -> tuple[int, int]:
        """The oriented (width, height)."""
        return (height, width) if self.quarter_turns % 2 else (width, height)

    def image(self, image: Image) -> Image:
        """The picture, rotated and mirrored."""
        turns = self.quarter_turns % 4
        turned = cv2.rotate(image, _ROTATIONS[turns]) if turns else image
        return np.asarray(cv2.flip(turned, 1) if self.mirrored else turned, dtype=np.uint8)

    def box(self, box: Box, width: int, height: int) -> Box:
        """A box of a frame of that size on the oriented frame."""
        turned_width, turned_height = float(width), float(height)
        for _ in range(self.quarter_turns % 4):
            box = Box(turned_height - box.y_max, box.x_min, turned_height - box.y_min, box.x_max)
            turned_width, turned_height = turned_height, turned_width
        if self.mirrored:
            box = Box(turned_width - box.x_max, box.y_min, turned_width - box.x_min, box.y_max)
        return box

    def labeled(self, labeled: LabeledFrame) -> LabeledFrame:
        """The labelled frame as the oriented picture shows it; its pixels are rotated without copying."""
        if self.is_upright:
            return labeled
        frame = labeled.frame
        objects = tuple(replace(item, box=self.box(item.box, frame.width, frame.height)) for item in labeled.objects)
        turned = frame
        if self.quarter_turns % 2:
            turned = replace(frame, pixels=np.rot90(frame.image), pixel_aspect=1 / frame.pixel_aspect)
        return replace(labeled, frame=turned, objects=objects)
