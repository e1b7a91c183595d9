"""The only tests that import TensorFlow, which takes several seconds once."""

import tarfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from video_labeler import limits
from video_labeler.errors import ModelFormatError, UntrustedModelError
from video_labeler.frames import Frame
from video_labeler.models.explaining import explain_model
from video_labeler.models.hub import HubEngine, _tensorflow, tensorflow_lack
from video_labeler.models.labeler import ModelLabeler
from video_labeler.models.labels import known_labels
from video_labeler.models.litert import LiteRtEngine
from video_labeler.models.loading import load_labeler
from video_labeler.models.private_copy import private_copy
from video_labeler.models.saved_model_gate import allowed_operations
from video_labeler.models.score_kind import kind_from_values, probe_pictures
from video_labeler.models.store import ModelStore
from video_labeler.models.trust import settle_trust
from video_labeler.opencv import cv2
from video_labeler.pixels import Image
from video_labeler.settings import ModelSettings, ScoreKind

pytestmark = pytest.mark.skipif(bool(tensorflow_lack()), reason="TensorFlow is not installed")

AGREEMENT = 0.12
STEP = 1 / 256


@pytest.fixture(scope="module")
def tf() -> Any:
    return _tensorflow()[0]


@pytest.fixture(scope="module")
def hub_labelers(models_folder: Path, tf: Any) -> dict[str, ModelLabeler]:
    labelers = {}
    for name in ("labeler_hub_tf2", "labeler_hub_tf1"):
        engine = HubEngine(models_folder / name, name)
        kind = kind_from_values(engine.run(probe_pictures(engine))[0])
        assert kind is ScoreKind.SIGMOID
        labelers[name] = ModelLabeler(name, engine, known_labels(), kind)
    return labelers


@pytest.fixture(scope="module")
def tflite_labeler(models_folder: Path) -> ModelLabeler:
    content = (models_folder / "mobile_object_labeler_v1.tflite").read_bytes()
    return ModelLabeler("tflite", LiteRtEngine(content, "tflite"), known_labels(), ScoreKind.PROBABILITY)


def _bottle_crops(folder: Path) -> list[Image]:
    capture = cv2.VideoCapture(str(folder / "bottle-detection.mp4"))
    crops = []
    for _ in range(5):
        frame = Frame(0, 0.0, capture.read()[1])
        for left, right in ((286, 355), (49, 135), (500, 581)):
            box = type(frame.bounds)(left, 106, right, 323)
            crops.append(frame.crop(box, (224, 224)))
    capture.release()
    return crops


@pytest.mark.parametrize("name", ["labeler_hub_tf2", "labeler_hub_tf1"])
def test_hub_and_tflite_agree(
    name: str, hub_labelers: dict[str, ModelLabeler], tflite_labeler: ModelLabeler, videos_folder: Path
) -> None:
    crops = _bottle_crops(videos_folder)
    hub, tflite = hub_labelers[name].scores(crops), tflite_labeler.scores(crops)
    assert np.abs(hub - tflite).max() <= AGREEMENT
    # Labels that differ by a rounding step or two are equally first in 8 bits.
    firsts = hub.argmax(axis=1)
    assert (tflite.max(axis=1) - tflite[np.arange(len(crops)), firsts]).max() <= 2 * STEP


@pytest.mark.parametrize("name", ["labeler_hub_tf2", "labeler_hub_tf1"])
def test_hub_and_tflite_agree_on_photographs(
    name: str, hub_labelers: dict[str, ModelLabeler], tflite_labeler: ModelLabeler, photos_folder: Path
) -> None:
    frames = [Frame(0, 0.0, cv2.imread(str(path))) for path in sorted(photos_folder.glob("*.jpg"))[::3]]
    crops = [frame.crop(frame.bounds, (224, 224)) for frame in frames]
    hub, tflite = hub_labelers[name].scores(crops), tflite_labeler.scores(crops)
    furthest = np.abs(hub - tflite).max(axis=1)
    assert (furthest <= AGREEMENT).mean() >= 0.85
    assert furthest.max() < 0.25


