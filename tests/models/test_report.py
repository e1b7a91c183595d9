from pathlib import Path

import pytest

from tests.models.tiny_tflite import crashing, mean_colour
from video_labeler.models.report import ModelReport, inspect_tflite


def _report(path: Path, content: bytes | None = None) -> ModelReport:
    return inspect_tflite(path.read_bytes() if content is None else content, path.name)


def test_a_labeler_is_explained(builtin_labeler: Path) -> None:
    report = _report(builtin_labeler)
    assert report.is_usable
    assert (report.role, report.label_count, report.scores) == ("labeler", 631, "probability")
    assert report.labels == "631, inside the model"
    assert report.inputs[0].shape == (1, 224, 224, 3)
    assert report.inputs[0].quantisation == "scale 0.00784314, zero point 127"
    assert report.pixels == "uint8 from 0 to 255, known from its type"


def test_a_localizer_is_explained(builtin_localizer: Path) -> None:
    report = _report(builtin_localizer)
    assert (report.role, report.is_usable, len(report.outputs)) == ("localizer", True, 2)


def test_what_does_not_fit_is_said(tmp_path: Path) -> None:
    report = _report(tmp_path / "tiny.tflite", mean_colour())
    assert report.role == "labeler"
    assert report.pixels.startswith("float32, assumed to be from 0 to 1")
    assert report.problems == ("The model does not say what its 3 scores mean: give a list with --labels-file FILE.",)


@pytest.mark.parametrize(
    ("content", "words"), [(b"", "not a TFLite model"), (b"text" * 20, "not a TFLite model"), (crashing(), "crashes")]
)
def test_bad_files_are_problems(content: bytes, words: str, tmp_path: Path) -> None:
    report = _report(tmp_path / "bad.tflite", content)
    assert not report.is_usable
    assert words in report.problems[0]


def test_a_model_that_hangs_is_given_up(builtin_labeler: Path) -> None:
    report = inspect_tflite(builtin_labeler.read_bytes(), "labeler.tflite", deadline_s=0.01)
    assert "did not answer within 0.01 seconds" in report.problems[0]
