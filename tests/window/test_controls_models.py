"""Choosing a model, and what is said of one that does not fit."""

import tarfile
from dataclasses import replace
from pathlib import Path

import pytest
from PyQt6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PyQt6.QtGui import QDragEnterEvent, QDropEvent
from PyQt6.QtWidgets import QApplication, QDialog, QFileDialog, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from tests.models.tiny_saved_model import meta_graph, node, saved_model
from tests.models.tiny_tflite import crashing, mean_colour
from tests.window.fake_session import IDLE, running_view
from tests.window.panel_views import keep
from video_labeler.assets import asset
from video_labeler.models import explaining, trust
from video_labeler.models.catalog import ModelRole
from video_labeler.models.report import ModelReport
from video_labeler.session.view import ModelState, ModelsView
from video_labeler.settings import ModelSettings, ScoreKind
from video_labeler.window import panel_texts as texts
from video_labeler.window.controls.model_picker import ModelPicker
from video_labeler.window.controls.model_report_dialog import ModelReportDialog
from video_labeler.window.controls.model_trust_dialog import ModelTrustDialog

MEAN = "mean.tflite"


def shown_picker(qtbot: QtBot) -> ModelPicker:
    picker = ModelPicker()
    keep(qtbot, picker)
    picker.resize(280, 60)
    picker.show()
    return picker


def report_dialog(picker: ModelPicker, qtbot: QtBot) -> ModelReportDialog:
    qtbot.waitUntil(lambda: bool(picker.findChildren(ModelReportDialog)), timeout=40_000)
    (dialog,) = picker.findChildren(ModelReportDialog)
    return dialog


def words_of(dialog: ModelReportDialog) -> str:
    return "\n".join(label.text() for label in dialog.findChildren(QLabel))


def test_it_says_which_model_is_in_use(qtbot: QtBot) -> None:
    picker = shown_picker(qtbot)
    view = running_view()
    for models, words in (
        (replace(view.models, labeler="builtin"), "Basic model"),
        (replace(view.models, labeler="mobile_object_labeler_v1"), "Full model"),
        (replace(view.models, labeler="my.tflite"), "my.tflite"),
        (replace(view.models, state=ModelState.LOADING), texts.MODEL_LOADING),
    ):
        picker.show_view(replace(view, models=models))
        assert picker.words == words


def test_the_choice_is_marked(qtbot: QtBot) -> None:
    picker = shown_picker(qtbot)

    def marked() -> list[bool]:
        return [action.isChecked() for action in (picker._published, picker._builtin, picker._own)]

    for settings, basic, expected in (
        (ModelSettings(), True, [False, True, False]),
        (ModelSettings(), False, [True, False, False]),
        (ModelSettings("mobile_object_labeler_v1"), False, [True, False, False]),
        (ModelSettings("/models/my.tflite"), False, [False, False, True]),
    ):
        picker.show_view(replace(IDLE, models=ModelsView(ModelState.READY, settings, "x", basic=basic)))
        assert marked() == expected


def test_a_failure_is_reported_below_the_button_and_goes_by_itself(qtbot: QtBot) -> None:
    picker = shown_picker(qtbot)
    failed = replace(IDLE.models, state=ModelState.FAILED, message="The disk is empty.")
    picker.show_view(replace(IDLE, models=failed))
    assert picker.note.endswith("The disk is empty.")
    picker.show_view(IDLE)
    assert picker.note == ""


def test_known_models_are_chosen_as_pairs(qtbot: QtBot) -> None:
    picker = shown_picker(qtbot)
    own = ModelSettings("/my.tflite", "none", "/labels.txt", ScoreKind.SOFTMAX, threads=2)
    picker.show_view(replace(IDLE, models=replace(IDLE.models, settings=own)))
    with qtbot.waitSignal(picker.model_chosen) as signal:
        picker._builtin.trigger()
    assert signal.args == [ModelSettings("builtin", "builtin", threads=2)]
    with qtbot.waitSignal(picker.model_chosen) as signal:
        picker._published.trigger()
    assert signal.args == [ModelSettings("mobile_object_labeler_v1", "mobile_object_localizer_v1", threads=2)]


