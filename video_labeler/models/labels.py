"""Reads the labels of a model: from the model file, from a label file, or the list that ships with the package."""

import csv
import io
import re
import zipfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from video_labeler import limits
from video_labeler.assets import asset
from video_labeler.errors import LabelFileError
from video_labeler.files.reading import NotRegularError, TooLargeError, read_bytes
from video_labeler.frames import Label
from video_labeler.text.shown import shown

_KNOWLEDGE_GRAPH_ID = re.compile(r"/[a-z]/[0-9a-z_]+")
_BOUNDED_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_END_OF_DIRECTORY = 22
_CHUNK = 32 * 1024


@cache
def known_labels() -> tuple[Label, ...]:
    """The 631 labels of the Mobile Object Labeler V1, as in the published file's own metadata."""
    with asset("labels.csv").open(encoding="utf-8", newline="") as file:
        return tuple(Label(int(row["row"]), row["id"], row["name"]) for row in csv.DictReader(file))


def embedded_labels(content: bytes, count: int) -> tuple[Label, ...] | None:
    """The labels inside a TFLite file, which has them in a zip after the model; ``None`` if it has none.

    ``content`` is the whole file, ``count`` the number of the model's scores: lists of another length are for
    something else. Where one list holds Knowledge-Graph ids and another names, both are used.
    """
    lists = {name: lines for name, lines in _embedded_lists(content).items() if len(lines) == count}
    ids = next((lines for lines in lists.values() if _are_ids(lines)), None)
    named = {name: lines for name, lines in lists.items() if lines is not ids}
    if not named:
        return None if ids is None else _labels(ids, ids)
    english = next((name for name in named if Path(name).stem.endswith(("-en", "_en"))), next(iter(named)))
    return _labels(named[english], ids)


def read_label_file(path: Path, count: int) -> tuple[Label, ...]:
    """The labels in a text file: one name per line, or CSV lines ``id,name`` (``row,id,name`` under a heading).

    Raises:
        LabelFileError: it cannot be read, or does not hold ``count`` labels.
    """
    labels = _parse(_read_text(path), path)
    if len(labels) != count:
        raise LabelFileError(
            f"{path} holds {len(labels)} labels, but the model gives {count} scores: "
            "one label per line is needed, in the model's order."
        )
    return labels


def _read_text(path: Path) -> str:
    try:
        content = read_bytes(path, limits.LABEL_FILE)
    except (FileNotFoundError, NotRegularError) as error:
        raise LabelFileError(f"There is no label file {path}: give a text file with one label per line.") from error
    except TooLargeError as error:
        raise LabelFileError(
            f"{path} is too large for a label file: give a text file with one label per line."
        ) from error
    except OSError as error:
        raise LabelFileError(f"The label file {path} cannot be read: {error.strerror or error}.") from error
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise LabelFileError(f"{path} is not a text file in UTF-8: give one label per line.") from error


def _parse(text: str, path: Path) -> tuple[Label, ...]:
    if "\0" in text:
        raise LabelFileError(f"{path} is not a text file: give one label per line.")
    lines = text.rstrip().splitlines()
    if path.suffix.lower() != ".csv":
        return _labels([line.strip() for line in lines], None)
    try:
        rows = list(csv.reader(lines))
    except csv.Error as error:
        raise LabelFileError(f"{path} is a damaged CSV file ({error}): give lines such as id,name.") from error
    if not rows:
        return ()
    heading = [cell.strip().lower() for cell in rows[0]]
    if "name" not in heading:
        return _columns(rows, path, name=len(rows[0]) - 1, id_=0 if len(rows[0]) > 1 else None)
    id_column = heading.index("id") if "id" in heading else None
    return _columns(rows[1:], path, name=heading.index("name"), id_=id_column)


def _columns(rows: list[list[str]], path: Path, *, name: int, id_: int | None) -> tuple[Label, ...]:
    needed = max(name, id_ or 0)
    for number, row in enumerate(rows, start=1):
        if len(row) <= needed:
            raise LabelFileError(f"{path}, label {number}: {needed + 1} columns are needed, such as id,name.")
    return _labels([row[name].strip() for row in rows], None if id_ is None else [row[id_].strip() for row in rows])


def _embedded_lists(content: bytes) -> dict[str, list[str]]:
    # The zip is an appendix: its directory and its lists lie within the last bytes.
    tail = content[-limits.LABEL_FILE :]
    try:
        with zipfile.ZipFile(_Guarded(tail)) as archive:
            return _texts(archive)
    # A damaged appendix is the same as none: the labels can still be given by hand.
    except Exception:  # noqa: BLE001 - the library raises whatever its code meets in a damaged zip
        return {}


def _texts(archive: zipfile.ZipFile) -> dict[str, list[str]]:
    texts = {}
    left = limits.LABEL_FILE
    for member in archive.infolist():
        # Other methods unpack any amount, whatever size the directory claims.
        if not member.filename.endswith(".txt") or member.compress_type not in _BOUNDED_METHODS:
            continue
        with archive.open(member) as file:
            parts = []
            while part := file.read(_CHUNK):
                left -= len(part)
                if left < 0:
                    raise TooLargeError
                parts.append(part)
        texts[member.filename] = b"".join(parts).decode("utf-8").splitlines()
    return texts


class _Guarded(io.BytesIO):
    """Bytes of which no more can be read at once than the directory of a few label lists has."""

    def read(self, size: int | None = -1, /) -> bytes:
        """The next bytes.

        Raises:
            TooLargeError: more are requested than a label zip's directory may have.
        """
        # The library looks for the end of the directory in the last 64 KB and 22 bytes.
        if size is not None and size > limits.LABEL_ZIP_DIRECTORY + _END_OF_DIRECTORY:
            raise TooLargeError
        return super().read(size)


def _are_ids(lines: Sequence[str]) -> bool:
    return bool(lines) and all(_KNOWLEDGE_GRAPH_ID.fullmatch(line) for line in lines)


def _labels(names: Sequence[str], ids: Sequence[str] | None) -> tuple[Label, ...]:
    """The labels, as printable text: they go into windows, terminals, files and videos."""
    return tuple(Label(row, _text(ids[row]) if ids else "", _text(name)) for row, name in enumerate(names))


def _text(text: str) -> str:
    return shown(text if len(text) <= limits.LABEL_TEXT else f"{text[: limits.LABEL_TEXT - 1]}…")
