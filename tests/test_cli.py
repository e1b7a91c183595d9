"""The commands as a person types them."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.annotate.test_annotate import run
from tests.clips import moving_square, write_clip
from tests.processes import running
from video_labeler.opencv import cv2


@pytest.fixture(autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """No command of these tests sees or fills the user's own cache, nor the full models."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
    monkeypatch.delenv("VIDEO_LABELER_MODELS", raising=False)


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "a picture.png"
    cv2.imwrite(str(path), moving_square(1)[0])
    return path


def test_help_names_every_command_and_each_has_its_own() -> None:
    top = run("--help")
    assert top.returncode == 0
    for name in ("annotate", "label", "evaluate", "models", "cameras", "doctor"):
        assert name in top.stdout
        own = run(name, "--help")
        assert own.returncode == 0
        assert "Usage: video-labeler" in own.stdout


def test_unknown_words_are_wrong_usage() -> None:
    for arguments in (["nonsense"], ["label"], ["annotate"], ["label", "--nonsense"], ["evaluate", "x"]):
        done = run(*arguments)
        assert done.returncode == 2, arguments
        assert "Traceback" not in done.stderr


def test_label_prints_a_line_a_picture_and_continues_after_a_bad_one(picture: Path, tmp_path: Path) -> None:
    (tmp_path / "bad.jpg").write_text("no picture")
    done = run("label", tmp_path / "bad.jpg", picture, tmp_path / "none.jpg", picture, "--json")
    assert done.returncode == 1
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["file"] for line in lines] == [str(picture)] * 2
    assert all(set(line) == {"file", "model", "objects"} for line in lines)
    assert {line["model"] for line in lines} == {"builtin"}
    assert "bad.jpg" in done.stderr
    assert "none.jpg" in done.stderr
    assert len(done.stderr.splitlines()) == 2


def test_label_prints_for_people_too(picture: Path) -> None:
    done = run("label", picture, "--threshold", "0.05")
    assert done.returncode == 0
    assert str(picture) in done.stdout
    assert " at x " in done.stdout or "not sure" in done.stdout


def test_regions_center_labels_the_middle_square(picture: Path) -> None:
    for option in (["--regions", "center"], ["--localizer", "none"]):
        done = run("label", picture, "--json", *option)
        (found,) = json.loads(done.stdout)["objects"]
        assert found["box"] == [40, 0, 280, 240]


def test_labels_can_be_hidden_or_singled_out_with_every_command(picture: Path, tmp_path: Path) -> None:
    def objects(*options: str) -> list[dict[str, object]]:
        done = run("label", picture, "--json", "--threshold", "0.01", "--top-k", "631", *options)
        assert done.returncode == 0, done.stderr
        found: list[dict[str, object]] = json.loads(done.stdout)["objects"]
        return found

    first = objects()[0]["labels"]
    assert isinstance(first, list)
    name, other = first[0]["name"], first[-1]["name"]
    assert not [item for item in objects("--hide", name) if item["labels"] and item["labels"][0]["name"] == name]
    assert {label["name"] for item in objects("--only", other.upper()) for label in item["labels"]} >= {other}
    wrong = run("label", picture, "--hide", "Botle")
    assert wrong.returncode == 2
    for command in ("annotate", "label", "evaluate", "bench", "window"):
        assert "--hide" in run(command, "--help").stdout
    wrong = run("annotate", "synthetic", "-o", tmp_path / "out.mp4", "--end", "1", "--only", "Botle")
    assert wrong.returncode == 2
    assert "Did you mean Bottle" in wrong.stderr
    assert not list(tmp_path.glob("out*")), "nothing half-done is left"


def test_evaluate_counts(picture: Path, tmp_path: Path) -> None:
    truth = tmp_path / "labels.json"
    truth.write_text(json.dumps({picture.name: "Mug"}))
    done = run("evaluate", tmp_path, "--truth", truth, "--json", "--threshold", "1")
    assert json.loads(done.stdout) == {
        "model": "builtin",
        "photographs": 1,
        "exact": 0.0,
        "said": 0.0,
        "precision": 0.0,
    }
    assert "exact" in run("evaluate", tmp_path, "--truth", truth, "--details").stdout


def test_a_photograph_that_cannot_be_read_fails_alone(picture: Path, tmp_path: Path) -> None:
    truth = tmp_path / "labels.json"
    truth.write_text(json.dumps({"broken.jpg": "Mug", picture.name: "Mug"}))
    (tmp_path / "broken.jpg").write_bytes(b"<html>")
    done = run("evaluate", tmp_path, "--truth", truth, "--json", "--details")
    assert done.returncode == 1
    assert json.loads(done.stdout)["photographs"] == 1
    why = "is a web page, not a picture. Download the picture itself. It is not counted."
    assert done.stderr.splitlines() == [f"Error: {tmp_path / 'broken.jpg'} {why}"]


