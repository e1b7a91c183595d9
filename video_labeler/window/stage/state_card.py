"""A card over the picture that shows the state of the source or a problem while it lasts."""

from PyQt6.QtCore import QSize, Qt, pyqtSignal
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from video_labeler.window import texts
from video_labeler.window.actions import Act, with_key
from video_labeler.window.look.icons import icon
from video_labeler.window.plain_text import PlainLabel, plain_tip
from video_labeler.window.stage.cards import Card


class StateCard(QFrame):
    """Shows one :class:`Card`, large, or ``compact`` as a few lines at the edge; ``None`` hides it."""

    choose_requested = pyqtSignal()
    cancel_requested = pyqtSignal()

    def __init__(self, parent: QWidget | None = None, *, compact: bool = False) -> None:
        super().__init__(parent)
        self.setObjectName("stateChip" if compact else "stateCard")
        self._compact = compact
        self._card: Card | None = None
        self._room = QSize(640, 480)
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

    def show_card(self, card: Card | None) -> None:
        """Show a card, or none; an unchanged one is not redrawn."""
        if card == self._card:
            return
        self._card = card
        if card is not None:
            self._fill(card)
        self.setVisible(card is not None)

    def refresh_icon(self) -> None:
        """Redraw the icon in the theme's colours."""
        if self._card is not None:
            size = 20 if self._compact else 32
            self._icon.setPixmap(icon(self._card.icon).pixmap(size, size))

    def _fill(self, card: Card) -> None:
        self.refresh_icon()
        for label, text in ((self._detail, card.detail), (self._elapsed, card.elapsed)):
            label.setText(text)
            label.setVisible(bool(text))
        self._busy.setVisible(card.busy)
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
        self.fit(self._room)

    def fit(self, room: QSize) -> None:
        """Use the preferred size within ``room``: if that is too low, the icon and the time are hidden."""
        self._room = room
        layout = self.layout()
        if self._card is None or layout is None:
            return
        width = min(self._widest, room.width())
        self._shorten_title(width)
        for is_low in (False, True):
            self._icon.setHidden(is_low)
            self._elapsed.setVisible(bool(self._card.elapsed) and not is_low)
            margin = 4 if is_low else 10 if self._compact else 20
            layout.setContentsMargins(margin + 4, margin, margin + 4, margin)
            layout.activate()
            # In total: including the frame's border, which would otherwise take room from the text.
            wraps = layout.hasHeightForWidth()
            tall = layout.totalHeightForWidth(width) if wraps else layout.totalSizeHint().height()
            if tall <= room.height():
                break
        self.resize(width, min(tall, room.height()))

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
