"""Every kind of result at once, from a real file through the real pipeline: they tell the same story."""

import csv
import io
import json
from pathlib import Path

import av
import pytest

from tests.clips import moving_square, times_of, write_clip
from tests.fakes import FixedLabeler
from video_labeler.archive.label_index import IndexedFile, LabelIndex
from video_labeler.archive.search import search
from video_labeler.exports.coco_file import CocoFile
from video_labeler.exports.csv_file import CsvFile
from video_labeler.exports.label_file import LabelFile
from video_labeler.exports.report import ReportFile
from video_labeler.exports.subtitle_file import SubtitleFile
from video_labeler.labeling.hierarchy import LabelHierarchy
from video_labeler.pipeline.pipeline import Pipeline, Sink
from video_labeler.sources.video_file import VideoFile


def sinks_in(folder: Path, video: Path) -> tuple[list[Sink], LabelIndex]:
    index = LabelIndex(video.parent, "clip.mp4", "fixed")
    sinks: list[Sink] = [
        LabelFile(folder / "out.jsonl"),
        CsvFile(folder / "out.csv"),
        SubtitleFile(folder / "out.vtt"),
        SubtitleFile(folder / "out.srt"),
        CocoFile(folder / "out.json"),
        ReportFile(folder / "out.html", video, "fixed"),
        index,
    ]
    return sinks, index


def last_duration_of(path: Path) -> float:
    with av.open(str(path)) as container:
        *_, last = container.decode(video=0)
        return float(last.duration * last.time_base)


def test_all_results_agree(tmp_path: Path) -> None:
    times = [index / 25 + (0.01 if index % 3 == 0 else 0) for index in range(40)]
    clip = write_clip(tmp_path / "clip.mp4", moving_square(40), times)
    sinks, index = sinks_in(tmp_path, clip)
    _run(clip, sinks)
    index.update([IndexedFile(clip)])
    first, *_ = read = times_of(clip)
    end_s = read[-1] - first + last_duration_of(clip)
    rows = list(csv.DictReader(io.StringIO((tmp_path / "out.csv").read_text(encoding="utf-8-sig"), newline="")))
    lines = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    images = json.loads((tmp_path / "out.json").read_text())["images"]
    seen = [time_s - first for time_s in read]
    assert [float(row["time_s"]) for row in rows] == pytest.approx(seen, abs=1e-6)
    assert [image["time_s"] for image in images] == [line["time_s"] for line in lines] == pytest.approx(seen, abs=1e-6)
    assert f"00:00:00.000 --> 00:00:01.{round((end_s - 1) * 1000):03d}\nBottle\n" in (tmp_path / "out.vtt").read_text()
    assert index.problem is None
    (finding,) = search("bottle", tmp_path, LabelHierarchy.flat(["Bottle"])).findings
    assert (finding.file, finding.start_s, finding.end_s) == (clip, 0.0, pytest.approx(end_s))
    assert not list(tmp_path.glob("*.partial*"))


def test_a_failure_leaves_partial_files_only_and_no_entry(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "clip.mp4", moving_square(20))
    (tmp_path / "out").mkdir()
    sinks, index = sinks_in(tmp_path / "out", clip)
    with pytest.raises(RuntimeError):
        _run(clip, sinks, FixedLabeler(fail_at=15))
    index.update([IndexedFile(clip)])
    assert all(".partial" in path.name for path in (tmp_path / "out").iterdir())
    assert search("bottle", tmp_path, LabelHierarchy.flat(["Bottle"])).indexes == 0


def _run(clip: Path, sinks: list[Sink], labeler: FixedLabeler | None = None) -> None:
    with Pipeline(VideoFile(clip), lambda: labeler or FixedLabeler(), sinks) as pipeline:
        assert pipeline.wait(60)
