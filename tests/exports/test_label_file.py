"""JSON Lines as promised in the README."""

import json
from pathlib import Path

from tests.fakes import grey_frame, labeled
from video_labeler.exports.label_file import LabelFile
from video_labeler.frames import Box, LabeledFrame, StageTimes
from video_labeler.sources.base import SourceInfo


def test_each_frame_is_one_line_with_everything_in_it(tmp_path: Path) -> None:
    target = tmp_path / "out.jsonl"
    sink = LabelFile(target, "my model")
    sink.open(SourceInfo("clip"))
    sink.write(labeled(grey_frame(0, 0.0), "Größe", "Container", box=Box(1.25, 2, 30, 40)))
    sink.write(LabeledFrame(grey_frame(1, 1 / 3), (), StageTimes(0.0)))
    assert not target.exists()
    sink.close(completed=True)
    text = target.read_text(encoding="utf-8")
    assert "Größe" in text
    first, second = (json.loads(line) for line in text.splitlines())
    assert first == {
        "frame": 0,
        "time_s": 0.0,
        "model": "my model",
        "objects": [
            {
                "track": 1,
                "box": [1.2, 2, 30, 40],
                "labels": [
                    {"row": 0, "id": "/m/0", "name": "Größe", "confidence": 0.9},
                    {"row": 1, "id": "/m/1", "name": "Container", "confidence": 0.8},
                ],
            }
        ],
    }
    assert second == {"frame": 1, "time_s": 0.333333, "model": "my model", "objects": []}


def test_after_a_failure_the_lines_are_kept_under_a_partial_name(tmp_path: Path) -> None:
    sink = LabelFile(tmp_path / "out.jsonl")
    sink.open(SourceInfo("clip"))
    sink.write(labeled(grey_frame(), "Mug"))
    sink.close(completed=False)
    assert not (tmp_path / "out.jsonl").exists()
    assert len((tmp_path / "out.partial.jsonl").read_text().splitlines()) == 1
