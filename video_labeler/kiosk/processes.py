"""The processes that the supervisor starts: the kiosk, its card, and the recovery of recordings."""

import os
import subprocess
import sys
from collections.abc import Sequence

from video_labeler.system.python_child import apart, python_command, python_environment


def start_piped(words: Sequence[str]) -> subprocess.Popen[bytes]:
    """Start this program with another command, with pipes on the three standard streams.

    It leads its own process group, so that Ctrl-C in a terminal reaches only the supervisor.

    Raises:
        OSError: the system refuses.
    """
    return subprocess.Popen(
        python_command("video_labeler", *words),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=python_environment(),
        **apart(),
    )


def start_low_priority(words: Sequence[str]) -> subprocess.Popen[bytes]:
    """Start this program with a command, at the lowest priority; all its output comes through one pipe.

    Raises:
        OSError: the system refuses.
    """
    process = subprocess.Popen(
        python_command("video_labeler", *words),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=python_environment(),
        **apart(below_normal=True),
    )
    if sys.platform != "win32":
        os.setpriority(os.PRIO_PROCESS, process.pid, 19)
    return process
