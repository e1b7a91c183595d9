"""Watches a window from inside its process, for the benchmark."""

import resource
import sys
import threading
import time

from PyQt6.QtCore import QCoreApplication, QEvent, QObject, QPointF, Qt, QTimer
from PyQt6.QtGui import QMouseEvent
from PyQt6.QtWidgets import QApplication


class WindowProbe(QObject):
    """Notes when the window and the first labels come, posts clicks, and closes the window after some seconds."""

    def __init__(self, seconds: float, begun_s: float) -> None:
        super().__init__()
        self.begun_s = begun_s
        self.seconds = seconds
        self.measured: dict[str, float] = {}
        self.closing_s = 0.0
        self.posted_s = 0.0
        self.answers: list[float] = []
        self.window = None
        self.timer = QTimer(self)
        self.timer.setInterval(2)
        self.timer.timeout.connect(self.look)
        self.timer.start()

    def look(self) -> None:
        if self.window is None:
            shown = [w for w in QApplication.topLevelWidgets() if hasattr(w, "parts") and w.isVisible()]
            if not shown:
                return
            self.window = shown[0]
            self.measured["window"] = time.monotonic() - self.begun_s
        if self.window._session.view.labeled is None or not self.window.parts.stage.video.figures.painted:
            return
        # Frames of before the models were there go on without objects.
        labeled = self.window.parts.stage.video._picture.order.choice.labeled
        if labeled is not None and labeled.objects:
            self.measured["first_label"] = time.monotonic() - self.begun_s
            self.measured["first_label_cpu"] = time.process_time()
            self.timer.stop()
            self.window.parts.stage.video.pinned.connect(self.answered)
            QTimer.singleShot(round(self.seconds * 1000), self.finish)
            threading.Thread(target=self.click, daemon=True).start()

    def click(self) -> None:
        for _ in range(int(self.seconds / 0.15) - 2):
            time.sleep(0.15)
            self.posted_s = time.monotonic()
            place = QPointF(400, 300)
            button = Qt.MouseButton.LeftButton
            event = QMouseEvent(
                QEvent.Type.MouseButtonPress, place, place, button, button, Qt.KeyboardModifier.NoModifier
            )
            QCoreApplication.postEvent(self.window.parts.stage.video, event)

    def answered(self) -> None:
        self.answers.append(time.monotonic() - self.posted_s)

    def finish(self) -> None:
        figures = self.window.parts.stage.video.figures
        view = self.window._session.view
        self.answers.sort()
        self.measured |= {
            "painted": figures.painted,
            "missed": figures.missed,
            "captured": view.statistics.captured,
            "dropped": view.statistics.drops.labelling,
            "rate": figures.rate,
            "median": figures.latency_median_s,
            "p95": figures.latency_p95_s,
            "label_median": view.statistics.latency_median_s,
            "click": self.answers[-1],
            "click_p95": self.answers[int(0.95 * len(self.answers))],
            "clicks": len(self.answers),
            "cpu": view.cpu,
            "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3,
            "tensorflow": "tensorflow" in sys.modules,
        }
        self.closing_s = time.monotonic()
        self.window.close()
