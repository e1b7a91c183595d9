"""One trial in a separate process, so that neither a hang nor a crash of it matters."""

import contextlib
import logging
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from video_labeler.diagnosis import Finding, Health
from video_labeler.kiosk.check.finding_line import read_findings
from video_labeler.system.python_child import python_command, python_environment

_log = logging.getLogger(__name__)

_KILL_S = 2.0
"""A process that hangs in a driver cannot even be killed; it is then left behind."""


@dataclass(frozen=True, slots=True)
class Trial:
    """A module that is run as a program and prints findings.

    Each of ``subjects`` without a finding gets ``health``: the trial hangs, or has ``crashed``, as that text
    says; ``advice`` is what to do then.
    """

    subjects: tuple[str, ...]
    module: str
    arguments: tuple[str, ...]
    limit_s: float
    health: Health
    advice: str
    crashed: str = "the trial has crashed."


class RunningTrial:
    """A running trial; its output goes to a file in ``folder``, so that a hang loses none of it."""

    def __init__(self, trial: Trial, folder: Path) -> None:
        self._trial = trial
        self._deadline_s = time.monotonic() + trial.limit_s
        self._path = folder / f"{trial.module}.txt"
        with self._path.open("wb") as output:
            self._process = subprocess.Popen(
                python_command(trial.module, *trial.arguments),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.DEVNULL,
                env=python_environment(),
            )

    def findings(self) -> Sequence[Finding]:
        """Its findings, once it has ended or its time is over."""
        hangs = False
        try:
            code: int | None = self._process.wait(max(0.0, self._deadline_s - time.monotonic()))
        except subprocess.TimeoutExpired:
            hangs, code = True, None
            self.stop()
        _log.debug("%s has ended with %s", self._trial.module, code)
        found = list(read_findings(self._path.read_text(encoding="utf-8", errors="replace")))
        told = {finding.subject for finding in found}
        what = f"no answer within {self._trial.limit_s:.0f} s." if hangs else self._trial.crashed
        silent = [subject for subject in self._trial.subjects if subject not in told]
        return [*found, *(Finding(subject, self._trial.health, what, self._trial.advice) for subject in silent)]

    def stop(self) -> None:
        """Kill it if it still runs."""
        if self._process.poll() is None:
            self._process.kill()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(_KILL_S)
