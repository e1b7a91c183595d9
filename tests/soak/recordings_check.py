"""Looks at every recording that the kiosk completes: it must open, and all its pictures must decode."""

import contextlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import av


class RecordingsCheck:
    """Checks complete recordings once each, soon, since the quota deletes the oldest."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: set[Path] = set()
        self.checked = 0
        self.frames = 0
        self.greatest_bytes = 0
        self.problems: list[str] = []
        self.unfinished = 0
        """Left at the end, with nothing in them that could be saved: killed before their first picture was written."""

    def look(self, limit: int | None = None) -> None:
        """Check up to ``limit`` that have been completed since the last call."""
        sizes = {path: _size(path) for path in self._folder.rglob("*.mp4")}
        self.greatest_bytes = max(self.greatest_bytes, sum(sizes.values()))
        new = [path for path in sorted(sizes) if ".partial" not in path.name and ".recovering" not in path.name]
        for path in [path for path in new if path not in self._known][:limit]:
            self._known.add(path)
            self._check(path)

    def written_s(self) -> float:
        """When something was last written to a recording, by the clock of the file system (seconds since 1970)."""
        return max(self._changed(), default=0.0)

    def cut_off(self, before: float) -> int:
        """How many were last written before that time (seconds since 1970), and have not been mended yet."""
        return sum(1 for changed in self._changed() if changed < before)

    def _changed(self) -> Iterator[float]:
        for path in self._folder.rglob("*.partial*.mp4"):
            with contextlib.suppress(OSError):
                yield path.stat().st_mtime

    def finish(self) -> None:
        """Mend what a kill has left, with the product's own command, and check all the rest."""
        self._find_unsaved()
        words = [sys.executable, "-m", "video_labeler", "recover", str(self._folder)]
        done = subprocess.run(words, capture_output=True, text=True, timeout=120, check=False)
        self.look()
        for path in self._folder.rglob("*.partial*.mp4"):
            frames = _frames(path)
            if frames is None or frames == 0:
                self.unfinished += 1
            else:
                self.problems.append(
                    f"{path.name} holds {frames} pictures and was not recovered: {done.stdout.strip()}"
                )

    def _find_unsaved(self) -> None:
        """The kiosk itself is to mend what its killed children have left."""
        unsaved = [path.name for path in self._folder.rglob("*.partial*.mp4") if _frames(path)]
        if unsaved:
            self.problems.append(f"The kiosk has left {len(unsaved)} recordings unfinished, such as {unsaved[0]}.")

    def _check(self, path: Path) -> None:
        frames = _frames(path)
        if frames is None and not path.exists():
            return
        self.checked += 1
        self.frames += frames or 0
        if not frames:
            self.problems.append(f"{path.name} cannot be played")


def _frames(path: Path) -> int | None:
    """How many pictures decode; ``None`` where the file cannot be read to its end."""
    try:
        with av.open(str(path)) as container:
            return sum(1 for _ in container.decode(video=0))
    except (av.FFmpegError, OSError, IndexError):
        return None


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
