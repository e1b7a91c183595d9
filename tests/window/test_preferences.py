"""All settings in one dialog."""

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QFileDialog, QPushButton
from pytestqt.qtbot import QtBot

from tests.window.panel_views import keep
from video_labeler.settings import (
    CameraSettings,
    LabelingSettings,
    LabelListSettings,
    ModelSettings,
    RegionMode,
    ScoreKind,
    Settings,
    Theme,
    WindowSettings,
)
from video_labeler.window import panel_texts as texts
from video_labeler.window.preference_fields import PercentField
from video_labeler.window.preference_pages import PreferencePage
from video_labeler.window.preferences import PreferencesDialog

OTHERS = Settings(
    ModelSettings("/models/my own.tflite", "none", "/labels.txt", ScoreKind.SOFTMAX, 3),
    LabelingSettings(RegionMode.CENTER, 0.523, 0.4, 9, 12),
    CameraSettings(None, 480, None),
    WindowSettings(mirror=True, rotate=270, smooth=True, theme=Theme.DARK, recordings_folder="/v", replay_s=0),
    LabelListSettings(only=("Bottle", "Salt, pepper"), hide=("Person",)),
)


def shown_dialog(qtbot: QtBot, settings: Settings) -> PreferencesDialog:
    dialog = PreferencesDialog(settings)
    keep(qtbot, dialog)
    dialog.show()
    return dialog


def page(dialog: PreferencesDialog, title: str) -> PreferencePage:
    return next(page for page in dialog.pages if page.title == title)


def button(dialog: PreferencesDialog, words: str) -> QPushButton:
    return next(item for item in dialog.findChildren(QPushButton) if item.text() == words)


@pytest.mark.parametrize("settings", [Settings(), OTHERS])
def test_what_is_shown_is_what_is_set(qtbot: QtBot, settings: Settings) -> None:
    dialog = shown_dialog(qtbot, settings)
    with qtbot.waitSignal(dialog.accepted_settings) as signal:
        button(dialog, texts.SAVE).click()
    assert signal.args == [settings]


def test_every_setting_has_a_field(qtbot: QtBot) -> None:
    dialog = shown_dialog(qtbot, Settings())
    shown = {(item._section, name) for item in dialog.pages for name in item.fields}
    sections = ("models", "labeling", "camera", "window", "labels")
    wanted = {(section, name) for section in sections for name in type(getattr(Settings(), section)).__slots__}
    assert shown == wanted


def test_reset_shows_the_defaults_and_saves_nothing(qtbot: QtBot) -> None:
    dialog = shown_dialog(qtbot, OTHERS)
    with qtbot.assertNotEmitted(dialog.accepted_settings):
        button(dialog, texts.RESET).click()
    assert dialog.settings == Settings()
    assert dialog.isVisible()


def test_cancel_changes_nothing(qtbot: QtBot) -> None:
    dialog = shown_dialog(qtbot, Settings())
    page(dialog, texts.PAGE_PICTURE).fields["mirror"].setChecked(True)
    with qtbot.assertNotEmitted(dialog.accepted_settings):
        dialog.reject()


def test_values_stay_inside_their_ranges(qtbot: QtBot) -> None:
    dialog = shown_dialog(qtbot, Settings())
    objects = page(dialog, texts.PAGE_LABELING).fields["max_objects"]
    objects.setValue(5000)
    assert dialog.settings.labeling.max_objects == 50
    assert "50" in objects.toolTip()
    width = page(dialog, texts.PAGE_CAMERA).fields["width"]
    width.field.setValue(1)
    assert dialog.settings.camera.width == 16


def test_the_cameras_own_size_is_a_switch_away(qtbot: QtBot) -> None:
    dialog = shown_dialog(qtbot, Settings())
    width = page(dialog, texts.PAGE_CAMERA).fields["width"]
    qtbot.keyClick(width.box, Qt.Key.Key_Space)
    assert dialog.settings.camera.width is None
    assert not width.field.isEnabled()
    qtbot.mouseClick(width.box, Qt.MouseButton.LeftButton)
    assert dialog.settings.camera.width == 1280


def test_files_and_folders_are_asked_for(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    dialog = shown_dialog(qtbot, Settings())
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_, **__: "/videos")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_, **__: ("/m/own.tflite", ""))
    page(dialog, texts.PAGE_RECORDING).fields["recordings_folder"].browse.click()
    page(dialog, texts.PAGE_MODELS).fields["model"].browse.click()
    assert dialog.settings.window.recordings_folder == "/videos"
    assert dialog.settings.models.model == "/m/own.tflite"
    page(dialog, texts.PAGE_RECORDING).fields["recordings_folder"].line.clear()
    assert dialog.settings.window.recordings_folder is None


def test_names_of_labels_are_typed_with_commas_between_them(qtbot: QtBot) -> None:
    dialog = shown_dialog(qtbot, OTHERS)
    fields = page(dialog, texts.PAGE_LABELS).fields
    fields["only"].setText(" wine bottle,, Mug ,")
    fields["hide"].clear()
    assert dialog.settings.labels == LabelListSettings(only=("wine bottle", "Mug"))


def test_a_finer_share_survives_until_it_is_changed(qtbot: QtBot) -> None:
    field = PercentField((0.01, 1.0))
    keep(qtbot, field)
    field.show_setting(0.523)
    assert field.setting == 0.523
    field.stepUp()
    assert field.setting == 0.53


def test_every_field_has_a_name_for_screen_readers(qtbot: QtBot) -> None:
    dialog = shown_dialog(qtbot, Settings())
    for item in dialog.pages:
        for name, field in item.fields.items():
            target = field.focusProxy() or field
            spoken = target.accessibleName() or getattr(target, "text", str)()
            assert spoken, name
