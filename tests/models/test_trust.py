"""SavedModels are copied before they are run, and asked about; none of this needs TensorFlow."""

import io
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.models.tiny_saved_model import meta_graph, node, saved_model
from tests.models.tiny_tflite import mean_colour
from video_labeler import limits
from video_labeler.commands.options import settle_model_trust
from video_labeler.errors import ModelFormatError, UntrustedModelError
from video_labeler.models import private_copy as private_copy_module
from video_labeler.models import trust as trust_module
from video_labeler.models.explaining import explain_model
from video_labeler.models.loading import load_labeler
from video_labeler.models.private_copy import private_copy
from video_labeler.models.store import ModelStore
from video_labeler.models.trust import opened_saved_model, remember_trust, require_trust
from video_labeler.settings import ModelSettings

GRAPH = saved_model(meta_graph(node("x", "Placeholder"), node("y", "Mean", "x"), outputs=["y:0"]))
EVIL = saved_model(meta_graph(node("evil", "WriteFile")))


@pytest.fixture(autouse=True)
def tensorflow(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if TensorFlow were installed: nothing here gets as far as to import it."""
    monkeypatch.setattr(trust_module, "tensorflow_lack", lambda: "")


@pytest.fixture
def model(tmp_path: Path) -> Path:
    folder = tmp_path / "model"
    (folder / "variables").mkdir(parents=True)
    (folder / "assets").mkdir()
    (folder / "saved_model.pb").write_bytes(GRAPH)
    (folder / "variables" / "variables.index").write_bytes(b"index")
    (folder / "variables" / "variables.data-00000-of-00001").write_bytes(b"weights")
    (folder / "assets" / "labels.txt").write_text("cat")
    return folder


def _files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def _digest(folder: Path, cache: Path) -> str:
    with private_copy(folder, cache, "model") as copy:
        return copy.digest


def test_a_copy_is_for_this_user_alone_and_goes(model: Path, tmp_path: Path) -> None:
    for name in ("saved_model.pbtxt", "saved_model.cpb", "keras_metadata.pb", "variables/other", "evil.so"):
        (model / name).write_bytes(b"something else")
    with private_copy(model, tmp_path / "cache", "model") as copy:
        assert stat.S_IMODE(copy.folder.stat().st_mode) == 0o700
        assert _files(copy.folder) == {
            "saved_model.pb",
            "variables/variables.index",
            "variables/variables.data-00000-of-00001",
            "assets/labels.txt",
        }
    assert not list((tmp_path / "cache").iterdir())


def test_what_went_through_the_gate_is_what_is_loaded(
    model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody else writes into the folder right after the graph was read."""
    check = private_copy_module.check_saved_model

    def check_and_change(content: bytes, name: str) -> None:
        (model / "saved_model.pb").write_bytes(EVIL)
        check(content, name)

    monkeypatch.setattr(private_copy_module, "check_saved_model", check_and_change)
    with private_copy(model, tmp_path / "cache", "model") as copy:
        assert (copy.folder / "saved_model.pb").read_bytes() == GRAPH
    with pytest.raises(ModelFormatError, match="WriteFile"):
        _digest(model, tmp_path / "cache")


def test_every_byte_and_name_counts(model: Path, tmp_path: Path) -> None:
    digests = [_digest(model, tmp_path / "cache"), _digest(model, tmp_path / "cache")]
    assert digests[0] == digests[1]
    (model / "variables" / "variables.index").write_bytes(b"other")
    digests.append(_digest(model, tmp_path / "cache"))
    (model / "assets" / "labels.txt").rename(model / "assets" / "names.txt")
    digests.append(_digest(model, tmp_path / "cache"))
    (model / "tfhub_module.pb").write_bytes(b"\x08\x03")
    digests.append(_digest(model, tmp_path / "cache"))
    assert len(set(digests)) == 4


def test_links_are_followed_once(model: Path, tmp_path: Path) -> None:
    """Other programs' caches hold models as links; a link that leads to not a plain file is refused."""
    index = model / "variables" / "variables.index"
    index.rename(tmp_path / "blob")
    index.symlink_to(tmp_path / "blob")
    with private_copy(model, tmp_path / "cache", "model") as copy:
        copied = copy.folder / "variables" / "variables.index"
        assert not copied.is_symlink()
        assert copied.read_bytes() == b"index"
    os.mkfifo(tmp_path / "fifo")
    for target in (Path("/dev/zero"), tmp_path / "fifo"):
        index.unlink()
        index.symlink_to(target)
        with pytest.raises(ModelFormatError, match="not a plain file"):
            _digest(model, tmp_path / "cache")


def test_a_link_to_a_folder_of_any_size_is_not_gone_through(
    model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (model / "assets").rename(tmp_path / "old")
    (model / "assets").symlink_to(tmp_path / "large")
    for number in range(30):
        (tmp_path / "large" / str(number)).mkdir(parents=True)
    monkeypatch.setattr(limits, "MEMBERS", 20)
    with pytest.raises(ModelFormatError, match="too large"):
        _digest(model, tmp_path / "cache")


def test_copies_have_limits(model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "UNPACKED", 8)
    with pytest.raises(ModelFormatError, match="too large"):
        _digest(model, tmp_path / "cache")
    monkeypatch.setattr(limits, "UNPACKED", 2**20)
    monkeypatch.setattr(limits, "MEMBERS", 2)
    with pytest.raises(ModelFormatError, match="too large"):
        _digest(model, tmp_path / "cache")
    monkeypatch.setattr(limits, "GRAPH_FILE", 8)
    with pytest.raises(ModelFormatError, match="too large"):
        _digest(model, tmp_path / "cache")
    assert not list((tmp_path / "cache").iterdir())


def test_trust_is_for_these_very_bytes(model: Path, store: ModelStore) -> None:
    with opened_saved_model(str(model), store) as opened:
        with pytest.raises(UntrustedModelError, match="is a program"):
            require_trust(opened, "model", store.cache)
        remember_trust(opened, store.cache)
        require_trust(opened, "model", store.cache)
    (model / "variables" / "variables.index").write_bytes(b"other")
    with opened_saved_model(str(model), store) as opened, pytest.raises(UntrustedModelError):
        require_trust(opened, "model", store.cache)


def test_nothing_is_started_before_the_answer(model: Path, store: ModelStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subprocess, "Popen", lambda *_, **__: pytest.fail("a process was started"))
    with pytest.raises(UntrustedModelError, match="--trust-model"):
        load_labeler(ModelSettings(str(model)), store)
    report = explain_model(model, store=store)
    assert report.needs_trust
    assert not report.is_usable


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("answer", "trusted"), [("y\n", True), ("n\n", False), ("\n", False)])
def test_the_command_line_asks(
    answer: str,
    trusted: bool,
    model: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(sys, "stdin", _Terminal(answer))
    settle_model_trust(str(model), trusted=False)
    assert f"{model} is a program. Run it?" in capsys.readouterr().err
    assert explain_needs_trust(model) is not trusted


def explain_needs_trust(model: Path) -> bool:
    store = ModelStore()
    with opened_saved_model(str(model), store) as opened:
        try:
            require_trust(opened, str(model), store.cache)
        except UntrustedModelError:
            return True
    return False


def test_an_option_answers_beforehand_and_nobody_is_asked_without_a_terminal(
    model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("y\n"))
    settle_model_trust(str(model), trusted=False)
    assert explain_needs_trust(model)
    settle_model_trust(str(model), trusted=True)
    assert not explain_needs_trust(model)


def test_the_gate_is_before_the_question(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (model / "saved_model.pb").write_bytes(EVIL)
    monkeypatch.setattr(sys, "stdin", _Terminal("y\n"))
    with pytest.raises(ModelFormatError, match="WriteFile"):
        settle_model_trust(str(model), trusted=False)


def test_nobody_is_asked_about_what_is_no_program(
    tmp_path: Path, builtin_labeler: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "own.tflite").write_bytes(mean_colour())
    monkeypatch.setattr(sys, "stdin", _Terminal(""))
    for name in (
        "auto",
        "builtin",
        "mobile_object_labeler_v1",
        str(builtin_labeler),
        str(tmp_path / "own.tflite"),
        "x",
    ):
        settle_model_trust(name, trusted=False)
    assert capsys.readouterr().err == ""
