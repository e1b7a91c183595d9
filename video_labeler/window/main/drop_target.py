"""Shows what dropping will do while something is dragged over the window, or why it will do nothing."""

from PyQt6.QtCore import QRectF, QSize, Qt
from PyQt6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PyQt6.QtWidgets import QFrame, QVBoxLayout, QWidget

from video_labeler.window.look.icons import icon
from video_labeler.window.look.theme import current_colours
from video_labeler.window.main.dropping import Dragged
from video_labeler.window.plain_text import PlainLabel

_INSET, _ROUND, _SHADE = 8.0, 12.0, 110
_WIDEST = 420
_ICON = QSize(28, 28)


class DropTarget(QWidget):
    """Covers its parent with a frame, and a sentence in its middle; the pointer goes through it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._is_welcome = True
        self._plate = QFrame(self)
        self._plate.setObjectName("dropPlate")
        self._icon = PlainLabel()
        self._icon.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._text = PlainLabel()
        self._text.setWordWrap(True)
        self._text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._text.setProperty("strong", True)
        column = QVBoxLayout(self._plate)
        column.setContentsMargins(22, 16, 22, 16)
        column.addWidget(self._icon)
        column.addWidget(self._text)
        self.hide()

    @property
    def words(self) -> str:
        """The text."""
        return self._text.text()

    def welcome(self, dragged: Dragged) -> None:
        """Appear, and say what dropping will do."""
        parent = self.parentWidget()
        assert parent is not None
        self._is_welcome = bool(dragged.things)
        self._icon.setPixmap(icon("download" if self._is_welcome else "warning").pixmap(_ICON))
        self._text.setText(dragged.words)
        self.setAccessibleName(dragged.words)
        self.setGeometry(parent.rect())
        width = min(_WIDEST, self.width() - 6 * round(_INSET))
        layout = self._plate.layout()
        assert layout is not None
        self._plate.resize(width, layout.totalHeightForWidth(width))
        self._plate.move((self.width() - width) // 2, max(0, (self.height() - self._plate.height()) // 2))
        self.show()
        self.raise_()
        self.update()

    def paintEvent(self, event: QPaintEvent | None) -> None:  # noqa: N802 - Qt's name
        """Darken what is below, and frame it."""
        colours = current_colours()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), QColor(0, 0, 0, _SHADE))
        ink = QColor(colours.accent if self._is_welcome else colours.warning)
        painter.setPen(QPen(ink, 3, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(_INSET, _INSET, -_INSET, -_INSET), _ROUND, _ROUND)
