"""Queries a video device file of Linux, no more than capturing needs."""

import errno
import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

_USUAL_WIDTHS = (320, 640, 800, 1024, 1280, 1920, 2560, 3840)
_MOST_FORMATS = 128
_MOST_SIZES = 256
"""Limits for a driver that lists its formats or sizes endlessly."""

# linuxpy logs every file that it opens and closes, which would fill the log.
logging.getLogger("linuxpy").setLevel(logging.WARNING)


@dataclass(frozen=True, slots=True)
class NodeAnswer:
    """Whether pictures can be captured from a device file, and in which sizes (width, height)."""

    is_camera: bool
    sizes: tuple[tuple[int, int], ...] = ()


def ask_node(path: str) -> NodeAnswer:
    """Query the driver of a device file.

    Raises:
        OSError: it cannot be opened, or is not a video device.
    """
    from linuxpy.video import device as v4l2  # type: ignore[import-untyped]

    with _opened(path) as node:
        abilities = _abilities(v4l2, node)
        kinds = _capture_kinds(v4l2, abilities)
        sizes = {size for kind in kinds for size in _sizes(v4l2, node, kind)}
    return NodeAnswer(bool(kinds), tuple(sorted(sizes)))


def why_not_started(path: str) -> OSError | None:
    """The error of the system when capturing is started; ``None`` if there is none.

    Sets the current format again, which a driver refuses (``EBUSY``) while another program captures.
    """
    from linuxpy.video import device as v4l2

    try:
        with _opened(path) as node:
            for kind in _capture_kinds(v4l2, _abilities(v4l2, node)):
                wanted = v4l2.raw.v4l2_format()
                wanted.type = kind
                v4l2.ioctl(node, v4l2.IOC.G_FMT, wanted)
                v4l2.ioctl(node, v4l2.IOC.S_FMT, wanted)
    except OSError as error:
        return error
    return None


@contextmanager
def _opened(path: str) -> Iterator[int]:
    node = os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        yield node
    finally:
        os.close(node)


def _abilities(v4l2: Any, node: int) -> int:
    """The capability bits of this node; older drivers have only those of the whole device."""
    answer = v4l2.raw.v4l2_capability()
    v4l2.ioctl(node, v4l2.IOC.QUERYCAP, answer)
    whole = int(answer.capabilities)
    return int(answer.device_caps) if whole & v4l2.Capability.DEVICE_CAPS else whole


def _capture_kinds(v4l2: Any, abilities: int) -> tuple[int, ...]:
    """The buffer types to capture with; none for outputs, metadata, and codec devices."""
    can = v4l2.Capability
    planes = can.VIDEO_CAPTURE_MPLANE | can.VIDEO_OUTPUT_MPLANE
    if abilities & (can.VIDEO_M2M | can.VIDEO_M2M_MPLANE) or abilities & planes == planes:
        return ()
    kinds = (
        (can.VIDEO_CAPTURE, v4l2.BufferType.VIDEO_CAPTURE),
        (can.VIDEO_CAPTURE_MPLANE, v4l2.BufferType.VIDEO_CAPTURE_MPLANE),
    )
    return tuple(int(kind) for ability, kind in kinds if abilities & ability)


def _sizes(v4l2: Any, node: int, kind: int) -> Iterator[tuple[int, int]]:
    def describe(index: int) -> Any:
        described = v4l2.raw.v4l2_fmtdesc()
        described.type, described.index = kind, index
        v4l2.ioctl(node, v4l2.IOC.ENUM_FMT, described)
        return described

    def measure(index: int) -> Any:
        measured = v4l2.raw.v4l2_frmsizeenum()
        measured.pixel_format, measured.index = pixel_format, index
        v4l2.ioctl(node, v4l2.IOC.ENUM_FRAMESIZES, measured)
        return measured

    for described in _counted(describe, _MOST_FORMATS):
        pixel_format = described.pixelformat
        for measured in _counted(measure, _MOST_SIZES):
            if measured.type == v4l2.FrameSizeType.DISCRETE:
                yield int(measured.discrete.width), int(measured.discrete.height)
            else:
                yield from _usual_within(measured.stepwise)
                break


def _counted(ask: Callable[[int], Any], limit: int) -> Iterator[Any]:
    """The answers to 0, 1, 2, ... until the driver has no more, or fails."""
    for index in range(limit):
        try:
            answer = ask(index)
        except OSError as error:
            if error.errno == errno.ENODEV:
                raise
            return
        yield answer


def _usual_within(limits: Any) -> Iterator[tuple[int, int]]:
    for width in _USUAL_WIDTHS:
        height = width * 9 // 16
        if limits.min_width <= width <= limits.max_width and limits.min_height <= height <= limits.max_height:
            yield width, height