def test_batches_equal_singles(hub_labelers: dict[str, ModelLabeler]) -> None:
    labeler = hub_labelers["labeler_hub_tf1"]
    crops = list(np.random.default_rng(2).integers(0, 256, (3, 224, 224, 3), np.uint8))
    singles = np.concatenate([labeler.scores([crop]) for crop in crops])
    np.testing.assert_allclose(labeler.scores(crops), singles, atol=1e-5)


def _save(tf: Any, folder: Path, function: Any, spec: Any, *, signature: str | None = None) -> Path:
    """A SavedModel of one function: callable, or (with ``signature``) with a signature only."""
    module = tf.Module()
    concrete = tf.function(function, input_signature=[spec])
    if signature is None:
        module = type("Callable", (tf.Module,), {"__call__": tf.function(lambda _, x: function(x), autograph=False)})()
        module.__call__.get_concrete_function(spec)
        tf.saved_model.save(module, str(folder))
    else:
        tf.saved_model.save(module, str(folder), signatures={signature: concrete})
    return folder


def test_a_callable_model_without_signatures(tf: Any, tmp_path: Path) -> None:
    spec = tf.TensorSpec([None, None, None, 3], tf.float32, name="x")
    engine = HubEngine(_save(tf, tmp_path / "m", lambda x: tf.reduce_mean(x, [1, 2]), spec), "m")
    assert engine.input_size == (224, 224)
    white = np.full((2, 224, 224, 3), 255, np.uint8)
    assert engine.run(white)[0] == pytest.approx(np.ones((2, 3)), abs=1e-4)
    engine.close()
    with pytest.raises(ModelFormatError, match="closed"):
        engine.run(white)


def test_a_signature_of_any_name_with_bytes(tf: Any, tmp_path: Path) -> None:
    spec = tf.TensorSpec([None, 8, 16, 3], tf.uint8, name="picture")

    def function(x: Any) -> dict[str, Any]:
        pixels = tf.cast(x, tf.float32)
        return {"embedding": pixels, "a": tf.reduce_mean(pixels, [1, 2])}

    engine = HubEngine(_save(tf, tmp_path / "m", function, spec, signature="classify"), "m")
    assert engine.input_size == (16, 8)
    assert engine.run(np.full((1, 8, 16, 3), 200, np.uint8))[0] == pytest.approx(np.full((1, 3), 200.0))


def test_models_of_something_else(tf: Any, tmp_path: Path) -> None:
    text = _save(tf, tmp_path / "text", tf.strings.length, tf.TensorSpec([None], tf.string), signature="default")
    with pytest.raises(ModelFormatError, match="no function from pictures to scores"):
        HubEngine(text, "text")
    same = _save(tf, tmp_path / "same", tf.identity, tf.TensorSpec([None, 8, 8, 3]), signature="default")
    with pytest.raises(ModelFormatError, match="not a labeler"):
        HubEngine(same, "same").run(np.zeros((1, 8, 8, 3), np.uint8))


@pytest.mark.parametrize("content", [b"", b"text" * 100])
def test_a_damaged_saved_model_is_one_sentence(tf: Any, content: bytes, tmp_path: Path) -> None:
    (tmp_path / "saved_model.pb").write_bytes(content)
    with pytest.raises(ModelFormatError, match="damaged"):
        HubEngine(tmp_path, "model")


def _archived(folder: Path, path: Path) -> Path:
    with tarfile.open(path, "w:gz") as tar:
        tar.add(folder, arcname=".")
    return path


