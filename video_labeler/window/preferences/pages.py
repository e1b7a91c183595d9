"""The pages of the preferences: their settings and labels."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QAbstractButton, QFormLayout, QSizePolicy, QVBoxLayout, QWidget

from video_labeler.models.catalog import AUTO, BUILT_IN, LABELER_V1, LOCALIZER_V1, NO_LOCALIZER
from video_labeler.settings import (
    CameraSettings,
    Effort,
    LabelingSettings,
    ModelSettings,
    RegionMode,
    ScoreKind,
    Settings,
    Theme,
    WindowSettings,
    choices_of,
    range_of,
)
from video_labeler.window import panel_texts as texts
from video_labeler.window.plain_text import PlainLabel
from video_labeler.window.preferences.fields import (
    ChoiceField,
    DecimalField,
    Field,
    NamesField,
    NumberField,
    OptionalField,
    PercentField,
    SwitchField,
)
from video_labeler.window.preferences.paths import ModelField, PathField, PathKind

_USUAL_OBJECT_SCORE = 0.25
"""The full localizer's threshold, shown while the localizer's own is used."""


@dataclass(frozen=True, slots=True)
class PageContent:
    """A page: its title, its section of the settings, fields with labels by setting, and a note."""

    title: str
    section: str
    fields: Mapping[str, tuple[str, Callable[[], Any]]]
    note: str = ""


class PreferencePage(QWidget):
    """Shows some of the settings of one section, and reads them back."""

    def __init__(self, content: PageContent) -> None:
        super().__init__()
        self.title = content.title
        self._section = content.section
        self.fields: dict[str, Any] = {}
        form = QFormLayout()
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(10)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        for name, (words, make) in content.fields.items():
            field = make()
            self.fields[name] = field
            if isinstance(field, SwitchField):
                field.setText(words)
                form.addRow(field)
            else:
                form.addRow(words, field)
                _centre_label(form, field)
                _name_for_screen_readers(field, words)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 16, 6, 12)
        layout.setSpacing(14)
        layout.addLayout(form)
        if content.note:
            note = PlainLabel(content.note)
            note.setWordWrap(True)
            note.setProperty("muted", True)
            layout.addWidget(note)
        layout.addStretch(1)

    def show_settings(self, settings: Settings) -> None:
        """Show the settings."""
        section = getattr(settings, self._section)
        for name, field in self.fields.items():
            self._field(field).show_setting(getattr(section, name))

    def read_into(self, settings: Settings) -> Settings:
        """The settings with this page's values."""
        values = {name: self._field(field).setting for name, field in self.fields.items()}
        section = replace(getattr(settings, self._section), **values)
        return replace(settings, **{self._section: section})

    @staticmethod
    def _field(field: Field) -> Field:
        return field


def _centre_label(form: QFormLayout, field: QWidget) -> None:
    """Align a label with its field's text: a form's label is too high beside a field with a border."""
    label = form.labelForField(field)
    assert label is not None
    label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)


def _name_for_screen_readers(field: QWidget, words: str) -> None:
    proxy = field.focusProxy()
    (field if proxy is None else proxy).setAccessibleName(words)
    # Identical parts of several fields are distinguished by their fields' labels.
    for button in field.findChildren(QAbstractButton):
        if button.text():
            button.setAccessibleName(texts.PART_OF_FIELD.format(field=words, part=button.text()))


def _camera_side(name: str) -> OptionalField:
    field = NumberField(range_of(CameraSettings, name), texts.PIXELS_SUFFIX)
    return OptionalField(field, texts.CAMERAS_OWN, getattr(CameraSettings(), name))


def _camera_seconds(name: str) -> DecimalField:
    return DecimalField(range_of(CameraSettings, name), texts.SECONDS_SUFFIX)


_LABELING = PageContent(
    texts.PAGE_LABELING,
    "labeling",
    {
        "threshold": (texts.THRESHOLD, lambda: PercentField(range_of(LabelingSettings, "threshold"))),
        "top_k": (texts.TOP_K, lambda: NumberField(range_of(LabelingSettings, "top_k"))),
        "max_objects": (texts.MAX_OBJECTS, lambda: NumberField(range_of(LabelingSettings, "max_objects"))),
        "regions": (
            texts.REGIONS,
            lambda: ChoiceField(
                ((RegionMode.LOCALIZED, texts.REGIONS_LOCALIZED), (RegionMode.CENTER, texts.REGIONS_CENTER))
            ),
        ),
        "effort": (
            texts.EFFORT,
            lambda: ChoiceField(
                (
                    (Effort.BALANCED, texts.EFFORT_BALANCED),
                    (Effort.LIGHT, texts.EFFORT_LIGHT),
                    (Effort.FULL, texts.EFFORT_FULL),
                )
            ),
        ),
        "localizer_threshold": (
            texts.LOCALIZER_THRESHOLD,
            lambda: OptionalField(
                PercentField(range_of(LabelingSettings, "localizer_threshold")), texts.MODELS_OWN, _USUAL_OBJECT_SCORE
            ),
        ),
    },
)

