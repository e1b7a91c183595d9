from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from ai_edge_litert import schema_py_generated as schema

from tests.models.tiny_tflite import Quantisation, mean_colour, model, normalising_metadata, operator, tensor
from video_labeler.errors import ModelFormatError
from video_labeler.models.litert import LiteRtEngine
from video_labeler.models.pixels import RangeOrigin

WHITE = np.full((1, 8, 8, 3), 255, np.uint8)
BLACK = np.zeros((1, 8, 8, 3), np.uint8)


def _pictures(engine: LiteRtEngine, count: int) -> np.ndarray:
    width, height = engine.input_size
    return np.random.default_rng(7).integers(0, 256, (count, height, width, 3), np.uint8)


def _plain_interpreter_scores(path: Path, pictures: np.ndarray) -> np.ndarray:
    from ai_edge_litert.interpreter import Interpreter

    interpreter = Interpreter(model_path=str(path))
    interpreter.allocate_tensors()
    output = interpreter.get_output_details()[0]
    scale, zero = output["quantization"]
    rows = []
    for picture in pictures:
        interpreter.set_tensor(interpreter.get_input_details()[0]["index"], picture[np.newaxis])
        interpreter.invoke()
        rows.append((interpreter.get_tensor(output["index"])[0].astype(np.float32) - zero) * np.float32(scale))
    return np.stack(rows)


def _assert_equal_to_the_interpreter(path: Path) -> None:
    pictures = _pictures(LiteRtEngine(path.read_bytes(), path.name), 3)
    expected = _plain_interpreter_scores(path, pictures)
    assert expected.max() > 0
    for threads in (1, 2):
        engine = LiteRtEngine(path.read_bytes(), path.name, threads)
        np.testing.assert_array_equal(engine.run(pictures)[0], expected)


def test_equal_pixels_give_the_interpreters_scores(builtin_labeler: Path) -> None:
    _assert_equal_to_the_interpreter(builtin_labeler)


def test_equal_pixels_give_the_interpreters_scores_published(models_folder: Path) -> None:
    _assert_equal_to_the_interpreter(models_folder / "mobile_object_labeler_v1.tflite")


def test_threads_may_share_an_engine(builtin_labeler: Path) -> None:
    engine = LiteRtEngine(builtin_labeler.read_bytes(), "labeler")
    pictures = _pictures(engine, 8)
    expected = engine.run(pictures)[0]
    with ThreadPoolExecutor(4) as pool:
        rows = list(pool.map(lambda i: engine.run(pictures[i : i + 1])[0][0], range(8)))
    np.testing.assert_array_equal(np.stack(rows), expected)


@pytest.mark.parametrize(
    ("content", "black", "white", "origin"),
    [
        (mean_colour(), 0.0, 1.0, RangeOrigin.ASSUMED),
        (mean_colour(metadata=normalising_metadata([127.5], [127.5])), -1.0, 1.0, RangeOrigin.METADATA),
        (mean_colour(metadata=normalising_metadata([0.0], [1.0])), 0.0, 255.0, RangeOrigin.METADATA),
        (mean_colour(metadata=normalising_metadata([0.0], [0.0])), 0.0, 1.0, RangeOrigin.ASSUMED),
        (mean_colour(quantised_first=Quantisation(2 / 255, 0)), -1.0, 1.0, RangeOrigin.QUANTISATION),
        (mean_colour(quantised_first=Quantisation(1 / 255, -128)), 0.0, 1.0, RangeOrigin.QUANTISATION),
        (mean_colour(quantised_first=Quantisation(0.2, 5)), 0.0, 1.0, RangeOrigin.ASSUMED),
        (mean_colour("int8", Quantisation(1 / 255, -128)), 0.0, 1.0, RangeOrigin.TYPE),
        (mean_colour("int8", Quantisation(1 / 127.5, -1)), -1.0, 1.0, RangeOrigin.TYPE),
        (mean_colour("uint8", Quantisation(1 / 127.5, 128)), -1.0, 1.0, RangeOrigin.TYPE),
    ],
)
def test_pixels_come_in_the_range_that_the_model_wants(
    content: bytes, black: float, white: float, origin: RangeOrigin
) -> None:
    engine = LiteRtEngine(content, "tiny")
    assert engine.pixel_range.origin is origin
    assert engine.run(BLACK)[0] == pytest.approx(np.full((1, 3), black), abs=0.01)
    assert engine.run(WHITE)[0] == pytest.approx(np.full((1, 3), white), abs=0.01)


def test_normalisation_by_colour() -> None:
    metadata = normalising_metadata([0.0, 127.5, 255.0], [255.0, 127.5, 255.0])
    engine = LiteRtEngine(mean_colour(metadata=metadata), "tiny")
    assert engine.run(BLACK)[0][0] == pytest.approx([0.0, -1.0, -1.0], abs=1e-5)


def test_damaged_metadata_is_no_metadata() -> None:
    metadata = bytearray(normalising_metadata([127.5], [127.5]))
    for position in range(len(metadata)):
        broken = metadata.copy()
        broken[position] ^= 0xFF
        LiteRtEngine(mean_colour(metadata=bytes(broken)), "tiny")


def test_a_closed_engine_says_so(builtin_labeler: Path) -> None:
    engine = LiteRtEngine(builtin_labeler.read_bytes(), "labeler")
    engine.close()
    engine.close()
    with pytest.raises(ModelFormatError, match="closed"):
        engine.run(_pictures(engine, 1))


def test_loading_says_nothing(builtin_labeler: Path, capfd: pytest.CaptureFixture[str]) -> None:
    LiteRtEngine(builtin_labeler.read_bytes(), "labeler")
    assert capfd.readouterr() == ("", "")


def test_a_model_of_outputs_without_number_is_refused() -> None:
    tensors = [tensor("image", [1, 8, 8, 3]), tensor("scores", [1, 8, 8, 3])]
    relu = schema.BuiltinOperator.RELU
    few, many = (model([relu], tensors, [operator([0], [1])], [0], [1] * count) for count in (60, 70))
    assert len(LiteRtEngine(few, "few").outputs) == 60
    with pytest.raises(ModelFormatError, match="many has 70 outputs"):
        LiteRtEngine(many, "many")
