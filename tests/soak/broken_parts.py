"""Parts of the product that the soak breaks inside the kiosk's child: the labeler, the camera's reading, the disk."""

import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.soak.shared_memory import Order, Orders
from video_labeler.frames import Frame
from video_labeler.labeling.object_labeler import Models
from video_labeler.models.base import Labeler, Scores
from video_labeler.pixels import Image
from video_labeler.sources.base import Source

_LITTLE_BYTES = 1_000_000


class FailingLabeler:
    """A labeler that raises for as long as it is ordered to."""

    def __init__(self, labeler: Labeler, orders: Orders) -> None:
        self._labeler = labeler
        self._orders = orders
        self.name = labeler.name
        self.labels = labeler.labels
        self.input_size = labeler.input_size

    def scores(self, crops: Sequence[Image]) -> Scores:
        """As the labeler it stands for.

        Raises:
            RuntimeError: that was ordered.
        """
        if self._orders.is_due(Order.LABELER_FAILS_UNTIL):
            raise RuntimeError("the soak has ordered it")
        return self._labeler.scores(crops)

    def close(self) -> None:
        """Let the labeler go."""
        self._labeler.close()


def failing_models(load: Callable[..., Models], orders: Orders) -> Callable[..., Models]:
    """Loads models whose labeler fails when that is ordered."""

    def load_failing(*asked: Any) -> Models:
        models = load(*asked)
        return replace(models, labeler=FailingLabeler(models.labeler, orders))

    return load_failing


def raise_when_ordered(source: Source, orders: Orders) -> Source:
    """The source, whose next read raises something that no source should whenever that is ordered."""
    read = source.read
    done = orders.get(Order.CAPTURE_RAISES)

    def read_or_raise(timeout_s: float = 0.5) -> Frame | None:
        nonlocal done
        if done != orders.get(Order.CAPTURE_RAISES):
            done = orders.get(Order.CAPTURE_RAISES)
            raise RuntimeError("the soak has ordered it")
        return read(timeout_s)

    source.read = read_or_raise  # type: ignore[method-assign]
    return source


def short_disk_usage(orders: Orders) -> Callable[[Path], Any]:
    """``shutil.disk_usage`` that tells of very little room while that is ordered."""
    real = shutil.disk_usage

    def usage(folder: Path) -> Any:
        told = real(folder)
        if not orders.is_due(Order.DISK_IS_SHORT_UNTIL):
            return told
        return told._replace(free=min(told.free, _LITTLE_BYTES))

    return usage
