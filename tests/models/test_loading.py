import os
import random
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

from tests.models.tiny_tflite import Quantisation, crashing, mean_colour
from video_labeler.errors import LabelFileError, ModelError, ModelFormatError, ModelNotFoundError
from video_labeler.files.reading import read_bytes
from video_labeler.models import finding
from video_labeler.models.catalog import ModelRole
from video_labeler.models.finding import find_model, names_saved_model
from video_labeler.models.labeler import ModelLabeler
from video_labeler.models.loading import load_labeler, load_localizer
from video_labeler.models.store import ModelStore
from video_labeler.settings import ModelSettings, ScoreKind

WHITE = np.full((8, 8, 3), 255, np.uint8)


def _labels_file(folder: Path) -> str:
    path = folder / "labels.txt"
    path.write_text("red\ngreen\nblue\n")
    return str(path)


def test_auto_is_builtin_where_nothing_was_downloaded(store: ModelStore) -> None:
    labeler, localizer = load_labeler(ModelSettings(), store), load_localizer(ModelSettings(), store)
    assert localizer is not None
    assert (labeler.name, localizer.name) == ("builtin", "builtin")
    assert len(labeler.labels) == 631


def test_auto_is_published_where_its_files_are(models_folder: Path) -> None:
    labeler, localizer = load_labeler(ModelSettings()), load_localizer(ModelSettings())
    assert localizer is not None
    assert (labeler.name, localizer.name) == ("mobile_object_labeler_v1", "mobile_object_localizer_v1")
    assert load_labeler(ModelSettings(model="builtin")).name == "builtin"


def test_a_copy_of_a_known_file_is_known(tmp_path: Path, builtin_labeler: Path, store: ModelStore) -> None:
    copy = tmp_path / "copy.tflite"
    copy.write_bytes(builtin_labeler.read_bytes())
    assert load_labeler(ModelSettings(model=str(copy)), store).name == "builtin"


