"""Models of unknown makers, in a process that may crash, hang or lie."""

import gc
import os
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest

from tests.models.tiny_tflite import Quantisation, crashing, mean_colour
from tests.session.waiting import until
from video_labeler import limits
from video_labeler.errors import ModelFormatError
from video_labeler.models import isolated_engine
from video_labeler.models.form import ModelForm
from video_labeler.models.isolated_engine import IsolatedEngine
from video_labeler.models.litert import LiteRtEngine
from video_labeler.models.loading import load_labeler, load_localizer
from video_labeler.models.localizer import ModelLocalizer, decode_detections
from video_labeler.models.pixels import RangeOrigin
from video_labeler.models.report import ModelReport, inspect_tflite
from video_labeler.models.store import ModelStore
from video_labeler.settings import ModelSettings
from video_labeler.system.background_task import StopSignal

PICTURES = np.random.default_rng(0).integers(0, 256, (3, 8, 8, 3), np.uint8)


def apart(content: bytes = b"", **options: Any) -> IsolatedEngine:
    return IsolatedEngine(ModelForm.TFLITE, "tiny", content=content or mean_colour(), **options)


def process_of(engine: IsolatedEngine) -> psutil.Process:
    return psutil.Process(engine._process.pid)


@pytest.mark.parametrize("dtype", ["float32", "uint8", "int8"])
def test_it_computes_what_the_same_engine_does_here(dtype: str) -> None:
    content = mean_colour(dtype, Quantisation(1 / 256, 0) if dtype == "uint8" else None)
    here, there = LiteRtEngine(content, "tiny"), apart(content)
    assert (there.inputs, there.outputs, there.input_size) == (here.inputs, here.outputs, here.input_size)
    assert there.pixel_range == here.pixel_range
    np.testing.assert_array_equal(here.run(PICTURES)[0], there.run(PICTURES)[0])
    there.close()


def test_a_localizer_of_unknown_bytes(tmp_path: Path, builtin_localizer: Path, store: ModelStore) -> None:
    path = tmp_path / "changed.tflite"
    path.write_bytes(builtin_localizer.read_bytes() + b"\0")
    found = load_localizer(ModelSettings(localizer=str(path)), store)
    known = load_localizer(ModelSettings(localizer="builtin"), store)
    assert found is not None
    assert known is not None
    picture = np.random.default_rng(1).integers(0, 256, (*found.input_size[::-1], 3), np.uint8)
    assert [region.box for region in found.regions(picture)] == [region.box for region in known.regions(picture)]
    assert isinstance(found._engine, IsolatedEngine)
    assert isinstance(known._engine, LiteRtEngine)
    found.close()


