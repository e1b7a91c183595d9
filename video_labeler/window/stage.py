"""The left part of the window: the picture, and what may lie over it (start panel, cards, messages)."""

from PyQt6.QtCore import QEvent, QTimer, pyqtSignal
from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import QStackedLayout, QWidget

from video_labeler.session.view import SessionView
from video_labeler.sources.base import SourceState
from video_labeler.window.cards import finishing_card, notice_card, source_card
from video_labeler.window.start_panel import StartPanel
from video_labeler.window.state_card import StateCard
from video_labeler.window.toast import Toast
from video_labeler.window.video_view import VideoView

_MARGIN = 14


class Stage(QWidget):
    """Puts cards and messages over the picture, and the start panel in its place where there is no source."""

    choose_requested = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.video = VideoView(self)
        self.start = StartPanel(self)
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self.start)
        self._pages.addWidget(self.video)
        self._card = StateCard(self)
        self._chip = StateCard(self, compact=True)
        self.toast = Toast(self)
        self._card.choose_requested.connect(self.choose_requested)
        self._placing = QTimer(self)
        self._placing.setSingleShot(True)
        self._placing.timeout.connect(self._place_covers)
        for cover in (self._card, self._chip, self.toast):
            cover.installEventFilter(self)

    def show_view(self, view: SessionView) -> None:
        """Take what the session shows now. To be called at the display's rate."""
        self.video.show_view(view)

    def show_state(self, view: SessionView, *, finishing: bool = False) -> None:
        """Take how the session is, or how far its end is; a few times a second will do."""
        lost = view.status.state is SourceState.CLOSED and bool(view.status.message)
        starting = view.source is None or (lost and not self.video.has_picture)
        self.start.show_problem(view.status.message if lost else "")
        self._show_page(self.start if starting else self.video)
        card = finishing_card(view) if finishing else None if starting else source_card(view)
        self._card.show_card(card)
        self._chip.show_card(notice_card(view) if card is None else None)
        self.video.set_dimmed(card is not None)

    @property
    def is_starting(self) -> bool:
        """Whether the start panel is shown."""
        return self._pages.currentWidget() is self.start

    def refresh_icons(self) -> None:
        """Draw icons anew after the theme has changed."""
        for card in (self._card, self._chip):
            card.refresh_icon()

    def _show_page(self, page: QWidget) -> None:
        if self._pages.currentWidget() is not page:
            self._pages.setCurrentWidget(page)
            page.setFocus()
            for cover in (self._card, self._chip, self.toast):
                cover.raise_()

    def eventFilter(self, watched: object, event: QEvent | None) -> bool:  # noqa: N802 - Qt's name
        """Put a cover in its place when it appears or grows."""
        if event is not None and event.type() in (QEvent.Type.Show, QEvent.Type.Resize, QEvent.Type.LayoutRequest):
            self._placing.start()
        return False

    def resizeEvent(self, event: QResizeEvent | None) -> None:  # noqa: N802 - Qt's name
        """Keep everything in its place."""
        super().resizeEvent(event)
        self._place_covers()

    def _place_covers(self) -> None:
        width, height = self.width(), self.height()
        card, chip, toast = self._card, self._chip, self.toast
        card.move((width - card.width()) // 2, (height - card.height()) // 2)
        chip.move(_MARGIN, _MARGIN)
        toast_width = min(560, width - 2 * _MARGIN)
        layout = toast.layout()
        tall = layout.heightForWidth(toast_width) if layout is not None and layout.hasHeightForWidth() else -1
        toast.resize(toast_width, max(tall, toast.sizeHint().height()))
        toast.move((width - toast_width) // 2, height - toast.height() - _MARGIN)
