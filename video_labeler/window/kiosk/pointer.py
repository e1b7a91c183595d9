"""Hides the pointer while nobody moves it."""

from PyQt6.QtCore import QEvent, QObject, Qt, QTimer
from PyQt6.QtWidgets import QApplication, QWidget

HIDDEN_AFTER_MS = 3000

_MOVES = (QEvent.Type.MouseMove, QEvent.Type.MouseButtonPress, QEvent.Type.Wheel, QEvent.Type.TabletMove)


class PointerHider(QObject):
    """Watches every move over a window of the application."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(HIDDEN_AFTER_MS)
        self._timer.timeout.connect(self._hide)
        self._timer.start()
        app = QApplication.instance()
        assert app is not None
        app.installEventFilter(self)

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:  # noqa: N802 - Qt's name
        """Show the pointer as it moves."""
        if event is not None and event.type() in _MOVES:
            if self._window.cursor().shape() is Qt.CursorShape.BlankCursor:
                self._window.setCursor(Qt.CursorShape.ArrowCursor)
            self._timer.start()
        return False

    def _hide(self) -> None:
        self._window.setCursor(Qt.CursorShape.BlankCursor)
