"""Sliders for how results are shown; they take effect at once."""

from dataclasses import replace

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QMouseEvent, QWheelEvent
from PyQt6.QtWidgets import QHBoxLayout, QSlider, QVBoxLayout, QWidget

from video_labeler.session.view import SessionView
from video_labeler.settings import LabelingSettings
from video_labeler.window import panel_texts as texts
from video_labeler.window.actions import Act, with_key
from video_labeler.window.panel_formats import percent
from video_labeler.window.plain_text import PlainLabel

_USUAL = LabelingSettings()
_THRESHOLDS = (5, 95)
_OBJECTS = (1, 20)


class LabelingSliders(QWidget):
    """The threshold (0.05 to 0.95) and the number of objects (1 to 20). ``changed`` carries the new settings."""

    changed = pyqtSignal(LabelingSettings)

    def __init__(self, settings: LabelingSettings = _USUAL) -> None:
        super().__init__()
        self._settings = settings
        usual = percent(_USUAL.threshold)
        tip = with_key(texts.THRESHOLD_TIP.format(usual=usual), Act.MORE_CONFIDENT, Act.LESS_CONFIDENT)
        self.threshold = NamedSlider(texts.THRESHOLD, _THRESHOLDS, round(_USUAL.threshold * 100), tip, 5)
        tip = texts.MAX_OBJECTS_TIP.format(usual=_USUAL.max_objects)
        self.max_objects = NamedSlider(texts.MAX_OBJECTS, _OBJECTS, _USUAL.max_objects, tip, 3)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        for slider in (self.threshold, self.max_objects):
            layout.addWidget(slider)
            slider.changed.connect(self._change)
        self._show(settings)

    def show_view(self, view: SessionView) -> None:
        """Follow settings that were changed elsewhere, except while the user drags."""
        if view.labeling != self._settings and not (self.threshold.is_held or self.max_objects.is_held):
            self._settings = view.labeling
            self._show(view.labeling)

    def _show(self, settings: LabelingSettings) -> None:
        threshold = round(settings.threshold * 100)
        self.threshold.show_value(threshold, percent(settings.threshold))
        self.max_objects.show_value(settings.max_objects, str(settings.max_objects))

    def _change(self) -> None:
        self._settings = replace(
            self._settings, threshold=self.threshold.value / 100, max_objects=self.max_objects.value
        )
        self._show(self._settings)
        self.changed.emit(self._settings)


class NamedSlider(QWidget):
    """A slider with its name and value above it. ``changed`` is emitted only for the user's changes."""

    changed = pyqtSignal()

    def __init__(self, name: str, limits: tuple[int, int], usual: int, tip: str, page: int) -> None:
        super().__init__()
        self._name = name
        self._words = PlainLabel()
        self._words.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._slider = _Slider(usual)
        self._slider.setRange(*limits)
        self._slider.setPageStep(page)
        self._slider.setToolTip(tip)
        self._slider.setAccessibleDescription(tip)
        heading = PlainLabel(name)
        heading.setBuddy(self._slider)
        top = QHBoxLayout()
        top.addWidget(heading, 1)
        top.addWidget(self._words)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addLayout(top)
        layout.addWidget(self._slider)
        self.setFocusProxy(self._slider)
        self._slider.valueChanged.connect(self.changed)

    @property
    def value(self) -> int:
        """Its value."""
        return self._slider.value()

    @property
    def slider(self) -> QSlider:
        """The slider itself."""
        return self._slider

    @property
    def is_held(self) -> bool:
        """Whether the user moves it right now."""
        return self._slider.isSliderDown()

    def show_value(self, value: int, words: str) -> None:
        """Set the value, clamped to the range, and show it as ``words``."""
        self._slider.blockSignals(True)
        self._slider.setValue(value)
        self._slider.blockSignals(False)
        self._words.setText(words)
        self._slider.setAccessibleName(f"{self._name}: {words}")


class _Slider(QSlider):
    """Resets to its default on a double click, and leaves the wheel to the scrolling panel."""

    def __init__(self, usual: int) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._usual = usual
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        # The handle is higher than the groove, by which the style measures.
        self.setMinimumHeight(22)

    def mouseDoubleClickEvent(self, event: QMouseEvent | None) -> None:  # noqa: N802 - Qt's name
        self.setSliderDown(False)
        self.setValue(self._usual)

    def wheelEvent(self, event: QWheelEvent | None) -> None:  # noqa: N802 - Qt's name
        if event is not None:
            event.ignore()
