"""Qt for the kiosk: the application object, timers, calls from other threads; no camera, no models and no OpenCV."""

from collections.abc import Callable

from PyQt6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, pyqtSignal
from PyQt6.QtWidgets import QApplication, QWidget

from video_labeler.window.qt_application import application


def kiosk_application() -> QApplication:
    """Qt's application object; it keeps running while its window is hidden, such as without a screen."""
    app = application()
    app.setStyle("Fusion")
    app.setQuitOnLastWindowClosed(False)
    return app


class Relay(QObject):
    """Passes a call from any thread to the interface's thread."""

    called = pyqtSignal()

    def call(self) -> None:
        """For any thread, at any time: holding this method keeps the relay alive."""
        self.called.emit()


def delete_now(widget: QWidget) -> None:
    """Delete a widget with its children while the application still exists."""
    widget.deleteLater()
    # Outside the event loop it would be left to the interpreter's exit, in random order.
    QCoreApplication.sendPostedEvents(widget, QEvent.Type.DeferredDelete)


def timer(interval_ms: int, call: Callable[[], None], parent: QObject) -> QTimer:
    """A precise, repeating timer."""
    made = QTimer(parent)
    made.setTimerType(Qt.TimerType.PreciseTimer)
    made.timeout.connect(call)
    made.start(interval_ms)
    return made
