"""A stand-in for the kiosk in tests of its supervisor: ``python -m tests.kiosk.fake_child DEED...`` does each in turn.

It speaks through the product's own :class:`Pulse`. The deeds: ``ready``, ``beat:SECONDS``, ``count:LABEL``, ``hang``,
``crash``, ``exit:CODE``, ``grow:MEGABYTES``, ``leave``, ``print:TEXT``, ``complain:TEXT``, ``deaf`` (to requests to
end), ``stop`` (as a debugger does), ``note:FILE`` (its process id, a line), ``farewell:FILE`` (make it when asked to
end), ``spawn:FILE`` (a process of its own, its id in the file), ``flood:LINES``.
"""

import os
import signal
import subprocess
import sys
import time
from enum import Enum
from pathlib import Path
from typing import Any, cast

from video_labeler.kiosk.heartbeat import Pulse
from video_labeler.kiosk.tally import Tally

BEAT_S = 0.05


class _Scene(Enum):
    """The product's own comes with OpenCV, which would take its time."""

    LIVE = "live"


LIVE = cast("Any", _Scene.LIVE)


class FakeChild:
    def __init__(self) -> None:
        self.pulse = Pulse.of_process()
        self.pulse.on_orphaned(self._orphaned)
        self._is_deaf = False
        self._farewell: Path | None = None
        self._ballast: list[bytes] = []

    def do(self, deed: str) -> None:
        word, _, rest = deed.partition(":")
        getattr(self, word)(rest)

    def ready(self, _: str) -> None:
        self.pulse.ready()

    def beat(self, seconds: str) -> None:
        end = time.monotonic() + float(seconds)
        while time.monotonic() < end:
            self.pulse.beat(LIVE, Tally(captured=1, labelled=1, shown=1))
            time.sleep(BEAT_S)

    def count(self, label: str) -> None:
        self.pulse.beat(LIVE, Tally(labels={label: 1}))
        self.pulse.finish()

    def hang(self, _: str) -> None:
        time.sleep(60)

    def crash(self, _: str) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    def exit(self, code: str) -> None:
        self.pulse.finish()
        sys.exit(int(code))

    def grow(self, megabytes: str) -> None:
        self._ballast.append(b"x" * (int(megabytes) * 10**6))

    def leave(self, _: str) -> None:
        self.pulse.leave()

    def print(self, text: str) -> None:
        print(text, flush=True)
        os.write(1, f"{text} again\n".encode())

    def complain(self, text: str) -> None:
        # No word of a command line holds a NUL.
        print(text.replace("NUL", "\0"), file=sys.stderr, flush=True)

    def deaf(self, _: str) -> None:
        self._is_deaf = True
        signal.signal(signal.SIGTERM, signal.SIG_IGN)

    def note(self, path: str) -> None:
        with Path(path).open("a") as stream:
            stream.write(f"{os.getpid()}\n")

    def stop(self, _: str) -> None:
        os.kill(os.getpid(), signal.SIGSTOP)

    def farewell(self, path: str) -> None:
        self._farewell = Path(path)

    def spawn(self, path: str) -> None:
        Path(path).write_text(str(subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]).pid))

    def flood(self, lines: str) -> None:
        for number in range(int(lines)):
            print(f"noise {number} ", "x" * 3000, file=sys.stderr)

    def _orphaned(self) -> None:
        if not self._is_deaf:
            if self._farewell is not None:
                self._farewell.touch()
            os._exit(0)


def main(deeds: list[str]) -> int:
    child = FakeChild()
    for deed in deeds:
        child.do(deed)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