@pytest.mark.parametrize(
    ("content", "word"),
    [
        ("[" * 100_000, "too deep"),
        ('{"a\\u0000.png": "Mug"}', "one object"),
        ("{", "not JSON"),
        ("[]", "one object"),
        ('{"a.png": "Nonsense"}', "Nonsense"),
        ('{"no.png": "Mug"}', "no.png"),
    ],
)
def test_evaluate_explains_a_bad_truth(tmp_path: Path, content: str, word: str) -> None:
    truth = tmp_path / "labels.json"
    truth.write_text(content)
    done = run("evaluate", tmp_path, "--truth", truth)
    assert done.returncode == 1
    assert word in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_models_lists_and_checks_what_is_there() -> None:
    listed = json.loads(run("models", "--json").stdout)
    states = {(model["name"], model["role"]): model["state"] for model in listed}
    assert states[("builtin", "labeler")] == states[("builtin", "localizer")] == "right"
    assert states[("mobile_object_labeler_v1", "labeler")] == "missing"
    assert run("models", "check").returncode == 0
    assert "fetch" in run("models").stdout
    assert run("models", "fetch", "nonsense").returncode == 1


def test_a_damaged_model_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "mobile_object_labeler_v1.tflite").write_bytes(b"x" * 1000)
    monkeypatch.setenv("VIDEO_LABELER_MODELS", str(tmp_path))
    done = run("models", "check")
    assert done.returncode == 1
    assert "Damaged" in done.stdout


def test_cameras_and_doctor_print_json() -> None:
    assert isinstance(json.loads(run("cameras", "--json").stdout), list)
    done = run("doctor", "--json")
    findings = {finding["subject"]: finding for finding in json.loads(done.stdout)}
    assert done.returncode == 0
    assert findings["Labelling"]["health"] == "works"
    assert findings["Labeler"]["health"] == "limited", "the basic model speaks, and a better one is offered"
    assert "models fetch" in findings["Labeler"]["advice"]


def test_doctor_explains_a_model_and_what_does_not_fit(tmp_path: Path) -> None:
    (tmp_path / "bad.tflite").write_bytes(b"no model")
    bad = run("doctor", "--model", tmp_path / "bad.tflite")
    assert bad.returncode == 1
    assert "bad.tflite" in bad.stdout + bad.stderr
    good = run("doctor", "--model", Path(__file__).parent.parent / "assets" / "models" / "labeler.tflite")
    assert good.returncode == 0
    assert "631" in good.stdout


def test_a_reader_that_leaves_is_not_an_error(picture: Path) -> None:
    command = [sys.executable, "-m", "video_labeler", "label", *[str(picture)] * 20, "--json"]
    with running(command, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        child.stdout.close()
        assert child.stderr is not None
        said = child.stderr.read()
        child.wait(60)
    assert said == ""


_HOLDS_ON = """
import signal, time
from video_labeler import cli
cli._LAST_WORDS_S = 0.2
signal.signal(signal.SIGINT, cli._interrupt)
while True:
    try:
        print("here", flush=True)
        time.sleep(600)
    except KeyboardInterrupt:
        pass
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_the_second_ctrl_c_ends_what_takes_no_notice_of_any() -> None:
    with running([sys.executable, "-c", _HOLDS_ON], stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        for _ in range(2):
            assert child.stdout.readline() == "here\n"
            child.send_signal(signal.SIGINT)
        _, said = child.communicate(timeout=60)
    assert child.returncode == 1
    assert said == "Stopped.\n"


IMPORTED = """
import atexit, sys
atexit.register(lambda: print([m for m in {modules!r} if m in sys.modules], file=sys.stderr))
sys.argv = ["video-labeler", *{arguments!r}]
from video_labeler.cli import main
main()
"""


def test_labelling_a_picture_imports_neither_tensorflow_nor_qt(picture: Path) -> None:
    heavy = ("tensorflow", "tensorflow_hub", "PyQt6", "av", "pooch")
    assert _imported(heavy, "label", "--json", str(picture)) == "[]"


def test_help_imports_nothing_that_takes_long() -> None:
    assert _imported(("numpy", "cv2", "PIL", "av", "PyQt6"), "--help") == "[]"


def _imported(modules: tuple[str, ...], *arguments: str) -> str:
    script = IMPORTED.format(modules=modules, arguments=arguments)
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True, env=os.environ
    )
    return done.stderr.strip()


def test_the_python_interface_of_the_readme(picture: Path, tmp_path: Path) -> None:
    from video_labeler import VideoLabeler

    clip = write_clip(tmp_path / "clip.mp4", moving_square(5))
    with VideoLabeler() as labeler:
        assert labeler.label_picture(picture).objects
        assert [labeled.frame.index for labeled in labeler.label_video(clip)] == list(range(5))
        scores = labeler.labeler.scores([labeler.label_picture(picture).frame.crop(*args) for args in _crops(labeler)])
        assert scores.shape == (2, 631)


def _crops(labeler: object) -> list[tuple[object, object]]:
    from video_labeler import Box

    size = labeler.labeler.input_size  # type: ignore[attr-defined]
    return [(Box(0, 0, 100, 100), size), (Box(50, 50, 200, 200), size)]
