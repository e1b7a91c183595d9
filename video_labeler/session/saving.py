"""Which files are being saved, so that the program does not end before they are complete."""

import threading
import time
from dataclasses import dataclass
from pathlib import Path

from video_labeler.session.view import SavingView

_LOOK_EVERY_S = 0.1


@dataclass(slots=True, eq=False)
class PendingFile:
    """A file being written, or the first word of its name; ``since_s``: when only its completion was left."""

    path: Path
    since_s: float | None = None


class Saving:
    """Tracks every file until it is complete or has failed. For any thread."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._files: list[PendingFile] = []
        self._left = False

    def begin(self, path: Path, *, ends: bool = False) -> PendingFile:
        """Register a file until it is :meth:`done`; with ``ends`` only its completion is left."""
        file = PendingFile(path, time.monotonic() if ends else None)
        with self._changed:
            self._files.append(file)
        return file

    def finish(self, file: PendingFile) -> None:
        """Mark that only the completion of a file is left."""
        file.since_s = time.monotonic()

    def done(self, file: PendingFile) -> None:
        """Mark a file as complete or failed."""
        with self._changed:
            self._files = [other for other in self._files if other is not file]
            self._changed.notify_all()

    @property
    def paths(self) -> tuple[Path, ...]:
        """The files being written."""
        with self._changed:
            return tuple(file.path for file in self._files)

    @property
    def view(self) -> SavingView | None:
        """The files that are being completed, and since when; ``None``: there are none."""
        with self._changed:
            waiting = [(file.since_s, file.path.name) for file in self._files if file.since_s is not None]
        return SavingView(tuple(name for _, name in waiting), min(waiting)[0]) if waiting else None

    def wait(self, limit_s: float | None = None) -> bool:
        """Wait until all are complete, or to be left; false where that took longer than ``limit_s`` seconds."""
        deadline_s = None if limit_s is None else time.monotonic() + limit_s
        with self._changed:
            while self._files and not self._left:
                if deadline_s is not None and time.monotonic() >= deadline_s:
                    return False
                # Waiting in short steps keeps Ctrl-C working on every platform.
                self._changed.wait(_LOOK_EVERY_S)
        return True

    def leave(self) -> None:
        """Stop waiting: what is not complete stays under its partial name."""
        with self._changed:
            self._left = True
            self._changed.notify_all()