def test_a_file_that_fits_is_chosen_by_what_it_is(qtbot: QtBot, tmp_path: Path) -> None:
    picker = shown_picker(qtbot)
    labeler, localizer = asset("models/labeler.tflite"), asset("models/localizer.tflite")
    with qtbot.waitSignal(picker.model_chosen, timeout=40_000) as signal:
        picker.offer_file(labeler)
        assert picker.words == texts.CHECKING_MODEL.format(name="labeler.tflite")
    assert signal.args == [ModelSettings(model=str(labeler))]
    with qtbot.waitSignal(picker.model_chosen, timeout=40_000) as signal:
        picker.offer_file(localizer)
    assert signal.args == [ModelSettings(localizer=str(localizer))]


@pytest.mark.parametrize(("content", "words"), [(b"no model at all", "is not a model"), (None, "crashes")])
def test_a_file_that_does_not_fit_is_explained_and_not_used(
    qtbot: QtBot, tmp_path: Path, content: bytes | None, words: str
) -> None:
    path = tmp_path / "own.tflite"
    path.write_bytes(crashing() if content is None else content)
    picker = shown_picker(qtbot)
    with qtbot.assertNotEmitted(picker.model_chosen):
        picker.offer_file(path)
        dialog = report_dialog(picker, qtbot)
    assert words in words_of(dialog)
    assert texts.MODEL_NOT_USED in words_of(dialog)
    assert picker._button.isEnabled()
    dialog.close()


def test_a_model_without_labels_is_used_with_a_list_of_them(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, labels = tmp_path / MEAN, tmp_path / "labels.txt"
    path.write_bytes(mean_colour())
    labels.write_text("red\ngreen\nblue\n", encoding="utf-8")
    picker = shown_picker(qtbot)
    picker.offer_file(path)
    dialog = report_dialog(picker, qtbot)
    assert "3 labels" in words_of(dialog)
    assert "--labels" not in words_of(dialog), "the window does not talk of the command line"
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_, **__: (str(labels), ""))
    button = next(b for b in dialog.findChildren(QPushButton) if b.text() == texts.CHOOSE_LABELS)
    with qtbot.waitSignal(picker.model_chosen) as signal:
        button.click()
    assert signal.args == [ModelSettings(model=str(path), labels_file=str(labels))]


def test_a_picker_that_goes_while_a_model_is_looked_at_leaves_nothing_behind(qtbot: QtBot) -> None:
    picker = ModelPicker()
    picker.offer_file(asset("models/labeler.tflite"))
    picker.close()
    picker.deleteLater()
    qtbot.wait(50)


def test_a_model_can_be_dropped_and_nothing_else(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    offered: list[Path] = []
    monkeypatch.setattr(ModelPicker, "offer_file", lambda _, path: offered.append(path))
    picker = shown_picker(qtbot)

    def drop(name: str) -> bool:
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(tmp_path / name))])
        copy, left, no_keys = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        enter = QDragEnterEvent(QPoint(5, 5), copy, data, left, no_keys)
        enter.ignore()
        QApplication.sendEvent(picker, enter)
        if enter.isAccepted():
            QApplication.sendEvent(picker, QDropEvent(QPointF(5, 5), copy, data, left, no_keys))
        return enter.isAccepted()

    assert drop("own.tflite")
    assert offered == [tmp_path / "own.tflite"]
    assert not drop("holiday.mp4")
    assert len(offered) == 1


def test_the_doctor_has_the_last_word_on_any_problem(qtbot: QtBot) -> None:
    dialog = ModelReportDialog(ModelReport("/a/b.tflite", problems=("One thing.", "Another <b>thing</b>.")))
    keep(qtbot, dialog)
    assert "Another <b>thing</b>." in words_of(dialog)
    assert all(label.textFormat() is Qt.TextFormat.PlainText for label in dialog.findChildren(QLabel))


