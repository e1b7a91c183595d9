"""Labelled frames made by hand, and a labeler without a model."""

import time

import numpy as np

from video_labeler.frames import Box, Frame, Label, LabeledFrame, LabeledObject, Prediction, StageTimes

BOTTLE = Label(321, "/m/04dr76w", "Bottle")
CONTAINER = Label(12, "/m/011q46kg", "Container")


def grey_frame(index: int = 0, time_s: float | None = None, width: int = 320, height: int = 240) -> Frame:
    """A plain frame whose brightness tells its index."""
    image = np.full((height, width, 3), 40 + index * 3 % 150, dtype=np.uint8)
    return Frame(index, index / 30 if time_s is None else time_s, image)


def labeled(frame: Frame, *names: str, box: Box | None = None) -> LabeledFrame:
    """``frame`` with one object of these names."""
    predictions = tuple(Prediction(Label(row, f"/m/{row}", name), 0.9 - row / 10) for row, name in enumerate(names))
    place = box or Box(frame.width * 0.25, frame.height * 0.3, frame.width * 0.75, frame.height * 0.9)
    return LabeledFrame(frame, (LabeledObject(place, predictions, 1),), StageTimes(frame.captured_s))


class FixedLabeler:
    """Calls everything a bottle; may be slow, or fail at a given frame."""

    def __init__(self, delay_s: float = 0.0, fail_at: int | None = None) -> None:
        self.delay_s = delay_s
        self.fail_at = fail_at
        self.closed = False

    def label(self, frame: Frame) -> tuple[LabeledFrame, ...]:
        """One bottle in the middle."""
        if frame.index == self.fail_at:
            raise RuntimeError("the labeler broke")
        time.sleep(self.delay_s)
        return (labeled(frame, "Bottle", "Container"),)

    def finish(self) -> tuple[LabeledFrame, ...]:
        """Nothing is held back."""
        return ()

    def close(self) -> None:
        """Remember it."""
        self.closed = True
