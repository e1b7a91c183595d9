"""Without TensorFlow everything works but SavedModels, and one sentence says so before anything is asked or fetched."""

import sys
from pathlib import Path

import pytest

from video_labeler.commands.options import settle_model_trust
from video_labeler.diagnosis import Health, diagnose
from video_labeler.errors import ModelFormatError
from video_labeler.models import hub
from video_labeler.models.explaining import explain_model
from video_labeler.models.loading import load_labeler
from video_labeler.models.store import ModelStore
from video_labeler.settings import ModelSettings

HANDLE = "https://tfhub.dev/google/imagenet/mobilenet_v2_100_224/classification/5"


@pytest.fixture(autouse=True, params=["tensorflow", "tensorflow_hub"])
def missing(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, request.param, None)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    model = tmp_path / "model"
    model.mkdir()
    (model / "saved_model.pb").write_bytes(b"")
    return model


def _forbidden(*_: object, **__: object) -> None:
    raise AssertionError("nothing is fetched for what cannot run")


@pytest.mark.parametrize("is_too_new", [False, True])
def test_a_saved_model_says_what_it_needs(is_too_new: bool, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub, "_TOO_NEW", sys.version_info[:2] if is_too_new else (99, 0))
    monkeypatch.setattr("video_labeler.models.trust.folder_of", _forbidden)
    advice = "use Python 3.11 to 3.13" if is_too_new else "pip install tensorflow tensorflow-hub"
    store = ModelStore()
    for text in (str(folder), HANDLE):
        with pytest.raises(ModelFormatError) as caught:
            load_labeler(ModelSettings(model=text), store)
        assert str(caught.value).startswith(f"{text} is a SavedModel, which needs TensorFlow and TensorFlow Hub. ")
        assert advice in str(caught.value)
        with pytest.raises(ModelFormatError, match="needs TensorFlow"):
            settle_model_trust(text, trusted=True)
    report = explain_model(str(folder), store=store)
    assert not report.needs_trust
    assert [advice in problem for problem in report.problems] == [True]


def test_the_doctor_says_so_and_the_rest_works() -> None:
    findings = {}
    for finding in diagnose():
        findings[finding.subject] = finding
        if finding.subject == "Writing video":
            break
    assert findings["TensorFlow"].health is Health.LIMITED
    assert "missing: no Hub models" in findings["TensorFlow"].found
    assert findings["TensorFlow"].advice
    assert findings["Labelling"].health is Health.WORKS


def test_other_models_are_loaded_as_ever() -> None:
    assert load_labeler(ModelSettings(model="builtin"), ModelStore()).labels
