"""Results appear under their final name when they are complete, and never overwrite anything unasked."""

import os
from collections.abc import Collection
from pathlib import Path

from video_labeler.errors import OutputError


def check_target(target: Path, *, overwrite: bool, source: Path | None = None, suffixes: Collection[str] = ()) -> None:
    """Refuse a target that could not be written, before any long work starts.

    Raises:
        OutputError: the folder is missing or closed, the name is taken (and ``overwrite`` is false), is that of the
            input, or has a suffix other than ``suffixes``.
    """
    if suffixes and target.suffix.lower() not in suffixes:
        wanted = " or ".join(sorted(suffixes))
        raise OutputError(f"Cannot write {target}: the name must end in {wanted}.")
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
    """Where a file is while it is in the making: ``NAME.partial.SUFFIX`` beside its target."""
    return target.with_name(f"{target.stem}.partial{target.suffix}")


class PartialFile:
    """A file in the making, under its partial name until it is complete."""

    def __init__(self, target: Path) -> None:
        self.target = target
        self.path = partial_path(target)

    def put_in_place(self) -> None:
        """Give the complete file its name.

        Raises:
            OutputError: the system refuses; the file then keeps its partial name.
        """
        try:
            self.path.replace(self.target)
        except OSError as error:
            raise OutputError(f"Cannot name {self.target}: {error.strerror}. The result is in {self.path}.") from error
