"""The manifest of a folder of results: which options they are made with, and what came of each input, line by line.

Whether a result is there, and from what it was made, the notes beside it tell (:mod:`archive.made_from`). The manifest
keeps a folder to one set of options, and what failed from being tried for ever (docs/adr/0017).
"""

import json
import os
import stat
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from video_labeler import __version__
from video_labeler.annotate.targets import MANIFEST_NAME
from video_labeler.archive.made_from import changed_options
from video_labeler.errors import OutputError
from video_labeler.files.file_lock import lock_file
from video_labeler.files.growing_lines import append_lines
from video_labeler.files.opening import UnsafeFileError, existing_file, growing_file
from video_labeler.files.reading import parsed_json
from video_labeler.sources.naming import NamedSource
from video_labeler.text.shown import shown

_FORM = 1
_BEGINNING = b'{"manifest": '
_LONGEST_LINE = 1_000_000


@dataclass(frozen=True, slots=True)
class InputStamp:
    """Which input, and in what state: its real path, or its address without secrets, and a file's size and time.

    ``relative`` is the path from the folder of the results, with which it may be moved.
    """

    input: str
    relative: str
    size: int | None
    mtime_ns: int | None

    @classmethod
    def of(cls, source: NamedSource, folder: Path) -> "InputStamp":
        """The stamp of an input as it is now."""
        if source.path is None:
            return cls(source.shown, source.shown, None, None)
        place = os.path.realpath(source.path)
        size = mtime_ns = None
        with suppress(OSError):
            found = source.path.stat()
            mtime_ns = found.st_mtime_ns
            if stat.S_ISREG(found.st_mode):
                size = found.st_size
            elif stat.S_ISDIR(found.st_mode):
                # The folder's own time says nothing of a picture that was written over.
                mtime_ns = max([mtime_ns, *(entry.stat().st_mtime_ns for entry in os.scandir(source.path))])
        return cls(place, relative_path(Path(place), folder), size, mtime_ns)


