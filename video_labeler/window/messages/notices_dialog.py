"""The dialog with the notices since the start."""

from pathlib import Path

from PyQt6.QtCore import QSize, Qt, pyqtSignal
from PyQt6.QtGui import QGuiApplication
from PyQt6.QtWidgets import QDialog, QDialogButtonBox, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from video_labeler.text.shown import shown
from video_labeler.window import texts
from video_labeler.window.form_dialog import resize_on_screen
from video_labeler.window.look.icons import icon
from video_labeler.window.messages.notice_log import NoticeLog, Told
from video_labeler.window.panel_formats import clock_time
from video_labeler.window.plain_text import PlainLabel


class NoticesDialog(QDialog):
    """The notices of ``log``, newest first; they count as read. ``reveal_requested`` asks to show a file's folder."""

    reveal_requested = pyqtSignal(Path)

    def __init__(self, log: NoticeLog, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(texts.NOTICES_TITLE)
        self._log = log
        self._all = log.newest_first
        self.list = QListWidget()
        self.list.setAccessibleName(texts.NOTICES_TITLE)
        self.list.setWordWrap(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setSpacing(3)
        for told in self._all:
            self.list.addItem(QListWidgetItem(icon("warning" if told.notice.is_problem else "info"), _line(told)))
        box = QDialogButtonBox()
        self.reveal = box.addButton(texts.SHOW_IN_FOLDER, QDialogButtonBox.ButtonRole.ActionRole)
        copy = box.addButton(texts.COPY_NOTICES, QDialogButtonBox.ButtonRole.ActionRole)
        close = box.addButton(texts.CLOSE, QDialogButtonBox.ButtonRole.RejectRole)
        assert self.reveal is not None
        assert copy is not None
        assert close is not None
        for button in (self.reveal, copy):
            button.setAutoDefault(False)
        copy.setEnabled(bool(self._all))
        self.reveal.clicked.connect(self._ask_to_reveal)
        copy.clicked.connect(self._copy)
        box.rejected.connect(self.reject)
        self.list.currentRowChanged.connect(self._follow)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 14, 14, 12)
        if not self._all:
            empty = PlainLabel(texts.NO_NOTICES)
            empty.setProperty("muted", True)
            empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
            layout.addWidget(empty, 1)
        self.list.setVisible(bool(self._all))
        layout.addWidget(self.list, 1)
        layout.addWidget(box)
        resize_on_screen(self, QSize(520, 320))
        self.list.setCurrentRow(0)
        self._follow(self.list.currentRow())
        log.read_all()

    def _follow(self, row: int) -> None:
        assert self.reveal is not None
        self.reveal.setEnabled(0 <= row < len(self._all) and self._all[row].notice.path is not None)

    def _ask_to_reveal(self) -> None:
        path = self._all[self.list.currentRow()].notice.path
        if path is not None:
            self.reveal_requested.emit(path)

    def _copy(self) -> None:
        clipboard = QGuiApplication.clipboard()
        if clipboard is not None:
            clipboard.setText("\n".join(_line(told) for told in self._all) + "\n")


def _line(told: Told) -> str:
    text = told.notice.text
    if told.times > 1:
        text = texts.TOLD_TIMES.format(text=text, count=told.times)
    return shown(f"{clock_time(told.when)}  {text}")
