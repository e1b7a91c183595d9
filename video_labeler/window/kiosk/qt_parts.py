"""Qt for the kiosk: the application object, timers, calls from other threads; no camera, no models and no OpenCV."""

from collections.abc import Callable

from PyQt6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, pyqtSignal
from PyQt6.QtWidgets import QApplication, QWidget

from video_labeler.window.qt_application import application


def kiosk_application() -> QApplication:
    """Qt's application object; it goes on when its window is hidden, as while a screen is unplugged."""
    app = application()
    app.setStyle("Fusion")
    app.setQuitOnLastWindowClosed(False)
    return app


class Relay(QObject):
    """Brings a call from any thread to the interface's own."""

    called = pyqtSignal()

    def call(self) -> None:
        """For any thread, at any time: whoever keeps this method keeps the relay."""
        self.called.emit()


def delete_now(widget: QWidget) -> None:
    """Delete a widget with all that belongs to it, while there still is an application to do so."""
    widget.deleteLater()
    # Outside the event loop nothing else would: it would be left to the end of the interpreter, in no order at all.
    QCoreApplication.sendPostedEvents(widget, QEvent.Type.DeferredDelete)


def timer(interval_ms: int, call: Callable[[], None], parent: QObject) -> QTimer:
    """A precise timer that calls again and again."""
    made = QTimer(parent)
    made.setTimerType(Qt.TimerType.PreciseTimer)
    made.timeout.connect(call)
    made.start(interval_ms)
    return made