class Manifest:
    """The manifest of one folder, read once, and written by one program at a time.

    Where it cannot be written, :attr:`problem` says so, and nothing else fails by that.
    """

    def __init__(self, folder: Path, descriptor: int | None, *, writes: bool) -> None:
        self.path = folder / MANIFEST_NAME
        self.problem: str | None = None
        self._folder = folder
        self._descriptor = descriptor
        self._writes = writes
        self._options: dict[str, str] = {}
        self._failed: dict[str, _FailedInput] = {}
        self._done: dict[str, tuple[int | None, int | None]] = {}
        try:
            for row in self._rows():
                self._take(row)
        except BaseException:
            self.close()
            raise

    @classmethod
    def open(cls, folder: Path) -> "Manifest":
        """Open the manifest of a folder for writing, or only for reading where it may not be written.

        Raises:
            OutputError: another program writes it, or it is something else.
        """
        path = folder / MANIFEST_NAME
        try:
            descriptor = growing_file(path, 0o666, of_anyone=True)
        except UnsafeFileError as error:
            raise OutputError(f"{path} {error.strerror}. Move it away, or choose another folder.") from error
        except OSError:
            return cls.look(folder)
        if not lock_file(descriptor):
            os.close(descriptor)
            raise OutputError(
                f"Another annotate is writing into {folder}. Wait until it has ended, or choose another folder."
            )
        return cls(folder, descriptor, writes=True)

    @classmethod
    def look(cls, folder: Path) -> "Manifest":
        """Read the manifest of a folder, if there is one, and write nothing.

        Raises:
            OutputError: it is something else.
        """
        try:
            descriptor = existing_file(folder / MANIFEST_NAME, of_anyone=True)
        except OSError:
            descriptor = None
        return cls(folder, descriptor, writes=False)

    def settle(self, options: Mapping[str, str], *, overwrite: bool) -> None:
        """Keep the folder to these options; with ``overwrite``, or where no result is left, it begins anew with them.

        Raises:
            OutputError: its results were made with others.
        """
        changed = changed_options(self._options, options)
        if changed and not overwrite and self._has_results():
            raise OutputError(
                f"{self._folder} holds results that were made with other options: {', '.join(changed)}. "
                "Choose another folder, or add --overwrite to replace them."
            )
        if changed or not options.keys() <= self._options.keys():
            self._add("options", {"anew": bool(changed), "version": __version__, "with": dict(options)})

    def failed_before(self, stamp: InputStamp) -> str | None:
        """Why an input failed with these options, which has not changed since; ``None`` if it did not."""
        before = self._failed.get(stamp.input) or self._failed.get(stamp.relative)
        if before is None or before.of_results or (before.size, before.mtime_ns) != (stamp.size, stamp.mtime_ns):
            return None
        return before.error

    def has_done(self, stamp: InputStamp) -> bool:
        """Whether a file was done that has the same place, size and time since."""
        return stamp.size is not None and self._done.get(stamp.relative) == (stamp.size, stamp.mtime_ns)

    def done(self, stamp: InputStamp, results: Sequence[Path], seconds: float, frames: int) -> None:
        """Record that an input is done, in how many seconds."""
        self._add("done", self._done_row(stamp, results, round(seconds, 3), frames))

    def skipped(self, stamp: InputStamp, results: Sequence[Path]) -> None:
        """Record what was done before there was a manifest."""
        if self._done.get(stamp.relative) != (stamp.size, stamp.mtime_ns):
            self._add("done", self._done_row(stamp, results, None, None), sync=False)

    def failed(self, stamp: InputStamp, error: str, seconds: float, *, of_results: bool) -> None:
        """Record that an input failed; ``of_results``: by something in the place of its results."""
        before = self._failed.get(stamp.input)
        now = _FailedInput(stamp.size, stamp.mtime_ns, shown(error), of_results)
        if before != now:
            self._add("failed", asdict(stamp) | asdict(now) | {"seconds": round(seconds, 3)})

    def close(self) -> None:
        """Let another program write it."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _done_row(
        self, stamp: InputStamp, results: Sequence[Path], seconds: float | None, frames: int | None
    ) -> dict[str, Any]:
        paths = [relative_path(path, self._folder) for path in results]
        return asdict(stamp) | {"results": paths, "seconds": seconds, "frames": frames}

    def _add(self, kind: str, values: Mapping[str, Any], *, sync: bool = True) -> None:
        row = {"manifest": _FORM, "kind": kind, "at": datetime.now(UTC).isoformat(timespec="seconds"), **values}
        self._take(row)
        if self._descriptor is None or not self._writes:
            return
        try:
            append_lines(self._descriptor, [json.dumps(row)], sync=sync)
        except OSError as error:
            self.problem = f"{self.path} was not written: {error.strerror or error}."

    def _take(self, row: Mapping[str, Any]) -> None:
        match row["kind"]:
            case "options":
                if row["anew"]:
                    self._options.clear()
                    self._failed.clear()
                self._options.update(row["with"])
            case "done":
                self._done[row["relative"]] = row["size"], row["mtime_ns"]
                for place in (row["input"], row["relative"]):
                    self._failed.pop(place, None)
            case "failed":
                failed = _FailedInput(row["size"], row["mtime_ns"], row["error"], row["of_results"])
                for place in (row["input"], row["relative"]):
                    self._failed[place] = failed

    def _has_results(self) -> bool:
        return any(
            os.path.lexists(self._folder / name)
            for row in self._rows()
            if row["kind"] == "done"
            for name in row["results"]
        )

    def _rows(self) -> Iterator[dict[str, Any]]:
        """The rows, without lines that a crash left unfinished or that are something else."""
        if self._descriptor is None:
            return
        os.lseek(self._descriptor, 0, os.SEEK_SET)
        with os.fdopen(self._descriptor, "rb", closefd=False) as file:
            is_first = True
            while line := file.readline(_LONGEST_LINE):
                words = line.strip()
                if is_first and not (words.startswith(_BEGINNING) or _BEGINNING.startswith(words)):
                    raise OutputError(
                        f"{self.path} is not a manifest of this program. Move it away, or choose another folder."
                    )
                is_first = is_first and not words
                with suppress(ValueError):
                    row = parsed_json(line)
                    if isinstance(row, dict) and type(row.get("manifest")) is int and row["manifest"] > _FORM:
                        raise OutputError(f"{self.path} is of a newer version of this program. Update this one.")
                    if _is_row(row):
                        yield row


@dataclass(frozen=True, slots=True)
class _FailedInput:
    size: int | None
    mtime_ns: int | None
    error: str
    of_results: bool


def relative_path(path: Path, folder: Path) -> str:
    """The path from a folder on, or the path itself where there is none (Windows: on another drive)."""
    try:
        return Path(os.path.relpath(os.path.realpath(path.parent), os.path.realpath(folder)), path.name).as_posix()
    except ValueError:
        return str(path)


def _is_row(row: Any) -> bool:
    """Whether it has the form of a row: others may write in the folder, too."""
    if not isinstance(row, dict):
        return False
    match row.get("kind"):
        case "options":
            options = row.get("with")
            return (
                isinstance(row.get("anew"), bool)
                and isinstance(options, dict)
                and all(isinstance(value, str) for value in options.values())
            )
        case "done":
            results = row.get("results")
            return _is_stamped(row) and isinstance(results, list) and all(isinstance(name, str) for name in results)
        case "failed":
            return _is_stamped(row) and isinstance(row.get("error"), str) and isinstance(row.get("of_results"), bool)
    return False


def _is_stamped(row: dict[str, Any]) -> bool:
    return all(isinstance(row.get(key), str) for key in ("input", "relative")) and all(
        key in row and (row[key] is None or type(row[key]) is int) for key in ("size", "mtime_ns")
    )
