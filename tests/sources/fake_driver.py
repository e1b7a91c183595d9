"""A V4L2 driver without a kernel: answers linuxpy's requests from what the test says, and keeps what it was asked."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from linuxpy.video import device as v4l2

from video_labeler.sources import v4l2_node

Can = v4l2.Capability


@dataclass
class FakeDriver:
    """``formats`` are the buffer types that have a format, with its sizes; every other type is a driver's fault."""

    abilities: int
    formats: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    stepwise: bool = False
    begins: int | None = None
    """The error number for who wants to begin capturing."""
    asked: set[int] = field(default_factory=set)

    def ioctl(self, _: int, request: Any, *arguments: Any) -> None:
        """Answer as :func:`linuxpy.ioctl.ioctl` does."""
        (argument,) = arguments
        match request:
            case v4l2.IOC.QUERYCAP:
                argument.capabilities = self.abilities | Can.DEVICE_CAPS | Can.VIDEO_OUTPUT
                argument.device_caps = self.abilities
            case v4l2.IOC.ENUM_FMT:
                self.asked.add(argument.type)
                self._refuse_beyond(argument.index, 1 if argument.type in self.formats else 0)
                argument.pixelformat = 100 + argument.type
            case v4l2.IOC.ENUM_FRAMESIZES:
                self._size(argument, self.formats[argument.pixel_format - 100])
            case v4l2.IOC.S_FMT if self.begins is not None:
                raise OSError(self.begins, "refused")
            case v4l2.IOC.G_FMT | v4l2.IOC.S_FMT:
                self.asked.add(argument.type)
            case _:
                raise AssertionError(request)

    def _size(self, argument: Any, sizes: list[tuple[int, int]]) -> None:
        self._refuse_beyond(argument.index, len(sizes))
        width, height = sizes[argument.index]
        if self.stepwise:
            argument.type = v4l2.FrameSizeType.STEPWISE
            limits = argument.stepwise
            limits.min_width, limits.max_width, limits.min_height, limits.max_height = 16, width, 16, height
        else:
            argument.type = v4l2.FrameSizeType.DISCRETE
            argument.discrete.width, argument.discrete.height = width, height

    @staticmethod
    def _refuse_beyond(index: int, count: int) -> None:
        if index >= count:
            raise OSError(errno.EINVAL, "no more")


def plug(monkeypatch: pytest.MonkeyPatch, drivers: dict[str, FakeDriver | Exception]) -> list[str]:
    """Put a driver, or what opening its file raises, behind each name of a device file; returns what is opened."""
    opened: list[str] = []
    here: dict[int, FakeDriver] = {}

    @contextmanager
    def open_node(path: str) -> Iterator[int]:
        opened.append(path)
        driver = drivers[path.rpartition("/")[2]]
        if isinstance(driver, Exception):
            raise driver
        here[len(opened)] = driver
        yield len(opened)

    monkeypatch.setattr(v4l2_node, "_opened", open_node)
    monkeypatch.setattr(v4l2, "ioctl", lambda node, *rest: here[node].ioctl(node, *rest))
    return opened
