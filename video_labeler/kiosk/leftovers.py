"""Recovers the recordings that a killed kiosk left unfinished, while the next one runs."""

import logging
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from video_labeler.files.opening import is_own_file
from video_labeler.system.background_task import BackgroundTask, StopSignal

_log = logging.getLogger(__name__)

_PATTERNS = ("*.partial*.mp4", "*.partial*.mkv")
_DRAFT = ".recovering"
"""Part of the names of interrupted recoveries, which the next recovery of the same recording removes."""
_MOST_AT_ONCE = 20
_LONGEST_S = 3600.0
_END_WITHIN_S = 2.0


class Leftovers:
    """Runs the recovery in a separate process, one at a time.

    ``folder`` is where the kiosk records; ``start`` starts a process with the arguments of a command.
    """

    def __init__(self, folder: Path, start: Callable[[Sequence[str]], subprocess.Popen[bytes]]) -> None:
        self._folder = folder
        self._start = start
        self._saving: BackgroundTask[None] | None = None

    def save(self, before: float) -> None:
        """Recover the unfinished recordings that were last written before that time of the wall clock (seconds).

        So the file that the current kiosk is writing is not touched; its lock would protect it as well, except in the
        moment in which it is created.
        """
        if self._saving is None or not self._saving.is_running:
            self._saving = BackgroundTask(
                "leftovers",
                lambda stop: self._save(before, stop),
                failing="Unfinished recordings cannot be recovered",
            ).start()

    def close(self) -> None:
        """End the current recovery, which is safe: the unfinished file is kept until it is done."""
        if self._saving is not None:
            self._saving.cancel()
            self._saving.wait(_END_WITHIN_S)

    def _save(self, before: float, stop: StopSignal) -> None:
        found = sorted(self._older_than(before))[-_MOST_AT_ONCE:]
        if not found or stop.is_set():
            return
        try:
            command = ["recover", *(str(path) for _, path in found)]
            with self._start(command) as process, stop.calling(process.terminate):
                self._follow(process)
        except OSError as error:
            _log.warning("Unfinished recordings cannot be recovered: %s", error.strerror)

    def _follow(self, process: subprocess.Popen[bytes]) -> None:
        try:
            said, _ = process.communicate(timeout=_LONGEST_S)
        except subprocess.TimeoutExpired:
            _log.warning("Recovering the recordings takes too long, and continues next time.")
            process.kill()
            return
        for line in said.decode(errors="replace").splitlines()[:_MOST_AT_ONCE]:
            _log.info("recover: %s", line)

    def _older_than(self, before: float) -> Iterator[tuple[float, Path]]:
        for pattern in _PATTERNS:
            for path in self._folder.glob(pattern):
                with suppress(OSError):
                    changed = path.lstat().st_mtime
                    if changed < before and _DRAFT not in path.name and is_own_file(path):
                        yield changed, path
