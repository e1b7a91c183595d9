"""The fields of the preferences: each shows and returns one setting."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from PyQt6.QtCore import QEvent, QObject, Qt
from PyQt6.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QHBoxLayout,
    QLineEdit,
    QSizePolicy,
    QSpinBox,
    QWidget,
)

from video_labeler.text.shown import shown
from video_labeler.window import panel_texts as texts
from video_labeler.window.controls.switch import Switch
from video_labeler.window.look.theme import current_colours
from video_labeler.window.plain_text import plain_tip

_NUMBER_WIDTH = 130
"""The width of every number field in pixels, so that they are aligned."""


class Field(Protocol):
    """Holds one setting."""

    @property
    def setting(self) -> Any:
        """The value."""
        ...

    def show_setting(self, value: Any) -> None:
        """Show a value."""
        ...


class _WheelLeft(QObject):
    """Leaves the wheel to the scrolling page unless the field has the focus, so that scrolling changes nothing."""

    def __init__(self, field: QWidget) -> None:
        super().__init__(field)
        field.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        field.installEventFilter(self)

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:  # noqa: N802 - Qt's name
        if event is None or event.type() is not QEvent.Type.Wheel:
            return False
        if not isinstance(watched, QWidget) or watched.hasFocus():
            return False
        event.ignore()
        return True


class NumberField(QSpinBox):
    """A whole number."""

    def __init__(self, limits: tuple[float, float], suffix: str = "") -> None:
        super().__init__()
        _WheelLeft(self)
        self.setRange(round(limits[0]), round(limits[1]))
        self.setSuffix(suffix)
        self.setFixedWidth(_NUMBER_WIDTH)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setToolTip(_limits_in_words(limits, suffix))

    @property
    def setting(self) -> int:
        """The number."""
        return self.value()

    def show_setting(self, value: int) -> None:
        """Show a number."""
        self.setValue(value)


class PercentField(QSpinBox):
    """A share, 0..1, as whole percent; a finer value is kept until it is changed."""

    def __init__(self, limits: tuple[float, float]) -> None:
        super().__init__()
        _WheelLeft(self)
        percents = (limits[0] * 100, limits[1] * 100)
        self.setRange(round(percents[0]), round(percents[1]))
        self.setSuffix(texts.PERCENT_SUFFIX)
        self.setFixedWidth(_NUMBER_WIDTH)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setToolTip(_limits_in_words(percents, texts.PERCENT_SUFFIX))
        self._exact = 0.0

    @property
    def setting(self) -> float:
        """The share."""
        return self._exact if round(self._exact * 100) == self.value() else self.value() / 100

    def show_setting(self, value: float) -> None:
        """Show a share."""
        self._exact = value
        self.setValue(round(value * 100))


class DecimalField(QDoubleSpinBox):
    """A number with one decimal; a finer value is kept until it is changed."""

    def __init__(self, limits: tuple[float, float], suffix: str) -> None:
        super().__init__()
        _WheelLeft(self)
        self.setDecimals(1)
        self.setRange(*limits)
        self.setSuffix(suffix)
        self.setFixedWidth(_NUMBER_WIDTH)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setToolTip(_limits_in_words(limits, suffix))
        self._exact = self._shown = 0.0

    @property
    def setting(self) -> float:
        """The number."""
        return self._exact if self.value() == self._shown else self.value()

    def show_setting(self, value: float) -> None:
        """Show a number."""
        self.setValue(value)
        self._exact, self._shown = value, self.value()


class OptionalField(QWidget):
    """A field with a check box for ``None``; ``usual`` is what the field shows while that is ticked."""

    def __init__(self, field: NumberField | PercentField | DecimalField, words: str, usual: float) -> None:
        super().__init__()
        self.field = field
        self.box = Switch(words)
        # There is room for its text, which the form does not know.
        self.box.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Minimum)
        self.box.toggled.connect(self.field.setDisabled)
        self._usual = usual
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(field)
        layout.addWidget(self.box)
        layout.addStretch(1)
        self.setFocusProxy(field)

    @property
    def setting(self) -> float | None:
        """The number, or ``None``."""
        return None if self.box.isChecked() else self.field.setting

    def show_setting(self, value: Any) -> None:
        """Show a number, or ``None``."""
        self.box.setChecked(value is None)
        number: Any = self._usual if value is None else value
        self.field.show_setting(number)


class ChoiceField(QComboBox):
    """A choice of several values, each with its text."""

    def __init__(self, choices: Sequence[tuple[Any, str]]) -> None:
        super().__init__()
        _WheelLeft(self)
        for value, words in choices:
            self.addItem(words, value)
        self._values = [value for value, _ in choices]

    @property
    def setting(self) -> Any:
        """The value."""
        return self._values[self.currentIndex()]

    def show_setting(self, value: Any) -> None:
        """Show a value; an unknown one is added to the choices."""
        if value not in self._values:
            self._values.append(value)
            self.addItem(shown(Path(str(value)).name), value)
            self.setItemData(self.count() - 1, plain_tip(str(value)), Qt.ItemDataRole.ToolTipRole)
        self.setCurrentIndex(self._values.index(value))


class NamesField(QLineEdit):
    """Names separated by commas; ``without`` says what an empty field means."""

    def __init__(self, without: str) -> None:
        super().__init__()
        self.setPlaceholderText(without)
        self.setStyleSheet(f"QLineEdit {{ placeholder-text-color: {current_colours().muted}; }}")
        self.setClearButtonEnabled(True)
        self._exact: tuple[str, ...] = ()

    @property
    def setting(self) -> tuple[str, ...]:
        """The names; those that contain commas are kept intact until the field is changed."""
        if self.text() == _joined(self._exact):
            return self._exact
        return tuple(name for part in self.text().split(",") if (name := part.strip()))

    def show_setting(self, value: tuple[str, ...]) -> None:
        """Show names."""
        self._exact = value
        self.setText(_joined(value))


class SwitchField(Switch):
    """Yes or no."""

    @property
    def setting(self) -> bool:
        """Whether it is on."""
        return self.isChecked()

    def show_setting(self, value: bool) -> None:
        """Set it on or off."""
        self.setChecked(value)


def _joined(names: Sequence[str]) -> str:
    return ", ".join(names)


def _limits_in_words(limits: tuple[float, float], suffix: str = "") -> str:
    return texts.FROM_UNTIL.format(low=f"{limits[0]:g}", high=f"{limits[1]:g}{suffix}")
