"""The left part of the window: the picture, and what may cover it (start panel, cards, messages)."""

from dataclasses import replace

from PyQt6.QtCore import QEvent, QSize, QTimer, pyqtSignal
from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import QPushButton, QStackedLayout, QWidget

from video_labeler.session.view import SessionView
from video_labeler.sources.base import SourceState
from video_labeler.window import texts
from video_labeler.window.actions import Act, key_of, with_key
from video_labeler.window.messages.toast import Toast
from video_labeler.window.picture.video_view import VideoView
from video_labeler.window.stage.cards import finishing_card, notice_card, opening_card, source_card
from video_labeler.window.stage.filter_mark import FilterMark
from video_labeler.window.stage.start_panel import StartPanel
from video_labeler.window.stage.state_card import StateCard

_MARGIN = 14
_WIDEST_FOOT = 860
_MOVING = {QEvent.Type.Show, QEvent.Type.Hide, QEvent.Type.Resize, QEvent.Type.LayoutRequest}


class Stage(QWidget):
    """Puts cards and messages over the picture, and the start panel in its place without a source.

    ``thaw_requested``: unfreeze the picture. ``cancel_requested``: the source that is being opened is not to
    be waited for.
    """

    choose_requested = pyqtSignal()
    cancel_requested = pyqtSignal()
    thaw_requested = pyqtSignal()

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
        self.frozen_mark = QPushButton(self)
        self.frozen_mark.setObjectName("frozenMark")
        self.frozen_mark.setText(texts.FROZEN_MARK.format(key=key_of(Act.FREEZE)))
        self.frozen_mark.setToolTip(with_key(texts.FROZEN_MARK_TIP, Act.FREEZE))
        self.frozen_mark.clicked.connect(self.thaw_requested)
        self.frozen_mark.hide()
        self.filter_mark = FilterMark(self)
        self._foot: QWidget | None = None
        self._covers: tuple[QWidget, ...] = (self._card, self._chip, self.filter_mark, self.frozen_mark, self.toast)
        self._card.choose_requested.connect(self.choose_requested)
        self._chip.cancel_requested.connect(self.cancel_requested)
        self._placing = QTimer(self)
        self._placing.setSingleShot(True)
        self._placing.timeout.connect(self._place_covers)
        for cover in self._covers:
            cover.installEventFilter(self)

    def set_foot(self, foot: QWidget) -> None:
        """Keep ``foot`` at the lower edge while it is visible, and the messages above it."""
        self._foot = foot
        self._covers = (*self._covers, foot)
        foot.installEventFilter(self)

    def show_view(self, view: SessionView) -> None:
        """Take the session's view. Call it at the display's rate."""
        self.video.show_view(view)

    def show_state(self, view: SessionView, *, finishing: bool = False) -> None:
        """Show the state of the session, or of finishing; a few times per second is enough."""
        lost = view.status.state is SourceState.CLOSED and bool(view.status.message)
        starting = view.source is None or (lost and not self.video.has_picture)
        self.start.show_problem(view.status.message if lost else "")
        self._show_page(self.start if starting else self.video)
        card = finishing_card(view) if finishing else None if starting else source_card(view)
        self._card.show_card(card)
        self._chip.show_card(notice_card(view) if card is None else opening_card(view))
        self.video.set_dimmed(card is not None)
        self.frozen_mark.setVisible(self.video.frozen and not starting)
        self.filter_mark.show_view(view, shown=not starting)

    def shown(self, view: SessionView) -> SessionView:
        """The part of ``view`` on the screen: a frozen picture with its own labels, none of a source that is gone."""
        choice = self.video.shown
        if self.video.frozen and choice is not None:
            return replace(view, labeled=choice.labeled, newest=choice.frame)
        return replace(view, labeled=None) if self.video.dimmed else view

    @property
    def is_starting(self) -> bool:
        """Whether the start panel is shown."""
        return self._pages.currentWidget() is self.start

    def refresh_icons(self) -> None:
        """Redraw icons after the theme has changed."""
        for card in (self._card, self._chip):
            card.refresh_icon()

    def focus_picture(self) -> None:
        """Give the picture the keyboard focus."""
        if not self.is_starting:
            self.video.setFocus()

    def _show_page(self, page: QWidget) -> None:
        if self._pages.currentWidget() is not page:
            self._pages.setCurrentWidget(page)
            page.setFocus()
            for cover in self._covers:
                cover.raise_()

    def eventFilter(self, watched: object, event: QEvent | None) -> bool:  # noqa: N802 - Qt's name
        """Put a cover in its place when it appears or grows."""
        if event is not None and event.type() in _MOVING:
            self._placing.start()
        return False

    def resizeEvent(self, event: QResizeEvent | None) -> None:  # noqa: N802 - Qt's name
        """Update the positions."""
        super().resizeEvent(event)
        self._place_covers()

    def _place_covers(self) -> None:
        width, height = self.width(), self.height()
        card, chip = self._card, self._chip
        room = QSize(max(1, width - 2 * _MARGIN), max(1, height - 2 * _MARGIN))
        for each in (card, chip):
            each.fit(room)
        card.move((width - card.width()) // 2, (height - card.height()) // 2)
        chip.move(_MARGIN, _MARGIN)
        mark = self.frozen_mark
        mark.adjustSize()
        left = width - mark.width() - _MARGIN
        beside = chip.isHidden() or chip.geometry().right() + _MARGIN < left
        mark.move(max(0, left), _MARGIN if beside else chip.geometry().bottom() + _MARGIN)
        self._place_low_covers()

    def _place_low_covers(self) -> None:
        """Place, from the lower edge up: the foot, the message, and the filter mark."""
        width, toast, lists = self.width(), self.toast, self.filter_mark
        bottom = self.height() - _MARGIN
        foot = self._foot
        if foot is not None and not foot.isHidden():
            foot.resize(min(_WIDEST_FOOT, width - 2 * _MARGIN), foot.sizeHint().height())
            foot.move((width - foot.width()) // 2, bottom - foot.height())
            bottom = foot.y() - _MARGIN // 2
        toast_width = min(560, width - 2 * _MARGIN)
        layout = toast.layout()
        tall = layout.totalHeightForWidth(toast_width) if layout is not None and layout.hasHeightForWidth() else -1
        toast.resize(toast_width, max(tall, toast.sizeHint().height()))
        toast.move((width - toast_width) // 2, bottom - toast.height())
        lists.adjustSize()
        lists.move(_MARGIN, bottom - lists.height())
        if not toast.isHidden() and lists.geometry().intersects(toast.geometry()):
            lists.move(_MARGIN, toast.y() - lists.height() - _MARGIN // 2)
