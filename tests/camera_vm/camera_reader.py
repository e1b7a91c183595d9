"""A camera that a thread reads as the pipeline does, and what can be done to the drivers behind it."""

import subprocess
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from video_labeler.pixels import Image
from video_labeler.settings import CameraSettings
from video_labeler.sources.naming import named_source
from video_labeler.sources.opening import source_from_name

SMALL = CameraSettings(640, 360, 25.0)
VIVID = Path("/sys/bus/platform/drivers/vivid")
RULES = Path("/etc/udev/rules.d/99-trials.rules")
_PROMISED_S = 1.0
_FEWEST_S = 3.0
"""In software emulation nothing is quicker than this for sure."""

_READ_S = 0.2
_TIMEOUT_S = 120.0


def shell(command: str) -> str:
    """What a command prints; it must succeed."""
    done = subprocess.run(command, shell=True, capture_output=True, text=True, timeout=_TIMEOUT_S, check=False)
    assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
    return (done.stdout + done.stderr).strip()


def program(command: str, user: str = "root") -> subprocess.CompletedProcess[str]:
    """Run ``video-labeler`` in a folder that its user may write to."""
    words = f"cd /tmp && env PYTHONPATH=/app:/site video-labeler {command}"
    run = ["su", user, "-s", "/bin/bash", "-c", words]
    return subprocess.run(run, capture_output=True, text=True, timeout=2 * _TIMEOUT_S, check=False)


def until(condition: Callable[[], object], limit_s: float = 60.0, seen: Callable[[], object] = str) -> float:
    """Wait until it is so, and say how long that took, in seconds; ``seen`` tells what there was where it never is."""
    began_s = time.monotonic()
    while not condition():
        assert time.monotonic() - began_s < limit_s, f"waited in vain: {seen()}"
        time.sleep(0.02)
    return time.monotonic() - began_s


def load_vivid(options: str = "", rules: str = "") -> None:
    """Two of the kernel's test cameras, with these links of udev."""
    RULES.write_text(rules)
    shell("udevadm control --reload")
    until(lambda: subprocess.run(["modprobe", "-r", "vivid"], capture_output=True, check=False).returncode == 0)
    shell(f"modprobe vivid n_devs=2 {options} && udevadm settle")


def load_loopback(options: str = "") -> None:
    """The virtual camera /dev/video50, called Loop Cam."""
    until(lambda: subprocess.run(["modprobe", "-r", "v4l2loopback"], capture_output=True, check=False).returncode == 0)
    shell(f"modprobe v4l2loopback video_nr=50 card_label='Loop Cam' {options} && udevadm settle")


def unplug() -> None:
    """Take the driver off its devices, as when a cable is pulled."""
    (VIVID / "unbind").write_text("vivid.0")


def plug() -> None:
    """Give the devices back."""
    (VIVID / "bind").write_text("vivid.0")


def control(setting: str, device: str = "/dev/video0") -> None:
    """Set one of the driver's own controls, which break it in many ways."""
    shell(f"v4l2-ctl -d {device} -c {setting}")


def back_within_s(opening_s: float) -> float:
    """How long a camera may be away after it is there again, where opening it takes so long."""
    return max(_FEWEST_S, _PROMISED_S + 3 * opening_s)


class Reader:
    """Reads a source from a thread of its own until the block is left; keeps what it said and when pictures came."""

    def __init__(self, text: str, settings: CameraSettings = SMALL, *, must_answer: bool = True) -> None:
        self.source = source_from_name(named_source(text), settings, must_answer)
        self.said: list[str] = []
        self._heard = 0
        self.arrivals_s: list[float] = []
        self.newest: Image | None = None
        self.failure: Exception | None = None
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def _run(self) -> None:
        try:
            self.source.open()
            while not self._ending.is_set():
                frame = self.source.read(_READ_S)
                if frame is not None:
                    self.arrivals_s.append(time.monotonic())
                    self.newest = frame.image
                status = self.source.status
                sentence = f"{status.state.value}: {status.message}"
                if sentence not in self.said[-1:]:
                    self.said.append(sentence)
        except Exception as error:  # noqa: BLE001 - it is what the trial is about
            self.failure = error
        finally:
            self.source.close()

    def __enter__(self) -> Self:
        """Begin to read."""
        self._thread.start()
        return self

    def is_back(self, opening_s: float) -> None:
        """It is back within the second that is promised, and the time that opening took on this computer, thrice."""
        assert self.flowing() < back_within_s(opening_s)

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """End, which a driver must not hold up."""
        self._ending.set()
        self._thread.join(30)
        assert not self._thread.is_alive(), "the thread that reads hangs"

    def flowing(self, limit_s: float = 60.0) -> float:
        """Wait for three new pictures within a second; the seconds until the first of them."""
        since_s = time.monotonic()

        def flows() -> bool:
            assert self.failure is None, self.failure
            later = [arrival_s for arrival_s in self.arrivals_s if arrival_s > since_s]
            return any(third - first < 1 for first, third in zip(later, later[2:], strict=False))

        until(flows, limit_s, self._seen)
        return next(arrival_s for arrival_s in self.arrivals_s if arrival_s > since_s) - since_s

    def _seen(self) -> str:
        ages_s = [round(time.monotonic() - arrival_s, 1) for arrival_s in self.arrivals_s[-5:]]
        return f"said {self.said[-5:]}, newest pictures {ages_s} s ago, failure {self.failure!r}"

    def says(self, words: str, limit_s: float = 60.0) -> None:
        """Wait until it has said so since it said so last."""
        until(lambda: any(words in sentence for sentence in self.said[self._heard :]), limit_s, self._seen)
        self._heard = len(self.said)

    def fails(self) -> str:
        """Wait until it has failed for good; its sentence."""
        until(lambda: self.failure is not None)
        return str(self.failure)

    @property
    def camera(self) -> str:
        """Which camera the device file that is open belongs to, by the kernel's name."""
        held: set[str] = set()
        for link in Path("/proc/self/fd").iterdir():
            # The thread that reads opens and closes files of its own meanwhile.
            with suppress(FileNotFoundError):
                held.add(str(link.readlink()))
        (number,) = {Path(path).name for path in held if path.startswith("/dev/video")}
        return Path("/sys/class/video4linux", number, "name").read_text().strip()
