"""The left part of the window: the picture, and what may cover it (start panel, cards, messages)."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from PyQt6.QtCore import QEvent, QRect, QSize, QTimer, pyqtSignal
from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import QPushButton, QStackedLayout, QWidget

from video_labeler.session.view import SessionView
from video_labeler.sources.base import SourceState
from video_labeler.window import texts
from video_labeler.window.actions import Act, key_of, with_key
from video_labeler.window.messages.toast import Toast
from video_labeler.window.picture.video_view import VideoView
from video_labeler.window.stage.cards import Card, finishing_card, notice_card, opening_card, source_card
from video_labeler.window.stage.filter_mark import FilterMark
from video_labeler.window.stage.start_panel import StartPanel
from video_labeler.window.stage.state_card import StateCard

_MARGIN, _GAP = 14, 7
_WIDEST_FOOT, _WIDEST_TOAST = 860, 560
_MOVING = {QEvent.Type.Show, QEvent.Type.Hide, QEvent.Type.Resize, QEvent.Type.LayoutRequest}


class Stage(QWidget):
    """Puts cards and messages over the picture, and the start panel in its place without a source.

    ``thaw_requested``: unfreeze the picture. ``cancel_requested``: the source that is being opened is not to
    be waited for. ``said``: a sentence about the source has appeared, and whether something is wrong.
    """

    choose_requested = pyqtSignal()
    cancel_requested = pyqtSignal()
    thaw_requested = pyqtSignal()
    said = pyqtSignal(str, bool)

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
        self._wanted: dict[QWidget, bool] = {}
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
        news = [self._take(self._card, card)]
        news.append(self._take(self._chip, notice_card(view) if card is None else opening_card(view)))
        news.append(self.filter_mark.show_view(view))
        self.video.set_dimmed(card is not None)
        wanted = {
            self._card: card is not None,
            self._chip: self._chip.card is not None,
            self.frozen_mark: self.video.frozen and not starting,
            self.filter_mark: bool(self.filter_mark.words) and not starting,
        }
        if wanted != self._wanted or any(news):
            self._wanted = wanted
            self._place_covers()

    def _take(self, shown: StateCard, card: Card | None) -> bool:
        """Let a card say something, and say it aloud unless only the time is another."""
        before = shown.card
        is_new = shown.take_card(card)
        if card is not None and (before is None or (before.title, before.detail) != (card.title, card.detail)):
            self.said.emit(shown.accessibleName(), card.warning)
        return is_new

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
            if event.type() == QEvent.Type.Show and watched in (self._foot, self.toast):
                # Before it is painted at the place where it was last.
                self._place_covers()
        return False

    def resizeEvent(self, event: QResizeEvent | None) -> None:  # noqa: N802 - Qt's name
        """Update the positions."""
        super().resizeEvent(event)
        self._place_covers()

    def _place_covers(self) -> None:
        """Place all from the edges to the middle, what matters more first; what then has no room is hidden.

        None lies over another, and the picture's captions keep clear of all.
        """
        room = self.rect().adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
        taken: list[QRect] = []
        for cover in (self._foot, self.toast):
            if cover is not None and not cover.isHidden():
                taken.append(self._placed_low(cover, _above(room, taken)))
        band = _above(room, taken)
        marks: tuple[tuple[QWidget, Callable[[], QRect | None]], ...] = (
            (self._chip, lambda: self._place_of_chip(band)),
            (self.frozen_mark, lambda: _free(_upper_right(self.frozen_mark, band, taken), band, taken)),
            (self._card, lambda: self._place_of_card(band, taken)),
            (self.filter_mark, lambda: _free(_lower_left(self.filter_mark, room, taken), room, taken)),
        )
        for mark, place in marks:
            found = place() if self._wanted.get(mark, False) else None
            if found is not None:
                mark.setGeometry(found)
                taken.append(found)
            mark.setVisible(found is not None)
        self.video.set_covered(taken)

    @staticmethod
    def _placed_low(cover: QWidget, room: QRect) -> QRect:
        """Place what is always shown at the lower edge of the room, in the middle; cut off if that is too low."""
        is_toast = isinstance(cover, Toast)
        width = min(_WIDEST_TOAST if is_toast else _WIDEST_FOOT, room.width())
        layout = cover.layout()
        wraps = layout is not None and layout.hasHeightForWidth()
        tall = layout.totalHeightForWidth(width) if layout is not None and wraps else -1
        height = min(max(tall, cover.sizeHint().height()), room.height())
        cover.setGeometry(room.center().x() - width // 2, room.bottom() + 1 - height, width, height)
        return cover.geometry()

    def _place_of_chip(self, band: QRect) -> QRect | None:
        fit = self._chip.measured(band.size())
        self._chip.take(fit)
        return QRect(band.topLeft(), fit.size) if fit.fits else None

    def _place_of_card(self, band: QRect, taken: Sequence[QRect]) -> QRect | None:
        """In the middle of the stage, or else of what is left below the marks at the upper edge."""
        fit = self._card.measured(band.size())
        place = _centred(fit.size, self.rect())
        if not band.contains(place) or any(map(place.intersects, taken)):
            marks = [each.bottom() + 1 + _GAP for each in taken if each.top() < band.bottom()]
            rest = QRect(band)
            rest.setTop(max([band.top(), *marks]))
            fit = self._card.measured(rest.size())
            place = _centred(fit.size, rest)
        self._card.take(fit)
        # Alone, part of it is better than nothing.
        return place if fit.fits or not taken else None


def _above(room: QRect, taken: Sequence[QRect]) -> QRect:
    """The part of the room above everything that is taken, of no height at the least."""
    rest = QRect(room)
    rest.setBottom(max(min([room.bottom(), *(each.top() - 1 - _GAP for each in taken)]), room.top() - 1))
    return rest


def _centred(size: QSize, room: QRect) -> QRect:
    place = QRect(room.topLeft(), size)
    place.moveCenter(room.center())
    return place


def _upper_right(mark: QWidget, room: QRect, taken: Sequence[QRect]) -> list[QRect]:
    """At the upper edge of the room, or below what is there already."""
    size = mark.sizeHint().boundedTo(QSize(room.width(), mark.sizeHint().height()))
    left = room.right() + 1 - size.width()
    tops = [room.top(), *(each.bottom() + 1 + _GAP for each in taken)]
    return [QRect(left, top, size.width(), size.height()) for top in tops]


def _lower_left(mark: QWidget, room: QRect, taken: Sequence[QRect]) -> list[QRect]:
    """At the lower edge of the room, or above what is there already."""
    size = mark.sizeHint().boundedTo(QSize(room.width(), mark.sizeHint().height()))
    bottoms = [room.bottom() + 1, *sorted((each.top() - _GAP for each in taken), reverse=True)]
    return [QRect(room.left(), bottom - size.height(), size.width(), size.height()) for bottom in bottoms]


def _free(places: Sequence[QRect], room: QRect, taken: Sequence[QRect]) -> QRect | None:
    """The first place that is in the room and over nothing; ``None``: there is none."""
    return next((place for place in places if room.contains(place) and not any(map(place.intersects, taken))), None)
