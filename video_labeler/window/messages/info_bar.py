"""A bar above the picture that stays until the user has made a choice."""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PyQt6.QtCore import QSize, pyqtSignal
from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QProgressBar, QPushButton, QWidget

from video_labeler.window.look.icons import icon
from video_labeler.window.plain_text import PlainLabel

_NARROW = 640


@dataclass(frozen=True, slots=True)
class Choice:
    """A button: its text, its action, and whether it closes the bar."""

    words: str
    act: Callable[[], object] = lambda: None
    closes: bool = True


@dataclass(frozen=True, slots=True)
class Message:
    """A message of the bar with its choices; ``busy``: in progress."""

    text: str
    choices: Sequence[Choice] = ()
    busy: bool = False
    warning: bool = False


class InfoBar(QFrame):
    """Shows messages in turn. ``said`` carries every sentence that appears, and whether it is a warning."""

    said = pyqtSignal(str, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("infoBar")
        self._waiting: deque[Message] = deque()
        self._message: Message | None = None
        self._icon = PlainLabel()
        self._text = PlainLabel()
        self._text.setWordWrap(True)
        self._busy = QProgressBar()
        self._busy.setRange(0, 0)
        self._busy.setFixedWidth(120)
        self.buttons: list[QPushButton] = []
        words = QHBoxLayout()
        words.addWidget(self._icon)
        words.addWidget(self._text, 1)
        words.addWidget(self._busy)
        self._row = QHBoxLayout()
        self._row.addStretch(1)
        self._column = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._column.setContentsMargins(14, 6, 8, 6)
        self._column.addLayout(words, 1)
        self._column.addLayout(self._row)
        self.hide()

    @property
    def message(self) -> Message | None:
        """The current message."""
        return self._message

    def resizeEvent(self, event: QResizeEvent | None) -> None:  # noqa: N802 - Qt's name
        """Put the buttons below the text if there is no room beside it."""
        super().resizeEvent(event)
        directions = QBoxLayout.Direction
        self._column.setDirection(directions.TopToBottom if self.width() < _NARROW else directions.LeftToRight)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """As narrow as its buttons side by side."""
        return QSize(self._row.minimumSize().width() + 22, super().minimumSizeHint().height())

    def tell(self, message: Message) -> None:
        """Queue a message."""
        self._waiting.append(message)
        if self._message is None:
            self.advance()

    def replace(self, old: Message, new: Message) -> None:
        """Replace ``old`` by ``new``."""
        if self._message is old:
            self._waiting.appendleft(new)
            self.advance()
        elif old in self._waiting:
            self._waiting[self._waiting.index(old)] = new

    def remove(self, message: Message) -> None:
        """Remove a message."""
        if self._message is message:
            self.advance()
        elif message in self._waiting:
            self._waiting.remove(message)

    def advance(self) -> None:
        """Show the next message."""
        self._message = self._waiting.popleft() if self._waiting else None
        for button in self.buttons:
            self._row.removeWidget(button)
            button.hide()
            button.deleteLater()
        self.buttons = []
        if self._message is not None:
            self._fill(self._message)
        self.setVisible(self._message is not None)

    def refresh_icon(self) -> None:
        """Redraw the icon in the theme's colours."""
        if self._message is not None:
            self._icon.setPixmap(icon("warning" if self._message.warning else "info").pixmap(20, 20))

    def _fill(self, message: Message) -> None:
        self.refresh_icon()
        self._text.setText(message.text)
        self._busy.setVisible(message.busy)
        self._busy.setAccessibleName(message.text)
        self.setAccessibleName(message.text)
        self.said.emit(message.text, message.warning)
        for choice in message.choices:
            button = QPushButton(choice.words)
            button.clicked.connect(lambda _=False, choice=choice: self._choose(message, choice))
            self._row.addWidget(button)
            self.buttons.append(button)

    def _choose(self, message: Message, choice: Choice) -> None:
        choice.act()
        if choice.closes:
            self.remove(message)
