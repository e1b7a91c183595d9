"""Ranges, and the settings file."""

from pathlib import Path

import pytest

from video_labeler.errors import SettingsError
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
    choices_of,
    range_of,
)
from video_labeler.settings_file import load_settings, save_settings


def test_what_is_saved_comes_back(tmp_path: Path) -> None:
    settings = Settings(
        ModelSettings(model="my own.tflite", scores=ScoreKind.SOFTMAX, threads=2),
        LabelingSettings(RegionMode.CENTER, threshold=0.5, max_objects=3),
        CameraSettings(width=640, height=480, rate=None),
        WindowSettings(
            mirror=True, rotate=270, theme=Theme.DARK, recordings_folder="Café/Videos", panel_open=False, replay_s=0
        ),
        LabelListSettings(only=("Bottle", "Möbel"), hide=("Person",)),
    )
    path = tmp_path / "folder" / "settings.toml"
    save_settings(settings, path)
    assert load_settings(path) == settings
    assert not list(path.parent.glob("*.partial"))


def test_a_name_that_utf_8_does_not_know_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    save_settings(Settings(), path)
    before = path.read_bytes()
    with pytest.raises(SettingsError, match="not UTF-8"):
        save_settings(Settings(window=WindowSettings(recordings_folder="caf\udce9")), path)
    assert path.read_bytes() == before


def test_what_a_file_leaves_out_keeps_its_default(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text("[labeling]\nthreshold = 1\n")
    assert load_settings(path) == Settings(labeling=LabelingSettings(threshold=1.0))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[labeling]\nthreshold = 2.0", "threshold must be from 0.01 to 1"),
        ("[labeling]\nthreshold = 'high'", "threshold must be a number"),
        ("[labeling]\ntop_k = 1.5", "top_k must be a whole number"),
        ("[labeling]\ntop_k = true", "top_k must be a whole number"),
        ("[labeling]\nthreshold = nan", "threshold must be a number"),
        ("[labeling]\nregions = 'left'", "regions must be one of localized, center"),
        ("[labeling]\neffort = 'heavy'", "effort must be one of full, balanced, light"),
        ("[labeling]\nthreshhold = 0.4", "'threshhold' is not a setting"),
        ("labeling = 3", "'labeling' is a section"),
        ("[labeling", "not valid TOML"),
        ("[models]\nmodel = 3", "model must be a text"),
        ("[window]\nmirror = 1", "mirror must be true or false"),
        ("[window]\nrotate = 45", "rotate must be one of 0, 90, 180, 270, not 45"),
        ("[window]\nrotate = false", "rotate must be a whole number"),
        ("[window]\ntheme = 'blue'", "theme must be one of system, light, dark"),
        ("[window]\nreplay_s = 301", "replay_s must be from 0 to 300"),
        ("[labels]\nhide = 'Person'", "hide must be a list of texts"),
        ("[labels]\nonly = ['Bottle', 3]", "only must be a list of texts"),
        ("[labels]\nhide = ['']", "The name of a label is empty"),
        ("[labels]\nallow = ['Bottle']", "'allow' is not a setting"),
        ("[window]\nrecordings_folder = true", "recordings_folder must be a text"),
    ],
)
def test_wrong_values_are_named(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(text)
    with pytest.raises(SettingsError, match=r"settings\.toml") as caught:
        load_settings(path)
    assert words in str(caught.value)


def test_a_missing_file_is_reported(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="No such file"):
        load_settings(tmp_path / "none.toml")


def test_ranges_and_choices_can_be_asked_for() -> None:
    assert range_of(LabelingSettings, "threshold") == (0.01, 1.0)
    assert choices_of(WindowSettings, "rotate") == (0, 90, 180, 270)
    with pytest.raises(SettingsError, match="rotate must be one of"):
        WindowSettings(rotate=True)
