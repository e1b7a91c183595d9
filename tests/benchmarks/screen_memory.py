"""The pixels of a virtual screen, read from its memory: what really is on it, without asking any program."""

import mmap
import os
import struct
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from video_labeler.pixels import Image


class Screen:
    """A screen of Xvfb's, whose memory lies in a file in the format of xwd (big-endian header, then the pixels)."""

    def __init__(self, display: str, file: Path) -> None:
        self.display = display
        with file.open("rb") as opened:
            self._memory = mmap.mmap(opened.fileno(), 0, prot=mmap.PROT_READ)
        header = struct.unpack(">25I", self._memory[:100])
        self.width, self.height, self._line_bytes = header[4], header[5], header[12]
        self._start = header[0] + 12 * header[19]

    @property
    def pixels(self) -> Image:
        """The whole screen at this moment, BGR."""
        length = self._line_bytes * self.height
        flat = np.frombuffer(self._memory, np.uint8, length, self._start)
        return flat.reshape(self.height, self._line_bytes // 4, 4)[:, : self.width, :3]

    def brightness(self, x: float, y: float, radius: int = 3) -> float:
        """The mean around a point, 0..255."""
        column, row = round(x), round(y)
        return float(self.pixels[row - radius : row + radius + 1, column - radius : column + radius + 1].mean())


@contextmanager
def virtual_screen(folder: Path, width: int, height: int) -> Iterator[Screen]:
    """Xvfb with a window manager; its memory lies in ``folder``."""
    reading, writing = os.pipe()
    size = ("-screen", "0", f"{width}x{height}x24")
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), *size, "-fbdir", str(folder), "-nolisten", "tcp", "-noreset"],
        pass_fds=[writing],
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    with os.fdopen(reading) as numbers:
        display = f":{numbers.readline().strip()}"
    environment = {**os.environ, "DISPLAY": display}
    manager = subprocess.Popen(["openbox"], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield Screen(display, folder / "Xvfb_screen0")
    finally:
        for process in (manager, server):
            process.terminate()
            process.wait()
