"""The supervisor with fake children, as a process that tests can kill: ``python -m tests.kiosk.fake_supervisor``.

The words are the folder of the days and the deeds of each child (see :mod:`tests.kiosk.fake_child`).
"""

import subprocess
import sys
from pathlib import Path

from video_labeler.kiosk.day_book import DayBook
from video_labeler.kiosk.supervisor import Supervisor
from video_labeler.kiosk.vital_signs import Limits

LIMITS = Limits(memory_mb=10_000, silence_s=1.5, start_s=20, polite_s=1, stop_s=1, late_s=1)


def start_fake(*deeds: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.kiosk.fake_child", *deeds],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


if __name__ == "__main__":
    folder, *deeds = sys.argv[1:]
    sys.exit(Supervisor(lambda: start_fake(*deeds), lambda _: start_fake("ready"), DayBook(Path(folder)), LIMITS).run())
