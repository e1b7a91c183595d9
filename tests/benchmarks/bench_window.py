"""How soon does the window show labels, how much memory does it take, how late is the picture and how quick a click?

Run: VIDEO_LABELER_MODELS=DIR python tests/benchmarks/bench_window.py [SECONDS]

Without a display it brings its own (Xvfb). The source is the test picture at 1280x720 and 30 frames a second.
"""

import contextlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from video_labeler.text.percent import percent

_SOURCE = "synthetic:1280x720@30"
_STARTS = 3


@contextlib.contextmanager
def screen() -> Iterator[dict[str, str]]:
    """The environment of a program with a screen: the one there is, or one of Xvfb's."""
    if os.environ.get("DISPLAY"):
        yield dict(os.environ)
        return
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1920x1080x24", "-nolisten", "tcp", "-noreset"],
        pass_fds=[writing],
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    try:
        with os.fdopen(reading) as numbers:
            display = numbers.readline().strip()
        yield {**os.environ, "DISPLAY": f":{display}", "QT_QPA_PLATFORM": "xcb"}
    finally:
        server.terminate()
        server.wait()


def run_window(seconds: float, environment: dict[str, str], folder: Path) -> dict[str, float]:
    """Start the window as a process of its own, look at it for some seconds, and return what it measured."""
    result = folder / "result.json"
    begun = {"BEGUN_S": str(time.monotonic()), "RESULT": str(result)}
    subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.bench_window", "--inside", str(seconds)],
        cwd=Path(__file__).parents[2],
        env={**environment, **begun},
        check=True,
    )
    measured: dict[str, float] = json.loads(result.read_text())
    return measured


def inside(seconds: float) -> None:
    """Run the window in this process, and measure."""
    from tests.benchmarks.window_probe import WindowProbe
    from video_labeler.settings import Settings
    from video_labeler.system.memory import limit_arenas
    from video_labeler.window import application

    limit_arenas()
    make_application = application.application
    probes = []

    def with_probe():
        app = make_application()
        probes.append(WindowProbe(seconds, float(os.environ["BEGUN_S"])))
        return app

    application.application = with_probe
    with tempfile.TemporaryDirectory() as folder:
        application.run(Settings(), _SOURCE, Path(folder) / "settings.toml")
    closed_s = time.monotonic() - probes[0].closing_s
    Path(os.environ["RESULT"]).write_text(json.dumps({**probes[0].measured, "close": closed_s}))


def main(seconds: float) -> None:
    """Start the window some times, look at it once for longer, and print the figures."""
    with screen() as environment, tempfile.TemporaryDirectory() as folder:
        starts = [run_window(1.0, environment, Path(folder)) for _ in range(_STARTS + 1)][1:]
        long = run_window(seconds, environment, Path(folder))
    for name, words in (("window", "the window is there"), ("first_label", "the first labelled frame is painted")):
        median = statistics.median(start[name] for start in starts)
        print(f"{words} after {median:.2f} s (median of {_STARTS} starts)")
    print(f"(processor time until then: {statistics.median(start['first_label_cpu'] for start in starts):.2f} s)")
    print(f"memory {long['memory']:.0f} MB at the most, TensorFlow {'' if long['tensorflow'] else 'not '}imported")
    print(f"{long['rate']:.1f} frames a second; CPU {percent(long['cpu'])} of one core")
    print(f"capture to paint: median {long['median'] * 1e3:.0f} ms, 95th percentile {long['p95'] * 1e3:.0f} ms")
    print(f"capture to label: median {long['label_median'] * 1e3:.0f} ms")
    overtaken = long["missed"] - long["dropped"]
    print(
        f"captured {long['captured']:.0f}, painted {long['painted']:.0f}, not labelled {long['dropped']:.0f}, "
        f"overtaken before being painted {max(0, overtaken):.0f}"
    )
    print(
        f"a click is answered after {long['click_p95'] * 1e3:.0f} ms (95th percentile of {long['clicks']:.0f}), "
        f"{long['click'] * 1e3:.0f} ms at the most"
    )
    print(f"closed after {long['close']:.2f} s")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--inside"]:
        inside(float(sys.argv[2]))
    else:
        main(float(sys.argv[1]) if len(sys.argv) > 1 else 20.0)
