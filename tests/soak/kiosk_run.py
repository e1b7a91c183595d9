"""The real ``video-labeler kiosk``, started as on a stand but with folders of its own."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil

from tests.soak.shared_memory import FOLDER_VARIABLE

RECORD_MINUTES = 0.25
QUOTA_GB = 0.02

_SETTINGS = """\
[models]
model = "builtin"
localizer = "builtin"

[window]
recordings_folder = "{recordings}"

[kiosk]
exhibitor = "Soak"
line = "Hours of show in minutes"
idle_s = 3.0
dwell_s = 0.5
celebrate_s = 1.0
record = true
record_minutes = {minutes}
record_quota_gb = {quota}
"""

_ENDS_WITHIN_S = 10.0


class KioskRun:
    """One kiosk: the supervisor's process, with all that it starts."""

    def __init__(self, folder: Path, source: str, screen: str | None = None) -> None:
        self.folder = folder
        self.recordings = folder / "recordings"
        self.state = folder / "state"
        settings = folder / "booth.toml"
        self.recordings.mkdir()
        settings.write_text(
            _SETTINGS.format(recordings=self.recordings.as_posix(), minutes=RECORD_MINUTES, quota=QUOTA_GB),
            encoding="utf-8",
        )
        self._words = [sys.executable, "-m", "tests.soak.supervisor", "kiosk", source, "--settings", str(settings)]
        self._environment = os.environ | {
            "XDG_STATE_HOME": str(self.state),
            "XDG_CONFIG_HOME": str(folder / "config"),
            FOLDER_VARIABLE: str(folder),
            "QT_QPA_PLATFORM": "xcb" if screen else "offscreen",
            # The desktop of whoever runs the soak is left alone.
            "DBUS_SESSION_BUS_ADDRESS": "disabled:",
        }
        if screen:
            self._environment["DISPLAY"] = screen
        self._process: subprocess.Popen[bytes] | None = None
        self._seen: set[psutil.Process] = set()

    @property
    def supervisor(self) -> psutil.Process:
        """The supervisor's process."""
        assert self._process is not None, "call start() first"
        return psutil.Process(self._process.pid)

    def start(self) -> None:
        """Start the supervisor."""
        with (self.folder / "output.txt").open("ab") as output:
            self._process = subprocess.Popen(
                self._words, env=self._environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output
            )

    @property
    def output(self) -> str:
        """What the supervisor has said."""
        return (self.folder / "output.txt").read_text(encoding="utf-8", errors="replace")

    @property
    def ended(self) -> int | None:
        """The supervisor's exit code, once it has ended."""
        return None if self._process is None else self._process.poll()

    def look(self) -> list[psutil.Process]:
        """Remember all the processes that there are; those that have ended and were not waited for are returned."""
        try:
            family = self.supervisor.children(recursive=True)
        except psutil.NoSuchProcess:
            return []
        self._seen.update(family)
        return [process for process in family if _is_zombie(process)]

    def end(self) -> int | None:
        """End it politely; its exit code, or ``None`` where it had to be killed."""
        assert self._process is not None, "call start() first"
        self.look()
        self._process.send_signal(signal.SIGTERM)
        try:
            return self._process.wait(_ENDS_WITHIN_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            return None

    def left(self) -> list[psutil.Process]:
        """Processes of the kiosk that are still there a moment after its end; they are ended."""
        _, left = psutil.wait_procs(self._seen, timeout=5)
        for process in left:
            process.kill()
        return left


def _is_zombie(process: psutil.Process) -> bool:
    try:
        return process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
