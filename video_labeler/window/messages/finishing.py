"""Keeps the window open until what is being saved is complete."""

from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, Qt, QTimer
from PyQt6.QtWidgets import QMainWindow, QMessageBox

from video_labeler.text.shown import shown_lines
from video_labeler.window import texts

if TYPE_CHECKING:
    from video_labeler.session.session import Session

_LOOK_MS = 50


class Finishing(QObject):
    """Consulted when the window is to close; closes it by itself once every file is complete."""

    def __init__(self, window: QMainWindow, session: "Session") -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self._leaves = False
        self._question: QMessageBox | None = None
        self._is_alone = False
        self._problems: list[str] = []
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self._look)

    @property
    def is_on(self) -> bool:
        """Whether the window only waits for files."""
        return self._timer.isActive()

    def may_close(self) -> bool:
        """Whether the window may close; if files are being saved, finishes them first, and asks the user."""
        if self._leaves or not self._is_saving():
            self._stop()
            return True
        if self.is_on:
            if not self._is_alone:
                self._ask()
        else:
            self._session.finish()
            self._timer.start()
            return not self._is_saving() and self.may_close()
        return False

    def expect_nobody(self) -> None:
        """Show no questions or messages: the system ends the program."""
        self._is_alone = True

    def close_now(self) -> None:
        """Leave what is not complete for the next start."""
        self._leaves = True
        self._session.leave_files()
        self._window.close()

    def _is_saving(self) -> bool:
        view = self._session.view
        return view.recording is not None or view.saving is not None

    def _look(self) -> None:
        is_saving = self._is_saving()
        self._problems += [notice.text for notice in self._session.take_notices() if notice.is_problem]
        if is_saving:
            return
        if not self._problems or self._is_alone:
            self._window.close()
        elif self._question is None:
            self._tell_problems()

    def _stop(self) -> None:
        self._timer.stop()
        if self._question is not None:
            self._question.close()

    def _ask(self) -> None:
        if self._question is not None:
            self._question.raise_()
            return
        box = self._box(texts.STILL_SAVING)
        box.setInformativeText(texts.STILL_SAVING_DETAIL)
        wait = box.addButton(texts.KEEP_WAITING, QMessageBox.ButtonRole.RejectRole)
        leave = box.addButton(texts.CLOSE_NOW, QMessageBox.ButtonRole.DestructiveRole)
        assert leave is not None
        box.setDefaultButton(wait)
        box.setEscapeButton(wait)
        leave.clicked.connect(self.close_now)
        box.open()

    def _tell_problems(self) -> None:
        """Show problems in a box: nobody would see a message in a closing window."""
        box = self._box("\n".join(self._problems))
        box.setStandardButtons(QMessageBox.StandardButton.Close)
        box.finished.connect(self.close_now)
        box.open()

    def _box(self, text: str) -> QMessageBox:
        box = self._question = QMessageBox(self._window)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setIcon(QMessageBox.Icon.Warning)
        box.setWindowTitle(texts.APPLICATION)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(shown_lines(text))
        box.finished.connect(self._forget_question)
        return box

    def _forget_question(self) -> None:
        self._question = None
