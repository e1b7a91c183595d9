"""A card over the picture that shows the state of the source or a problem while it lasts."""

from dataclasses import dataclass

from PyQt6.QtCore import QEvent, QSize, Qt, pyqtSignal
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from video_labeler.window import texts
from video_labeler.window.actions import Act, with_key
from video_labeler.window.look.icons import icon
from video_labeler.window.plain_text import PlainLabel, plain_tip
from video_labeler.window.stage.cards import Card

_SHORTEST = 3
"""Beyond it, nothing more can be left out."""


@dataclass(frozen=True, slots=True)
class Fit:
    """The size of a card in pixels, how far it is ``shortened`` (0 to 3), and whether it fits so or is cut off."""

    size: QSize
    shortened: int
    fits: bool


class StateCard(QFrame):
    """Shows one :class:`Card`, large, or ``compact`` as a few lines at the edge. The stage places and hides it."""

    choose_requested = pyqtSignal()
    cancel_requested = pyqtSignal()

    def __init__(self, parent: QWidget | None = None, *, compact: bool = False) -> None:
        super().__init__(parent)
        self.setObjectName("stateChip" if compact else "stateCard")
        self._compact = compact
        self._card: Card | None = None
        self._shortened = 0
        self._measured: dict[tuple[int, int], Fit] = {}
        self._icon = PlainLabel()
        self._title = PlainLabel()
        self._title.setProperty("strong", True)
        self._detail = _wrapped()
        self._elapsed = PlainLabel()
        for label in (self._detail, self._elapsed):
            label.setProperty("muted", True)
        self._busy = QProgressBar()
        self._busy.setRange(0, 0)
        self._choose = QPushButton(texts.CHOOSE_ANOTHER)
        self._choose.clicked.connect(self.choose_requested)
        self._cancel = QPushButton(texts.CANCEL)
        self._cancel.setToolTip(with_key(texts.CANCEL_OPENING_TIP, Act.ESCAPE))
        self._cancel.clicked.connect(self.cancel_requested)
        self._build()
        self.hide()

    def _build(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(5 if self._compact else 6)
        for part in (self._title, self._detail, self._elapsed, self._busy):
            words.addWidget(part)
        for button in (self._choose, self._cancel):
            words.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        row = QHBoxLayout(self)
        margin = 10 if self._compact else 20
        row.setContentsMargins(margin + 4, margin, margin + 4, margin)
        row.setSpacing(margin)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        self._widest = 300 if self._compact else 400
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Minimum)

    @property
    def card(self) -> Card | None:
        """What it has to say, whether or not there is room for it."""
        return self._card

    def take_card(self, card: Card | None) -> bool:
        """Take what to say, and return whether that is new."""
        if card == self._card:
            return False
        self._card = card
        if card is not None:
            self._fill(card)
        return True

    def refresh_icon(self) -> None:
        """Redraw the icon in the theme's colours."""
        if self._card is not None:
            size = 20 if self._compact else 32
            self._icon.setPixmap(icon(self._card.icon).pixmap(size, size))

    def _fill(self, card: Card) -> None:
        self.refresh_icon()
        self._detail.setText(card.detail)
        self._elapsed.setText(card.elapsed)
        self._busy.setAccessibleName(card.title)
        self._choose.setVisible(card.can_choose and not self._compact)
        self._cancel.setVisible(card.can_cancel)
        end = "" if card.title.endswith(("…", ".")) else "."
        self.setAccessibleName(f"{card.title}{end} {card.detail}".strip())
        if self.property("warning") != card.warning:
            self.setProperty("warning", card.warning)
            style = self.style()
            assert style is not None
            style.polish(self)
        self._measured.clear()
        # Everything is visible that it has; nothing is shortened yet.
        self._shortened = -1
        self._shorten(0)

    def measured(self, room: QSize) -> "Fit":
        """How it fits into a room: complete, or with as little left out as makes it fit."""
        key = room.width(), room.height()
        if key not in self._measured:
            self._measured[key] = self._measure(room)
        return self._measured[key]

    def take(self, fit: "Fit") -> None:
        """Become as was :meth:`measured`."""
        self._shorten(fit.shortened)
        self.resize(fit.size)

    def changeEvent(self, event: QEvent | None) -> None:  # noqa: N802 - Qt's name
        """Measure again with a larger font."""
        super().changeEvent(event)
        if event is not None and event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._measured.clear()

    def _measure(self, room: QSize) -> "Fit":
        layout = self.layout()
        assert layout is not None
        before, height = self._shortened, max(0, room.height())
        width = max(1, min(self._widest, room.width()))
        self._shorten_title(width)
        tall = 0
        for shortened in range(_SHORTEST + 1):
            self._shorten(shortened)
            layout.activate()
            # In total: including the frame's border, which would otherwise take room from the text.
            wraps = layout.hasHeightForWidth()
            tall = layout.totalHeightForWidth(width) if wraps else layout.totalSizeHint().height()
            if tall <= height:
                break
        found = Fit(QSize(width, min(tall, height)), self._shortened, tall <= height)
        self._shorten(before)
        return found

    def _shorten(self, shortened: int) -> None:
        """Leave out the icon, the time and most of the margin (1), also the moving bar (2), also the detail (3)."""
        layout = self.layout()
        if self._card is None or layout is None or shortened == self._shortened:
            return
        self._shortened = shortened
        self._icon.setHidden(shortened > 0)
        self._elapsed.setVisible(bool(self._card.elapsed) and shortened == 0)
        self._busy.setVisible(self._card.busy and shortened < 2)
        self._detail.setVisible(bool(self._card.detail) and shortened < _SHORTEST)
        margin = 4 if shortened else 10 if self._compact else 20
        layout.setContentsMargins(margin + 4, margin, margin + 4, margin)

    def _shorten_title(self, width: int) -> None:
        """Elide the title to one line, since a name in it may be long."""
        assert self._card is not None
        margin, icon_size = (10, 20) if self._compact else (20, 32)
        # Beside the icon: three margins and the frame's border.
        room = width - 2 * (margin + 4) - icon_size - margin - 4
        self._title.ensurePolished()
        self._title.setText(self._title.fontMetrics().elidedText(self._card.title, Qt.TextElideMode.ElideMiddle, room))
        self._title.setToolTip(plain_tip(self._card.title) if self._title.text() != self._card.title else "")


def _wrapped() -> PlainLabel:
    label = PlainLabel()
    label.setWordWrap(True)
    return label
