"""Sliders for how results are shown; they take effect at once."""

from dataclasses import dataclass, replace

from PyQt6.QtCore import QEvent, Qt, pyqtSignal
from PyQt6.QtGui import QMouseEvent, QWheelEvent
from PyQt6.QtWidgets import QGridLayout, QSlider, QVBoxLayout, QWidget

from video_labeler.session.view import SessionView
from video_labeler.settings import LabelingSettings
from video_labeler.window import panel_texts as texts
from video_labeler.window.actions import Act, with_key
from video_labeler.window.panel_formats import percent
from video_labeler.window.plain_text import PlainLabel

_USUAL = LabelingSettings()
_THRESHOLDS = (5, 95)
_OBJECTS = (1, 20)

_NARROWEST_PLACE, _SHORTEST = 216, 48
"""The narrowest place that the side panel leaves for a slider with its words, and the shortest slider; in pixels."""


class LabelingSliders(QWidget):
    """The threshold (0.05 to 0.95) and the number of objects (1 to 20). ``changed`` carries the new settings."""

    changed = pyqtSignal(LabelingSettings)

    def __init__(self, settings: LabelingSettings = _USUAL) -> None:
        super().__init__()
        self._settings = settings
        usual = percent(_USUAL.threshold)
        tip = with_key(texts.THRESHOLD_TIP.format(usual=usual), Act.MORE_CONFIDENT, Act.LESS_CONFIDENT)
        self.threshold = NamedSlider(
            SliderWords(texts.THRESHOLD, texts.THRESHOLD_SHORT, texts.AT_LEAST, percent(1.0), tip),
            _THRESHOLDS,
            round(_USUAL.threshold * 100),
            5,
        )
        tip = texts.MAX_OBJECTS_TIP.format(usual=_USUAL.max_objects)
        self.max_objects = NamedSlider(
            SliderWords(texts.MAX_OBJECTS, texts.MAX_OBJECTS_SHORT, texts.AT_MOST, percent(1.0), tip),
            _OBJECTS,
            _USUAL.max_objects,
            3,
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
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


@dataclass(frozen=True, slots=True)
class SliderWords:
    """What is written beside a slider: its name, for screen readers and in short, the form of its value with the
    ``widest`` one, and its tool tip.
    """

    name: str
    short: str
    form: str
    widest: str
    tip: str


class NamedSlider(QWidget):
    """A slider between its name and its value; below both where letters are large.

    ``changed`` is emitted only for the user's changes.
    """

    changed = pyqtSignal()

    def __init__(self, words: SliderWords, limits: tuple[int, int], usual: int, page: int) -> None:
        super().__init__()
        self._said = words
        self._words = PlainLabel()
        self._words.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._slider = _Slider(usual)
        self._slider.setRange(*limits)
        self._slider.setPageStep(page)
        self._slider.setToolTip(words.tip)
        self._slider.setAccessibleDescription(words.tip)
        self._heading = PlainLabel(words.short)
        self._heading.setBuddy(self._slider)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(2)
        self._grid.addWidget(self._heading, 0, 0)
        self._grid.addWidget(self._words, 0, 2)
        self._grid.setColumnStretch(1, 1)
        self._arrange()
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
        self._words.setText(self._said.form.format(value=words))
        self._slider.setAccessibleName(f"{self._said.name}: {words}")

    def changeEvent(self, event: QEvent | None) -> None:  # noqa: N802 - Qt's name
        """Follow a larger font."""
        super().changeEvent(event)
        if event is not None and event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._arrange()

    def _arrange(self) -> None:
        """Put the slider beside its words, at one width for all, or below them where they leave it too little."""
        metrics = self.fontMetrics()
        names = max(metrics.horizontalAdvance(each) for each in (texts.THRESHOLD_SHORT, texts.MAX_OBJECTS_SHORT))
        value = metrics.horizontalAdvance(self._said.form.format(value=self._said.widest))
        fits = names + value + 2 * self._grid.horizontalSpacing() + _SHORTEST <= _NARROWEST_PLACE
        self._heading.setMinimumWidth(names if fits else 0)
        self._words.setMinimumWidth(value if fits else 0)
        self._grid.removeWidget(self._slider)
        if fits:
            self._grid.addWidget(self._slider, 0, 1)
        else:
            self._grid.addWidget(self._slider, 1, 0, 1, 3)


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
