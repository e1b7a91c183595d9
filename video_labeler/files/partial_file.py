"""Results get their final name when they are complete, and never overwrite anything unless asked to."""

import glob
import itertools
import os
import sys
from collections.abc import Collection, Iterator
from pathlib import Path

from video_labeler.errors import OutputError
from video_labeler.files.naming import is_too_long
from video_labeler.files.opening import new_file


def check_target(target: Path, *, overwrite: bool, source: Path | None = None, suffixes: Collection[str] = ()) -> None:
    """Check that a target can be written, before any long work starts.

    Raises:
        OutputError: the folder is missing or closed, the name is taken (and ``overwrite`` is false), is that of the
            input, or has a suffix other than ``suffixes``.
    """
    if suffixes and target.suffix.lower() not in suffixes:
        wanted = " or ".join(sorted(suffixes))
        raise OutputError(f"Cannot write {target}: the name must end in {wanted}.")
    if is_too_long(partial_path(target).name):
        raise OutputError(f"Cannot write {target}: the name is too long. Give a shorter one with -o.")
    if target.is_dir():
        raise OutputError(f"Cannot write {target}: that is a folder. Give the name of a file.")
    if not target.parent.is_dir():
        raise OutputError(f"Cannot write {target}: the folder {target.parent} does not exist. Make it first.")
    if not os.access(target.parent, os.W_OK):
        raise OutputError(f"Cannot write {target}: you may not write in the folder {target.parent}.")
    if target.exists():
        if source is not None and source.exists() and target.samefile(source):
            raise OutputError(f"Cannot write {target}: that is the input. Choose another name for the result.")
        if not target.is_file():
            raise OutputError(f"Cannot write {target}: that is not an ordinary file.")
        if not overwrite:
            raise OutputError(f"{target} exists already. Choose another name, or add --overwrite to replace it.")


def partial_path(target: Path) -> Path:
    """The name of a file while it is being written: ``NAME.partial.SUFFIX`` beside its target."""
    return target.with_name(f"{target.stem}.partial{target.suffix}")


def partial_paths(target: Path) -> Iterator[Path]:
    """The partial name, and the next ones where a crash has left files: ``NAME.partial-2.SUFFIX`` and so on."""
    yield partial_path(target)
    for number in itertools.count(2):
        yield target.with_name(f"{target.stem}.partial-{number}{target.suffix}")


def newest_partial(target: Path) -> Path | None:
    """The newest partial file that a failure left of ``target``, if any."""
    return max(partials_of(target), key=lambda path: path.stat().st_mtime, default=None)


def partials_of(target: Path) -> Iterator[Path]:
    """All partial files of ``target`` that are there."""
    return iter(target.parent.glob(f"{glob.escape(target.stem)}.partial*{glob.escape(target.suffix)}"))


GONE = "not there any more: it was deleted or moved, or is on a drive that was taken out."
"""What became of a file in the making that vanished while it was written."""


class PartialFile:
    """A file under a free partial name until it is complete.

    With ``overwrite`` it replaces whatever has its final name by then.
    """

    def __init__(self, target: Path, *, overwrite: bool = True) -> None:
        self.target = target
        self.path = next(path for path in partial_paths(target) if not os.path.lexists(path))
        self._overwrite = overwrite

    def create(self) -> int:
        """Create the file for reading and writing, and return its descriptor.

        Raises:
            OSError: the system refuses.
        """
        for path in partial_paths(self.target):
            try:
                descriptor = new_file(path)
            except FileExistsError:
                continue
            self.path = path
            return descriptor
        raise AssertionError("names never run out")

    def put_in_place(self) -> None:
        """Give the complete file its name.

        Raises:
            OutputError: the name has been taken, or the system refuses; the file then keeps its partial name.
        """
        try:
            if self._overwrite:
                self.path.replace(self.target)
            else:
                rename_without_overwriting(self.path, self.target)
        except FileExistsError as error:
            raise OutputError(
                f"{self.target} has been created by something else, and is kept. The result is in {self.path}."
            ) from error
        except OSError as error:
            if not os.path.lexists(self.path):
                raise OutputError(f"{self.path} is {GONE}") from error
            raise OutputError(f"Cannot name {self.target}: {error.strerror}. The result is in {self.path}.") from error


def rename_without_overwriting(path: Path, target: Path) -> None:
    """Rename a file.

    Raises:
        FileExistsError: ``target`` exists.
        OSError: the system refuses.
    """
    if sys.platform != "win32":
        try:
            target.hardlink_to(path)
        except FileExistsError:
            raise
        except OSError:
            # Some file systems (exFAT, many network shares) have no hard links: checking first is the next best.
            if os.path.lexists(target):
                raise FileExistsError(target) from None
        else:
            path.unlink()
            return
    path.rename(target)
