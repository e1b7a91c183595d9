"""Labels as data: CSV with a row for each object and frame, for spreadsheets."""

import csv
import io
import re
from collections.abc import Iterable
from pathlib import Path

from video_labeler.exports.text_file import TextFile
from video_labeler.frames import LabeledFrame, LabeledObject
from video_labeler.sources.base import SourceInfo

COLUMNS = (
    "frame",
    "time_s",
    "track",
    "x_min",
    "y_min",
    "x_max",
    "y_max",
    "row",
    "id",
    "name",
    "confidence",
    "broader",
)

# OWASP, "CSV Injection": what a spreadsheet takes for the start of a formula, full-width forms included.
_FORMULA = re.compile("(^)( *[=+\\-@\t\r\n＝＋－＠])|([;,\t\r\n] *)([=+\\-@＝＋－＠])")  # noqa: RUF001 - these are meant


class CsvFile:
    """A sink that writes CSV (RFC 4180) in UTF-8.

    It begins with a byte order mark, without which Excel misreads every letter beyond ASCII. An object without a
    label has empty cells for it. Text that a spreadsheet would evaluate as a formula is prefixed with an apostrophe.
    """

    name = "CSV file"

    def __init__(self, target: Path, *, overwrite: bool = True) -> None:
        self._file = TextFile(target, encoding="utf-8-sig", overwrite=overwrite)

    def open(self, info: SourceInfo) -> None:
        """Start the file with its header.

        Raises:
            OutputError: it cannot be written.
        """
        self._file.open()
        self._file.write(_line(COLUMNS))

    def write(self, labeled: LabeledFrame) -> None:
        """Append a row for each object.

        Raises:
            OutputError: the disk is full or gone.
        """
        for item in labeled.objects:
            self._file.write(_line(_cells(labeled, item)))

    def close(self, *, completed: bool) -> None:
        """Finish, and put the file in place where it is complete.

        Raises:
            OutputError: the last rows could not be written.
        """
        self._file.close(completed=completed)


def _cells(labeled: LabeledFrame, item: LabeledObject) -> list[object]:
    box = item.box
    cells: list[object] = [labeled.frame.index, f"{labeled.frame.time_s:.6f}", item.track_id]
    cells += [f"{edge:.1f}" for edge in (box.x_min, box.y_min, box.x_max, box.y_max)]
    if not item.predictions:
        return [*cells, "", "", "", "", ""]
    first, *others = item.predictions
    broader = "; ".join(other.label.name for other in others)
    label = first.label
    return [*cells, label.row, _text(label.id), _text(label.name), f"{first.confidence:.4f}", _text(broader)]


def _text(text: str) -> str:
    """A text cell that no spreadsheet evaluates, even if it treats semicolons or tabs as separators."""
    return _FORMULA.sub(r"\1\3'\2\4", text)


def _line(cells: Iterable[object]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerow(cells)
    return buffer.getvalue()