def test_it_goes_with_its_engine() -> None:
    engine = apart()
    process = process_of(engine)
    engine.close()
    engine.close()
    assert not process.is_running()
    with pytest.raises(ModelFormatError, match="closed already"):
        engine.run(PICTURES)
    engine = apart()
    process = process_of(engine)
    del engine
    # The thread of its last deadline may hold it for another moment.
    deadline_s = time.monotonic() + 60
    while process.is_running() and time.monotonic() < deadline_s:
        gc.collect()
        time.sleep(0.01)
    assert not process.is_running()


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_a_model_that_never_answers_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = apart()
    process = process_of(engine)
    engine.run(PICTURES)
    os.kill(process.pid, signal.SIGSTOP)
    monkeypatch.setattr(limits, "BATCH_S", 0.2)
    monkeypatch.setattr(limits, "PICTURE_S", 0.1)
    begun = time.monotonic()
    with pytest.raises(ModelFormatError, match=r"tiny did not answer within 0\.5 seconds, and has been stopped"):
        engine.run(PICTURES)
    assert time.monotonic() - begun < 20
    assert not process.is_running()
    with pytest.raises(ModelFormatError, match="has been stopped"):
        engine.run(PICTURES)


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_a_model_that_crashes_later(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = apart()
    os.kill(engine._process.pid, signal.SIGSEGV)
    for _ in range(2):
        with pytest.raises(ModelFormatError, match="tiny crashes the interpreter"):
            engine.run(PICTURES)


def test_a_model_that_is_not_loaded_in_time() -> None:
    with pytest.raises(ModelFormatError, match=r"did not answer within 0\.01 seconds"):
        apart(deadline_s=0.01)


@pytest.mark.parametrize(("content", "words"), [(b"text" * 20, "not a TFLite model"), (crashing(), "crashes")])
def test_what_cannot_be_loaded(content: bytes, words: str) -> None:
    with pytest.raises(ModelFormatError, match=words):
        apart(content)


_LOADED = (
    '{"inputs": [], "outputs": [], "input_size": [8, 8], "pixels": {"dtype": "uint8", "mean": [0], "std": [1], '
    '"origin": "its type"}, "size": 0}'
)
_OUTPUT = '{"name": "a", "index": 0, "shape": [1, 3], "dtype": "float32", "scale": 0, "zero_point": 0}'
LIES = {
    "no words": "",
    "no JSON": "hello",
    "a list": "[]",
    "deep": "[" * 100_000,
    "no size": "{}",
    "a negative size": '{"size": -1}',
    "a huge size": '{"size": 1e300}',
    "an endless size": '{"size": 99999999999999}',
    "no line": "x" * (2 * limits.MESSAGE),
    "other fields": '{"size": 0}',
    "no number": _LOADED.replace("[8, 8]", '["a", 8]'),
    "no range": _LOADED.replace('"std": [1]', '"std": [0]'),
    "endless pictures": _LOADED.replace("[8, 8]", "[1e300, 8]"),
    "pictures without end": _LOADED.replace("[8, 8]", "[Infinity, 8]"),
    "large pictures": _LOADED.replace("[8, 8]", "[100000, 100000]"),
    "outputs without number": _LOADED.replace('"outputs": []', f'"outputs": [{", ".join([_OUTPUT] * 70)}]'),
    "an output of many sides": _LOADED.replace(
        '"outputs": []', f'"outputs": [{_OUTPUT.replace("1, 3", ", ".join("1" * 500))}]'
    ),
    "unknown origin": _LOADED.replace("its type", "the moon"),
    "a problem that is none": '{"problem": {"a": ["\\u001b[2J"]}, "size": 0}',
}


def _lying(*answers: str) -> list[str]:
    """A child that says this whatever it is asked."""
    code = "import sys\nfor answer in sys.argv[1:]:\n    print(answer, flush=True)\nsys.stdin.buffer.read()"
    return [sys.executable, "-c", code, *answers]


@pytest.mark.parametrize("kind", list(LIES))
def test_no_answer_of_the_process_is_believed(kind: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    answer = tmp_path / "answer"
    answer.write_text(LIES[kind])
    code = f"import sys; print(open({str(answer)!r}).read(), flush=True); sys.stdin.buffer.read()"
    monkeypatch.setattr(isolated_engine, "python_command", lambda _: [sys.executable, "-c", code])
    with pytest.raises(ModelFormatError) as caught:
        apart()
    assert str(caught.value).isprintable()


@pytest.mark.parametrize(
    "answer",
    [
        '{"shapes": [], "size": 0}',
        '{"shapes": [[2, 3]], "size": 0}',
        '{"shapes": [[3, 1000000000000]], "size": 0}',
        '{"shapes": [[3, -1]], "size": 0}',
        '{"shapes": [3], "size": 0}',
        '{"shapes": [[3, Infinity]], "size": 0}',
        '{"shapes": 3, "size": 0}',
        '{"shapes": {"a": 1}, "size": 0}',
    ],
)
def test_no_result_of_the_process_is_believed(answer: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(isolated_engine, "python_command", lambda _: _lying(_LOADED, answer))
    engine = apart()
    assert engine.pixel_range.origin is RangeOrigin.TYPE
    with pytest.raises(ModelFormatError, match="crashes"):
        engine.run(PICTURES)
    engine.close()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux confines")
def test_the_process_is_confined() -> None:
    engine = apart()
    process = process_of(engine)
    status = Path(f"/proc/{process.pid}/status").read_text()
    assert "NoNewPrivs:\t1" in status
    assert "Seccomp:\t2" in status
    assert process.rlimit(psutil.RLIMIT_AS)[0] == limits.TFLITE_MEMORY
    assert process.rlimit(psutil.RLIMIT_FSIZE) == (0, 0)
    assert process.rlimit(psutil.RLIMIT_CORE) == (0, 0)
    assert process.rlimit(psutil.RLIMIT_NOFILE) == (256, 256)
    before = process.rlimit(psutil.RLIMIT_CPU)[0]
    assert before != psutil.RLIM_INFINITY, "loading has an end, too"
    engine.run(PICTURES)
    after = process.rlimit(psutil.RLIMIT_CPU)[0]
    assert 0 < after < before + 10 * limits.run_s(3) * (os.cpu_count() or 1)
    assert after != before, "each run has an end of its own"
    assert os.getpgid(process.pid) != os.getpgid(0), "Ctrl-C is for the program"
    engine.close()


def test_the_labels_of_a_model_that_has_none_are_not_looked_for_in_damage(tmp_path: Path, store: ModelStore) -> None:
    """A damaged appendix does not keep a model from being used with a label file."""
    path, labels = tmp_path / "tiny.tflite", tmp_path / "labels.txt"
    path.write_bytes(mean_colour() + b"PK\1\2" * 30 + b"PK\5\6" + bytes(8) + b"\1\0\1\0" + b"\x78\0\0\0" + bytes(6))
    labels.write_text("red\ngreen\nblue\n")
    labeler = load_labeler(ModelSettings(str(path), labels_file=str(labels)), store)
    assert [label.name for label in labeler.labels] == ["red", "green", "blue"]
    labeler.close()


def test_an_interrupted_call_is_not_answered_later(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = apart()

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(isolated_engine, "receive", interrupted)
    with pytest.raises(KeyboardInterrupt):
        engine.run(PICTURES)
    monkeypatch.undo()
    with pytest.raises(ModelFormatError, match="closed"):
        engine.run(PICTURES)


def test_a_localizer_whose_outputs_change() -> None:
    """A model, or its process, may give something else once it has been judged."""

    class Changing:
        input_size = (8, 8)

        def run(self, _: Any) -> tuple[Any, ...]:
            return (np.zeros((1, 5), np.float32),)

        def close(self) -> None:
            pass

    localizer = ModelLocalizer("own", Changing(), decode_detections, score_threshold=0.3)
    with pytest.raises(ModelFormatError, match="returned different outputs"):
        localizer.regions(PICTURES[0])


def test_a_trial_that_nobody_waits_for_any_more_ends_with_its_process() -> None:
    stop = StopSignal()
    told: list[ModelReport] = []
    before = set(psutil.Process().children())

    def started() -> list[psutil.Process]:
        # Before it runs its program it is a copy of this process, and whoever starts it waits for it.
        children = set(psutil.Process().children()) - before
        return [child for child in children if any("engine_child" in word for word in child.cmdline())]

    trial = threading.Thread(target=lambda: told.append(inspect_tflite(mean_colour(), "tiny", stop=stop)))
    trial.start()
    until(started, 60)
    (child,) = started()
    child.suspend()
    stop.set()
    trial.join(60)
    assert not trial.is_alive()
    assert "closed already" in told[0].problems[0]
    assert not child.is_running()
