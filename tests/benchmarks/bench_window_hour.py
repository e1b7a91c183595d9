"""Does the window stay the same over an hour of sources that come and go? Prints the slope of its memory.

Run: python tests/benchmarks/bench_window_hour.py [SECONDS]

An hour at eight times real speed: 450 s, in which a source that would be looked at for 24 s stays for 3 s. Offscreen,
with files, a folder, the test picture, a loopback camera with faults, and addresses where nobody answers; every fifth
source is recorded, every seventh time the models change.
"""

import itertools
import os
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path

import psutil

from tests.clips import moving_square, write_clip
from tests.sources.mjpeg_server import MjpegServer, Mode
from video_labeler.opencv import cv2
from video_labeler.settings import ModelSettings, Settings
from video_labeler.system.memory import limit_arenas

_SPEED = 8
_STAY_S = 3.0
_SAMPLE_S = 5.0


class Visitor:
    """Does in the window what a restless visitor would, on a timer, and notes what it costs."""

    def __init__(self, window, session, sources, server, folder, seconds) -> None:
        self.window = window
        self.session = session
        self.sources = itertools.cycle(sources)
        self.modes = itertools.cycle([Mode.OK, Mode.STALL, Mode.FREEZE, Mode.DROP, Mode.BLACK])
        self.models = itertools.cycle([ModelSettings(model="builtin", localizer="builtin"), ModelSettings()])
        self.server = server
        self.folder = folder
        self.ends_s = time.monotonic() + seconds
        self.visits = 0
        self.samples: list[tuple[float, float, int, int]] = []
        self.process = psutil.Process()

    def visit(self) -> None:
        """The next source."""
        if time.monotonic() >= self.ends_s:
            self.window.close()
            return
        self.visits += 1
        self.server.mode = next(self.modes)
        if self.visits % 7 == 0:
            self.session.use_models(next(self.models))
        self.session.stop_recording()
        self.session.open(next(self.sources))
        if self.visits % 5 == 0:
            self.session.start_recording(self.folder)

    def sample(self) -> None:
        """Memory, threads and descriptors now."""
        memory = self.process.memory_info().rss / 1e6
        self.samples.append((time.monotonic(), memory, threading.active_count(), self.process.num_fds()))


def slope(samples: list[tuple[float, float, int, int]]) -> float:
    """Megabytes that the memory grows by in a simulated hour, by least squares over the last two thirds."""
    late = samples[len(samples) // 3 :]
    line = statistics.linear_regression([sample[0] for sample in late], [sample[1] for sample in late])
    return line.slope * 3600 / _SPEED


def main(seconds: float) -> None:
    """Run the window for that long, and print what it cost."""
    limit_arenas()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PyQt6.QtCore import QTimer

    from tests.window.windows import open_window
    from video_labeler.session.session import Session
    from video_labeler.window.qt_application import application

    with tempfile.TemporaryDirectory() as name, MjpegServer() as server:
        folder = Path(name)
        clip = write_clip(folder / "clip.mp4", moving_square(200))
        (folder / "pictures").mkdir()
        for index, image in enumerate(moving_square(4)):
            cv2.imwrite(str(folder / "pictures" / f"{index}.png"), image)
        sources = [str(clip), "synthetic:640x360@30", server.url, str(folder / "pictures"), "http://127.0.0.1:9/none"]
        session = Session(Settings())
        session.start()
        app = application()
        window = open_window(session, folder)
        visitor = Visitor(window, session, sources, server, folder, seconds)
        timers = [QTimer(window), QTimer(window)]
        for timer, interval_s, action in zip(
            timers, (_STAY_S, _SAMPLE_S), (visitor.visit, visitor.sample), strict=True
        ):
            timer.timeout.connect(action)
            timer.start(round(interval_s * 1000))
        window.show()
        app.exec()
        begun = time.monotonic()
        session.close()
        closed_s = time.monotonic() - begun
        window.deleteLater()
    time.sleep(3)
    left = [thread.name for thread in threading.enumerate() if thread is not threading.main_thread()]
    memory = [sample[1] for sample in visitor.samples]
    print(f"{seconds * _SPEED / 3600:.2f} simulated hours, {visitor.visits} sources")
    print(f"memory {memory[0]:.0f} MB at first, {memory[-1]:.0f} MB at last, {max(memory):.0f} MB at the most")
    print(f"slope {slope(visitor.samples):+.1f} MB a simulated hour")
    threads = [sample[2] for sample in visitor.samples]
    print(f"threads {min(threads)} to {max(threads)}, left over: {left or 'none'}")
    print(f"descriptors {visitor.samples[0][3]} at first, {visitor.samples[-1][3]} at last; closed in {closed_s:.2f} s")


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 450.0)
