"""Files that say what clips and photographs show: whatever is in them, one sentence."""

from pathlib import Path

import pytest

from video_labeler.errors import SourceFormatError
from video_labeler.evaluation import photographs as evaluation
from video_labeler.evaluation import quality

BAD = ["[" * 100_000, '{"a":' * 100_000 + "1" + "}" * 100_000, "", "{", "\0", "null", "[]", '{"a": 1}', '{"a": ["b"]}']


@pytest.mark.parametrize("content", BAD)
def test_bad_truth_is_one_sentence(tmp_path: Path, content: str) -> None:
    path = tmp_path / "truth.json"
    path.write_text(content)
    for read in (evaluation.read_truth, quality.read_truth):
        with pytest.raises(SourceFormatError):
            read(path)


@pytest.mark.parametrize(
    "content",
    [
        '{"rate": 0, "frames": []}',
        '{"rate": NaN, "frames": []}',
        '{"rate": 1e999, "frames": []}',
        '{"rate": 25, "frames": 5}',
        '{"rate": 25, "frames": [{"objects": [{"name": "a", "box": [1, 2, 3]}]}]}',
        '{"rate": 25, "frames": [{"objects": [{"name": "a", "box": [1, 2, 3, %s]}]}]}' % ("9" * 400),
        '{"rate": 25, "frames": [{"objects": [{"name": "a", "box": [1, 2, 3, Infinity]}]}]}',
        '{"rate": 25, "frames": [{"objects": ["name"]}]}',
    ],
)
def test_bad_truth_about_a_clip_is_one_sentence(tmp_path: Path, content: str) -> None:
    path = tmp_path / "truth.json"
    path.write_text(content)
    with pytest.raises(SourceFormatError, match="does not tell what a clip shows"):
        quality.read_truth(path)


def test_what_is_too_large_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "truth.json"
    with path.open("wb") as file:
        file.truncate(5_000_000_000)
    for read in (evaluation.read_truth, quality.read_truth):
        with pytest.raises(SourceFormatError, match="more than 100 MB"):
            read(path)
