"""Sliders act at once, and follow what is set elsewhere."""

from dataclasses import replace

from PyQt6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from tests.window.fake_session import running_view
from tests.window.panel_views import keep, turn_wheel
from video_labeler.settings import LabelingSettings, RegionMode
from video_labeler.window.controls.sliders import LabelingSliders

OTHERS = LabelingSettings(RegionMode.CENTER, top_k=7)


def shown_sliders(qtbot: QtBot, settings: LabelingSettings = OTHERS) -> LabelingSliders:
    sliders = LabelingSliders(settings)
    keep(qtbot, sliders)
    sliders.resize(280, 140)
    sliders.show()
    return sliders


def test_a_key_changes_one_setting_and_keeps_the_others(qtbot: QtBot) -> None:
    sliders = shown_sliders(qtbot)
    with qtbot.waitSignal(sliders.changed) as signal:
        qtbot.keyClick(sliders.threshold.slider, Qt.Key.Key_Right)
    assert signal.args == [replace(OTHERS, threshold=0.36)]
    assert sliders.threshold.slider.accessibleName().startswith("Minimum confidence: 36")
    with qtbot.waitSignal(sliders.changed) as signal:
        qtbot.keyClick(sliders.max_objects.slider, Qt.Key.Key_Home)
    assert signal.args == [replace(OTHERS, threshold=0.36, max_objects=1)]


def test_the_ranges(qtbot: QtBot) -> None:
    sliders = shown_sliders(qtbot)
    for slider, low, high in ((sliders.threshold.slider, 5, 95), (sliders.max_objects.slider, 1, 20)):
        qtbot.keyClick(slider, Qt.Key.Key_End)
        assert slider.value() == high
        qtbot.keyClick(slider, Qt.Key.Key_Home)
        assert slider.value() == low


def test_a_double_click_brings_the_usual_value_back(qtbot: QtBot) -> None:
    sliders = shown_sliders(qtbot, LabelingSettings(threshold=0.8))
    slider = sliders.threshold.slider
    with qtbot.waitSignal(sliders.changed) as signal:
        qtbot.mouseDClick(slider, Qt.MouseButton.LeftButton, pos=QPoint(slider.width() * 5 // 6, slider.height() // 2))
    assert signal.args is not None
    assert signal.args[0].threshold == 0.35


def test_it_follows_what_was_set_elsewhere_without_a_word(qtbot: QtBot) -> None:
    sliders = shown_sliders(qtbot)
    with qtbot.assertNotEmitted(sliders.changed):
        sliders.show_view(running_view(labeling=LabelingSettings(threshold=0.6, max_objects=9)))
    assert (sliders.threshold.value, sliders.max_objects.value) == (60, 9)
    with qtbot.assertNotEmitted(sliders.changed):
        sliders.show_view(running_view(labeling=LabelingSettings(threshold=0.01, max_objects=50)))
    assert (sliders.threshold.value, sliders.max_objects.value) == (5, 20)


def test_it_does_not_move_under_the_hand(qtbot: QtBot) -> None:
    sliders = shown_sliders(qtbot)
    sliders.threshold.slider.setSliderDown(True)
    sliders.show_view(running_view(labeling=LabelingSettings(threshold=0.6)))
    assert sliders.threshold.value == 35
    sliders.threshold.slider.setSliderDown(False)
    sliders.show_view(running_view(labeling=LabelingSettings(threshold=0.6)))
    assert sliders.threshold.value == 60


def test_the_wheel_is_left_to_the_panel(qtbot: QtBot) -> None:
    sliders = shown_sliders(qtbot)
    turn_wheel(sliders.threshold.slider, 120)
    assert sliders.threshold.value == 35
