"""How much of the processor does a window take that plays a file, while it is looked at and while it is minimised?

Run: VIDEO_LABELER_MODELS=DIR python -m tests.benchmarks.bench_minimised [SOURCE [SECONDS]]

It brings its own display and window manager (Xvfb, openbox), so that nothing covers the window. The source is the demo
clip, 1280x720 and 24 frames a second, unless another is named.
"""

import sys
import tempfile
import time
from pathlib import Path

import psutil

from tests.window.real_screen import RealWindow, labeler_command, wait_for, x_server
from video_labeler.text.percent import percent


def share_of_a_core(process: psutil.Process, seconds: float) -> float:
    """Processor time of a process and its children, by the time that passed."""

    def taken_s() -> float:
        times = [part.cpu_times() for part in (process, *process.children(recursive=True))]
        return sum(each.user + each.system for each in times)

    before_s, begun_s = taken_s(), time.monotonic()
    time.sleep(seconds)
    return (taken_s() - before_s) / (time.monotonic() - begun_s)


def main(source: str, seconds: float) -> None:
    """Play, look, minimise, look, and print the figures."""
    with x_server() as display, tempfile.TemporaryDirectory() as folder:
        settings = Path(folder) / "settings.toml"
        settings.touch()
        window = RealWindow(display, labeler_command(source, settings), Path(folder))
        try:
            number = window.titled("Video Labeler$")
            process = psutil.Process(window.process.pid)
            time.sleep(8.0)
            print(f"playing {source}: {percent(share_of_a_core(process, seconds))} of a core", flush=True)
            window.tool("windowminimize", "--sync", number)
            wait_for(lambda: not window.tool("search", "--onlyvisible", "--name", "Video Labeler$"))
            time.sleep(3.0)
            print(f"minimised: {percent(share_of_a_core(process, seconds))} of a core")
        finally:
            window.kill()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "demo", float(sys.argv[2]) if len(sys.argv) > 2 else 15.0)
