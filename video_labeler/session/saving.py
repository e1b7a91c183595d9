"""Which files are being saved, so that nobody ends the program before they are complete."""

import threading
import time
from dataclasses import dataclass
from pathlib import Path

from video_labeler.session.view import SavingView

_LOOK_EVERY_S = 0.1


@dataclass(slots=True, eq=False)
class FileInTheMaking:
    """A file, or the word that its name will begin with; ``since_s``: when nothing but its completion was left."""

    path: Path
    since_s: float | None = None


class Saving:
    """Every file from its beginning until it is complete, or has failed. For any thread."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._files: list[FileInTheMaking] = []
        self._left = False

    def begin(self, path: Path, *, ends: bool = False) -> FileInTheMaking:
        """A file is in the making until it is :meth:`done`; with ``ends`` nothing more comes for it."""
        file = FileInTheMaking(path, time.monotonic() if ends else None)
        with self._changed:
            self._files.append(file)
        return file

    def finish(self, file: FileInTheMaking) -> None:
        """Nothing more comes for it: it only has to be completed."""
        file.since_s = time.monotonic()

    def done(self, file: FileInTheMaking) -> None:
        """It is complete, or has failed."""
        with self._changed:
            self._files = [other for other in self._files if other is not file]
            self._changed.notify_all()

    @property
    def paths(self) -> tuple[Path, ...]:
        """All that are in the making."""
        with self._changed:
            return tuple(file.path for file in self._files)

    @property
    def view(self) -> SavingView | None:
        """Those that only have to be completed, and since when; ``None``: there are none."""
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
                # Waiting in short turns keeps Ctrl-C working on every platform.
                self._changed.wait(_LOOK_EVERY_S)
        return True

    def leave(self) -> None:
        """Let nobody wait any more: what is not complete stays under its partial name."""
        with self._changed:
            self._left = True
            self._changed.notify_all()
