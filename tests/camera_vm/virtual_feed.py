"""Feeds the virtual camera with pictures in the formats that webcams have, some of them damaged."""

import os
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Self

import numpy as np
from linuxpy.video import device as v4l2

from video_labeler.opencv import cv2
from video_labeler.pixels import Image

_WIDTH, _HEIGHT = 640, 360
_RATE = 15.0
_DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "cut": lambda data: data[: len(data) // 2],
    "rubbish": lambda data: bytes(range(256)) * 2,
    "nearly empty": lambda data: data[:1],
}


def _yuyv(image: Image) -> bytes:
    return cv2.cvtColor(image, cv2.COLOR_BGR2YUV_YUY2).tobytes()


def _planar(image: Image) -> bytes:
    return cv2.cvtColor(image, cv2.COLOR_BGR2YUV_I420).tobytes()


def _semi_planar(image: Image) -> bytes:
    planar = cv2.cvtColor(image, cv2.COLOR_BGR2YUV_I420)
    chroma = planar[_HEIGHT:].reshape(2, -1)
    return planar[:_HEIGHT].tobytes() + chroma.T.tobytes()


_CODES: dict[str, Callable[[Image], bytes]] = {
    "YUYV": _yuyv,
    "YU12": _planar,
    "NV12": _semi_planar,
    "BGR3": lambda image: image.tobytes(),
    "GREY": lambda image: cv2.cvtColor(image, cv2.COLOR_BGR2GRAY).tobytes(),
    "MJPG": lambda image: cv2.imencode(".jpg", image)[1].tobytes(),
}


class VirtualFeed:
    """Writes into /dev/video50 while the block lasts; every tenth picture is damaged where that is wanted."""

    def __init__(self, fourcc: str, damage: str = "") -> None:
        self._pictures = [_CODES[fourcc](_picture(number)) for number in range(16)]
        self._damage = _DAMAGES.get(damage)
        self._device = v4l2.Device("/dev/video50")
        self._device.open()
        self._device.set_format(v4l2.BufferType.VIDEO_OUTPUT, _WIDTH, _HEIGHT, fourcc)
        self._ending = threading.Event()
        self._begun = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def _run(self) -> None:
        number = 0
        while not self._ending.wait(1 / _RATE):
            data = self._pictures[number % len(self._pictures)]
            if self._damage is not None and number % 10 == 9:
                data = self._damage(data)
            os.write(self._device.fileno(), data)
            number += 1
            self._begun.set()

    def __enter__(self) -> Self:
        """Begin, and wait for the first picture."""
        self._thread.start()
        assert self._begun.wait(10)
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """End."""
        self._ending.set()
        self._thread.join(10)
        self._device.close()


def _picture(number: int) -> Image:
    """Reddish, with a bar that moves."""
    image = np.empty((_HEIGHT, _WIDTH, 3), np.uint8)
    image[:] = (40, 40, 200)
    left = 80 + number * 30
    image[_HEIGHT // 2 :, left : left + 20] = 255
    return image
