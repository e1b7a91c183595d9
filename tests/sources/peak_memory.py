"""How much memory opening something takes, measured in a process of its own."""

import json
import subprocess
import sys
from dataclasses import dataclass

_CHILD = """
import json, sys, time
from video_labeler.errors import VideoLabelerError
from video_labeler.sources.opening import source_from_text

source = source_from_text(sys.argv[1])
told, read = "", 0
deadline_s = time.monotonic() + float(sys.argv[2])
try:
    source.open()
    while not source.ended and read < 20 and time.monotonic() < deadline_s:
        read += source.read(0.2) is not None
        told = source.status.message or told
    told = source.losses or told
except VideoLabelerError as error:
    told = str(error)
finally:
    source.close()
peak = next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(json.dumps({"told": told, "frames": read, "mb": int(peak) // 1024}))
"""


@dataclass(frozen=True, slots=True)
class Opened:
    """What became of it: the sentence that was told, the frames that came, and the most memory ever taken."""

    told: str
    frames: int
    mb: int


def opened_apart(source: str, longest_s: float = 10.0) -> Opened:
    """Open a source in a process of its own, and read up to 20 frames of it."""
    command = [sys.executable, "-c", _CHILD, source, str(longest_s)]
    found = subprocess.run(command, capture_output=True, text=True, timeout=100, check=False)
    assert found.returncode == 0, found.stderr
    return Opened(**json.loads(found.stdout.splitlines()[-1]))
