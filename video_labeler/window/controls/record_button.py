"""The record button: shows the duration, size, target and free space of the recording."""

from pathlib import Path

from PyQt6.QtCore import QEvent, Qt, pyqtSignal
from PyQt6.QtGui import QShowEvent
from PyQt6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from video_labeler.session.view import RecordingView, SessionView
from video_labeler.window import panel_texts as texts
from video_labeler.window.actions import Act, with_key
from video_labeler.window.look.icons import icon
from video_labeler.window.look.theme import current_colours
from video_labeler.window.panel_formats import size, timecode
from video_labeler.window.plain_text import PlainLabel, plain_tip

_LITTLE = 2 * 10**9
"""Bytes of free space below which it is shown as a warning."""


class RecordButton(QWidget):
    """A button that is red while it records, with the figures at its left: it stays where it was clicked.

    ``record_requested``: start or stop.
    """

    record_requested = pyqtSignal(bool)

    def __init__(self) -> None:
        super().__init__()
        self._folder: Path | None = None
        self._recording: RecordingView | None = None
        self._is_narrow = False
        self.button = QToolButton()
        self.button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.button.setEnabled(False)
        self.button.clicked.connect(self.toggle)
        self._elapsed, self._amounts = PlainLabel(), PlainLabel()
        self._elapsed.setProperty("strong", True)
        self._figures = QWidget()
        lines = QVBoxLayout(self._figures)
        lines.setContentsMargins(4, 0, 0, 0)
        lines.setSpacing(0)
        for line in (self._elapsed, self._amounts):
            line.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            lines.addWidget(line)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self._figures)
        layout.addWidget(self.button)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self.setFocusProxy(self.button)
        self._dress()
        self._show_figures()

    @property
    def figures(self) -> str:
        """The text beside the button; empty if nothing is recorded."""
        return "" if self._recording is None else f"{self._elapsed.text()} {self._amounts.text()}"

    def set_folder(self, folder: Path) -> None:
        """Set where the next recording will go."""
        self._folder = folder
        self._show_figures()

    def set_narrow(self, narrow: bool) -> None:
        """Leave out the amounts where there is little room, unless they are a warning."""
        self._is_narrow = narrow
        self._show_figures()

    def toggle(self) -> None:
        """Request to start or stop recording."""
        if self.button.isEnabled():
            self.record_requested.emit(self._recording is None)

    def show_view(self, view: SessionView) -> None:
        """Show the current recording, if any."""
        # A running one can be stopped even after its source has gone.
        self.button.setEnabled(view.can_be_recorded or view.recording is not None)
        changed = (self._recording is None) != (view.recording is None)
        self._recording = view.recording
        if changed:
            self._dress()
        self._show_figures()

    def changeEvent(self, event: QEvent | None) -> None:  # noqa: N802 - Qt's name
        """Follow the colours of the system."""
        super().changeEvent(event)
        if event is not None and event.type() == QEvent.Type.PaletteChange:
            self._dress()

    def showEvent(self, event: QShowEvent | None) -> None:  # noqa: N802 - Qt's name
        """Be as wide as the longer of its words needs, in the letters that it has got by now."""
        super().showEvent(event)
        self.button.ensurePolished()
        words, width = self.button.text(), 0
        for text in (texts.RECORD, texts.STOP_RECORDING):
            self.button.setText(text)
            width = max(width, self.button.sizeHint().width())
        self.button.setText(words)
        self.button.setMinimumWidth(width)

    def _dress(self) -> None:
        records = self._recording is not None
        self.button.setIcon(icon("stop" if records else "record"))
        self.button.setText(texts.STOP_RECORDING if records else texts.RECORD)
        colours = current_colours()
        style = f"QToolButton {{ color: {colours.record}; border: 1px solid {colours.record}; font-weight: 600; }}"
        self.button.setStyleSheet(style if records else "")
        self._figures.setVisible(records)

    def _show_figures(self) -> None:
        recording = self._recording
        if recording is None:
            words = texts.RECORD_TIP if self._folder is None else texts.RECORD_TO.format(folder=self._folder)
            self.button.setToolTip(plain_tip(with_key(words, Act.RECORD)))
            self.button.setAccessibleName(texts.RECORD)
            return
        elapsed, amount, free = timecode(recording.elapsed_s), size(recording.size), size(recording.free)
        self._elapsed.setText(elapsed)
        self._amounts.setText(f"{amount} · {texts.SPACE_LEFT.format(size=free)}")
        is_little = recording.free < _LITTLE
        self._warn(is_little)
        self._amounts.setVisible(is_little or not self._is_narrow)
        lines = [with_key(texts.RECORDING_TO.format(path=recording.path), Act.RECORD)]
        if recording.skipped:
            lines.append(texts.SKIPPED.format(count=recording.skipped))
        self.button.setToolTip(plain_tip("\n".join(lines)))
        self.button.setAccessibleName(texts.STOP_RECORDING)
        self.button.setAccessibleDescription(texts.RECORDED.format(elapsed=elapsed, size=amount, free=free))

    def _warn(self, warns: bool) -> None:
        colours = current_colours()
        style = f"color: {colours.warning if warns else colours.muted}; font-size: 9pt;"
        if self._amounts.styleSheet() != style:
            self._amounts.setStyleSheet(style)
