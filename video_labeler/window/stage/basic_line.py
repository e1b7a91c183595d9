"""A line that offers the full models while the basic ones are in use."""

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QPushButton, QSizePolicy, QWidget

from video_labeler.models.catalog import LABELER_V1, LOCALIZER_V1
from video_labeler.session.view import ModelState, SessionView
from video_labeler.window import texts
from video_labeler.window.actions import Act, tool_tip
from video_labeler.window.look.close_button import close_button
from video_labeler.window.panel_formats import size
from video_labeler.window.plain_text import PlainLabel

_REST = 76
"""The width of margins, gaps and the close button, in pixels."""


class BasicLine(QFrame):
    """Offers to download the full models, shows the progress, and can be dismissed for this run."""

    fetch_requested = pyqtSignal()
    cancel_requested = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("basicLine")
        self._dismissed = False
        self._text = PlainLabel(texts.BASIC_LABELS)
        self._text.setProperty("muted", True)
        self._get = QPushButton(texts.GET_FULL_MODEL.format(size=size(LABELER_V1.size + LOCALIZER_V1.size)))
        self._get.setProperty("link", True)
        self._get.setToolTip(tool_tip(Act.GET_MODELS))
        self._get.clicked.connect(self.fetch_requested)
        self._progress = QProgressBar()
        self._progress.setAccessibleName(texts.FETCHING)
        self._progress.setMinimumWidth(24)
        self._progress.setMaximumWidth(160)
        # The bar shrinks first, then the text is hidden as a whole.
        self._progress.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._text.setMinimumWidth(1)
        self._cancel = QPushButton(texts.CANCEL)
        self._cancel.setProperty("link", True)
        self._cancel.clicked.connect(self.cancel_requested)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 2, 6, 2)
        for widget in (self._text, self._get, self._progress, self._cancel):
            row.addWidget(widget)
        row.setStretchFactor(self._progress, 2)
        row.addStretch(1)
        row.addWidget(close_button(texts.DISMISS_LINE, self._dismiss))
        self.hide()

    def show_view(self, view: SessionView) -> None:
        """Appear while the basic models are in use, and the full ones are not installed."""
        fetch = view.fetch
        self._get.setVisible(fetch is None)
        self._progress.setVisible(fetch is not None)
        self._cancel.setVisible(fetch is not None)
        if fetch is None:
            self._text.setText(texts.BASIC_LABELS)
        else:
            done, total = size(fetch.done), size(fetch.size)
            self._text.setText(texts.FETCHING_PART.format(done=done, size=total) if fetch.size else texts.FETCHING)
            self._progress.setRange(0, 1000 if fetch.size else 0)
            self._progress.setValue(round(1000 * fetch.done / fetch.size) if fetch.size else 0)
        basic = view.models.lack_full and view.models.state is ModelState.READY
        self._text.setVisible(self._has_room)
        self.setVisible((basic and not self._dismissed) or fetch is not None)

    def resizeEvent(self, event: QResizeEvent | None) -> None:  # noqa: N802 - Qt's name
        """Hide the text if there is no room: the button is enough."""
        super().resizeEvent(event)
        self._text.setVisible(self._has_room)

    @property
    def _has_room(self) -> bool:
        rest = sum(button.sizeHint().width() for button in (self._get, self._cancel) if not button.isHidden()) + _REST
        if not self._progress.isHidden():
            rest += self._progress.minimumWidth()
        return self._text.sizeHint().width() + rest <= self.width()

    def _dismiss(self) -> None:
        self._dismissed = True
        self.hide()
