"""Hours of a stand in minutes: what the kiosk does when everything goes wrong, again and again.

Run: python -m tests.soak --hours 24 --speed 30 --seed 1
"""

import argparse
import os
import signal
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from tests.soak.outcome import PartResult, lost
from tests.soak.part import Show, run_network, run_synthetic
from tests.soak.pictures import make_pictures
from tests.soak.report import written

_RUNS = {"network": run_network, "synthetic": run_synthetic}
_SHARES = {"network": 0.5, "synthetic": 0.5}
_TELL_EVERY_S = 30.0


def main() -> int:
    """Run the soak and print its report; 1 where something was lost that should not be."""
    options = _options()
    os.nice(options.nice)
    # Whoever ends the soak ends its kiosk, too.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with ExitStack() as stack:
        display = None
        if options.screen:
            from tests.window.real_screen import x_server

            display = stack.enter_context(x_server())
        if options.keep is None:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="soak-")))
        else:
            folder = options.keep
            folder.mkdir(parents=True)
        parts = _parts(options, folder, display)
    print(written(parts, markdown=options.markdown))
    return 1 if any(lost(part) for part in parts) else 0


def _parts(options: argparse.Namespace, folder: Path, display: str | None) -> list[PartResult]:
    pictures = make_pictures()
    tell = _Progress()
    shares = _SHARES if options.camera == "both" else {options.camera: 1.0}
    return [
        _RUNS[name](
            Show(
                name,
                folder / name,
                pictures,
                options.hours * share,
                options.speed,
                options.seed,
                tell,
                display=display,
                patience=options.patience,
            )
        )
        for name, share in shares.items()
    ]


class _Progress:
    """A line now and then."""

    def __init__(self) -> None:
        self._told_s = time.monotonic()

    def __call__(self, line: str) -> None:
        if time.monotonic() - self._told_s >= _TELL_EVERY_S:
            self._told_s = time.monotonic()
            print(line, file=sys.stderr, flush=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description="Hours of a stand in minutes.")
    parser.add_argument("--hours", type=float, default=24.0, help="simulated hours (%(default)g)")
    parser.add_argument("--speed", type=float, default=30.0, help="simulated hours in a real one (%(default)g)")
    parser.add_argument("--seed", type=int, default=1, help="of the script of faults and visits (%(default)d)")
    parser.add_argument(
        "--camera", choices=("both", *_RUNS), default="both", help="which; %(default)s: half the hours on each"
    )
    parser.add_argument("--markdown", action="store_true", help="print tables for the documentation")
    parser.add_argument("--screen", action="store_true", help="on a real X server (Xvfb, openbox), not offscreen")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="keep everything in this new folder")
    parser.add_argument("--patience", type=float, default=1.0, help="stretch the limits of time (%(default)g)")
    parser.add_argument("--nice", type=int, default=0, help="how much to stand back for other programs (0 to 19)")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