_LABELS = PageContent(
    texts.PAGE_LABELS,
    "labels",
    {
        "only": (texts.ONLY_LABELS, lambda: NamesField(texts.ALL_LABELS)),
        "hide": (texts.HIDE_LABELS, lambda: NamesField(texts.NO_LABELS)),
    },
    texts.LABELS_NOTE,
)

_MODELS = PageContent(
    texts.PAGE_MODELS,
    "models",
    {
        "model": (
            texts.LABELER_FIELD,
            lambda: ModelField(
                (
                    (AUTO, texts.AUTOMATIC_MODEL),
                    (LABELER_V1.name, texts.FULL_MODEL),
                    (BUILT_IN, texts.BASIC_MODEL),
                )
            ),
        ),
        "labels_file": (
            texts.LABELS_FIELD,
            lambda: PathField(PathKind.FILE, texts.LABELS_FIELD, texts.LABELS_FROM_MODEL, texts.LABEL_FILTERS),
        ),
        "scores": (
            texts.SCORES_FIELD,
            lambda: ChoiceField(
                (
                    (ScoreKind.AUTO, texts.SCORES_AUTO),
                    (ScoreKind.PROBABILITY, texts.SCORES_PROBABILITY),
                    (ScoreKind.SIGMOID, texts.SCORES_SIGMOID),
                    (ScoreKind.SOFTMAX, texts.SCORES_SOFTMAX),
                )
            ),
        ),
        "localizer": (
            texts.LOCALIZER_FIELD,
            lambda: ModelField(
                (
                    (AUTO, texts.AUTOMATIC_MODEL),
                    (LOCALIZER_V1.name, texts.FULL_MODEL),
                    (BUILT_IN, texts.BASIC_MODEL),
                    (NO_LOCALIZER, texts.LOCALIZER_NONE),
                )
            ),
        ),
        "threads": (texts.THREADS_FIELD, lambda: NumberField(range_of(ModelSettings, "threads"))),
        "downloads": (texts.DOWNLOADS_FIELD, SwitchField),
    },
    texts.MODELS_NOTE,
)

_CAMERA = PageContent(
    texts.PAGE_CAMERA,
    "camera",
    {
        "width": (texts.CAMERA_WIDTH, lambda: _camera_side("width")),
        "height": (texts.CAMERA_HEIGHT, lambda: _camera_side("height")),
        "rate": (
            texts.CAMERA_RATE,
            lambda: OptionalField(
                DecimalField(range_of(CameraSettings, "rate"), texts.RATE_SUFFIX),
                texts.CAMERAS_OWN,
                CameraSettings().rate or 30.0,
            ),
        ),
        "longest_pause_s": (texts.CAMERA_PAUSE, lambda: _camera_seconds("longest_pause_s")),
        "frozen_after_s": (texts.CAMERA_FROZEN, lambda: _camera_seconds("frozen_after_s")),
        "black_after_s": (texts.CAMERA_BLACK, lambda: _camera_seconds("black_after_s")),
        "silent_after_s": (texts.CAMERA_SILENT, lambda: _camera_seconds("silent_after_s")),
        "other_hosts": (texts.OTHER_HOSTS, SwitchField),
    },
    texts.CAMERA_NOTE,
)

_PICTURE = PageContent(
    texts.PAGE_PICTURE,
    "window",
    {
        "theme": (
            texts.THEME,
            lambda: ChoiceField(
                (
                    (Theme.SYSTEM, texts.THEME_SYSTEM),
                    (Theme.LIGHT, texts.THEME_LIGHT),
                    (Theme.DARK, texts.THEME_DARK),
                )
            ),
        ),
        "rotate": (
            texts.ROTATE,
            lambda: ChoiceField(
                tuple(
                    (angle, texts.DEGREES.format(angle=angle) if angle else texts.NOT_TURNED)
                    for angle in choices_of(WindowSettings, "rotate")
                )
            ),
        ),
        "mirror": (texts.MIRROR, SwitchField),
        "smooth": (texts.SMOOTH, SwitchField),
        "panel_open": (texts.PANEL_OPEN, SwitchField),
    },
    texts.PICTURE_NOTE,
)

_RECORDING = PageContent(
    texts.PAGE_RECORDING,
    "window",
    {
        "recordings_folder": (
            texts.FOLDER,
            lambda: PathField(PathKind.FOLDER, texts.RECORDINGS_TITLE, texts.SYSTEM_FOLDER),
        ),
        "replay_s": (texts.REPLAY, lambda: NumberField(range_of(WindowSettings, "replay_s"), texts.SECONDS_SUFFIX)),
    },
    texts.FOLDER_NOTE,
)

PAGES = (_LABELING, _LABELS, _MODELS, _CAMERA, _PICTURE, _RECORDING)