def trust_dialog(picker: ModelPicker, qtbot: QtBot) -> ModelTrustDialog:
    qtbot.waitUntil(lambda: bool(picker.findChildren(ModelTrustDialog)), timeout=40_000)
    (dialog,) = picker.findChildren(ModelTrustDialog)
    return dialog


def press(dialog: QDialog, words: str) -> None:
    next(button for button in dialog.findChildren(QPushButton) if button.text() == words).click()


def test_nothing_of_a_program_is_started_before_a_yes(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without TensorFlow: a graph that passes the gate, and a trial that is only noted."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(trust, "tensorflow_lack", lambda: "")
    tried: list[str] = []
    monkeypatch.setattr(
        explaining,
        "inspect_saved_model",
        lambda _, name, **__: tried.append(name) or ModelReport(name, problems=("It was tried.",)),
    )
    folder = tmp_path / "own\u202e[*]"
    folder.mkdir()
    (folder / "saved_model.pb").write_bytes(saved_model(meta_graph(node("x", "Placeholder"), outputs=["x:0"])))
    picker = shown_picker(qtbot)
    for leave in (lambda dialog: press(dialog, texts.DO_NOT_RUN_MODEL), QDialog.reject, QDialog.close):
        picker.offer_file(folder)
        dialog = trust_dialog(picker, qtbot)
        assert dialog.windowTitle() == "own\\u202e[*][*] is a program. Run it?"
        leave(dialog)
        qtbot.waitUntil(lambda: not picker.findChildren(ModelTrustDialog))
    assert tried == []
    picker.offer_file(folder)
    press(trust_dialog(picker, qtbot), texts.RUN_MODEL)
    dialog = report_dialog(picker, qtbot)
    assert tried == [folder.name]
    assert dialog.windowTitle() == texts.MODEL_UNFIT.format(name="own\\u202e[*][*]")
    dialog.close()


def test_a_model_that_is_a_program_is_asked_about_once(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What TensorFlow makes of a trusted one is tried in ``tests/models/test_hub.py``."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(trust, "tensorflow_lack", lambda: "")
    tried: list[str] = []

    def usable(folder: Path, name: str, **_: object) -> ModelReport:
        tried.append((folder / "saved_model.pb").read_bytes().hex())
        return ModelReport(name, role=ModelRole.LABELER.value)

    monkeypatch.setattr(explaining, "inspect_saved_model", usable)
    graph = saved_model(meta_graph(node("x", "Placeholder"), outputs=["x:0"]))
    (tmp_path / "saved_model.pb").write_bytes(graph)
    archive = tmp_path / "hub.tar.gz"
    with tarfile.open(archive, "w:gz") as tar:
        tar.add(tmp_path / "saved_model.pb", arcname="saved_model.pb")
    picker = shown_picker(qtbot)
    chosen: list[ModelSettings] = []
    picker.model_chosen.connect(chosen.append)
    for answer in (texts.DO_NOT_RUN_MODEL, texts.RUN_MODEL):
        picker.offer_file(archive)
        dialog = trust_dialog(picker, qtbot)
        assert "hub.tar.gz is a program. Run it?" in [label.text() for label in dialog.findChildren(QLabel)]
        buttons = {button.text(): button for button in dialog.findChildren(QPushButton)}
        assert buttons[texts.DO_NOT_RUN_MODEL].isDefault()
        assert tried == []
        buttons[answer].click()
        qtbot.waitUntil(lambda: not picker.findChildren(ModelTrustDialog))
    qtbot.waitUntil(lambda: len(chosen) == 1, timeout=60_000)
    picker.offer_file(archive)
    qtbot.waitUntil(lambda: len(chosen) == 2, timeout=60_000)
    assert {settings.model for settings in chosen} == {str(archive)}
    assert tried == [graph.hex()] * 2
