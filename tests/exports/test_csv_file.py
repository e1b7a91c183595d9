"""CSV that a spreadsheet opens right, and that runs nothing."""

import csv
import io
import re
from pathlib import Path

import pytest

from tests.movie.streams import BOTTLE, CONTAINER, feed, moment, thing
from video_labeler.errors import OutputError
from video_labeler.exports.csv_file import COLUMNS, CsvFile
from video_labeler.frames import Box, Label

WIDE = "\N{FULLWIDTH EQUALS SIGN}"


def rows_of(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))


def test_a_row_for_each_object_and_frame(tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    frames = [
        moment(0, 0.0, thing(BOTTLE, CONTAINER, box=Box(1.25, 2, 30, 40)), thing(track=2)),
        moment(1, 1 / 3),
        moment(2, 2 / 3, thing(Label(5, "/m/5", 'Größe, „groß“ und\nzwei "Zeilen"'))),
    ]
    feed(CsvFile(target), frames)
    data = target.read_bytes()
    assert data.startswith(b"\xef\xbb\xbfframe,time_s,track,")
    assert data.count(b"\r\n") == 4
    header, first, second, third = rows_of(target)
    assert tuple(header) == COLUMNS
    assert first == [
        "0", "0.000000", "1", "1.2", "2.0", "30.0", "40.0", "321", "/m/04dr76w", "Bottle", "0.9000", "Container",
    ]  # fmt: skip
    assert second == ["0", "0.000000", "2", "80.0", "60.0", "240.0", "220.0", "", "", "", "", ""]
    assert third[:3] == ["2", "0.666667", "1"]
    assert third[9] == 'Größe, „groß“ und\nzwei "Zeilen"'
    assert [path.name for path in tmp_path.iterdir()] == ["out.csv"]


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", WIDE + "1", '=HYPERLINK("x")'])
def test_a_name_never_runs_as_a_formula(tmp_path: Path, name: str) -> None:
    target = tmp_path / "out.csv"
    feed(CsvFile(target), [moment(0, 0.0, thing(Label(0, name, name), Label(1, "", name)))])
    row = rows_of(target)[1]
    assert [row[8], row[9], row[11]] == ["'" + name] * 3


@pytest.mark.parametrize("name", ["Mug; =1+1", "Mug;+1", "Mug,@SUM(A1)", "Mug\t-1", "Mug\n=1"])
def test_no_part_of_a_cell_runs_where_other_signs_end_cells(tmp_path: Path, name: str) -> None:
    target = tmp_path / "out.csv"
    plain = [Label(0, "/m/1", "Mug"), Label(1, "/m/2", "e-mail, well-known"), Label(2, "", "=1")]
    feed(CsvFile(target), [moment(0, 0.0, thing(Label(0, "", name), *plain))])
    row = rows_of(target)[1]
    assert not re.search(r"(^|[;,\t\r\n]) *[=+@-]", row[9])
    assert row[9].replace("'", "") == name
    assert row[11] == "Mug; e-mail, well-known; '=1"


def test_after_a_failure_the_rows_are_kept_under_a_partial_name(tmp_path: Path) -> None:
    feed(CsvFile(tmp_path / "out.csv"), [moment(0, 0.0, thing(BOTTLE))], completed=False)
    assert [path.name for path in tmp_path.iterdir()] == ["out.partial.csv"]
    assert len(rows_of(tmp_path / "out.partial.csv")) == 2


def test_a_folder_that_is_gone_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="Cannot write"):
        feed(CsvFile(tmp_path / "gone" / "out.csv"), [])
