"""The preferences dialog with all settings."""

from dataclasses import replace

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QFileDialog,
    QMessageBox,
    QPushButton,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from tests.window.panel_views import keep, turn_wheel
from video_labeler.settings import (
    CameraSettings,
    Effort,
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
from video_labeler.window.controls.switch import Switch
from video_labeler.window.preferences.fields import PercentField
from video_labeler.window.preferences.pages import PreferencePage
from video_labeler.window.preferences.preferences_dialog import PreferencesDialog

OTHERS = Settings(
    ModelSettings("/models/my own.tflite", "none", "/labels.txt", ScoreKind.SOFTMAX, 3),
    LabelingSettings(RegionMode.CENTER, 0.523, 0.4, 9, 12, Effort.LIGHT),
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


def test_reset_says_which_pages_it_changed_and_can_be_undone(qtbot: QtBot) -> None:
    settings = Settings(labeling=LabelingSettings(top_k=7), window=WindowSettings(replay_s=5))
    dialog = shown_dialog(qtbot, settings)
    button(dialog, texts.RESET).click()
    assert dialog.foot.line.isVisible()
    assert f"{texts.PAGE_LABELING}, {texts.PAGE_RECORDING}." in dialog.foot.line.text()
    dialog.foot.offer.click()
    assert dialog.settings == settings
    assert not dialog.has_changes


@pytest.mark.parametrize("passed", [texts.RESET, "Cancel"])
def test_enter_saves_from_every_field_also_after_tab_has_passed_the_buttons(qtbot: QtBot, passed: str) -> None:
    dialog = shown_dialog(qtbot, Settings())
    next(item for item in dialog.findChildren(QPushButton) if item.text().replace("&", "") == passed).setFocus()
    field = page(dialog, texts.PAGE_LABELING).fields["top_k"]
    field.setFocus()
    field.setValue(4)
    with qtbot.waitSignal(dialog.accepted_settings, timeout=1000) as signal:
        qtbot.keyClick(field, Qt.Key.Key_Return)
    assert signal.args is not None
    assert signal.args[0].labeling.top_k == 4


def test_the_effort_is_chosen_in_words(qtbot: QtBot) -> None:
    dialog = shown_dialog(qtbot, Settings())
    field = page(dialog, texts.PAGE_LABELING).fields["effort"]
    assert field.currentText() == texts.EFFORT_BALANCED
    field.setCurrentText(texts.EFFORT_FULL)
    assert dialog.settings.labeling.effort is Effort.FULL


def test_enter_on_a_button_presses_that_button(qtbot: QtBot) -> None:
    dialog = shown_dialog(qtbot, OTHERS)
    reset = button(dialog, texts.RESET)
    reset.setFocus()
    qtbot.keyClick(reset, Qt.Key.Key_Return)
    assert dialog.isVisible()
    assert dialog.settings == Settings()


def test_escape_and_the_windows_button_ask_before_changes_are_lost(qtbot: QtBot) -> None:
    dialog = shown_dialog(qtbot, OTHERS)
    assert not dialog.has_changes
    page(dialog, texts.PAGE_PICTURE).fields["mirror"].setChecked(False)
    for ask in (lambda: qtbot.keyClick(dialog, Qt.Key.Key_Escape), dialog.close):
        ask()
        question = dialog.findChild(QMessageBox)
        assert question is not None
        assert dialog.isVisible()
        question.close()
        qtbot.waitUntil(lambda: dialog.findChild(QMessageBox) is None)
    assert dialog.isVisible()
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    question = dialog.findChild(QMessageBox)
    assert question is not None
    with qtbot.waitSignal(dialog.accepted_settings, timeout=1000) as signal:
        next(item for item in question.buttons() if item.text() == texts.SAVE).click()
    assert signal.args is not None
    assert not signal.args[0].window.mirror


def test_tab_reaches_everything_that_shows_from_top_to_bottom(qtbot: QtBot) -> None:
    dialog = shown_dialog(qtbot, Settings())
    qtbot.waitExposed(dialog)
    dialog.activateWindow()
    dialog.list.setFocus()
    reached = [dialog.list]
    for _ in range(60):
        qtbot.keyClick(dialog.focusWidget(), Qt.Key.Key_Tab)
        if dialog.focusWidget() is dialog.list:
            break
        reached.append(dialog.focusWidget())
    wanted = [
        widget
        for widget in dialog.findChildren(QWidget)
        if widget.isVisible() and widget.isEnabled() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and widget.focusProxy() is None
    ]  # fmt: skip
    assert set(reached) >= {widget for widget in wanted if not isinstance(widget.parent(), QAbstractSpinBox)}
    places = [widget.mapTo(dialog, widget.rect().center()) for widget in reached[1:]]
    assert places == sorted(places, key=lambda place: (round(place.y() / 12), place.x()))


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


def test_everything_on_a_page_has_a_name_of_its_own(qtbot: QtBot) -> None:
    dialog = shown_dialog(qtbot, Settings())
    for item in dialog.pages:
        focusable = [
            widget
            for widget in item.findChildren(QWidget)
            if widget.window() is dialog
            and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
            and widget.focusProxy() is None
            and not isinstance(widget, QToolButton)
        ]
        names = [widget.accessibleName() or getattr(widget, "text", str)() for widget in focusable]
        assert "" not in names, (item.title, names)
        assert len(set(names)) == len(names), (item.title, names)


def test_on_a_small_screen_no_page_is_wider_than_its_place(qtbot: QtBot) -> None:
    dialog = PreferencesDialog(Settings())
    qtbot.addWidget(dialog)
    dialog.resize(464, 290)
    dialog.show()
    for row in range(len(dialog.pages)):
        dialog.list.setCurrentRow(row)
        QApplication.processEvents()
        page = dialog.pages[row]
        viewport = page.parentWidget()
        assert viewport is not None
        assert page.width() <= viewport.width(), page.title
        for switch in page.findChildren(Switch):
            assert switch.height() >= switch.heightForWidth(switch.width()), switch.text()


def test_the_wheel_changes_nothing_in_passing(qtbot: QtBot) -> None:
    dialog = shown_dialog(qtbot, OTHERS)
    fields = [*dialog.findChildren(QAbstractSpinBox), *dialog.findChildren(QComboBox)]
    assert len(fields) > 8
    for field in fields:
        # Nor does it give one the keyboard.
        assert field.focusPolicy() is Qt.FocusPolicy.StrongFocus
        for angle in (-120, 120, 120):
            field.clearFocus()
            turn_wheel(field, angle)
    assert dialog.settings == OTHERS
    threshold = page(dialog, texts.PAGE_LABELING).findChildren(PercentField)[0]
    threshold.show()
    with qtbot.waitActive(dialog):
        dialog.activateWindow()
    threshold.setFocus()
    before = threshold.value()
    turn_wheel(threshold, 120)
    assert threshold.value() == before + 1


def test_what_is_changed_elsewhere_is_shown_and_what_was_changed_here_stays(qtbot: QtBot) -> None:
    dialog = shown_dialog(qtbot, OTHERS)
    threshold = page(dialog, texts.PAGE_LABELING).findChildren(PercentField)[0]
    threshold.setValue(70)
    elsewhere = replace(OTHERS, labeling=replace(OTHERS.labeling, max_objects=4, threshold=0.6))
    dialog.follow(elsewhere)
    assert dialog.settings == replace(elsewhere, labeling=replace(elsewhere.labeling, threshold=0.7))
    assert dialog.has_changes
    threshold.setValue(60)
    assert not dialog.has_changes
