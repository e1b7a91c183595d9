"""Looks at a model file without keeping the window waiting."""

import threading
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, QTimer, pyqtSignal

if TYPE_CHECKING:
    from video_labeler.models.report import ModelReport

_LOOK_MS = 40


class ModelCheck(QObject):
    """Has a model explained in a thread of its own, one at a time. ``finished`` carries its report.

    A timer looks for the result, so the thread never touches anything of Qt's; one that is left behind by a closing
    window ends by itself and holds nothing up.
    """

    finished = pyqtSignal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._found: list[ModelReport] = []
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self._look)

    @property
    def is_busy(self) -> bool:
        """Whether a model is being looked at."""
        return self._timer.isActive()

    def start(self, model: str, *, trusted: bool = False) -> None:
        """Look at the model under that name or path; one that is being looked at already is forgotten.

        ``trusted``: the person says that it may run, even if it is a program.
        """
        found: list[ModelReport] = []
        self._found = found
        threading.Thread(target=_explain, args=(model, found, trusted), name="model check", daemon=True).start()
        self._timer.start()

    def _look(self) -> None:
        if self._found:
            self._timer.stop()
            self.finished.emit(self._found[0])


def _explain(model: str, found: "list[ModelReport]", trusted: bool) -> None:
    from video_labeler.models.explaining import explain_model
    from video_labeler.models.report import ModelReport

    try:
        found.append(explain_model(model, trusted=trusted))
    except Exception as error:  # noqa: BLE001 - whatever is wrong with a model is told, never raised in the window
        found.append(ModelReport(model, problems=(f"The model {model} cannot be used: {error}.",)))
