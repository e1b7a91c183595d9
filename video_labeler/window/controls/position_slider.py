"""A slider over the length of a file, which moves to where it is clicked."""

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QMouseEvent, QWheelEvent
from PyQt6.QtWidgets import QSlider, QStyle

_STEPS_A_SECOND = 20
_KEY_S, _PAGE_S = 5, 15
_NOTCH_S = 1
_NOTCH = 120
"""Qt's value for one notch of a wheel; touch pads and fine wheels send fractions of it."""


class PositionSlider(QSlider):
    """``moved`` carries a time in seconds, only for mouse and keys."""

    moved = pyqtSignal(float)

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.setSingleStep(_KEY_S * _STEPS_A_SECOND)
        self.setPageStep(_PAGE_S * _STEPS_A_SECOND)
        self.setEnabled(False)
        self._turned = 0.0
        # The handle is higher than the groove, by which the style measures.
        self.setMinimumSize(80, 22)
        self.valueChanged.connect(lambda: self.moved.emit(self.time_s))

    @property
    def time_s(self) -> float:
        """Its position, in seconds."""
        return self.value() / _STEPS_A_SECOND

    def set_duration(self, seconds: float | None) -> None:
        """Set the length in seconds; ``None`` disables it."""
        self.setEnabled(bool(seconds))
        self._quietly_set(0, round((seconds or 0.0) * _STEPS_A_SECOND), self.value())

    def show_time(self, seconds: float) -> None:
        """Set the position without emitting :attr:`moved`."""
        self._quietly_set(self.minimum(), self.maximum(), round(seconds * _STEPS_A_SECOND))

    def mousePressEvent(self, event: QMouseEvent | None) -> None:  # noqa: N802 - Qt's name
        """Move to the click, and start dragging."""
        if event is None or event.button() is not Qt.MouseButton.LeftButton:
            super().mousePressEvent(event)
            return
        event.accept()
        self.setSliderDown(True)
        self._go_to(event)

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:  # noqa: N802 - Qt's name
        """Follow the mouse."""
        if event is not None and self.isSliderDown():
            self._go_to(event)

    def mouseReleaseEvent(self, event: QMouseEvent | None) -> None:  # noqa: N802 - Qt's name
        """End dragging."""
        self.setSliderDown(False)

    def wheelEvent(self, event: QWheelEvent | None) -> None:  # noqa: N802 - Qt's name
        """Move by a second per notch; with Ctrl or Shift by a page."""
        if event is None:
            return
        event.accept()
        turn = event.angleDelta().y() or event.angleDelta().x()
        far = event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
        self._turned += turn / _NOTCH * (_PAGE_S if far else _NOTCH_S) * _STEPS_A_SECOND
        steps = round(self._turned)
        self._turned -= steps
        self.setValue(self.value() + steps)

    def _go_to(self, event: QMouseEvent) -> None:
        x = round(event.position().x())
        self.setValue(QStyle.sliderValueFromPosition(self.minimum(), self.maximum(), x, self.width()))

    def _quietly_set(self, low: int, high: int, value: int) -> None:
        self.blockSignals(True)
        self.setRange(low, high)
        self.setValue(value)
        self.blockSignals(False)