def test_a_file_is_judged_by_the_bytes_that_are_loaded(
    tmp_path: Path, builtin_labeler: Path, store: ModelStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody else writes into it right after it was read."""
    copy = tmp_path / "copy.tflite"
    known, other = builtin_labeler.read_bytes(), mean_colour()

    def read_and_change(path: Path, most: int) -> bytes:
        content = read_bytes(path, most)
        copy.write_bytes(known if content == other else other)
        return content

    monkeypatch.setattr(finding, "read_bytes", read_and_change)
    for content, name in ((known, "builtin"), (other, "copy.tflite")):
        copy.write_bytes(content)
        found = find_model(str(copy), ModelRole.LABELER, store)
        assert (found.tflite, found.name, found.entry is not None) == (content, name, content == known)


@pytest.mark.parametrize("named", ["{uri}", "file:{path}", "file://localhost{path}", "~/a copy.tflite"])
def test_a_model_is_named_as_any_file(
    tmp_path: Path, builtin_labeler: Path, store: ModelStore, monkeypatch: pytest.MonkeyPatch, named: str
) -> None:
    copy = tmp_path / "a copy.tflite"
    copy.write_bytes(builtin_labeler.read_bytes())
    monkeypatch.setenv("HOME", str(tmp_path))
    text = named.format(uri=copy.as_uri(), path=copy)
    assert find_model(text, ModelRole.LABELER, store).name == "builtin"
    assert not names_saved_model(text, store)


def test_a_model_on_another_computer_is_reported(store: ModelStore) -> None:
    with pytest.raises(ModelNotFoundError, match="computer elsewhere"):
        load_labeler(ModelSettings(model="file://elsewhere/a.tflite"), store)
    assert not names_saved_model("file://elsewhere/a.tflite", store)


def test_no_localizer(store: ModelStore) -> None:
    assert load_localizer(ModelSettings(localizer="none"), store) is None


def test_scores_of_several_crops_and_of_none(store: ModelStore) -> None:
    labeler = load_labeler(ModelSettings(), store)
    width, height = labeler.input_size
    crops = list(np.random.default_rng(3).integers(0, 256, (3, height, width, 3), np.uint8))
    scores = labeler.scores(crops)
    assert (scores.shape, scores.dtype) == ((3, 631), np.float32)
    np.testing.assert_array_equal(scores[1], labeler.scores([crops[1]])[0])
    assert labeler.scores([]).shape == (0, 631)
    with pytest.raises(ValueError, match="uint8"):
        labeler.scores([WHITE])


def test_a_custom_model_works(tmp_path: Path, store: ModelStore) -> None:
    path = tmp_path / "tiny mödel.tflite"
    path.write_bytes(mean_colour("uint8", Quantisation(1 / 256, 0), name="output"))
    settings = ModelSettings(model=str(path), labels_file=_labels_file(tmp_path))
    labeler = load_labeler(settings, store)
    assert [label.name for label in labeler.labels] == ["red", "green", "blue"]
    assert labeler.scores([WHITE])[0] == pytest.approx([255 / 256] * 3)
    assert labeler.name == path.name


@pytest.mark.parametrize(
    ("kind", "expected"),
    [(ScoreKind.PROBABILITY, 1.0), (ScoreKind.SIGMOID, 1 / (1 + np.exp(-1))), (ScoreKind.SOFTMAX, 1 / 3)],
)
def test_the_kind_of_scores_can_be_set(tmp_path: Path, store: ModelStore, kind: ScoreKind, expected: float) -> None:
    path = tmp_path / "tiny.tflite"
    path.write_bytes(mean_colour())
    settings = ModelSettings(model=str(path), labels_file=_labels_file(tmp_path), scores=kind)
    assert load_labeler(settings, store).scores([WHITE])[0] == pytest.approx([expected] * 3)


def test_the_kind_of_scores_is_detected(tmp_path: Path, store: ModelStore) -> None:
    path = tmp_path / "tiny.tflite"
    labels = _labels_file(tmp_path)
    path.write_bytes(mean_colour("int8", Quantisation(1 / 256, -128)))
    first = load_labeler(ModelSettings(model=str(path), labels_file=labels), store)
    path.write_bytes(mean_colour(quantised_first=Quantisation(2 / 255, 0)))
    second = load_labeler(ModelSettings(model=str(path), labels_file=labels), store)
    assert isinstance(first, ModelLabeler)
    assert isinstance(second, ModelLabeler)
    assert (first.score_kind, second.score_kind) == (ScoreKind.PROBABILITY, ScoreKind.SOFTMAX)


def test_a_model_without_labels_asks_for_them(tmp_path: Path, store: ModelStore) -> None:
    path = tmp_path / "tiny.tflite"
    path.write_bytes(mean_colour())
    with pytest.raises(LabelFileError, match="list of 3 labels with --labels-file FILE"):
        load_labeler(ModelSettings(model=str(path)), store)


def test_labels_of_the_wrong_length(tmp_path: Path, store: ModelStore) -> None:
    with pytest.raises(LabelFileError, match="holds 3 labels, but the model gives 631"):
        load_labeler(ModelSettings(labels_file=_labels_file(tmp_path)), store)


def test_the_two_roles_are_not_mixed_up(
    tmp_path: Path, builtin_labeler: Path, builtin_localizer: Path, store: ModelStore
) -> None:
    with pytest.raises(ModelFormatError, match="not a localizer"):
        load_localizer(ModelSettings(localizer=str(builtin_labeler)), store)
    with pytest.raises(ModelFormatError, match="not a labeler"):
        load_labeler(ModelSettings(model=str(builtin_localizer)), store)
    with pytest.raises(ModelNotFoundError, match="no labeler named mobile_object_localizer_v1"):
        load_labeler(ModelSettings(model="mobile_object_localizer_v1"), store)


def test_a_detector_is_no_labeler(models_folder: Path) -> None:
    path = models_folder / "mobile_object_localizer_v1.tflite"
    with pytest.raises(ModelFormatError, match="give it as the localizer"):
        load_labeler(ModelSettings(model=str(path)))


def _damaged(content: bytes) -> dict[str, bytes]:
    flipped = bytearray(content)
    rng = random.Random(5)
    for _ in range(200):
        flipped[rng.randrange(8, 2000)] ^= 1 << rng.randrange(8)
    return {
        "empty": b"",
        "short": content[:6],
        "truncated": content[: len(content) // 2],
        "flipped": bytes(flipped),
        "random": random.Random(1).randbytes(5000),
        "random after the right start": content[:8] + random.Random(2).randbytes(5000),
        "text": b"This is not a model.\n" * 50,
    }


@pytest.mark.parametrize("kind", list(_damaged(bytes(4000))))
def test_damaged_files_give_one_sentence(kind: str, tmp_path: Path, builtin_labeler: Path, store: ModelStore) -> None:
    path = tmp_path / "model.tflite"
    path.write_bytes(_damaged(builtin_labeler.read_bytes())[kind])
    with pytest.raises(ModelFormatError, match=r"model\.tflite") as caught:
        load_labeler(ModelSettings(model=str(path)), store)
    assert "\n" not in str(caught.value)


def test_a_file_that_crashes_the_interpreter_does_not_crash_us(tmp_path: Path, store: ModelStore) -> None:
    path = tmp_path / "evil.tflite"
    path.write_bytes(crashing())
    for load, settings in (
        (load_labeler, ModelSettings(model=str(path))),
        (load_localizer, ModelSettings(localizer=str(path))),
    ):
        with pytest.raises(ModelFormatError, match=r"evil\.tflite crashes the interpreter"):
            load(settings, store)


def test_what_is_no_model_at_all(tmp_path: Path, store: ModelStore) -> None:
    archive = tmp_path / "some.zip"
    with zipfile.ZipFile(archive, "w") as opened:
        opened.writestr("labels.txt", "cat")
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "folder").mkdir()
    for name, error, words in (
        ("some.zip", ModelFormatError, "not a model"),
        ("fifo", ModelFormatError, "not a file"),
        ("folder", ModelFormatError, r"without saved_model\.pb"),
        ("missing.tflite", ModelNotFoundError, "There is no model"),
    ):
        with pytest.raises(error, match=words):
            load_labeler(ModelSettings(model=str(tmp_path / name)), store)


def test_unknown_names_list_the_known_ones(store: ModelStore) -> None:
    with pytest.raises(ModelNotFoundError, match="auto, builtin, mobile_object_labeler_v1"):
        load_labeler(ModelSettings(model="mobile_object_labeller"), store)


def test_a_localizer_is_a_tflite_file(tmp_path: Path, store: ModelStore) -> None:
    for text in ("https://tfhub.dev/some/model/1", str(tmp_path)):
        with pytest.raises(ModelError, match="not a TFLite file"):
            load_localizer(ModelSettings(localizer=text), store)


_PROGRAM = """
import sys
from video_labeler.models.loading import load_labeler, load_localizer
from video_labeler.settings import ModelSettings
load_labeler(ModelSettings()), load_localizer(ModelSettings())
print(sorted({name.partition(".")[0] for name in sys.modules}))
"""


def test_the_tflite_route_stays_light(clean_environment: dict[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM], env=clean_environment, capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stderr == ""
    for heavy in ("tensorflow", "tensorflow_hub", "pooch", "requests", "PyQt6", "av", "rich"):
        assert f"'{heavy}'" not in done.stdout