def test_an_archive_from_end_to_end(
    tf: Any, tmp_path: Path, store: ModelStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A model that is asked about, runs in a process of its own, and is never done with black pictures."""
    spec = tf.TensorSpec([None, 8, 8, 3], tf.float32, name="images")

    def function(x: Any) -> dict[str, Any]:
        brightness = tf.reduce_sum(x)
        (steps,) = tf.while_loop(lambda i: tf.logical_and(brightness < 0.1, i > -1.0), lambda i: (i + 1.0,), (0.0,))
        return {"logits": 8 * tf.reduce_mean(x, [1, 2]) - 4 + 1e-30 * steps}

    archive = _archived(_save(tf, tmp_path / "m", function, spec, signature="default"), tmp_path / "m.tar.gz")
    (tmp_path / "labels.txt").write_text("red\ngreen\nblue\n")
    settings = ModelSettings(model=str(archive), labels_file=str(tmp_path / "labels.txt"))
    with pytest.raises(UntrustedModelError, match=r"is a program.*--trust-model"):
        load_labeler(settings, store)
    asked: list[bool] = []
    for answer in (False, True, False):
        settle_trust(str(archive), store, lambda answer=answer: asked.append(answer) or answer)
    assert asked == [False, True], "what is trusted is not asked about again"
    labeler = load_labeler(settings, store)
    assert labeler.name == "m.tar.gz"
    assert isinstance(labeler, ModelLabeler)
    assert labeler.score_kind is ScoreKind.SOFTMAX
    assert not list(store.cache.glob("private-*")), "the copy goes when the model is loaded"
    red = np.zeros((8, 8, 3), np.uint8)
    red[..., 0] = 255
    scores = labeler.scores([red])[0]
    assert scores.sum() == pytest.approx(1.0)
    assert scores[0] > 0.99
    monkeypatch.setattr(limits, "BATCH_S", 1.0)
    monkeypatch.setattr(limits, "PICTURE_S", 0.0)
    with pytest.raises(ModelFormatError, match="did not answer within 1 seconds"):
        labeler.scores([np.zeros((8, 8, 3), np.uint8)])


def test_a_program_that_reads_and_writes_files_is_not_started(tf: Any, tmp_path: Path, store: ModelStore) -> None:
    secret, mark = tmp_path / "secret", tmp_path / "mark"
    secret.write_text("private")
    spec = tf.TensorSpec([None, 8, 8, 3], tf.float32, name="images")

    def function(x: Any) -> dict[str, Any]:
        with tf.control_dependencies([tf.io.write_file(str(mark), tf.io.read_file(str(secret)))]):
            return {"logits": tf.reduce_mean(x, [1, 2])}

    folder = _save(tf, tmp_path / "m", function, spec, signature="default")
    for model in (folder, _archived(folder, tmp_path / "m.tar.gz")):
        with pytest.raises(ModelFormatError, match=r"uses the operation (Read|Write)File"):
            settle_trust(str(model), store, lambda: True)
        report = explain_model(model, store=store, trusted=True)
        assert "File, which image networks do not need" in report.problems[0]
        assert not report.needs_trust
    assert not mark.exists()


def test_every_operation_of_the_list_is_one(tf: Any) -> None:
    from tensorflow.python.framework import op_def_registry

    allowed = allowed_operations()
    for name in allowed.computing | allowed.restoring | allowed.saving:
        assert op_def_registry.get(name) is not None, name


def test_saved_models_of_other_makers_pass(tf: Any, tmp_path: Path) -> None:
    """Variables, loops, conditions, mapped functions and assets; and the form of TensorFlow 1 with all of its saver."""
    variable = tf.Variable(np.ones((3, 4), np.float32))
    (tmp_path / "labels.txt").write_text("a")

    class Model(tf.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            self.weights, self.labels = variable, tf.saved_model.Asset(str(tmp_path / "labels.txt"))

        @tf.function(input_signature=[tf.TensorSpec([None, 8, 8, 3], tf.float32)])  # type: ignore[untyped-decorator]
        def __call__(self, x: Any) -> Any:
            y = tf.reduce_mean(tf.image.resize(x, (4, 4)), [1, 2])
            y = tf.cond(tf.reduce_sum(y) > 0, lambda: y * 0.5, lambda: y)
            return tf.map_fn(lambda row: row * 2, tf.matmul(y, self.weights))

    tf.saved_model.save(Model(), str(tmp_path / "two"))
    v1 = tf.compat.v1
    with tf.Graph().as_default(), v1.Session() as session:
        x = v1.placeholder(tf.float32, [None, 8, 8, 3], name="images")
        weights = v1.get_variable("w", [3, 5], use_resource=False)
        y = tf.nn.softmax(tf.matmul(tf.reduce_mean(x, [1, 2]), weights))
        session.run(v1.global_variables_initializer())
        v1.saved_model.simple_save(session, str(tmp_path / "one"), {"images": x}, {"logits": y})
    for name in ("one", "two"):
        with private_copy(tmp_path / name, tmp_path / "cache", name) as copy:
            engine = HubEngine(copy.folder, name)
        assert engine.run(np.full((2, 8, 8, 3), 200, np.uint8))[0].shape == (2, 4 if name == "two" else 5)
