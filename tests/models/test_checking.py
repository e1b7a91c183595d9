from pathlib import Path

import pytest

from tests.models.tiny_tflite import crashing, mean_colour
from video_labeler.errors import ModelFormatError
from video_labeler.models.checking import check_apart, inspect_apart
from video_labeler.models.form import ModelForm
from video_labeler.models.report import ModelReport


def _report(path: Path, content: bytes | None = None) -> ModelReport:
    if content is not None:
        path.write_bytes(content)
    return inspect_apart(path, ModelForm.TFLITE)


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


def test_a_missing_file_is_a_problem(tmp_path: Path) -> None:
    assert "cannot be read" in _report(tmp_path / "none.tflite").problems[0]


def test_a_model_that_hangs_is_given_up(builtin_labeler: Path) -> None:
    report = inspect_apart(builtin_labeler, ModelForm.TFLITE, deadline_s=0.01)
    assert "does not answer within 0.01 seconds" in report.problems[0]


def test_what_passed_is_remembered_by_its_content(tmp_path: Path) -> None:
    path, cache = tmp_path / "tiny.tflite", tmp_path / "cache"
    path.write_bytes(mean_colour())
    check_apart(path, ModelForm.TFLITE, cache)
    assert len(list((cache / "checked").iterdir())) == 1
    path.write_bytes(crashing())
    with pytest.raises(ModelFormatError, match="crashes"):
        check_apart(path, ModelForm.TFLITE, cache)
    assert len(list((cache / "checked").iterdir())) == 1
