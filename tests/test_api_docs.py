"""The examples of docs/api.md, run as they stand."""

import json
import re
import shutil
from pathlib import Path

import pytest

import video_labeler
from tests.clips import moving_square, write_clip
from video_labeler.assets import asset
from video_labeler.opencv import cv2

_PAGE = (Path(__file__).parents[1] / "docs" / "api.md").read_text(encoding="utf-8")
_EXAMPLES = dict(re.findall(r"^## ([^\n]+)\n```python\n(.*?)^```", _PAGE, re.MULTILINE | re.DOTALL))


@pytest.fixture
def _with_the_files_of_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    pictures = moving_square(10)
    cv2.imwrite("mug.jpg", pictures[0])
    write_clip(Path("clip.mp4"), pictures)
    shutil.copy(asset("models/labeler.tflite"), "mine.tflite")
    shutil.copy(asset("labels.csv"), "mine.csv")


@pytest.mark.usefixtures("_with_the_files_of_the_page")
@pytest.mark.parametrize("title", _EXAMPLES)
def test_the_example_runs(title: str, capsys: pytest.CaptureFixture[str]) -> None:
    names: dict[str, object] = {}
    exec(compile(_EXAMPLES[title], f"docs/api.md: {title}", "exec"), names)
    said = capsys.readouterr().out
    match title:
        case "Label a picture":
            assert getattr(names["picture"], "shape", None) == (240, 320, 3)
        case "Iterate over a camera":
            assert len(said.splitlines()) > 1
        case "Write JSON":
            lines = [json.loads(line) for line in Path("clip.jsonl").read_text(encoding="utf-8").splitlines()]
            assert len(lines) == 10
        case "Use a model of your own":
            assert re.fullmatch(r"\S+ 631", said.strip()), said
        case _:
            pytest.fail("an example that nothing is asked of")


def test_the_page_shows_every_name_that_is_promised() -> None:
    assert len(_EXAMPLES) == 4
    used = set(re.findall(r"\w+", _PAGE))
    values = {"Box", "Frame", "Label", "LabeledFrame", "LabeledObject", "Prediction"}  # what the examples are given
    assert set(video_labeler.__all__) - values <= used
