"""A message at the bottom of the picture: what was saved and where, or what did not work."""

from collections.abc import Callable
from pathlib import Path

from PyQt6.QtCore import QTimer, pyqtSignal
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from video_labeler.session.view import Notice, NoticeKind
from video_labeler.window import texts
from video_labeler.window.look.close_button import close_button
from video_labeler.window.look.icons import icon
from video_labeler.window.messages.notice_log import NoticeLog, Told
from video_labeler.window.plain_text import PlainLabel

_SHORT_MS, _LONG_MS = 5_000, 12_000

_MERGED = {
    NoticeKind.SNAPSHOT_SAVED: texts.PICTURES_SAVED,
    NoticeKind.RECORDING_SAVED: texts.RECORDINGS_SAVED,
    NoticeKind.REPLAY_SAVED: texts.REPLAYS_SAVED,
}
"""The texts for several notices that came while the first was shown."""


class Toast(QFrame):
    """Shows the newest notice at once, for some seconds; ``reveal_requested`` asks to show a file's folder.

    All notices are in ``log``; ``told``: it has changed. ``said`` carries every sentence, and whether it is a problem.
    """

    reveal_requested = pyqtSignal(Path)
    told = pyqtSignal()
    said = pyqtSignal(str, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("toast")
        self.log = NoticeLog()
        self._shown: Told | None = None
        self._notice: Notice | None = None
        self._alike = 1
        self._act: Callable[[], object] | None = None
        self._icon = PlainLabel()
        self._text = PlainLabel()
        self._text.setWordWrap(True)
        self._reveal = QPushButton(texts.SHOW_IN_FOLDER)
        self._reveal.setProperty("link", True)
        self._reveal.clicked.connect(self._ask_to_reveal)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 8, 8, 8)
        row.addWidget(self._icon)
        row.addWidget(self._text, 1)
        row.addWidget(self._reveal)
        row.addWidget(close_button(texts.DISMISS_MESSAGE, self._dismiss))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._end)
        self.hide()

    def show_notice(self, notice: Notice) -> None:
        """Show a notice instead of the current one; similar ones are merged."""
        self._alike = self._alike + 1 if self._is_like(notice) else 1
        self._notice = notice
        self._shown = self.log.add(notice)
        self._fill(notice)
        self.told.emit()

    def say(self, text: str, words: str = "", act: Callable[[], object] | None = None) -> None:
        """Show a hint that is not logged, with an optional button labelled ``words`` that calls ``act``."""
        self._alike, self._shown = 1, None
        self._notice = Notice(NoticeKind.INFORMATION, text)
        self._fill(self._notice)
        self._act = act
        if act is not None:
            self._reveal.setText(words)
            self._reveal.show()
            self._timer.start(_LONG_MS)

    def take_back(self, text: str) -> None:
        """Hide a hint if it is still shown."""
        if self._shown is None and self._notice is not None and self._notice.text == text:
            self._end()

    @property
    def notice(self) -> Notice | None:
        """What is shown now."""
        return self._notice

    @property
    def words(self) -> str:
        """The sentence shown now."""
        return self._text.text()

    def _is_like(self, notice: Notice) -> bool:
        if self._notice is None:
            return False
        return notice == self._notice or (notice.kind in _MERGED and notice.kind is self._notice.kind)

    def _fill(self, notice: Notice) -> None:
        words = notice.text
        if self._alike > 1:
            words = _MERGED.get(notice.kind, texts.TOLD_TIMES).format(count=self._alike, text=notice.text)
        self._text.setText(words)
        self._icon.setPixmap(icon("warning" if notice.is_problem else "info").pixmap(20, 20))
        self._act = None
        self._reveal.setText(texts.SHOW_IN_FOLDER)
        self._reveal.setVisible(notice.path is not None)
        self.setAccessibleName(words)
        self.said.emit(words, notice.is_problem)
        self._timer.start(_LONG_MS if notice.is_problem or notice.path else _SHORT_MS)
        self.show()
        self.raise_()

    def _dismiss(self) -> None:
        if self._shown is not None:
            self._shown.is_read = True
        self._end()
        self.told.emit()

    def _end(self) -> None:
        self._timer.stop()
        self._notice = self._shown = None
        self._alike = 1
        self.hide()

    def _ask_to_reveal(self) -> None:
        if self._act is not None:
            self._act()
            self._end()
        elif self._notice is not None and self._notice.path is not None:
            self.reveal_requested.emit(self._notice.path)
